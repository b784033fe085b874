"""The meetings in calendars: the file of one, the secret address that a calendar program reads."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from contracts.calendar import feed, invitation, meeting_file
from contracts.enums import MeetingState, Role
from contracts.models import CalendarFeed, Membership
from contracts.services.feeds import open_feed
from tests.factories import (
    make_agenda_item,
    make_body,
    make_contract,
    make_decision,
    make_held_meeting,
    make_meeting,
    make_member,
    make_membership,
    make_user,
)
from tests.people import signed_in
from tests.queries import assert_constant_queries, query_count_test

PARIS = ZoneInfo("Europe/Paris")
VIDEO = "https://visio.exemple.fr/salle-secrete"


def events(content: str | bytes) -> list:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def the_event(content):
    [event] = events(content)
    return event


def summaries(response) -> list[str]:
    assert response.status_code == 200
    return [str(event["SUMMARY"]) for event in events(response.content)]


def address_of(user) -> str:
    return reverse("contracts:feed", args=[open_feed(user).token])


# One meeting


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("utc", "in_paris"),
    [
        (datetime(2026, 1, 15, 13, 30, tzinfo=UTC), "20260115T143000"),
        (datetime(2026, 7, 2, 12, 30, tzinfo=UTC), "20260702T143000"),
        (datetime(2026, 3, 28, 13, tzinfo=UTC), "20260328T140000"),  # the day before summer time
        (datetime(2026, 3, 29, 12, tzinfo=UTC), "20260329T140000"),
        (datetime(2026, 10, 24, 12, tzinfo=UTC), "20261024T140000"),
        (datetime(2026, 10, 25, 13, tzinfo=UTC), "20261025T140000"),  # the first day of winter time
    ],
)
def test_the_hour_is_that_of_paris_all_the_year(utc, in_paris):
    """Also for a program that does not know the name of the zone: it reads the rule of the file."""
    meeting = make_meeting(starts_at=utc, ends_at=utc + timedelta(hours=2))

    text = invitation(meeting, to="a@exemple.fr")

    assert f"DTSTART;TZID=Europe/Paris:{in_paris}" in text
    assert the_event(text).start == utc
    assert the_event(text).end == utc + timedelta(hours=2)
    zone = text[text.index("BEGIN:VTIMEZONE") : text.index("BEGIN:VEVENT")]
    by_the_file = datetime.strptime(in_paris, "%Y%m%dT%H%M%S").replace(tzinfo=tzical(StringIO(zone)).get())
    assert by_the_file.astimezone(UTC) == utc


@pytest.mark.django_db
def test_what_an_invitation_says():
    body = make_body(make_contract(title="Chartres métropole 2026-2030"), name="comité de pilotage")
    meeting = make_meeting(body, number=8, state=MeetingState.CONVENED, calendar_sequence=3, video_url=VIDEO)
    text = invitation(meeting, to="membre@exemple.fr")

    event = the_event(text)

    assert Calendar.from_ical(text)["METHOD"] == "REQUEST"
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (str(meeting.public_id), 3, "CONFIRMED")
    assert event["SUMMARY"] == "Comité de pilotage n°\u00a08, Chartres métropole 2026-2030"
    assert event["LOCATION"] == f"Salle du conseil, {VIDEO}"
    assert event["URL"].endswith(meeting.get_absolute_url())
    assert event["ATTENDEE"] == "mailto:membre@exemple.fr"
    assert "DTEND" not in event  # nobody said when it ends


@pytest.mark.django_db
def test_a_cancelled_meeting_is_struck_out():
    text = invitation(make_meeting(state=MeetingState.CANCELLED), to="a@exemple.fr")

    assert Calendar.from_ical(text)["METHOD"] == "CANCEL"
    assert the_event(text)["STATUS"] == "CANCELLED"


@pytest.mark.django_db
def test_words_cannot_break_out_of_their_line():
    title, place = 'Été ; « Santé », \\n "2026"', "Salle ; du conseil,\r\nEND:VEVENT\r\nBEGIN:VEVENT " + "é" * 200
    meeting = make_meeting(make_body(make_contract(title=title), name="comité, de ; suivi"), place=place)

    text = invitation(meeting, to="a@exemple.fr")

    event = the_event(text)
    assert event["SUMMARY"].endswith(title)
    assert event["LOCATION"] == place.replace("\r\n", "\n")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert "\n" not in text.replace("\r\n", "")


@pytest.mark.django_db
def test_the_papers_of_a_meeting_are_in_no_file():
    canary = "CANARI"
    meeting = make_held_meeting(minutes=f"{canary} compte rendu", convocation=f"{canary} message")
    make_agenda_item(meeting, title=f"{canary} point", notes=f"{canary} notes")
    make_decision(meeting, text=f"{canary} décision")

    files = [
        invitation(meeting, to="a@exemple.fr"),
        meeting_file(meeting, with_video=True).decode(),
        feed([meeting], with_video={meeting.pk}).decode(),
    ]

    assert not any(canary in text for text in files)


def test_everybody_who_reads_the_contract_downloads_the_file(contract, reader):
    meeting = make_meeting(make_body(contract), video_url=VIDEO)
    url = reverse("contracts:meeting_file", args=[contract.slug, meeting.pk])

    response = signed_in(reader).get(url)

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert 'filename="reunion-2026-12-10.ics"' in response["Content-Disposition"]
    assert the_event(response.content)["UID"] == str(meeting.public_id)
    assert VIDEO not in response.content.decode(), "the link is for the members of the body"

    make_member(meeting.body, user=reader)

    assert VIDEO in signed_in(reader).get(url).content.decode()


def test_a_meeting_of_another_contract_has_no_file(contract, other_contract, reader):
    meeting = make_meeting(make_body(other_contract))

    for slug in (contract.slug, other_contract.slug):
        assert signed_in(reader).get(reverse("contracts:meeting_file", args=[slug, meeting.pk])).status_code == 404


# The feed


def coming(body, **fields):
    return make_meeting(body, **{"starts_at": timezone.now() + timedelta(days=30)} | fields)


def test_the_feed_shows_the_meetings_of_ones_contracts_alone(client, contract, other_contract, reader):
    coming(make_body(contract, name="comité visible"))
    coming(make_body(other_contract, name="comité étranger"))

    response = client.get(address_of(reader))

    assert summaries(response) == [f"Comité visible n°\u00a01, {contract}"]
    assert "étranger" not in response.content.decode()
    assert b"X-PUBLISHED-TTL:PT6H" in response.content
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_a_right_withdrawn_holds_at_the_next_read(client, contract, reader):
    coming(make_body(contract))
    address = address_of(reader)
    assert len(summaries(client.get(address))) == 1

    Membership.objects.filter(user=reader).delete()

    assert summaries(client.get(address)) == []


def test_a_disabled_account_has_no_feed_any_more(client, reader):
    address = address_of(reader)
    reader.is_active = False
    reader.save()

    assert client.get(address).status_code == 404


def test_an_unknown_address_answers_nothing_even_to_somebody_signed_in(reader):
    address_of(reader)

    assert signed_in(reader).get(reverse("contracts:feed", args=["x" * 43])).status_code == 404


def test_the_feed_tells_what_is_planned_and_what_is_cancelled(client, contract, reader):
    states = [MeetingState.PLANNED, MeetingState.CONVENED, MeetingState.CANCELLED]
    for number, state in enumerate(states, 1):
        coming(make_body(contract), starts_at=timezone.now() + timedelta(days=number), state=state)

    found = [event["STATUS"] for event in events(client.get(address_of(reader)).content)]

    assert found == ["TENTATIVE", "CONFIRMED", "CANCELLED"]


def test_the_feed_forgets_what_is_long_past(client, contract, reader):
    coming(make_body(contract), starts_at=timezone.now() - timedelta(days=400))

    assert summaries(client.get(address_of(reader))) == []


def test_the_link_of_the_video_conference_is_for_those_who_read_the_papers(client, contract, reader, coordinator):
    sits_in, other = make_body(contract), make_body(contract)
    make_member(sits_in, user=reader)
    coming(sits_in, video_url=f"{VIDEO}-a")
    coming(other, video_url=f"{VIDEO}-b")

    for_member, for_coordination = (client.get(address_of(user)).content.decode() for user in (reader, coordinator))

    assert f"{VIDEO}-a" in for_member
    assert f"{VIDEO}-b" not in for_member
    assert f"{VIDEO}-b" in for_coordination


@query_count_test("contracts:feed")
def test_feed_costs_the_same_whatever_it_holds(client, reader):
    def add(number):
        for _ in range(number):
            other = make_contract()
            make_membership(Role.READER, reader, contract=other)
            coming(make_body(other), video_url=VIDEO)

    assert_constant_queries(client, address_of(reader), add)


# The page of the account


def address_shown(client: Client) -> str | None:
    response = client.get(reverse("contracts:agenda"))
    return response.context["address"] or None


def test_one_creates_renews_and_deletes_ones_address(contract, reader):
    coming(make_body(contract))
    page, program = signed_in(reader), Client()
    url = reverse("contracts:agenda")
    assert address_shown(page) is None

    page.post(url, {"geste": "creer"})
    first = address_shown(page)
    page.post(url, {"geste": "creer"})
    assert address_shown(page) == first, "a double click does not change it"
    assert len(summaries(program.get(first))) == 1

    page.post(url, {"geste": "renouveler"})
    second = address_shown(page)
    assert program.get(first).status_code == 404
    assert len(summaries(program.get(second))) == 1

    page.post(url, {"geste": "fermer"})
    assert program.get(second).status_code == 404
    assert address_shown(page) is None


def test_an_unknown_deed_changes_nothing(reader):
    signed_in(reader).post(reverse("contracts:agenda"), {"geste": "autre"})

    assert not CalendarFeed.objects.exists()


def test_ones_address_is_shown_to_nobody_else(reader):
    token = open_feed(reader).token

    assert token not in signed_in(make_user()).get(reverse("contracts:agenda")).content.decode()
