"""Convening a meeting."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cls_portal.accounts.models import User
from cls_portal.core.outbox import send_again
from cls_portal.core.versioning import StaleVersionError
from contracts.enums import MeetingState
from contracts.models import Meeting
from contracts.services.invitations import CONVOCATION, mails_of, recipients_of, send
from contracts.services.meetings import lock_meeting, update_meeting


@transaction.atomic
def convene(
    *, meeting: Meeting, read_version: int, user: User | None, message: str = "", with_deputies: bool = False
) -> int:
    """Write to each member; how many are. Done again, to those only who were not written to: a member who joined.

    StaleVersionError when the meeting is no longer what the person read: they would announce another date.
    """
    meeting = lock_meeting(meeting)
    if meeting.version != read_version:
        raise StaleVersionError
    if not meeting.is_to_come:
        raise ValidationError("Cette réunion est tenue ou annulée\u00a0: elle ne se convoque plus.")
    now = timezone.now()
    if meeting.starts_at <= now:
        raise ValidationError("La date de cette réunion est passée\u00a0: changez-la d’abord.")
    meeting = update_meeting(
        meeting=meeting,
        read_version=read_version,
        user=user,
        reason="Convocation",
        state=MeetingState.CONVENED,
        convocation=message,
        convened_at=meeting.convened_at or now,
    )
    recipients = recipients_of(meeting, with_deputies=with_deputies).reached
    return send(meeting, CONVOCATION, recipients, user=user, message=message)


def send_stuck_again(*, meeting: Meeting) -> int:
    """One more attempt for the mails of this meeting that did not leave."""
    return send_again(mails_of(meeting).stuck())
