"""The history of a fiche: who, when, what before, what after."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from actions.enums import Status
from actions.services.fiches import create_action, set_pilots
from actions.services.indicators import record_measurement
from actions.services.news import record_follow_up
from tests.factories import add_parts, make_full_action, make_indicator, make_organisation
from tests.page_forms import form_data
from tests.people import signed_in
from tests.queries import assert_constant_queries, query_count_test


def url_of(action) -> str:
    return reverse("actions:history", args=[action.contract.slug, action.pk])


@pytest.fixture
def action(contract, coordinator):
    return create_action(contract=contract, user=coordinator, title="Former les agents")


@pytest.fixture
def edit(coordinator):
    client = signed_in(coordinator)

    def send(action, section, **changes):
        address = reverse("actions:edit", args=[action.contract.slug, action.pk, section])
        response = client.post(address, form_data(client.get(address), **changes))
        assert response.status_code == 302

    return send


def lines(user, action):
    response = signed_in(user).get(url_of(action))
    assert response.status_code == 200
    return response.context["page"].object_list


def told(user, action) -> list[tuple]:
    return [
        (line.deed, line.what, [(c.label, c.before, c.after) for c in line.changes]) for line in lines(user, action)
    ]


def test_a_change_is_told_with_its_author_before_and_after(reader, coordinator, action, edit):
    edit(action, "identite", title="Former les agents d’accueil", priority="elevee")

    line = lines(reader, action)[0]
    assert line.who == str(coordinator)
    assert {(change.label, change.before, change.after) for change in line.changes} == {
        ("intitulé", "Former les agents", "Former les agents d’accueil"),
        ("priorité", "", "élevée"),
    }


def test_parts_are_told_when_added_changed_and_deleted(reader, action, edit):
    edit(action, "etapes", etapes__0__title="Former")
    edit(action, "etapes", etapes__0__end_date="2025-06-01")
    edit(action, "etapes", etapes__0__DELETE="on")

    deeds = [(deed, what, changes) for deed, what, changes in told(reader, action) if what.startswith("Étape")]
    assert deeds[0][:2] == ("Suppression", "Étape\u00a0: Former")
    assert deeds[1] == ("Modification", "Étape\u00a0: Former", [("échéance", "", "1er\u00a0juin 2025")])
    assert deeds[2][0] == "Ajout"


def test_relations_are_told_by_their_name(reader, coordinator, contract, action):
    organisation = make_organisation(contract, name="Mission locale")
    set_pilots(action=action, user=coordinator, principal=organisation)

    assert told(reader, action)[0][1] == "Pilote\u00a0: Mission locale"


def test_persons_named_in_a_pilot_are_told(reader, contract, action, edit):
    edit(action, "pilotage", pilotes__0__new_organisation="Mission locale", pilotes__0__new_contact="Alix Renaud")

    found = [change for _deed, _what, changes in told(reader, action) for change in changes]
    assert ("personnes référentes", "", "Alix Renaud") in found


def test_what_did_not_change_is_not_told_again(reader, action, edit):
    edit(action, "pilotage", pilotes__0__new_organisation="Mission locale", pilotes__0__new_contact="Alix Renaud")
    edit(action, "pilotage", pilotes__0__role="copilote")

    assert told(reader, action)[0][2] == [("rôle", "pilote", "copilote")]


def test_news_and_its_status_are_told(reader, coordinator, action):
    record_follow_up(action=action, user=coordinator, status=Status.IN_PROGRESS, progress=25, headline="Lancée")

    found = told(reader, action)
    assert any("Lancée" in what for _deed, what, _changes in found)
    assert any(("statut", "Non démarrée", "En cours") in changes for _deed, _what, changes in found)


def test_the_correction_of_a_measurement_is_told(reader, coordinator, action):
    indicator = make_indicator(action)
    for value in (12, 13):
        record_measurement(indicator=indicator, user=coordinator, on=date(2025, 1, 31), value=Decimal(value))

    deed, _what, changes = told(reader, action)[0]
    assert deed == "Modification"
    assert ("valeur", "12", "13") in changes


def test_a_version_alone_is_no_event(reader, action, edit):
    before = len(lines(reader, action))
    edit(action, "etapes", etapes__0__title="Former")

    assert len(lines(reader, action)) == before + 1


@query_count_test("actions:history")
def test_the_page_costs_the_same_whatever_the_history(reader, contract):
    action = make_full_action(contract, parts=9)  # more than a page of every kind

    def add(number):
        if number:
            add_parts(action, [make_organisation(contract) for _ in range(number)], number)

    assert_constant_queries(signed_in(reader), url_of(action), add, maximum=30)


@pytest.mark.parametrize("page", ["0", "x", "9999", "-1"])
def test_a_page_that_does_not_exist_leads_to_the_nearest(reader, action, page):
    assert signed_in(reader).get(f"{url_of(action)}?page={page}").status_code == 200
