from datetime import UTC, datetime, timedelta
from itertools import count

from django.utils import timezone

from contracts.enums import BodyKind, MeetingState
from contracts.models import AgendaItem, BodyMember, Contract, Decision, GoverningBody, Meeting
from tests.factories.contracts import make_contact, make_contract, make_organisation

_numbers = count(1)


def make_body(contract: Contract | None = None, **fields) -> GoverningBody:
    number = next(_numbers)
    defaults = {"kind": BodyKind.STEERING, "name": f"comité {number}", "position": number}
    return GoverningBody.objects.create(contract=contract or make_contract(), **defaults | fields)


def make_member(body: GoverningBody | None = None, *, user=None, **fields) -> BodyMember:
    """The seat of an organisation, unless `person` is given; `user` is the account of who speaks for it."""
    body = body or make_body()
    if "person" not in fields:
        fields.setdefault("organisation", fields.get("organisation") or make_organisation(body.contract))
        if "representative" not in fields:
            fields["representative"] = make_contact(fields["organisation"], account=user)
    return BodyMember.objects.create(body=body, **fields)


def make_meeting(body: GoverningBody | None = None, **fields) -> Meeting:
    """Planned, at half past two in Paris, unless told otherwise."""
    body = body or make_body()
    defaults = {
        "number": body.meetings.count() + 1,
        "starts_at": datetime(2026, 12, 10, 13, 30, tzinfo=UTC),
        "place": "Salle du conseil",
    }
    return Meeting.objects.create(body=body, **defaults | fields)


def make_coming_meeting(body: GoverningBody | None = None, **fields) -> Meeting:
    """To come whatever the day; somebody sits in its body."""
    member = make_member(body)
    starts_at = timezone.now().replace(microsecond=0) + timedelta(days=30)
    return make_meeting(member.body, **{"starts_at": starts_at} | fields)


def make_held_meeting(body: GoverningBody | None = None, **fields) -> Meeting:
    """Its minutes are not validated yet."""
    defaults = {"state": MeetingState.HELD, "starts_at": datetime(2026, 6, 11, 12, 30, tzinfo=UTC)}
    return make_meeting(body, **defaults | fields)


def make_agenda_item(meeting: Meeting | None = None, **fields) -> AgendaItem:
    number = next(_numbers)
    return AgendaItem.objects.create(
        meeting=meeting or make_meeting(), **{"title": f"Point {number}", "position": number} | fields
    )


def make_decision(meeting: Meeting | None = None, **fields) -> Decision:
    meeting = meeting or make_held_meeting()
    defaults = {"number": meeting.decisions.count() + 1, "text": f"Décider {next(_numbers)} fois."}
    return Decision.objects.create(meeting=meeting, **defaults | fields)
