"""The pages of a meeting: who reads what, what is typed and kept, what two people write at once."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.enums import DecisionEffect, DraftingState, Status
from actions.models import AgendaFiche, DecisionFiche
from actions.services.agenda import add_to_agenda
from cls_portal.core.versioning import stamp_of
from contracts.enums import MeetingState, Presence, Role
from contracts.models import AgendaItem, Attendance, Decision, Meeting
from contracts.services import record_attendance, update_decision, write_notes
from contracts.services.attendance import Guest
from tests.access import Scene
from tests.factories import (
    make_action,
    make_agenda_item,
    make_body,
    make_decision,
    make_document,
    make_held_meeting,
    make_meeting,
    make_member,
    make_membership,
    make_organisation,
    make_signatory,
    make_user,
)
from tests.page_forms import form_data, forms_of
from tests.people import signed_in
from tests.queries import assert_constant_queries, query_count_test
from tests.test_access import TABLE

pytestmark = pytest.mark.django_db

LAST_JUNE = datetime(2025, 6, 12, 12, 30, tzinfo=UTC)
CANARY = "Canari"


@pytest.fixture
def meeting(contract):
    return make_held_meeting(make_body(contract, name="comité de pilotage"), number=8, starts_at=LAST_JUNE)


def url(contract, name, *args) -> str:
    return reverse(f"actions:{name}", args=[contract.slug, *args])


def html(user, address) -> str:
    return signed_in(user).get(address).content.decode()


def section(page: str, title: str) -> str:
    """What stands between this title and the end of its section."""
    return page.split(f'aria-labelledby="{title}"')[1].split("</section>", maxsplit=1)[0]


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
        assert "rouvrez-le" in response.content.decode()
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

    said = [client.post(address, {"geste": deed}, follow=True) for deed in ("annulee", "rouverte", "tenue", "?")]

    for response, words in zip(said, ["est annulée", "prévue", "dite tenue", "Dites ce que devient"], strict=True):
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


def test_minutes_that_changed_meanwhile_are_read_again_before_being_validated(contract, coordinator, meeting):
    client, address = signed_in(coordinator), url(contract, "meeting_validate", meeting.pk)
    data = form_data(client.get(address))
    Meeting.objects.update(minutes="Autrement.", version=2)

    response = client.post(address, data)

    assert "a changé depuis que vous l’avez lu" in response.content.decode()
    assert client.post(address, form_data(response)).status_code == 302


# The agenda


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


# Notes


def notes_of(client, contract, meeting, **typed) -> dict:
    """The form of the session as it stands, some notes typed."""
    response = client.get(url(contract, "session", meeting.pk))
    forms = [form.data for form in forms_of(response.content.decode())]
    return next(data for data in forms if any(name.startswith("stamp_") for name in data)) | typed


def test_notes_of_all_points_are_saved_at_once_without_scripts(contract, coordinator, meeting):
    one, two = (add_to_agenda(meeting=meeting, user=None, title=title) for title in "AB")
    client = signed_in(coordinator)
    data = notes_of(client, contract, meeting, **{f"notes_{one.pk}": "Vu.", f"notes_{two.pk}": "Revu."})

    response = client.post(url(contract, "session", meeting.pk), data, follow=True)

    assert "Les notes sont enregistrées" in response.content.decode()
    assert [item.notes for item in meeting.agenda.all()] == ["Vu.", "Revu."]
    assert "Revu." in section(html(coordinator, meeting.get_absolute_url()), "t-notes")


def test_by_htmx_only_the_stamps_come_back_and_serve_the_next_saving(contract, coordinator, meeting):
    item = add_to_agenda(meeting=meeting, user=None, title="A")
    client, address = signed_in(coordinator), url(contract, "session", meeting.pk)
    data = notes_of(client, contract, meeting, **{f"notes_{item.pk}": "Vu."})

    answer = client.post(address, data, headers={"HX-Request": "true"}).content.decode()
    assert "<h1" not in answer
    stamp = stamp_of(AgendaItem.objects.get())
    assert f'name="stamp_{item.pk}" value="{stamp}"' in answer

    data |= {f"stamp_{item.pk}": stamp, f"notes_{item.pk}": "Vu et revu."}
    client.post(address, data, headers={"HX-Request": "true"})
    assert AgendaItem.objects.get().notes == "Vu et revu."


def test_notes_written_by_two_lose_nothing(contract, coordinator, meeting):
    one, two = (add_to_agenda(meeting=meeting, user=None, title=title) for title in "AB")
    client, address = signed_in(coordinator), url(contract, "session", meeting.pk)
    data = notes_of(client, contract, meeting, **{f"notes_{one.pk}": "Les miennes."})
    write_notes(item=one, user=coordinator, read_stamp=stamp_of(one), notes="Les siennes.")
    write_notes(item=two, user=coordinator, read_stamp=stamp_of(two), notes="Autre point.")

    quiet = client.post(address, data, headers={"HX-Request": "true"}).content.decode()
    assert "Comparer les deux saisies" in quiet
    asked = client.post(address, data | {"comparer": "1"}, headers={"HX-Request": "true"})
    assert (asked.headers["HX-Retarget"], "Les siennes." in asked.content.decode()) == ("body", True)

    response = client.post(address, data)
    assert response.status_code == 409
    client.post(address, form_data(response))
    assert [item.notes for item in meeting.agenda.all()] == ["Les miennes.", "Autre point."]


def test_a_point_that_only_moved_does_not_stop_its_notes(contract, coordinator, meeting):
    one, two = (add_to_agenda(meeting=meeting, user=None, title=title) for title in "AB")
    client = signed_in(coordinator)
    data = notes_of(client, contract, meeting, **{f"notes_{one.pk}": "Vu."})
    client.post(url(contract, "agenda_item_move", two.pk), {"sens": "haut"})

    assert client.post(url(contract, "session", meeting.pk), data).status_code == 302
    assert AgendaItem.objects.get(pk=one.pk).notes == "Vu."


def test_notes_under_a_point_deleted_meanwhile_are_given_back(contract, coordinator, meeting):
    add_to_agenda(meeting=meeting, user=None, title="A")
    gone = add_to_agenda(meeting=meeting, user=None, title="B")
    client, address = signed_in(coordinator), url(contract, "session", meeting.pk)
    data = notes_of(client, contract, meeting, **{f"notes_{gone.pk}": "Ce qui fut dit."})
    gone.delete()

    assert "Ce qui fut dit." in client.post(address, data, headers={"HX-Request": "true"}).content.decode()
    assert "Ce qui fut dit." in client.post(address, data, follow=True).content.decode()


def test_notes_too_long_stay_on_the_page(contract, coordinator, meeting):
    item = add_to_agenda(meeting=meeting, user=None, title="A")
    client = signed_in(coordinator)
    data = notes_of(client, contract, meeting, **{f"notes_{item.pk}": "mot " * 6000})

    page = client.post(url(contract, "session", meeting.pk), data).content.decode()

    assert "mot mot mot" in page
    assert 'id="erreurs"' in page


def test_deciding_at_a_point_saves_the_notes_first(contract, coordinator, meeting):
    fiche = make_action(contract, title="Du point")
    item = add_to_agenda(meeting=meeting, user=None, title="A", fiches=[fiche])
    client, address = signed_in(coordinator), url(contract, "session", meeting.pk)
    data = notes_of(client, contract, meeting, **{f"notes_{item.pk}": "Vu.", "decider": str(item.pk)})

    response = client.post(address, data)

    assert AgendaItem.objects.get().notes == "Vu."
    assert response.url == f"{url(contract, 'decision_create', meeting.pk)}?point={item.pk}"
    assert client.post(address, data, headers={"HX-Request": "true"}).headers["HX-Redirect"] == response.url
    form = client.get(response.url)
    assert form.context["form"].fields["fiches"].choices == [(str(fiche.pk), str(fiche))]
    done = client.post(response.url, form_data(form, text="Attendre."))
    assert done.url == f"{address}#point-{item.pk}"


# Decisions


def test_a_postponement_is_decided_and_shows_on_the_fiche(contract, coordinator, reader, meeting):
    fiche = make_action(contract, code="1.7")
    client, address = signed_in(coordinator), url(contract, "decision_create", meeting.pk)
    data = form_data(
        client.get(address),
        text="Attendre le recrutement.",
        effect=DecisionEffect.POSTPONE,
        new_date="2027-03-31",
        other_fiches=[str(fiche.pk)],
    )

    for _ in "12":
        client.post(address, data)

    assert Decision.objects.count() == 1
    page = html(coordinator, fiche.get_absolute_url())
    assert "Reportée" in page
    decisions = section(page, "t-decisions")
    assert "Comité de pilotage n°\u00a08, décision 8.1" in decisions
    assert "Fiche reportée par cette décision" in decisions
    assert 'aria-labelledby="t-decisions"' not in html(reader, fiche.get_absolute_url())


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"effect": DecisionEffect.POSTPONE}, "effect"),
        ({"effect": DecisionEffect.POSTPONE, "fiche": True}, "new_date"),
        ({"effect": DecisionEffect.VALIDATE}, "effect"),
        ({"text": ""}, "text"),
        ({"effect": "inventé"}, "effect"),
    ],
)
def test_a_decision_that_lacks_something_says_what(contract, coordinator, meeting, typed, field):
    fiche = make_action(contract)
    if typed.pop("fiche", None):
        typed["other_fiches"] = [str(fiche.pk)]
    client, address = signed_in(coordinator), url(contract, "decision_create", meeting.pk)

    response = client.post(address, form_data(client.get(address), **{"text": "Décider."} | typed))

    assert field in response.context["form"].errors
    assert not Decision.objects.exists()


def test_a_fiche_of_another_contract_is_not_offered(contract, other_contract, coordinator, meeting):
    foreign = make_action(other_contract)
    client, address = signed_in(coordinator), url(contract, "decision_create", meeting.pk)

    response = client.post(address, form_data(client.get(address), text="D.", other_fiches=[str(foreign.pk)]))

    assert "other_fiches" in response.context["form"].errors


def test_two_people_rewrite_a_decision(contract, coordinator, meeting):
    decision, fiche = make_decision(meeting, text="Avant."), make_action(contract)
    client, address = signed_in(coordinator), url(contract, "decision_edit", decision.pk)
    mine, theirs = client.get(address), client.get(address)
    client.post(address, form_data(theirs, text="Le leur.", other_fiches=[str(fiche.pk)]))

    response = client.post(address, form_data(mine, text="Le mien."))

    assert response.status_code == 409
    client.post(address, form_data(response))
    decision.refresh_from_db()
    assert decision.text == "Le mien."
    assert decision.fiches.get().action == fiche


def test_what_came_of_a_decision_is_told_after_the_minutes_were_validated(contract, coordinator, meeting):
    decision = make_decision(meeting)
    Meeting.objects.update(state=MeetingState.VALIDATED, validated_on=timezone.localdate())
    client, address = signed_in(coordinator), url(contract, "decision_settle", decision.pk)

    client.post(address, form_data(client.get(address), state="appliquee", outcome="Convention signée."))

    page = section(html(coordinator, meeting.get_absolute_url()), "t-decisions")
    assert "Appliquée" in page
    assert "Convention signée." in page


def test_a_stale_settlement_is_compared(contract, coordinator, meeting):
    decision = make_decision(meeting)
    client, address = signed_in(coordinator), url(contract, "decision_settle", decision.pk)
    data = form_data(client.get(address), outcome="La mienne.")
    decision.outcome = "La sienne."
    update_decision(decision=decision, read_version=1, user=coordinator)

    assert client.post(address, data).status_code == 409


# Attendance


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
    assert "1\u00a0présent sur 2" in page
    assert "dont 1\u00a0signataire sur 1" in page
    people = section(page, "t-membres")
    assert "par Noa Besson" in people
    assert "Mission locale" in people.split("Autres participants")[1]


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


def test_a_guest_without_a_name_is_asked_for_one(contract, coordinator, meeting):
    client, address = signed_in(coordinator), url(contract, "attendance", meeting.pk)

    response = client.post(address, form_data(client.get(address), presence_new_1="present"))

    assert "Nommez la personne" in response.content.decode()


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
