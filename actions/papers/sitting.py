"""The light papers of one meeting: convocation, sign-in sheet, list of decisions, minutes."""

from actions.papers.agenda import points_of, when_words
from actions.papers.people import attendance_of, chairs_of, places_of
from actions.papers.quotes import Quote, quotes
from cls_portal.core.dates import today
from contracts.enums import Capacity
from contracts.models import Meeting, Signatory

FREE_LINES = 4


def common(meeting: Meeting) -> dict:
    return {"meeting": meeting, "when": when_words(meeting), "chairs": chairs_of(meeting), "on": today()}


def convocation(meeting: Meeting, user) -> dict:
    bearers = Signatory.objects.filter(contract=meeting.body.contract_id, capacity=Capacity.LEAD)
    return common(meeting) | {
        "agenda": points_of(meeting),
        "places": places_of(meeting),
        "bearers": [bearer.organisation for bearer in bearers.select_related("organisation")],
        "sent_on": meeting.convened_at or today(),
    }


def sign_in_sheet(meeting: Meeting, user) -> dict:
    return common(meeting) | {"places": places_of(meeting), "free_lines": range(FREE_LINES)}


def decisions(meeting: Meeting, user) -> dict:
    return common(meeting) | {"quotes": decisions_of(meeting), "attendance": attendance_of(meeting)}


def minutes(meeting: Meeting, user) -> dict:
    """Notes and decisions are those of this meeting alone."""
    return common(meeting) | {
        "agenda": points_of(meeting),
        "attendance": attendance_of(meeting),
        "quotes": decisions_of(meeting),
    }


def decisions_of(meeting: Meeting) -> list[Quote]:
    return quotes([meeting], today())
