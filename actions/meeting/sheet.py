"""A meeting as it is read: its facts for all who read the contract, its papers for those to whom they are open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property

from actions.meeting.attendees import Group, Participation, attendee_groups, participation
from actions.models import AgendaFiche, DecisionFiche
from cls_portal.core import french
from cls_portal.core.dates import today
from contracts.enums import BodyRole, DecisionState, MeetingState
from contracts.models import AgendaItem, BodyMember, Decision, Meeting


@dataclass(frozen=True)
class Line:
    """A point of the agenda with its hour, known as long as the points before it say how long they last."""

    item: AgendaItem
    hour: datetime | None


def with_hours(meeting: Meeting, items: Iterable[AgendaItem]) -> list[Line]:
    hour: datetime | None = timezone.localtime(meeting.starts_at)
    lines = []
    for item in items:
        lines.append(Line(item, hour))
        hour = hour + timedelta(minutes=item.duration) if hour and item.duration else None
    return lines


def agenda_of(meeting: Meeting) -> QuerySet[AgendaItem]:
    """With the fiches of each point."""
    fiches = AgendaFiche.objects.select_related("action__axis")
    return meeting.agenda.prefetch_related(Prefetch("fiches", fiches))


def agenda_read_by(meeting: Meeting, user) -> QuerySet[AgendaItem]:
    """With the decisions that each point follows, but those of other meetings that this person may not read yet."""
    followed = Decision.objects.readable_by(user).select_related("meeting", "owner").in_number_order()
    return agenda_of(meeting).prefetch_related(Prefetch("decisions", followed))


def notes_in_one(items: Iterable[AgendaItem]) -> str:
    """The notes of all the points, each under its title."""
    return "\n\n".join(f"## {item.title}\n\n{item.notes.strip()}" for item in items if item.notes.strip())


def decisions_of(meeting: Meeting) -> QuerySet[Decision]:
    fiches = DecisionFiche.objects.select_related("action__axis")
    return meeting.decisions.select_related("owner").prefetch_related(Prefetch("fiches", fiches)).order_by("number")


@dataclass
class MeetingSheet:
    """What the template asks of a meeting."""

    meeting: Meeting
    user: object

    @cached_property
    def is_open(self) -> bool:
        """Whether this person reads its papers."""
        return Meeting.objects.with_open_papers(self.user).filter(pk=self.meeting.pk).exists()

    # What everybody reads

    @property
    def state_detail(self) -> str:
        meeting = self.meeting
        if meeting.validated_on:
            return f"le {french.long_date(meeting.validated_on)}"
        if meeting.convened_at and meeting.is_to_come:
            return f"le {french.long_date(timezone.localdate(meeting.convened_at))}"
        return ""

    @property
    def is_to_convene(self) -> bool:
        return self.meeting.state == MeetingState.PLANNED and self.meeting.day > today()

    @cached_property
    def members(self) -> list[BodyMember]:
        return list(self.meeting.seats())

    @property
    def chair(self) -> str:
        return self._speakers(BodyRole.CHAIR)

    @property
    def co_chair(self) -> str:
        return self._speakers(BodyRole.CO_CHAIR)

    def _speakers(self, role: BodyRole) -> str:
        return ", ".join(str(seat.speaker or seat) for seat in self.members if seat.role == role)

    @cached_property
    def before(self) -> Meeting | None:
        return self._others.before(self.meeting.starts_at, self.meeting.pk).order_by("-starts_at", "-pk").first()

    @cached_property
    def after(self) -> Meeting | None:
        return self._others.after(self.meeting.starts_at, self.meeting.pk).order_by("starts_at", "pk").first()

    @property
    def _others(self) -> QuerySet[Meeting]:
        return self.meeting.body.meetings.exclude(state=MeetingState.CANCELLED)

    # Its papers

    @cached_property
    def agenda(self) -> list[Line]:
        return with_hours(self.meeting, agenda_read_by(self.meeting, self.user))

    @property
    def noted(self) -> list[AgendaItem]:
        return [line.item for line in self.agenda if line.item.notes.strip()]

    @cached_property
    def decisions(self) -> list[Decision]:
        return list(decisions_of(self.meeting))

    @property
    def decisions_done(self) -> str:
        done = sum(decision.state == DecisionState.DONE for decision in self.decisions)
        return f"{done}\u00a0appliquée{'s' if done > 1 else ''} sur {len(self.decisions)}"

    @property
    def decisions_late(self) -> str:
        late = sum(decision.is_late for decision in self.decisions)
        return f"{late}\u00a0en retard" if late else ""

    @cached_property
    def signatories(self) -> set[int]:
        return set(self.meeting.body.contract.signatories.values_list("organisation_id", flat=True))

    @cached_property
    def groups(self) -> list[Group]:
        return attendee_groups(self.members, list(self.meeting.attendances.all()), self.signatories)

    @property
    def participation(self) -> Participation | None:
        return participation(self.groups)
