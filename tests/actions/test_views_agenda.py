"""The agenda of a meeting: its points, their fiches, what the plan proposes."""

import uuid
from datetime import datetime

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.urls import reverse

from actions.enums import DraftingState, Status
from actions.services.agenda import add_to_agenda
from cls_portal.core.permissions import ALLOWED
from contracts.enums import MeetingState
from contracts.models import AgendaItem, Meeting
from contracts.services import (
    delete_agenda_item,
    hold_meeting,
    reopen_meeting,
    validate_minutes,
)
from contracts.services.meetings import ALREADY_VALIDATED
from tests.actions.meeting_pages import html, section, url
from tests.factories import (
    make_action,
    make_agenda_item,
)
from tests.page_forms import form_data
from tests.people import signed_in

pytestmark = pytest.mark.django_db

CANARY = "Canari"


def test_hours_follow_the_durations_as_far_as_they_are_known(contract, coordinator, meeting):
    for title, duration in (("Suites", 10), ("Avancement", 30), ("Arbitrages", None), ("Calendrier", 5)):
        add_to_agenda(meeting=meeting, user=None, title=title, duration=duration)

    lines = signed_in(coordinator).get(meeting.get_absolute_url()).context["sheet"].agenda

    assert [line.hour and f"{line.hour:%H:%M}" for line in lines] == ["14:30", "14:40", "15:10", None]


def test_a_point_is_written_with_its_fiches_and_changed(contract, coordinator, meeting):
    first, second = make_action(contract, title="Première"), make_action(contract, title="Seconde")
    client, address = signed_in(coordinator), url(contract, "agenda_item_create", meeting.pk)
    data = form_data(client.get(address), title="Focus", duration="20", fiches=[str(first.pk)])
    for _ in "12":
        client.post(address, data)
    item = AgendaItem.objects.get()

    address = url(contract, "agenda_item_edit", item.pk)
    data = form_data(client.get(address), fiches=[str(second.pk)], presenter="La CPAM")
    assert client.post(address, data).url == url(contract, "agenda", meeting.pk)

    page = html(coordinator, meeting.get_absolute_url())
    assert "Seconde" in section(page, "t-odj")
    assert "Première" not in section(page, "t-odj")
    assert "La CPAM" in section(page, "t-odj")


def test_a_point_changed_by_two_people_is_compared(contract, coordinator, meeting):
    first, second = make_action(contract), make_action(contract)
    item = add_to_agenda(meeting=meeting, user=None, title="Focus", fiches=[first])
    client, address = signed_in(coordinator), url(contract, "agenda_item_edit", item.pk)
    mine, theirs = client.get(address), client.get(address)
    client.post(address, form_data(theirs, fiches=[str(first.pk), str(second.pk)]))

    response = client.post(address, form_data(mine, title="Focus du semestre"))

    assert response.status_code == 409
    client.post(address, form_data(response))
    item.refresh_from_db()
    assert item.title == "Focus du semestre"
    assert {link.action for link in item.fiches.all()} == {first, second}


def test_the_proposal_is_ticked_and_put_on_the_agenda_once(contract, coordinator, meeting):
    make_action(contract, title="À valider", drafting_state=DraftingState.PROPOSED)
    silent = make_action(contract, title="Muette", status=Status.IN_PROGRESS, start_date=datetime(2019, 1, 1))
    client, address = signed_in(coordinator), url(contract, "agenda_proposal", meeting.pk)
    response = client.get(address)
    data = form_data(response)
    assert "sans nouvelle" in response.content.decode()
    assert f"fiche-{silent.pk}" not in data["choix"]

    for _ in "12":
        client.post(address, data)
    client.post(address, data | {"submission": str(uuid.uuid4())})

    assert [(item.title, item.fiches.count()) for item in meeting.agenda.all()] == [("Fiches à valider", 1)]
    assert "À valider" not in client.get(address).content.decode()


def test_a_point_moves_and_goes_with_a_way_back(contract, coordinator, meeting):
    first, second = (add_to_agenda(meeting=meeting, user=None, title=title) for title in ("Premier", "Second"))
    client = signed_in(coordinator)

    client.post(url(contract, "agenda_item_move", second.pk), {"sens": "haut"})
    assert [item.title for item in meeting.agenda.all()] == ["Second", "Premier"]

    response = client.post(url(contract, "agenda_item_delete", first.pk), follow=True)
    assert "Annuler cette suppression" in response.content.decode()


def test_a_point_stays_when_the_minutes_are_validated_just_before_its_deletion(
    contract, coordinator, meeting, monkeypatch
):
    item = make_agenda_item(meeting, title="Premier")

    def delete_too_late(**given):
        Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.VALIDATED)
        return delete_agenda_item(**given)

    monkeypatch.setattr("actions.views.agenda.delete_agenda_item", delete_too_late)
    response = signed_in(coordinator).post(url(contract, "agenda_item_delete", item.pk))

    told = [str(message) for message in get_messages(response.wsgi_request)]
    assert (response.status_code, told) == (302, [ALREADY_VALIDATED])
    assert meeting.agenda.get() == item


@pytest.mark.parametrize("state", [MeetingState.HELD, MeetingState.VALIDATED])
def test_a_deleted_point_does_not_come_back_into_validated_minutes(contract, coordinator, meeting, state):
    deletion = delete_agenda_item(item=make_agenda_item(meeting, title="Premier"), user=coordinator)
    Meeting.objects.filter(pk=meeting.pk).update(state=state)

    response = signed_in(coordinator).post(reverse("contracts:restore", args=[contract.slug, deletion.public_id]))

    told = [str(message) for message in get_messages(response.wsgi_request)]
    is_validated = state == MeetingState.VALIDATED
    assert (ALREADY_VALIDATED in told, meeting.agenda.exists()) == (is_validated, not is_validated)


@pytest.mark.parametrize("deed", [hold_meeting, reopen_meeting, validate_minutes])
def test_a_meeting_deleted_meanwhile_is_told(meeting, deed):
    Meeting.objects.filter(pk=meeting.pk).delete()

    with pytest.raises(ValidationError, match="supprimé par une autre personne"):
        deed(meeting=meeting, user=None)


def test_a_point_moved_while_the_minutes_are_being_validated_stays(contract, coordinator, meeting, monkeypatch):
    _first, second = (add_to_agenda(meeting=meeting, user=None, title=title) for title in ("Premier", "Second"))
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.VALIDATED, validated_on=meeting.day)
    monkeypatch.setattr("actions.views.meetings.can_edit_meeting", lambda user, meeting: ALLOWED)

    response = signed_in(coordinator).post(url(contract, "agenda_item_move", second.pk), {"sens": "haut"}, follow=True)

    assert "Le compte rendu est validé" in response.content.decode()
    assert [item.title for item in meeting.agenda.all()] == ["Premier", "Second"]
