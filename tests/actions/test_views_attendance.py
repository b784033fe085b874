"""The attendance of a meeting, on one sheet, filled in by several at once."""

import re
import uuid

import pytest

from actions.services.agenda import add_to_agenda
from cls_portal.core.versioning import StaleVersionError
from contracts.models import AgendaItem, Attendance
from tests.actions.meeting_pages import html, section, url
from tests.factories import (
    make_contact,
    make_member,
    make_organisation,
    make_signatory,
)
from tests.page_forms import form_data, forms_of
from tests.people import signed_in

pytestmark = pytest.mark.django_db


def test_the_sheet_is_filled_in_on_one_page(contract, coordinator, meeting):
    organisation = make_organisation(contract, name="CPAM")
    make_signatory(contract, organisation=organisation)
    seat, other = make_member(meeting.body, organisation=organisation), make_member(meeting.body)
    client, address = signed_in(coordinator), url(contract, "attendance", meeting.pk)
    typed = {f"presence_{seat.pk}": "represente", f"by_{seat.pk}": "Noa Besson", f"presence_{other.pk}": "excuse"}
    data = form_data(client.get(address), **typed, name_new_0="Andrea Blin", organisation_name_new_0="Mission locale")

    for _ in "12":
        client.post(address, data)

    assert Attendance.objects.count() == 3
    page = html(coordinator, meeting.get_absolute_url())
    assert "0\u00a0présent, 1\u00a0représenté sur 2" in page
    assert "1\u00a0autre participant" in page
    assert "dont 1\u00a0signataire sur 1" in page
    people = section(page, "t-membres")
    assert "par Noa Besson" in people
    assert "Mission locale" in people.split("Autres participants")[1]


def test_all_are_said_present_at_once_but_those_of_whom_something_is_said(contract, coordinator, meeting):
    one, two = make_member(meeting.body), make_member(meeting.body)
    client, address = signed_in(coordinator), url(contract, "attendance", meeting.pk)

    data = form_data(client.get(address), **{f"presence_{two.pk}": "excuse", "name_new_0": "Alex Roy"})
    shown = client.post(address, data | {"geste": "tous"})
    assert not Attendance.objects.exists()
    client.post(address, form_data(shown))

    said = dict(Attendance.objects.values_list("member", "presence"))
    assert said == {one.pk: "present", two.pk: "excuse", None: "present"}


def test_the_sheet_proposes_the_deputy_and_says_each_name_once(contract, coordinator, meeting):
    organisation = make_organisation(contract, name="CPAM")
    names = {"last_name": "Besson", "organisation": organisation}
    seat = make_member(
        meeting.body,
        organisation=organisation,
        representative=make_contact(organisation=organisation),
        deputy=make_contact(first_name="Noa", **names),
    )
    make_member(meeting.body, organisation=None, person=make_contact(first_name="Alex", **names))

    response = signed_in(coordinator).get(url(contract, "attendance", meeting.pk))

    assert form_data(response)[f"by_{seat.pk}"] == ["Noa Besson"]
    page = response.content.decode()
    assert "suppléance\u00a0: Noa Besson" in page
    assert page.count("Alex Besson</legend>") == 1
    assert ">Alex Besson</div>" not in page


def test_a_sheet_filled_in_by_two_keeps_both(contract, coordinator, meeting):
    one, two = make_member(meeting.body), make_member(meeting.body)
    client, address = signed_in(coordinator), url(contract, "attendance", meeting.pk)
    mine, theirs = client.get(address), client.get(address)
    client.post(address, form_data(theirs, **{f"presence_{one.pk}": "present", "name_new_0": "Alex Roy"}))

    response = client.post(address, form_data(mine, **{f"presence_{two.pk}": "absent"}))
    assert response.status_code == 302
    assert sorted(Attendance.objects.values_list("presence", flat=True)) == ["absent", "present", "present"]

    response = client.post(address, form_data(mine, submission=str(uuid.uuid4()), **{f"presence_{one.pk}": "absent"}))
    assert response.status_code == 409
    client.post(address, form_data(response))
    assert Attendance.objects.get(member=one).presence == "absent"
    assert Attendance.objects.filter(name="Alex Roy").exists()


def test_a_guest_taken_off_while_their_line_is_changed_is_not_lost(contract, coordinator, meeting):
    client, address = signed_in(coordinator), url(contract, "attendance", meeting.pk)
    client.post(address, form_data(client.get(address), name_new_0="Alex Roy", name_new_1="Noa Besson"))
    alex, noa = Attendance.objects.order_by("name")
    mine, theirs = client.get(address), client.get(address)
    off = {f"presence_guest_{guest.pk}": "" for guest in (alex, noa)}
    client.post(address, form_data(theirs, **off))
    assert not Attendance.objects.exists()

    typed = {f"organisation_name_guest_{alex.pk}": "Mission locale"}
    told = client.post(address, form_data(mine, **typed))

    page = re.sub(r"</?ins>", "", told.content.decode())
    assert told.status_code == 409
    assert "Alex Roy, Mission locale, présent" in page
    assert "Retiré de la feuille" in page
    assert "Noa Besson (retiré de la feuille)" in page, "left as the other person wants it"
    choice = f"choix-name_guest_{alex.pk}"
    client.post(address, form_data(told, **{choice: "theirs"}))
    assert not Attendance.objects.exists()
    client.post(address, form_data(told, submission=str(uuid.uuid4()), **{choice: "mine"}))
    assert str(Attendance.objects.get()) == "Mission locale, Alex Roy"


def test_a_guest_without_a_name_is_asked_for_one(contract, coordinator, meeting):
    client, address = signed_in(coordinator), url(contract, "attendance", meeting.pk)

    response = client.post(address, form_data(client.get(address), presence_new_1="present"))

    assert "Nommez la personne" in response.content.decode()


# Others who save each time in between


@pytest.mark.parametrize("screen", ["session", "attendance"])
def test_what_is_typed_while_others_keep_saving_comes_back(contract, coordinator, meeting, monkeypatch, screen):
    item = add_to_agenda(meeting=meeting, user=None, title="A")
    client, address = signed_in(coordinator), url(contract, screen, meeting.pk)
    field, service = (
        (f"notes_{item.pk}", "write_notes") if screen == "session" else ("name_new_0", "record_attendance")
    )

    def typed_on(page) -> dict:
        return next(form.data for form in forms_of(page.content.decode()) if field in form.data)

    def refuse(**_asked):
        raise StaleVersionError

    monkeypatch.setattr(f"actions.views.{screen}.{service}", refuse)
    answer = client.post(address, typed_on(client.get(address)) | {field: "Vu longuement"})

    assert answer.status_code == 409
    assert "D’autres personnes enregistrent ici" in answer.content.decode()
    monkeypatch.undo()
    client.post(address, typed_on(answer))
    assert (AgendaItem.objects.get().notes or Attendance.objects.get().name) == "Vu longuement"
