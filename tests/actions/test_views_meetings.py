"""The pages of a meeting: who reads what, its life, what they cost."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.enums import DraftingState
from actions.models import AgendaFiche, DecisionFiche
from actions.services.agenda import add_to_agenda
from cls_portal.core.versioning import stamp_of
from contracts.enums import MeetingState, Presence, Role
from contracts.models import Meeting
from contracts.services import (
    record_attendance,
    write_notes,
)
from contracts.services.attendance import Guest
from tests.access import Scene
from tests.actions.meeting_pages import html, url
from tests.factories import (
    make_action,
    make_agenda_item,
    make_body,
    make_decision,
    make_document,
    make_meeting,
    make_member,
    make_membership,
    make_organisation,
    make_user,
)
from tests.page_forms import form_data
from tests.people import signed_in
from tests.queries import assert_constant_queries, query_count_test
from tests.test_access import TABLE

pytestmark = pytest.mark.django_db

CANARY = "Canari"


# Who reads what


def with_canaries(meeting) -> None:
    """A draft in which every paper bears the word."""
    fiche = make_action(meeting.body.contract)
    item = make_agenda_item(meeting, title=f"{CANARY} au point", notes=f"{CANARY} en notes", detail=CANARY)
    AgendaFiche.objects.create(item=item, action=fiche)
    decision = make_decision(meeting, text=f"{CANARY} décidé", outcome=CANARY, owner_detail=CANARY)
    DecisionFiche.objects.create(decision=decision, action=fiche)
    guests = [Guest(Presence.PRESENT, name=f"{CANARY} Invité")]
    record_attendance(meeting=meeting, user=None, seats=[], guests=guests, read_stamp=0)
    Meeting.objects.filter(pk=meeting.pk).update(minutes=f"{CANARY} en compte rendu")
    make_document(meeting.body.contract, meeting=meeting, title=f"{CANARY} déposé")


@pytest.fixture
def group_member(contract):
    """Sits in a working group, and reads the contract."""
    user = make_membership(Role.READER, make_user("groupe@exemple.fr"), contract=contract).user
    make_member(make_body(contract, name="groupe de travail"), user=user)
    return user


def scene_of(contract, pilot_organisation, meeting) -> Scene:
    return Scene(contract, pilot_organisation, {"body": meeting.body, "meeting": meeting})


@pytest.mark.parametrize("role", ["reader", "pilot", "group_member"])
def test_no_page_shows_the_draft_of_a_body_to_those_who_do_not_sit_there(
    request, role, contract, pilot_organisation, meeting
):
    with_canaries(meeting)
    scene, client = scene_of(contract, pilot_organisation, meeting), signed_in(request.getfixturevalue(role))
    scene.built["action"] = AgendaFiche.objects.get().action
    leaks, read = [], 0
    for row in TABLE:
        if row.get is None or not row.scoped:
            continue
        response = client.get(row.url(scene))
        read += response.status_code == 200
        if CANARY in b"".join(response).decode(errors="ignore"):
            leaks.append(row.name)

    assert read > 20
    assert leaks == []


def test_a_member_of_the_body_reads_the_draft_and_everybody_the_validated_minutes(contract, reader, meeting):
    with_canaries(meeting)
    member = make_membership(Role.READER, make_user(), contract=contract).user
    make_member(meeting.body, user=member)

    assert "Canari en compte rendu" in html(member, meeting.get_absolute_url())
    page = html(reader, meeting.get_absolute_url())
    assert "Comité de pilotage n°\u00a08, 12\u00a0juin 2025" in page
    assert "Salle du conseil" in page
    assert "lus par les membres de l’instance" in page

    Meeting.objects.update(state=MeetingState.VALIDATED, validated_on=timezone.localdate())
    page = html(reader, meeting.get_absolute_url())
    for words in ("au point", "en notes", "décidé", "Invité", "en compte rendu"):
        assert f"{CANARY} {words}" in page
    assert "Modifier" not in page


def test_the_journal_tells_the_coordination_what_the_meeting_wrote(contract, coordinator, meeting):
    item = make_agenda_item(meeting)
    write_notes(item=item, user=coordinator, read_stamp=stamp_of(item), notes=f"{CANARY} en notes")

    assert CANARY in html(coordinator, reverse("contracts:journal", args=[contract.slug]))


def test_once_validated_its_pages_refuse_to_change_and_say_why(contract, coordinator, meeting):
    item, decision = make_agenda_item(meeting), make_decision(meeting)
    Meeting.objects.update(state=MeetingState.VALIDATED, validated_on=timezone.localdate())
    client = signed_in(coordinator)
    names = ["meeting_edit", "minutes", "agenda", "agenda_item_create", "agenda_proposal", "session", "attendance"]
    addresses = [url(contract, name, meeting.pk) for name in (*names, "decision_create")]
    addresses += [url(contract, "agenda_item_edit", item.pk), url(contract, "decision_edit", decision.pk)]

    for address in addresses:
        response = client.get(address)
        assert response.status_code == 403, address
        page = response.content.decode()
        assert "rouvrez-le" in page
        assert f'<a href="{meeting.get_absolute_url()}">Aller à la réunion' in page
        assert "demandez-le à la coordination" not in page
    assert client.get(url(contract, "decision_settle", decision.pk)).status_code == 200


# The meeting


def test_a_meeting_is_planned_from_its_body(contract, coordinator):
    body = make_body(contract, name="comité technique")
    make_meeting(body, number=3)
    client, address = signed_in(coordinator), f"{url(contract, 'meeting_create')}?instance={body.pk}"
    data = form_data(client.get(address), day="2027-01-14", start_time="14:30", end_time="16:30", place="Mairie")
    assert data["body"] == [str(body.pk)]

    first = client.post(address, data)
    again = client.post(address, data)

    meeting = Meeting.objects.get(number=4)
    assert first.url == again.url == meeting.get_absolute_url()
    assert meeting.starts_at == datetime(2027, 1, 14, 13, 30, tzinfo=UTC)
    page = html(coordinator, first.url)
    assert "Comité technique n°\u00a04, 14\u00a0janvier 2027" in page
    assert "14\u00a0h\u00a030 à 16\u00a0h\u00a030" in page
    assert "Proposer l’ordre du jour" in page


def test_hours_in_the_wrong_order_are_said_beside_the_field(contract, coordinator):
    body = make_body(contract)
    data = {"body": body.pk, "day": "2027-01-14", "start_time": "16:30", "end_time": "14:30"}

    response = signed_in(coordinator).post(url(contract, "meeting_create"), data)

    assert response.context["form"].errors == {"end_time": ["La fin précède le début."]}
    assert "14:30" in response.content.decode()


def test_two_people_change_the_same_meeting(contract, coordinator, meeting):
    client, address = signed_in(coordinator), url(contract, "meeting_edit", meeting.pk)
    data = form_data(client.get(address), place="Mairie")
    Meeting.objects.update(place="Préfecture", version=2)

    response = client.post(address, data)

    assert response.status_code == 409
    assert "Préfecture" in response.content.decode()
    assert "Mairie" in response.content.decode()


def test_cancelled_then_back_then_held(contract, coordinator):
    meeting = make_meeting(make_body(contract), starts_at=timezone.now() - timedelta(hours=3))
    client, address = signed_in(coordinator), url(contract, "meeting_state", meeting.pk)

    said = [client.post(address, {"geste": deed}, follow=True) for deed in ("rouverte", "tenue", "?")]

    for response, words in zip(said, ["prévue", "dite tenue", "Dites ce que devient"], strict=True):
        assert words in response.content.decode()
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.HELD


def test_minutes_are_written_then_validated(contract, coordinator, reader, meeting):
    client = signed_in(coordinator)
    address = url(contract, "minutes", meeting.pk)
    client.post(address, form_data(client.get(address), minutes="Le comité **approuve**."))
    address = url(contract, "meeting_validate", meeting.pk)
    client.post(address, form_data(client.get(address), validated_on="2025-06-30"))

    page = html(reader, meeting.get_absolute_url())
    assert "<strong>approuve</strong>" in page
    assert "le 30\u00a0juin 2025" in page


def test_empty_minutes_begin_with_the_notes(contract, coordinator, meeting):
    for title, notes in (("Suites", "Vu."), ("Avancement", ""), ("Arbitrages", "- Attendre.")):
        make_agenda_item(meeting, title=title, notes=notes)
    client, address = signed_in(coordinator), url(contract, "minutes", meeting.pk)
    Meeting.objects.update(minutes="")
    assert 'href="?notes=1">Reprendre les notes' in html(coordinator, address)

    data = form_data(client.get(f"{address}?notes=1"))
    assert Meeting.objects.get().minutes == ""
    client.post(f"{address}?notes=1", data)

    minutes = Meeting.objects.get().minutes.replace("\r", "")
    assert minutes == "## Suites\n\nVu.\n\n## Arbitrages\n\n- Attendre."
    assert "Reprendre les notes" not in html(coordinator, address)
    assert form_data(client.get(f"{address}?notes=1"))["minutes"][0].replace("\r", "") == minutes


def test_minutes_that_changed_meanwhile_are_read_again_before_being_validated(contract, coordinator, meeting):
    client, address = signed_in(coordinator), url(contract, "meeting_validate", meeting.pk)
    data = form_data(client.get(address))
    Meeting.objects.update(minutes="Autrement.", version=2)

    response = client.post(address, data)

    assert "a changé depuis que vous l’avez lu" in response.content.decode()
    assert client.post(address, form_data(response)).status_code == 302


def main_buttons(page: str) -> list[str]:
    """Those of the head of the page."""
    return re.findall(r'class="btn btn--primary"[^>]*>([^<]*)', page.split("<section", maxsplit=1)[0])


def test_the_main_button_of_a_meeting_is_what_comes_next(contract, coordinator):
    meeting = make_meeting(make_body(contract), starts_at=timezone.now() + timedelta(days=20))
    assert main_buttons(html(coordinator, meeting.get_absolute_url())) == ["Convoquer"]

    Meeting.objects.update(state=MeetingState.CONVENED, convened_at=timezone.now())
    assert main_buttons(html(coordinator, meeting.get_absolute_url())) == ["Prendre des notes"]

    Meeting.objects.update(state=MeetingState.CANCELLED)
    page = html(coordinator, meeting.get_absolute_url())
    assert "Prendre des notes" not in page
    assert "Ajouter une décision" not in page


# Large meetings


@query_count_test("actions:meeting")
def test_a_meeting_costs_the_same_whatever_it_holds(contract, coordinator, meeting):
    def add(number):
        for _ in range(number):
            fiche = make_action(contract)
            make_member(meeting.body)
            decision = make_decision(meeting, owner=make_organisation(contract))
            DecisionFiche.objects.create(decision=decision, action=fiche)
            item = add_to_agenda(meeting=meeting, user=None, title="Point", fiches=[fiche], decisions=[decision])
            item.notes = "Vu."
            item.save()

    client = signed_in(coordinator)
    assert_constant_queries(client, meeting.get_absolute_url(), add, maximum=24)


@query_count_test("actions:session", "actions:agenda", "actions:agenda_proposal")
@pytest.mark.parametrize("name", ["session", "agenda", "agenda_proposal", "decision_create", "agenda_item_create"])
def test_composing_and_noting_cost_the_same_whatever_the_plan(contract, coordinator, meeting, name):
    def add(number):
        for _ in range(number):
            fiche = make_action(contract, drafting_state=DraftingState.PROPOSED)
            make_action(contract, drafting_state=DraftingState.PROPOSED)
            add_to_agenda(meeting=meeting, user=None, title="Point", fiches=[fiche])

    assert_constant_queries(signed_in(coordinator), url(contract, name, meeting.pk), add, maximum=18)


@query_count_test("actions:attendance")
def test_the_sheet_costs_the_same_whatever_the_body(contract, coordinator, meeting):
    def add(number):
        for _ in range(number):
            make_member(meeting.body)

    assert_constant_queries(signed_in(coordinator), url(contract, "attendance", meeting.pk), add, maximum=16)


def test_a_plan_of_150_fiches_keeps_the_form_of_a_decision_light(contract, coordinator, meeting):
    for _ in range(150):
        make_action(contract, title="Une fiche dont l’intitulé tient sur une ligne de la liste")

    assert len(html(coordinator, url(contract, "decision_create", meeting.pk))) < 100_000
