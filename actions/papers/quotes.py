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

from actions.models import Action, DecisionFiche
from actions.plan.as_of import rows_at
from cls_portal.core.dates import end_of
from contracts.enums import DecisionState, MeetingState
from contracts.models import Contract, Decision, Meeting

STATE_ICONS = {
    DecisionState.OPEN: "en_cours",
    DecisionState.DONE: "realisee",
    DecisionState.DROPPED: "abandonnee",
}


@dataclass(frozen=True)
class Quote:
    """One decision on that day, as a line of a table shows it."""

    decision: Decision
    fiches: list[Action]
    on: date

    @property
    def icon(self) -> str:
        return STATE_ICONS[self.decision.state]

    @property
    def is_open(self) -> bool:
        return self.decision.state == DecisionState.OPEN

    @property
    def is_late(self) -> bool:
        return self.decision.is_late_on(self.on)

    @property
    def fiche_names(self) -> str:
        """A deleted one in full: nothing else tells what it was."""
        return ", ".join((action.code or action.title) if action.pk else str(action) for action in self.fiches)


def quotable(meeting: Meeting, user) -> QuerySet[Meeting]:
    """The meetings whose decisions a paper of this meeting may quote, among those that `user` reads."""
    shared = Q(body=meeting.body_id) | Q(state=MeetingState.VALIDATED)
    found = Meeting.objects.with_open_papers(user).filter(shared, body__contract=meeting.body.contract_id)
    return found.filter(starts_at__lte=meeting.starts_at)


def public(contract: Contract, user) -> QuerySet[Meeting]:
    """Those whose decisions a paper of the contract may quote."""
    return Meeting.objects.visible_to(user).filter(body__contract=contract, state=MeetingState.VALIDATED)


def quotes(meetings: Iterable[Meeting], on: date) -> list[Quote]:
    """All the decisions of these meetings as they were that evening, in their order."""
    rows = rows_at(Decision, end_of(on), meeting__in=meetings)
    prefetch_related_objects(rows, "owner", "meeting__body")
    concerned = fiches_of(rows, end_of(on))
    rows.sort(key=lambda row: (row.meeting.starts_at, row.meeting_id, row.number))
    return [Quote(row, concerned[row.pk], on) for row in rows]


def fiches_of(decisions: list[Decision], before: datetime) -> dict[int, list[Action]]:
    """The fiches that these decisions concerned, by decision, those deleted since included."""
    links = rows_at(DecisionFiche, before, decision_id__in=[decision.pk for decision in decisions])
    actions = {row.pk: row for row in rows_at(Action, before, id__in={link.action_id for link in links})}
    prefetch_related_objects(list(actions.values()), "axis")
    concerned: dict[int, list[Action]] = defaultdict(list)
    for link in links:
        if action := actions.get(link.action_id) or (link.kept if link.action_id is None else None):
            concerned[link.decision_id].append(action)
    return concerned


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
