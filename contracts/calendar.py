"""Meetings in the words of calendars (RFC 5545, 5546): an invitation, a file, the feed of a person.

Nothing of a person is in the title; the link of the video conference is for those who read the meeting's papers.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vDuration, vText

from contracts.enums import MeetingState
from contracts.models import Meeting

PRODUCER = "-//Portail CLS//Réunions//FR"
PARIS = ZoneInfo("Europe/Paris")
CET, CEST = timedelta(hours=1), timedelta(hours=2)
REFRESH = timedelta(hours=6)
STATUS = {MeetingState.PLANNED: "TENTATIVE", MeetingState.CANCELLED: "CANCELLED"}  # the others: CONFIRMED


def invitation(meeting: Meeting, *, to: str, withdrawn: bool = False) -> str:
    """For a mail to this address: asks to write the meeting down, or to strike it out.

    `withdrawn`: the meeting takes place without this person.
    """
    event = _event(meeting, with_video=not withdrawn)
    if withdrawn:
        event["status"] = vText("CANCELLED")
    guest = vCalAddress(f"mailto:{to}")
    guest.params["RSVP"] = "FALSE"  # the answers would go to the portal; one answers the mail instead
    event.add("attendee", guest)
    return _written(method_for(meeting, withdrawn=withdrawn), [event]).decode()


def method_for(meeting: Meeting, *, withdrawn: bool = False) -> str:
    return "CANCEL" if withdrawn or meeting.state == MeetingState.CANCELLED else "REQUEST"


def meeting_file(meeting: Meeting, *, with_video: bool) -> bytes:
    return _written("PUBLISH", [_event(meeting, with_video=with_video)])


def feed(meetings: Iterable[Meeting], *, with_video: set[int]) -> bytes:
    """`with_video`: the keys of the meetings whose papers this person reads."""
    events = [_event(meeting, with_video=meeting.pk in with_video) for meeting in meetings]
    return _written("PUBLISH", events, title="Réunions du Portail CLS")


def _written(method: str, events: list[Event], title: str = "") -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCER)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if title:
        calendar.add("x-wr-calname", title)
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(REFRESH))
    calendar.add_component(_paris())
    for event in events:
        calendar.add_component(event)
    return calendar.to_ical()


def _paris() -> Timezone:
    """By the rule in force since 1996: programs that do not know the name of the zone still show the right hour."""
    zone = Timezone()
    zone.add("tzid", PARIS.key)
    summer, winter = TimezoneDaylight(), TimezoneStandard()
    for part, name, month, before, after in ((summer, "CEST", 3, CET, CEST), (winter, "CET", 10, CEST, CET)):
        part.add("tzname", name)
        part.add("dtstart", datetime(1996, month, 31 if month == 3 else 27, 2 if month == 3 else 3))
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        zone.add_component(part)
    return zone


def _event(meeting: Meeting, *, with_video: bool) -> Event:
    contract = meeting.body.contract
    event = Event()
    event.add("uid", str(meeting.public_id))
    event.add("sequence", meeting.calendar_sequence)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", timezone.localtime(meeting.starts_at, PARIS))
    if meeting.ends_at:
        event.add("dtend", timezone.localtime(meeting.ends_at, PARIS))
    event.add("summary", f"{meeting.heading}, {contract}")
    if location := _location(meeting, with_video=with_video):
        event.add("location", location)
    event.add("url", settings.SITE_URL + meeting.get_absolute_url())
    event.add("status", STATUS.get(meeting.state, "CONFIRMED"))
    event.add("organizer", _organizer(str(contract)))
    return event


def _location(meeting: Meeting, *, with_video: bool) -> str:
    video = meeting.video_url if with_video else "en visioconférence" if not meeting.place else ""
    return ", ".join(part for part in (meeting.place, video if meeting.video_url else "") if part)


def _organizer(contract: str) -> vCalAddress:
    """The portal itself, whoever convenes: calendars take an update from the first organiser only."""
    organizer = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organizer.params["CN"] = contract.replace('"', "")
    return organizer
