"""Who came to a meeting."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from cls_portal.accounts.models import User
from cls_portal.core.history import save_as, sign
from cls_portal.core.versioning import StaleVersionError
from contracts.models import Attendance, BodyMember, Meeting
from contracts.services.meetings import lock_open_meeting


@dataclass(frozen=True)
class Seat:
    """The line of a member: how they took part, empty when nobody knows yet."""

    member: BodyMember
    presence: str
    name: str = ""
    represented_by: str = ""


@dataclass(frozen=True)
class Guest:
    """The line of somebody who is no member of the body; without a key it is a new one."""

    presence: str
    name: str = ""
    organisation_name: str = ""
    pk: int | None = None


def stamp_of_sheet(meeting: Meeting) -> int:
    """What changes each time the sheet does: its last line in the history."""
    lines = Attendance.history.filter(meeting=meeting.pk).order_by("-history_id")
    return lines.values_list("history_id", flat=True).first() or 0


@transaction.atomic
def record_attendance(
    *, meeting: Meeting, user: User | None, seats: Iterable[Seat], guests: Iterable[Guest], read_stamp: int
) -> None:
    """The whole sheet; a line without presence goes. StaleVersionError when it is no longer at `read_stamp`."""
    meeting = lock_open_meeting(meeting)
    if stamp_of_sheet(meeting) != read_stamp:
        raise StaleVersionError
    present = list(meeting.attendances.all())
    by_member = {line.member_id: line for line in present if line.member_id}
    for seat in seats:
        line = by_member.get(seat.member.pk) or _new_line(meeting, seat.member)
        name = {"name": seat.name} if seat.name else {}
        _write(line, seat.presence, {"represented_by": seat.represented_by} | name, user=user)
    by_key = {line.pk: line for line in present if not line.member_id}
    for guest in guests:
        line = by_key.get(guest.pk) or Attendance(meeting=meeting)
        _write(line, guest.presence, {"name": guest.name, "organisation_name": guest.organisation_name}, user=user)


def _new_line(meeting: Meeting, member: BodyMember) -> Attendance:
    """Who speaks for the member that day: the line survives the member, and whoever speaks for it later."""
    return Attendance(
        meeting=meeting,
        member=member,
        organisation_name=member.organisation.name if member.organisation else member.person.organisation.name,
        name=str(member.speaker or ""),
        contact=member.speaker,
    )


def _write(line: Attendance, presence: str, said: dict, *, user: User | None) -> None:
    if not presence:
        if line.pk:
            sign(line, user=user)
            line.delete()
        return
    changes = {"presence": presence} | said
    if line.pk and all(getattr(line, name) == value for name, value in changes.items()):
        return
    for name, value in changes.items():
        setattr(line, name, value)
    save_as(line, user=user)
