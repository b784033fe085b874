"""A meeting as it is read: its facts for all who read the contract, its papers for those to whom they are open."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import cached_property

from cls_portal.core import french
from contracts.enums import BodyRole, MeetingState
from contracts.models import BodyMember, Meeting

# The tone of each state, in the vocabulary of the statuses: a shape, then a word.
STATE_ICONS = {
    MeetingState.PLANNED: "non_demarree",
    MeetingState.CONVENED: "en_preparation",
    MeetingState.HELD: "en_cours",
    MeetingState.VALIDATED: "realisee",
    MeetingState.CANCELLED: "abandonnee",
}


@dataclass
class MeetingSheet:
    """What the template asks of a meeting."""

    meeting: Meeting
    user: object

    @cached_property
    def is_open(self) -> bool:
        """Whether this person reads its papers."""
        return Meeting.objects.with_open_papers(self.user).filter(pk=self.meeting.pk).exists()

    def _beside(self, **when) -> QuerySet[Meeting]:
        """The other meetings of the body, with the contract of the page."""
        return self.meeting.body.meetings.filter(**when).exclude(state=MeetingState.CANCELLED)

    @property
    def icon(self) -> str:
        return STATE_ICONS[self.meeting.state]

    @property
    def state_detail(self) -> str:
        meeting = self.meeting
        if meeting.validated_on:
            return f"le {french.long_date(meeting.validated_on)}"
        if meeting.convened_at and meeting.is_to_come:
            return f"le {french.long_date(meeting.convened_at.date())}"
        return ""

    @cached_property
    def members(self) -> list[BodyMember]:
        """Those whose mandate ran that day."""
        seats = self.meeting.body.members.present(self.meeting.day).in_order()
        return list(seats.select_related("organisation", "representative", "deputy", "person__organisation"))

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
        return self._beside(starts_at__lt=self.meeting.starts_at).order_by("-starts_at", "-pk").first()

    @cached_property
    def after(self) -> Meeting | None:
        return self._beside(starts_at__gt=self.meeting.starts_at).order_by("starts_at", "pk").first()
