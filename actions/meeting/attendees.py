"""Who sits in a body and how they took part in one of its meetings."""

from collections.abc import Iterable
from dataclasses import dataclass

from cls_portal.core.french import NBSP
from contracts.enums import BodyRole, Presence
from contracts.models import Attendance, BodyMember

ICONS = {
    Presence.PRESENT: "realisee",
    Presence.REPRESENTED: "reorientee",
    Presence.EXCUSED: "non_demarree",
    Presence.ABSENT: "abandonnee",
}
TOOK_PART = (Presence.PRESENT, Presence.REPRESENTED)
GUESTS = (BodyRole.STANDING_GUEST, BodyRole.GUEST)
SIGNATORIES, MEMBERS, INVITED, OTHERS = "Signataires", "Membres associés", "Invités", "Autres participants"


@dataclass(frozen=True)
class Attendee:
    """`presence` is empty as long as nobody has noted it."""

    name: str
    detail: str
    presence: str = ""

    @property
    def icon(self) -> str:
        return ICONS[self.presence]

    @property
    def label(self) -> str:
        return Presence(self.presence).label.capitalize()

    @property
    def took_part(self) -> bool:
        return self.presence in TOOK_PART


@dataclass(frozen=True)
class Group:
    title: str
    people: list[Attendee]


@dataclass(frozen=True)
class Participation:
    total: str
    signatories: str


def attendee_groups(seats: list[BodyMember], lines: list[Attendance], signatories: set[int]) -> list[Group]:
    """The seats by capacity, then those who came without sitting, and the members of that day who left since."""
    by_seat = {line.member_id: line for line in lines if line.member_id}
    groups: dict[str, list[Attendee]] = {title: [] for title in (SIGNATORIES, MEMBERS, INVITED, OTHERS)}
    for seat in seats:
        groups[capacity_of(seat, signatories)].append(attendee(seat, by_seat.pop(seat.pk, None)))
    strangers = {line.pk for line in by_seat.values()} | {line.pk for line in lines if not line.member_id}
    groups[OTHERS] = [stranger(line) for line in lines if line.pk in strangers]
    return [Group(title, people) for title, people in groups.items() if people]


def capacity_of(seat: BodyMember, signatories: set[int]) -> str:
    if seat.role in GUESTS:
        return INVITED
    return SIGNATORIES if seat.organisation_id in signatories else MEMBERS


def attendee(seat: BodyMember, line: Attendance | None) -> Attendee:
    name = seat.organisation.label if seat.organisation else str(seat.person)
    speaker = str(seat.representative or "") if seat.organisation else seat.person.organisation.label
    if line is None:
        return Attendee(name, speaker)
    if line.presence == Presence.REPRESENTED and line.represented_by:
        return Attendee(name, f"par {line.represented_by}", line.presence)
    return Attendee(name, (line.name or speaker) if seat.organisation else speaker, line.presence)


def stranger(line: Attendance) -> Attendee:
    names = [part for part in (line.organisation_name, line.name) if part]
    return Attendee(names[0], ", ".join(names[1:]), line.presence)


def participation(groups: Iterable[Group]) -> Participation | None:
    """« 12 sur 15 », of those who sit; None before anything is noted."""
    seated = {group.title: group.people for group in groups if group.title != OTHERS}
    people = [each for group in seated.values() for each in group]
    if not any(each.presence for each in people):
        return None
    signatories = seated.get(SIGNATORIES, [])
    came = sum(each.took_part for each in people)
    words = f"dont {share(signatories)}" if signatories else ""
    return Participation(f"{came}{NBSP}présent{'s' if came > 1 else ''} sur {len(people)}", words)


def share(people: list[Attendee]) -> str:
    came = sum(each.took_part for each in people)
    return f"{came}{NBSP}signataire{'s' if came > 1 else ''} sur {len(people)}"
