"""What is done with a meeting, and the mails that follow."""

from django.core import mail
from icalendar import Calendar

from contracts.models import Meeting
from contracts.services import update_meeting
from contracts.services.convocation import convene


def send(meeting: Meeting, user=None, **details) -> int:
    meeting.refresh_from_db()
    return convene(meeting=meeting, read_version=meeting.version, user=user, **details)


def change(meeting: Meeting, user=None, **changes) -> Meeting:
    meeting.refresh_from_db()
    return update_meeting(meeting=meeting, read_version=meeting.version, user=user, **changes)


def sent_to() -> list[str]:
    return sorted(address for message in mail.outbox for address in message.recipients())


def calendar_of(message) -> Calendar:
    [(_name, text, _kind)] = message.attachments
    return Calendar.from_ical(text)
