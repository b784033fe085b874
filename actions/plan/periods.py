"""Since which evening one looks at what moved: that of the last comité de pilotage, unless another day is chosen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cls_portal.core.dates import months_before
from contracts.enums import BodyKind
from contracts.models import Contract, Meeting

MONTHS_WITHOUT_COMMITTEE = 6


@dataclass(frozen=True)
class Period:
    """Two evenings; `meeting` is the one held on the first, when there is one."""

    start: date
    end: date
    meeting: Meeting | None = None


def steering_meetings(contract: Contract, user) -> list[Meeting]:
    """The comités de pilotage held, the latest first."""
    meetings = Meeting.objects.visible_to(user).filter(body__contract=contract, body__kind=BodyKind.STEERING)
    return list(meetings.held().select_related("body"))


def period_until(contract: Contract, end: date, meetings: Iterable[Meeting]) -> Period:
    """Since the last of these meetings before that day, else since six months, or since a later signature."""
    last = next((meeting for meeting in meetings if meeting.day < end), None)
    if last:
        return Period(last.day, end, last)
    start = months_before(end, MONTHS_WITHOUT_COMMITTEE)
    signed_on = contract.signed_on
    return Period(max(start, signed_on) if signed_on and signed_on < end else start, end)
