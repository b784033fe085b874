"""Who sits in the body on the day of the meeting, and who came."""

from dataclasses import dataclass

from actions.meeting.attendees import by_presence
from contracts.enums import BodyRole
from contracts.models import Attendance, BodyMember, Meeting


@dataclass(frozen=True)
class Place:
    """A line of the sign-in sheet."""

    organisation: str
    expected: str
    role: str


def places_of(meeting: Meeting) -> list[Place]:
    """The seats of the body, then the guests of this meeting alone."""
    seats = [Place(organisation_of(seat), expected_words(seat), seat.get_role_display()) for seat in meeting.seats()]
    guests = Attendance.objects.filter(meeting=meeting, member=None)
    return seats + [Place(guest.organisation_name, guest.name, BodyRole.GUEST.label) for guest in guests]


def organisation_of(seat: BodyMember) -> str:
    return str(seat.organisation or seat.person.organisation)


def expected_words(seat: BodyMember) -> str:
    speaker = str(seat.speaker or "")
    return f"{speaker}, ou {seat.deputy}" if speaker and seat.deputy else speaker or str(seat.deputy or "")


def chairs_of(meeting: Meeting) -> list[tuple[str, str]]:
    """« Présidence », « Dominique Aubert, Chartres métropole »."""
    chairs = [seat for seat in meeting.seats() if seat.role in (BodyRole.CHAIR, BodyRole.CO_CHAIR)]
    return [(seat.get_role_display().capitalize(), seat_words(seat)) for seat in chairs]


def seat_words(seat: BodyMember) -> str:
    home = seat.organisation or seat.person.organisation
    return ", ".join(part for part in (str(seat.speaker or ""), home.label) if part)


def attendance_of(meeting: Meeting) -> list[tuple[str, list[str]]]:
    """(« Présents », names), in that order; a heading without name is left out."""
    found = by_presence(list(meeting.seats()), list(meeting.attendances.all()))
    return [(heading, [presence_words(line) for line in lines]) for heading, lines in found]


def presence_words(row: Attendance) -> str:
    name = f"{row.name} ({row.organisation_name})" if row.name and row.organisation_name else str(row)
    return f"{name}, par {row.represented_by}" if row.represented_by else name
