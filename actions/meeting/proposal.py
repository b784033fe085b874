"""The agenda that the state of the plan proposes for a meeting: what is open, asked, late, or never heard of."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from actions.enums import DraftingState, Status
from actions.models import Action, AgendaFiche
from actions.wording import since_words
from cls_portal.core import french
from cls_portal.core.dates import today
from contracts.enums import AgendaKind, Expected
from contracts.models import Decision, Meeting

AWAITING = (DraftingState.PROPOSED, DraftingState.UNDER_REVIEW)
HALTED = (Status.SUSPENDED, Status.POSTPONED)


@dataclass(frozen=True)
class Candidate:
    """`key` is what the form sends back; `why` is told beside it."""

    key: str
    object: Action | Decision
    why: str = ""


@dataclass
class Heading:
    """A point to come; `suggested`: its candidates are ticked at first."""

    title: str
    kind: AgendaKind
    expected: Expected
    suggested: bool = True
    candidates: list[Candidate] = field(default_factory=list)


@dataclass(frozen=True)
class Rule:
    title: str
    expected: Expected
    holds: Callable[[Action], bool]
    suggested: bool = True


# A fiche comes once, under the first heading that holds.
RULES = (
    Rule("Arbitrages demandés", Expected.DECISION, lambda action: action.asks_arbitration),
    Rule("Fiches à valider", Expected.VALIDATION, lambda action: action.drafting_state in AWAITING),
    Rule("Fiches suspendues ou reportées", Expected.OPINION, lambda action: action.status in HALTED),
    Rule("Fiches en retard", Expected.INFORMATION, lambda action: action.is_late),
    Rule("Fiches sans nouvelle", Expected.INFORMATION, lambda action: action.is_silent, suggested=False),
)


def open_decisions(meeting: Meeting) -> QuerySet[Decision]:
    """Those that the earlier meetings of the same body left open."""
    earlier = Meeting.objects.filter(body=meeting.body_id).before(meeting.starts_at, meeting.pk)
    return (
        Decision.objects.filter(meeting__in=earlier).open().select_related("meeting__body", "owner").in_number_order()
    )


def fiches_in_scope(meeting: Meeting) -> QuerySet[Action]:
    """Those of the plan; of its axis or its theme for a body that follows one."""
    body = meeting.body
    actions = Action.objects.filter(contract=body.contract_id).in_plan()
    if body.axis_id:
        return actions.filter(axis=body.axis_id)
    if body.theme_id:
        return actions.filter(pk__in=body.theme.action_terms.values("action"))
    return actions


def propose(meeting: Meeting) -> list[Heading]:
    """Without what the agenda holds already; a heading without candidate is not proposed."""
    headings = [follow_up(meeting)]
    present = set(AgendaFiche.objects.filter(item__meeting=meeting).values_list("action_id", flat=True))
    by_rule = {rule: Heading(rule.title, AgendaKind.FICHES, rule.expected, rule.suggested) for rule in RULES}
    actions = fiches_in_scope(meeting).with_alerts(meeting.body.contract).with_arbitration()
    for action in actions.select_related("axis").in_plan_order():
        rule = next((rule for rule in RULES if rule.holds(action)), None)
        if rule and action.pk not in present:
            by_rule[rule].candidates.append(Candidate(f"fiche-{action.pk}", action, why(action)))
    return [heading for heading in (*headings, *by_rule.values()) if heading.candidates]


def follow_up(meeting: Meeting) -> Heading:
    present = set(meeting.agenda.values_list("decisions", flat=True))
    found = Heading("Suites des décisions", AgendaKind.DECISIONS, Expected.INFORMATION)
    for decision in open_decisions(meeting):
        if decision.pk not in present:
            due = f"échéance le {french.long_date(decision.due_on)}" if decision.due_on else ""
            late = "en retard" if decision.is_late else ""
            words = ", ".join(filter(None, [decision.owner_label, due, late]))
            found.candidates.append(Candidate(f"decision-{decision.pk}", decision, words))
    return found


def why(action: Action) -> str:
    """All that holds, not only what put the fiche under its heading."""
    words = []
    if action.asks_arbitration:
        words.append("arbitrage demandé")
    if action.drafting_state in AWAITING:
        words.append(action.get_drafting_state_display().lower())
    if action.status in HALTED:
        words.append(action.get_status_display().lower())
    if action.is_late:
        words.append(f"en retard, {since_words((today() - action.deadline).days)}")
    if action.is_silent:
        days = (today() - action.news_since).days if action.news_since else 0
        words.append(f"sans nouvelle, {since_words(days)}" if days else "sans nouvelle")
    return "\u202f; ".join(words)
