"""Meetings: numbers, revisions of the invitation, states, agenda, decisions followed, attendance, who reads what."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cls_portal.core.dates import today
from cls_portal.core.ordering import Direction
from cls_portal.core.versioning import StaleVersionError, stamp_of
from contracts import services
from contracts.enums import BodyRole, DecisionState, MeetingState, Presence
from contracts.models import Attendance, Meeting
from contracts.permissions import can_edit_meeting
from tests.factories import (
    make_agenda_item,
    make_body,
    make_contact,
    make_decision,
    make_held_meeting,
    make_meeting,
    make_member,
    make_user,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 12, 10, 11, tzinfo=UTC)
LAST_JUNE = datetime(2025, 6, 12, 12, 30, tzinfo=UTC)


def test_a_meeting_takes_the_next_number_of_its_body(coordinator, contract):
    body = make_body(contract)
    make_meeting(body, number=7)
    make_meeting(make_body(contract), number=12)

    first = services.create_meeting(body=body, user=coordinator, starts_at=NOON)
    second = services.create_meeting(body=body, user=coordinator, starts_at=NOON, number=20)

    assert [first.number, second.number] == [8, 20]
    assert first.history.get().history_user == coordinator


def test_a_dissolved_body_meets_no_more(coordinator, contract):
    body = make_body(contract, closed_on=date(2020, 1, 1))

    with pytest.raises(ValidationError, match="dissoute"):
        services.create_meeting(body=body, user=coordinator, starts_at=NOON)


def test_a_number_taken_is_refused(coordinator, contract):
    meeting = make_meeting(make_body(contract))

    with pytest.raises(ValidationError, match="a déjà une réunion de ce numéro"):
        services.create_meeting(body=meeting.body, user=coordinator, starts_at=NOON, number=meeting.number)


@pytest.mark.parametrize(
    ("changes", "revision"),
    [
        ({"place": "Ailleurs"}, 1),
        ({"starts_at": NOON}, 1),
        ({"video_url": "https://visio.exemple.fr/8"}, 1),
        ({"minutes": "Le comité approuve."}, 0),
        ({"number": 9}, 0),
    ],
)
def test_what_is_written_in_calendars_makes_another_revision(changes, revision):
    meeting = make_meeting(state=MeetingState.CONVENED, convened_at=timezone.now())

    services.update_meeting(meeting=meeting, read_version=1, user=None, **changes)

    assert Meeting.objects.get().calendar_sequence == revision


def test_before_the_convocation_nothing_is_in_anybodys_calendar():
    meeting = services.update_meeting(meeting=make_meeting(), read_version=1, user=None, place="Ailleurs")

    assert meeting.calendar_sequence == 0


def test_cancelling_makes_another_revision_and_is_undone():
    meeting = make_meeting(state=MeetingState.CONVENED, convened_at=timezone.now())

    cancelled = services.cancel_meeting(meeting=meeting, user=None)
    again = services.reopen_meeting(meeting=cancelled, user=None)

    assert (cancelled.state, cancelled.calendar_sequence) == (MeetingState.CANCELLED, 1)
    assert (again.state, again.calendar_sequence) == (MeetingState.CONVENED, 2)


def test_an_old_version_is_refused():
    meeting = make_meeting()
    services.update_meeting(meeting=Meeting.objects.get(), read_version=1, user=None, place="Mairie")

    with pytest.raises(StaleVersionError):
        services.update_meeting(meeting=meeting, read_version=1, user=None, place="Ailleurs")

    assert Meeting.objects.get().place == "Mairie"


def test_a_meeting_to_come_is_not_held_nor_a_held_one_cancelled():
    to_come = make_meeting(starts_at=timezone.now() + timedelta(days=2))
    held = make_held_meeting()

    with pytest.raises(ValidationError, match="n’a pas encore eu lieu"):
        services.hold_meeting(meeting=to_come, user=None)
    with pytest.raises(ValidationError, match="a eu lieu"):
        services.cancel_meeting(meeting=held, user=None)


def test_from_a_meeting_planned_to_its_validated_minutes_and_back():
    meeting = make_meeting(starts_at=LAST_JUNE)
    meeting = services.hold_meeting(meeting=meeting, user=None)
    meeting = services.write_minutes(meeting=meeting, read_version=meeting.version, user=None, minutes="Vu.")
    meeting = services.validate_minutes(meeting=meeting, user=None, on=date(2025, 6, 30))

    assert (meeting.state, meeting.validated_on) == (MeetingState.VALIDATED, date(2025, 6, 30))

    meeting = services.reopen_meeting(meeting=meeting, user=None)
    assert (meeting.state, meeting.validated_on) == (MeetingState.HELD, None)
    assert services.reopen_meeting(meeting=meeting, user=None).state == MeetingState.PLANNED


@pytest.mark.parametrize(
    ("fields", "on", "said"),
    [
        ({"minutes": ""}, None, "rien à valider"),
        ({"minutes": "Vu."}, date(2025, 6, 11), "suit la réunion"),
        ({"minutes": "Vu."}, date(2999, 1, 1), "n’est pas à venir"),
        ({"minutes": "Vu.", "state": MeetingState.PLANNED}, None, "Seule une réunion tenue"),
    ],
)
def test_minutes_that_are_not_validated(fields, on, said):
    meeting = make_held_meeting(starts_at=LAST_JUNE, **fields)

    with pytest.raises(ValidationError, match=said):
        services.validate_minutes(meeting=meeting, user=None, on=on)


def test_what_was_not_read_is_not_validated():
    meeting = make_held_meeting(starts_at=LAST_JUNE, minutes="Vu.")
    services.write_minutes(meeting=meeting, read_version=1, user=None, minutes="Vu autrement.")

    with pytest.raises(StaleVersionError):
        services.validate_minutes(meeting=meeting, user=None, read_version=1)


def test_papers_change_no_more_once_they_are_validated(coordinator, contract):
    meeting = make_held_meeting(make_body(contract), state=MeetingState.VALIDATED, validated_on=today())
    item, decision = make_agenda_item(meeting), make_decision(meeting)
    deeds = [
        lambda: services.create_agenda_item(meeting=meeting, user=None, title="Divers"),
        lambda: services.update_agenda_item(item=item, user=None, title="Autre"),
        lambda: services.write_notes(item=item, user=None, read_stamp=stamp_of(item), notes="Vu."),
        lambda: services.move_agenda_item(item=item, direction=Direction.UP, user=None),
        lambda: services.delete_agenda_item(item=item, user=None),
        lambda: services.create_decision(meeting=meeting, user=None, text="Décider."),
        lambda: services.update_decision(decision=decision, read_version=1, user=None, text="Autre."),
        lambda: services.delete_decision(decision=decision, user=None),
        lambda: services.record_attendance(meeting=meeting, user=None, seats=[], guests=[], read_stamp=0),
        lambda: services.write_minutes(meeting=meeting, read_version=1, user=None, minutes="Vu."),
    ]

    for deed in deeds:
        with pytest.raises(ValidationError, match="rouvrez-le"):
            deed()
    assert "rouvrez-le" in can_edit_meeting(coordinator, meeting).reason
    assert services.settle_decision(decision=decision, read_version=1, user=None, state=DecisionState.DONE).settled_on


def test_notes_written_by_two_are_not_overwritten():
    item = make_agenda_item()
    read = stamp_of(item)
    services.write_notes(item=item, user=make_user(), read_stamp=read, notes="Les premières.")

    with pytest.raises(StaleVersionError):
        services.write_notes(item=item, user=None, read_stamp=read, notes="Les secondes.")

    item.refresh_from_db()
    assert item.notes == "Les premières."


def test_points_are_moved_and_put_first():
    meeting = make_meeting()
    _first, second, third = (services.create_agenda_item(meeting=meeting, user=None, title=each) for each in "ABC")

    services.move_agenda_item(item=third, direction=Direction.UP, user=None)
    services.put_first(item=meeting.agenda.get(pk=second.pk), user=None)

    assert [item.title for item in meeting.agenda.all()] == ["B", "A", "C"]


def test_decisions_are_numbered_and_keep_their_number():
    meeting = make_held_meeting(number=8)
    one, two = (services.create_decision(meeting=meeting, user=None, text=text) for text in ("Un.", "Deux."))
    services.delete_decision(decision=one, user=None)

    assert two.reference == "8.2"
    assert services.create_decision(meeting=meeting, user=None, text="Trois.").reference == "8.3"


def test_a_decision_is_settled_today_unless_told_otherwise_and_reopened():
    decision = make_decision(make_held_meeting(starts_at=LAST_JUNE))

    services.settle_decision(decision=decision, read_version=1, user=None, state=DecisionState.DONE, outcome="Fait.")
    assert (decision.settled_on, decision.outcome) == (today(), "Fait.")

    services.settle_decision(decision=decision, read_version=2, user=None, state=DecisionState.OPEN)
    assert decision.settled_on is None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"state": DecisionState.DROPPED}, "Dites pourquoi"),
        ({"state": DecisionState.DONE, "settled_on": date(2025, 6, 1)}, "suit la réunion"),
        ({"state": DecisionState.DONE, "settled_on": date(2999, 1, 1)}, "n’est pas à venir"),
    ],
)
def test_a_decision_that_is_not_settled(fields, said):
    decision = make_decision(make_held_meeting(starts_at=LAST_JUNE))

    with pytest.raises(ValidationError, match=said):
        services.settle_decision(decision=decision, read_version=1, user=None, **fields)


def test_the_sheet_keeps_the_names_of_that_day():
    meeting = make_held_meeting()
    chair = make_member(meeting.body, role=BodyRole.CHAIR)
    name, organisation = str(chair.representative), chair.organisation.name

    services.record_attendance(
        meeting=meeting,
        user=None,
        seats=[services.Seat(chair, Presence.PRESENT)],
        guests=[services.Guest(Presence.PRESENT, "Alex Roy", "Mission locale")],
        read_stamp=0,
    )
    chair.delete()

    assert sorted(str(line) for line in Attendance.objects.all()) == sorted(
        [f"{organisation}, {name}", "Mission locale, Alex Roy"]
    )


def test_an_old_sheet_saved_again_keeps_who_spoke_that_day():
    meeting = make_held_meeting()
    member = make_member(meeting.body)
    then, organisation = member.representative, member.organisation.name
    record = lambda presence: services.record_attendance(  # noqa: E731
        meeting=meeting,
        user=None,
        seats=[services.Seat(member, presence)],
        guests=[],
        read_stamp=services.stamp_of_sheet(meeting),
    )
    record(Presence.PRESENT)
    member.organisation.name = "Nouveau nom"
    member.organisation.save()
    member.representative = make_contact(member.organisation, last_name="Successeur")
    member.save()

    record(Presence.EXCUSED)

    line = Attendance.objects.get()
    assert (str(line), line.contact, line.presence) == (f"{organisation}, {then}", then, Presence.EXCUSED)


def test_a_line_without_presence_goes_and_the_same_sheet_writes_nothing():
    meeting = make_held_meeting()
    seat = services.Seat(make_member(meeting.body), Presence.ABSENT)
    record = lambda seats, guests=(): services.record_attendance(  # noqa: E731
        meeting=meeting, user=None, seats=seats, guests=guests, read_stamp=services.stamp_of_sheet(meeting)
    )
    record([seat], [services.Guest(Presence.PRESENT, "Alex Roy")])
    stamp, guest = services.stamp_of_sheet(meeting), Attendance.objects.get(member=None)

    record([seat])
    assert services.stamp_of_sheet(meeting) == stamp

    record([services.Seat(seat.member, "")], [services.Guest("", "Alex Roy", pk=guest.pk)])
    assert not Attendance.objects.exists()
    with pytest.raises(StaleVersionError):
        services.record_attendance(meeting=meeting, user=None, seats=[], guests=[], read_stamp=stamp)
