"""A person who coordinates two contracts: what is posted on one never reaches the other."""

import pytest
from django.urls import reverse

from actions.enums import Status
from contracts.enums import Role
from tests.factories import make_action, make_axis, make_indicator, make_membership, make_organisation
from tests.page_forms import form_data
from tests.people import signed_in


@pytest.fixture
def client(coordinator, other_contract):
    make_membership(Role.COORDINATOR, coordinator, contract=other_contract)
    return signed_in(coordinator)


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("detail", []),
        ("edit", ["contexte"]),
        ("status", []),
        ("delete", []),
        ("follow_up_create", []),
        ("history", []),
        ("pdf", []),
    ],
)
def test_a_fiche_is_not_found_under_the_address_of_the_other_contract(client, contract, other_contract, name, more):
    foreign = make_action(other_contract)

    assert client.get(reverse(f"actions:{name}", args=[contract.slug, foreign.pk, *more])).status_code == 404


def test_an_indicator_is_not_measured_under_the_address_of_the_other_contract(client, contract, other_contract):
    indicator = make_indicator(make_action(other_contract))
    url = reverse("actions:measurement_create", args=[contract.slug, indicator.pk])

    assert client.post(url, {"date": "2025-01-01", "value": "3"}).status_code == 404
    assert not indicator.measurements.exists()


def test_a_change_of_many_leaves_the_fiches_of_the_other_contract(client, contract, other_contract):
    own, foreign = make_action(contract), make_action(other_contract)
    data = {"geste": "statut", "status": Status.SUSPENDED, "on": "2025-01-01", "reason": "Pause", "etape": "appliquer"}
    data |= {"fiche": [own.pk, foreign.pk], "version": [f"{own.pk}:1", f"{foreign.pk}:1"]}

    client.post(reverse("actions:bulk", args=[contract.slug]), data)

    foreign.refresh_from_db()
    assert foreign.status == Status.NOT_STARTED
    assert not foreign.follow_ups.exists()


@pytest.mark.parametrize(
    ("section", "given"),
    [
        ("identite", ("axis", make_axis)),
        ("liens", ("linked", make_action)),
        ("pilotage", ("pilotes__0__organisation", make_organisation)),
    ],
)
def test_a_section_takes_nothing_from_it(client, contract, other_contract, section, given):
    field, make = given
    action, foreign = make_action(contract), make(other_contract)
    url = reverse("actions:edit", args=[contract.slug, action.pk, section])

    response = client.post(url, form_data(client.get(url), **{field: str(foreign.pk)}))

    action.refresh_from_db()
    assert response.status_code == 200
    assert action.version == 1
