"""Which decisions a paper may quote, and each of them as it stood on a day.

A paper of a meeting is kept, and read by all who read the papers of that meeting, not by who asked for it alone. So it
quotes the decisions of the meeting's own body, and of other bodies only those that everybody may read: of a meeting
whose minutes are validated. A paper of the contract, which every reader opens, quotes the latter only.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet, prefetch_related_objects

from actions.models import Action, DecisionFiche, FollowUp
from actions.plan.as_of import rows_at
from cls_portal.core import french
from cls_portal.core.dates import end_of
from contracts.enums import DecisionState, MeetingState
from contracts.models import Contract, Decision, Meeting


@dataclass(frozen=True)
class Concerned:
    """A fiche, and what the decision made of it: « reportée », and until when."""

    fiche: Action
    done: str = ""
    new_date: date | None = None

    @property
    def name(self) -> str:
        """A deleted one in full: nothing else tells what it was."""
        return (self.fiche.code or self.fiche.title) if self.fiche.pk else str(self.fiche)


@dataclass(frozen=True)
class Quote:
    """One decision on that day, as a line of a table shows it."""

    decision: Decision
    concerned: list[Concerned]
    on: date

    @property
    def fiches(self) -> list[Action]:
        return [each.fiche for each in self.concerned]

    @property
    def effects(self) -> list[str]:
        """« 1.14 et 1.15 reportées au 30 juin 2027 », « 3.12 abandonnée »."""
        names: dict[tuple, list[str]] = defaultdict(list)
        for each in self.concerned:
            if each.done:
                names[each.done, each.new_date].append(each.name)
        return [effect_words(*key, found) for key, found in names.items()]

    @property
    def is_open(self) -> bool:
        return self.decision.state == DecisionState.OPEN

    @property
    def is_late(self) -> bool:
        return self.decision.is_late_on(self.on)

    @property
    def fiche_names(self) -> str:
        return ", ".join(each.name for each in self.concerned)


def effect_words(done: str, new_date: date | None, names: list[str]) -> str:
    listed = " et ".join(", ".join(names).rsplit(", ", 1)) if len(names) > 1 else names[0]
    until = f" au {french.long_date(new_date)}" if new_date else ""
    return f"{listed} {done}{'s' if len(names) > 1 else ''}{until}"


def quotable(meeting: Meeting, user) -> QuerySet[Meeting]:
    """The meetings whose decisions a paper of this meeting may quote, among those that `user` reads."""
    shared = Q(body=meeting.body_id) | Q(state=MeetingState.VALIDATED)
    found = Meeting.objects.with_open_papers(user).filter(shared, body__contract=meeting.body.contract_id)
    return found.filter(pk=meeting.pk) | found.before(meeting.starts_at, meeting.pk)


def public(contract: Contract, user) -> QuerySet[Meeting]:
    """Those whose decisions a paper of the contract may quote."""
    return Meeting.objects.visible_to(user).filter(body__contract=contract, state=MeetingState.VALIDATED)


def quotes(meetings: Iterable[Meeting], on: date) -> list[Quote]:
    """All the decisions of these meetings as they were that evening, in their order."""
    rows = rows_at(Decision, end_of(on), meeting__in=meetings)
    prefetch_related_objects(rows, "owner", "meeting__body")
    concerned = concerned_by(rows, end_of(on))
    rows.sort(key=lambda row: (row.meeting.starts_at, row.meeting_id, row.number))
    return [Quote(row, concerned[row.pk], on) for row in rows]


def concerned_by(decisions: list[Decision], before: datetime) -> dict[int, list[Concerned]]:
    """The fiches that these decisions concerned, by decision, those deleted since included."""
    links = rows_at(DecisionFiche, before, decision_id__in=[decision.pk for decision in decisions])
    actions = {row.pk: row for row in rows_at(Action, before, id__in={link.action_id for link in links})}
    prefetch_related_objects(list(actions.values()), "axis")
    points = FollowUp.objects.filter(pk__in=[link.follow_up_id for link in links if link.follow_up_id])
    new_dates = dict(points.values_list("pk", "new_date"))
    found: dict[int, list[Concerned]] = defaultdict(list)
    for link in links:
        if action := actions.get(link.action_id) or (link.kept if link.action_id is None else None):
            found[link.decision_id].append(Concerned(action, link.done, new_dates.get(link.follow_up_id)))
    return found


def followed(meeting: Meeting, user, on: date) -> list[Quote]:
    """What a meeting follows: all the decisions of the previous one of its body, those of older ones that were still
    open, and those that its agenda names."""
    previous = meeting.previous()
    named = set(Decision.objects.filter(followed_in__meeting=meeting).values_list("pk", flat=True))
    return [
        quote
        for quote in quotes(quotable(meeting, user).exclude(pk=meeting.pk), on)
        if quote.decision.pk in named
        or (
            quote.decision.meeting.body_id == meeting.body_id and (quote.is_open or quote.decision.meeting == previous)
        )
    ]
