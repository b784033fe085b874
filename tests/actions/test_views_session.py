"""During a meeting and after: notes and decisions, two people at once."""

import pytest
from django.utils import timezone

from actions.enums import DecisionEffect
from actions.models import DecisionFiche
from actions.services.agenda import add_to_agenda
from actions.services.decisions import Change, record_decision
from cls_portal.core.versioning import stamp_of
from contracts.enums import DecisionState, MeetingState
from contracts.models import AgendaItem, Decision, Meeting
from contracts.services import update_decision, write_notes
from tests.actions.meeting_pages import html, section, url
from tests.factories import (
    make_action,
    make_body,
    make_coming_meeting,
    make_decision,
    make_held_meeting,
)
from tests.page_forms import form_data, forms_of
from tests.people import signed_in

pytestmark = pytest.mark.django_db


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


def test_what_came_of_a_followed_decision_is_told_from_the_notes(contract, coordinator, meeting):
    followed = make_decision(make_held_meeting(meeting.body, number=7))
    item = add_to_agenda(meeting=meeting, user=None, title="A", decisions=[followed])
    client, address = signed_in(coordinator), url(contract, "session", meeting.pk)
    assert "Dire la suite" in html(coordinator, address)
    data = notes_of(client, contract, meeting, **{f"notes_{item.pk}": "Vu.", "suite": str(followed.pk)})

    settling = client.post(address, data).url

    assert AgendaItem.objects.get().notes == "Vu."
    done = client.post(settling, form_data(client.get(settling), state="appliquee"))
    assert done.url == f"{address}#point-{item.pk}"
    followed.refresh_from_db()
    assert followed.state == DecisionState.DONE
    foreign = make_decision(make_held_meeting(meeting.body, number=6))
    assert client.post(address, data | {"suite": str(foreign.pk)}).url == address


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


def test_a_decision_of_a_meeting_to_come_is_prepared_and_changes_nothing(contract, coordinator):
    meeting, fiche = make_coming_meeting(make_body(contract)), make_action(contract)
    client, address = signed_in(coordinator), url(contract, "decision_create", meeting.pk)
    typed = {"text": "Arrêter.", "effect": DecisionEffect.DROP, "other_fiches": [str(fiche.pk)]}

    page = client.get(address)
    refused = client.post(address, form_data(page, **typed))
    prepared = client.post(address, form_data(refused, effect=DecisionEffect.NONE), follow=True)

    assert "ne change une fiche qu’à partir du jour de la réunion" in page.content.decode()
    assert "La réunion n’a pas encore eu lieu" in refused.context["form"].errors["effect"][0]
    assert "La décision est enregistrée" in prepared.content.decode()


def test_deleting_a_decision_says_that_the_fiches_stay_as_it_made_them(contract, coordinator, meeting):
    client, fiche = signed_in(coordinator), make_action(contract, code="3.12", title="Addictions")
    decided = Change(fiche, DecisionEffect.DROP)
    outcome = record_decision(meeting=meeting, user=coordinator, kind="arbitrage", text="Non.", changes=[decided])
    plain = make_decision(meeting)

    pages = [client.get(url(contract, "decision_delete", each.pk)) for each in (outcome.decision, plain)]

    warned, quiet = (page.content.decode() for page in pages)
    assert "3.12 Addictions (abandonnée)" in warned
    assert "La supprimer ne défait rien de cela" in warned
    assert "a changé des fiches" not in quiet


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


def test_the_choice_between_two_texts_names_only_what_was_changed(contract, coordinator, meeting):
    decision, fiche = make_decision(meeting, text="Avant."), make_action(contract)
    DecisionFiche.objects.create(decision=decision, action=fiche, effect=DecisionEffect.SUSPEND)
    client, address = signed_in(coordinator), url(contract, "decision_edit", decision.pk)
    mine = client.get(address)
    client.post(address, form_data(mine, text="Le leur."))

    page = client.post(address, form_data(mine, text="Le mien.")).content.decode()

    assert "Le leur." in page
    assert "Gardé de votre saisie" not in page


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
