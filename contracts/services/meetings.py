"""The meetings of a body: planned, held or cancelled, their minutes validated."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Manager, QuerySet

from cls_portal.accounts.models import User
from cls_portal.core.dates import today
from cls_portal.core.deletion import delete_with_way_back
from cls_portal.core.history import DELETED_MEANWHILE, save_as, sign
from cls_portal.core.models import Deletion
from cls_portal.core.versioning import StaleVersionError, save_if_current
from contracts.enums import MEETINGS_TO_COME, MeetingState
from contracts.models import AgendaItem, Attendance, Decision, GoverningBody, Meeting
from contracts.services.contracts import lock, set_fields, trash_of
from contracts.services.invitations import tell_change

# What those who were convened have written in their calendar.
ON_THE_INVITATION = ("starts_at", "ends_at", "place", "video_url", "state")
ALREADY_VALIDATED = "Le compte rendu est validé\u00a0: rouvrez-le pour modifier cette réunion."


def next_meeting_number(body: GoverningBody) -> int:
    last = body.meetings.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


@transaction.atomic
def create_meeting(
    *, body: GoverningBody, user: User | None, starts_at: datetime, number: int | None = None, **fields: Any
) -> Meeting:
    """Without a number, the next one of the body. Raises ValidationError."""
    lock(body.contract)
    if body.is_closed:
        raise ValidationError({"body": "Cette instance est dissoute\u00a0: elle ne se réunit plus."})
    meeting = Meeting(body=body, starts_at=starts_at, number=number or next_meeting_number(body), **fields)
    return save_as(meeting, user=user, reason="Création")


@transaction.atomic
def update_meeting(
    *, meeting: Meeting, read_version: int, user: User | None, reason: str = "", message: str = "", **changes: Any
) -> Meeting:
    """Raises ValidationError, or StaleVersionError when someone saved it since `read_version`.

    Once it is convened, a change of date, place or state makes another revision of the invitation, which those who
    were convened receive; `message` goes with a cancellation.
    """
    set_fields(meeting, changes)
    stored = lock_meeting(meeting)
    meeting.calendar_sequence = stored.calendar_sequence
    if stored.convened_at and any(getattr(stored, name) != getattr(meeting, name) for name in ON_THE_INVITATION):
        meeting.calendar_sequence += 1
    meeting.full_clean()
    sign(meeting, user=user, reason=reason)
    save_if_current(meeting, read_version=read_version)
    tell_change(meeting, before=stored, user=user, message=message)
    return meeting


def lock_meeting(meeting: Meeting) -> Meeting:
    """Hold it until the end of the transaction: those who add to its lists do so one after the other.

    ValidationError when somebody has deleted it.
    """
    locked = Meeting.objects.select_for_update(of=("self",)).select_related("body__contract").filter(pk=meeting.pk)
    if found := locked.first():
        return found
    raise ValidationError(DELETED_MEANWHILE)


def lock_open_meeting(meeting: Meeting) -> Meeting:
    """The same; once its minutes are validated, its papers change no more."""
    locked = lock_meeting(meeting)
    if locked.state == MeetingState.VALIDATED:
        raise ValidationError(ALREADY_VALIDATED)
    return locked


def lock_meeting_of(deletion: Deletion) -> None:
    """A part that was deleted does not come back into validated minutes."""
    if deletion.model in (model._meta.label_lower for model in (AgendaItem, Attendance, Decision)):
        keys = [row["fields"]["meeting"] for row in deletion.content if row["model"] == deletion.model]
        for meeting in Meeting.objects.filter(pk__in=keys):
            lock_open_meeting(meeting)


def _bring_to(meeting: Meeting, state: MeetingState, *, user: User | None, **changes: Any) -> Meeting:
    return update_meeting(
        meeting=meeting, read_version=meeting.version, user=user, reason=state.label, state=state, **changes
    )


@transaction.atomic
def hold_meeting(*, meeting: Meeting, user: User | None) -> Meeting:
    meeting = lock_meeting(meeting)
    if meeting.is_held:
        return meeting
    if meeting.state not in MEETINGS_TO_COME:
        raise ValidationError("Cette réunion est annulée\u00a0: rétablissez-la d’abord.")
    if meeting.day > today():
        raise ValidationError("Cette réunion n’a pas encore eu lieu\u00a0: sa date est à venir.")
    return _bring_to(meeting, MeetingState.HELD, user=user)


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, user: User | None, message: str = "") -> Meeting:
    """`message`: why, for those who were convened."""
    meeting = lock_meeting(meeting)
    if meeting.is_held:
        raise ValidationError("Cette réunion a eu lieu\u00a0: elle ne s’annule plus.")
    if meeting.state == MeetingState.CANCELLED:
        return meeting
    return _bring_to(meeting, MeetingState.CANCELLED, user=user, message=message)


def cancel_awaited(meetings: Manager[Meeting] | QuerySet[Meeting], *, user: User | None) -> None:
    """Before what holds them goes: nobody is to travel for nothing."""
    for meeting in meetings.awaited():
        cancel_meeting(meeting=meeting, user=user)


@transaction.atomic
def validate_minutes(
    *, meeting: Meeting, user: User | None, on: date | None = None, read_version: int | None = None
) -> Meeting:
    """From then on, all who read the contract read the papers of the meeting, and they change no more.

    StaleVersionError when the meeting is no longer at `read_version`, if one is given: what is validated was read.
    """
    meeting = lock_meeting(meeting)
    on = on or today()
    if meeting.state == MeetingState.VALIDATED:
        return meeting
    if read_version not in (None, meeting.version):
        raise StaleVersionError
    if meeting.state != MeetingState.HELD:
        raise ValidationError("Seule une réunion tenue a un compte rendu à valider.")
    if not (meeting.minutes.strip() or meeting.decisions.exists()):
        raise ValidationError("Il n’y a rien à valider\u00a0: écrivez le compte rendu, ou notez une décision.")
    if not meeting.day <= on <= today():
        raise ValidationError({"validated_on": "La validation suit la réunion, et n’est pas à venir."})
    return _bring_to(meeting, MeetingState.VALIDATED, user=user, validated_on=on)


@transaction.atomic
def reopen_meeting(*, meeting: Meeting, user: User | None) -> Meeting:
    """One step back: minutes to be corrected, a meeting said held by mistake, a cancelled one that takes place."""
    meeting = lock_meeting(meeting)
    if meeting.state == MeetingState.VALIDATED:
        return _bring_to(meeting, MeetingState.HELD, user=user, validated_on=None)
    if meeting.is_to_come:
        return meeting
    before = MeetingState.CONVENED if meeting.convened_at else MeetingState.PLANNED
    return _bring_to(meeting, before, user=user)


@transaction.atomic
def write_minutes(*, meeting: Meeting, read_version: int, user: User | None, minutes: str) -> Meeting:
    locked = lock_open_meeting(meeting)
    return update_meeting(meeting=locked, read_version=read_version, user=user, minutes=minutes)


@transaction.atomic
def delete_meeting(*, meeting: Meeting, user: User | None) -> Deletion:
    """An awaited one is cancelled first, so that nobody goes there; brought back, it is to be restored."""
    if meeting.is_awaited:
        meeting = cancel_meeting(meeting=meeting, user=user)
    return delete_with_way_back(meeting, user=user, root=trash_of(meeting.body.contract_id))
