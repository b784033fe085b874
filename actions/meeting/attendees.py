"""Who sits in a body and how they took part in one of its meetings."""

from collections.abc import Iterable
from dataclasses import dataclass

from cls_portal.core import french
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
HEADINGS = {
    Presence.PRESENT: "Présents",
    Presence.REPRESENTED: "Représentés",
    Presence.EXCUSED: "Excusés",
    Presence.ABSENT: "Absents",
}
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
    others: str


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
    """« 12 présents, 2 représentés sur 15 », of those who sit, and how many others came; None before anything is
    noted. The papers count by the same rule."""
    groups = list(groups)
    people = [each for group in groups if group.title != OTHERS for each in group.people]
    if not any(each.presence for each in people):
        return None
    told = [counted(people, Presence.PRESENT, "présent")]
    if any(each.presence == Presence.REPRESENTED for each in people):
        told.append(counted(people, Presence.REPRESENTED, "représenté"))
    signatories = [each for group in groups if group.title == SIGNATORIES for each in group.people]
    others = sum(each.took_part for group in groups if group.title == OTHERS for each in group.people)
    return Participation(
        f"{', '.join(told)} sur {len(people)}",
        f"dont {share(signatories)}" if signatories else "",
        french.count_noun(others, "autre participant") if others else "",
    )


def counted(people: list[Attendee], presence: Presence, word: str) -> str:
    return french.count_noun(sum(each.presence == presence for each in people), word)


def share(people: list[Attendee]) -> str:
    """Of the signatories present or represented."""
    came = sum(each.took_part for each in people)
    return f"{french.count_noun(came, 'signataire')} sur {len(people)}"


def by_presence(seats: list[BodyMember], lines: list[Attendance]) -> list[tuple[str, list[Attendance]]]:
    """(« Présents », their lines), those who sit in the order of the seats, then who came without sitting."""
    rank = {seat.pk: place for place, seat in enumerate(seats)}
    seated = sorted((line for line in lines if line.member_id in rank), key=lambda line: rank[line.member_id])
    strangers = [line for line in lines if line.member_id not in rank]
    guests = [line for line in strangers if line.presence in TOOK_PART]
    noted = seated + [line for line in strangers if line.presence not in TOOK_PART]
    found = [(title, [line for line in noted if line.presence == kind]) for kind, title in HEADINGS.items()]
    return [(title, people) for title, people in [*found, (OTHERS, guests)] if people]
