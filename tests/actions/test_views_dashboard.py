"""The two front pages: « Mes contrats » and « Vue d’ensemble »."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.enums import Status
from actions.services.news import record_follow_up
from contracts.enums import ContractState, DecisionState, Role
from tests.factories import (
    make_action,
    make_axis,
    make_body,
    make_contract,
    make_decision,
    make_held_meeting,
    make_meeting,
    make_membership,
    make_signatory,
    make_territory,
    make_user,
)
from tests.people import signed_in
from tests.queries import assert_constant_queries, query_count_test

pytestmark = pytest.mark.django_db


def page(user, url: str) -> str:
    return signed_in(user).get(url).content.decode()


def test_my_contracts_are_those_in_my_scope_the_ones_in_force_first():
    territory = make_territory(name="Pays d’essai")
    closed = make_contract(territory=territory, generation=1, title="Premier contrat", state=ContractState.CLOSED)
    current = make_contract(territory=territory, generation=2, title="Second contrat")
    make_contract(title="Contrat d’ailleurs")
    user = make_membership(Role.COORDINATOR, territory=territory).user

    html = page(user, reverse("home"))

    table = html[html.index("<table") : html.index("</table>")]
    assert table.index(current.title) < table.index(closed.title)
    assert "Contrat d’ailleurs" not in html


def test_without_a_role_the_page_says_whom_to_ask():
    assert "Aucun contrat ne vous est ouvert" in page(make_user(), reverse("home"))


def test_the_overview_shows_the_figures_and_each_leads_to_its_list():
    contract = make_contract()
    axis = make_axis(contract, title="Offre de soins")
    make_action(axis=axis, status=Status.DONE, progress=100)
    make_action(
        axis=axis, status=Status.IN_PROGRESS, progress=50, end_date=date(2024, 6, 1), start_date=date(2024, 2, 1)
    )
    user = make_membership(Role.READER, contract=contract).user

    html = page(user, contract.get_absolute_url())

    plan = reverse("actions:plan", args=[contract.slug])
    assert "1 fiche sur 2 est réalisée" in html
    assert f"{plan}?alerte=retard" in html
    assert f"{plan}?axe={axis.pk}&amp;statut=realisee" in html
    assert "75\u00a0%" in html


def test_an_empty_contract_leads_the_coordination_to_the_import_and_the_reader_nowhere():
    contract = make_contract()
    coordinator = make_membership(Role.COORDINATOR, contract=contract).user
    reader = make_membership(Role.READER, contract=contract).user
    link = reverse("actions:import", args=[contract.slug])

    assert link in page(coordinator, contract.get_absolute_url())
    assert link not in page(reader, contract.get_absolute_url())


def test_the_overview_of_a_contract_that_is_over_says_so_instead_of_counting_delays():
    contract = make_contract(state=ContractState.RENEWED)
    reader = make_membership(Role.READER, contract=contract).user
    make_action(contract, status=Status.IN_PROGRESS, end_date=date(2024, 6, 1))

    html = page(reader, contract.get_absolute_url())

    assert "Le contrat est renouvelé" in html
    assert "Ses fiches ne sont plus dites en retard ni sans nouvelle." in html
    assert "?alerte=retard" not in html
    assert "ont donné des nouvelles" not in html


def test_who_was_invited_and_never_came_is_said_to_be_expected():
    contract = make_contract()
    invited = make_membership(Role.COORDINATOR, contract=contract).user
    here = make_membership(Role.COORDINATOR, contract=contract).user

    html = page(here, contract.get_absolute_url())

    assert f"{invited} (invitation en attente)" in html
    assert f"{here} (invitation" not in html


def test_who_coordinates_and_who_refers_is_named():
    contract = make_contract()
    coordinator = make_membership(Role.COORDINATOR, contract=contract).user
    referent = make_membership(Role.ARS_REFERENT, department=contract.territory.department).user

    html = page(coordinator, contract.get_absolute_url())

    assert html.count(str(coordinator)) >= 2  # in the masthead and in the facts
    assert str(referent) in html


@query_count_test("home")
def test_my_contracts_cost_the_same_whatever_their_number():
    territory = make_territory()

    def add(number: int) -> None:
        for _time in range(number):
            contract = make_contract(territory=territory, generation=territory.contracts.count() + 1)
            make_action(contract)

    client = signed_in(make_membership(Role.COORDINATOR, territory=territory).user)
    assert_constant_queries(client, reverse("home"), add)


@query_count_test("contract")
def test_the_overview_costs_the_same_whatever_its_fiches():
    contract = make_contract()
    axis = make_axis(contract)

    def add(number: int) -> None:
        for _time in range(number):
            user = make_membership(Role.READER, contract=contract).user
            record_follow_up(action=make_action(axis=axis), user=user, status=Status.IN_PROGRESS)
            make_signatory(contract)
            body = make_body(contract)
            make_meeting(body)
            make_decision(make_held_meeting(body))

    client = signed_in(make_membership(Role.READER, contract=contract).user)
    assert_constant_queries(client, contract.get_absolute_url(), add, maximum=18)


def test_the_overview_says_the_next_meeting_and_the_open_decisions():
    contract = make_contract()
    body = make_body(contract, name="comité de pilotage")
    make_meeting(body, number=8, starts_at=timezone.now() - timedelta(days=3))
    make_meeting(body, number=9, starts_at=timezone.now() + timedelta(days=30))
    done = make_held_meeting(body, number=7)
    make_decision(done, due_on=date(2024, 1, 1))
    make_decision(done)
    make_decision(done, state=DecisionState.DONE)
    user = make_membership(Role.COORDINATOR, contract=contract).user

    html = page(user, contract.get_absolute_url())

    decisions = reverse("actions:decisions", args=[contract.slug])
    assert "Comité de pilotage n°\u00a09" in html
    assert "n°\u00a08" not in html
    assert f'<a href="{decisions}?etat=ouverte"><b>2</b>' in html
    assert f'<a href="{decisions}?etat=retard"><b>1</b>' in html


def test_the_overview_counts_no_decision_that_the_person_may_not_read():
    contract = make_contract()
    make_decision(make_held_meeting(make_body(contract)))
    user = make_membership(Role.READER, contract=contract).user

    assert "décision ouverte</span>" not in page(user, contract.get_absolute_url())
