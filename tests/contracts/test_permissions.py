"""The table of who may do what, role by role, on one's own contract and on another."""

import pytest
from django.contrib.auth.models import AnonymousUser

from actions.models import Action
from actions.permissions import can_edit_action, can_edit_plan, can_give_news
from contracts.enums import WIDE_ROLES, Role
from contracts.models import Contract, Membership, Organisation, Territory
from contracts.permissions import can_create_contract, can_edit_contract, can_manage_members
from tests.factories import (
    make_action,
    make_contract,
    make_department,
    make_membership,
    make_organisation,
    make_territory,
    make_user,
)

pytestmark = pytest.mark.django_db

ROLES = ["administrator", "coordinator", "ars_referent", "pilot", "reader", "national_reader", "outsider"]
REACHING_ONE_CONTRACT = ["coordinator", "ars_referent", "pilot", "reader"]
ONLY_COORDINATION = {"administrator": True, "coordinator": True}


@pytest.fixture
def people(request) -> dict:
    return {role: request.getfixturevalue(role) for role in ROLES}


def answers(people, function, obj) -> dict:
    """role → allowed; a refusal always has its reason, an agreement never."""
    found = {role: function(user, obj) for role, user in people.items()}
    assert all(bool(answer.reason) != bool(answer) for answer in found.values())
    return {role: True for role, answer in found.items() if answer}


@pytest.mark.parametrize("function", [can_edit_contract, can_manage_members, can_edit_plan])
def test_coordination_alone_edits_and_invites(people, contract, function):
    assert answers(people, function, contract) == ONLY_COORDINATION


def test_coordination_alone_edits_a_fiche(people, contract, pilot_organisation):
    assert answers(people, can_edit_action, make_action(contract, pilot=pilot_organisation)) == ONLY_COORDINATION


def test_news_come_from_the_coordination_and_from_those_who_lead_the_fiche(people, contract, pilot_organisation):
    led = make_action(contract, pilot=pilot_organisation)
    led_by_others = make_action(contract, pilot=make_organisation(contract))

    assert answers(people, can_give_news, led) == {**ONLY_COORDINATION, "pilot": True}
    assert answers(people, can_give_news, led_by_others) == ONLY_COORDINATION
    assert can_give_news(people["pilot"], led_by_others).reason.startswith("Votre structure ne pilote pas cette fiche")


def test_pilot_of_another_contract_gives_no_news_here(contract, pilot_organisation):
    """The same organisation on the next generation of the same territory: the role stays on its contract."""
    next_one = make_contract(territory=contract.territory, generation=2)
    user = make_membership(Role.PILOT, contract=next_one, organisation=pilot_organisation).user

    assert not can_give_news(user, make_action(contract, pilot=pilot_organisation))


def test_contract_is_opened_by_the_administration_and_by_the_coordination_of_the_territory(people, contract):
    people["territory"] = make_membership(Role.COORDINATOR, territory=contract.territory).user

    assert answers(people, can_create_contract, contract.territory) == {"administrator": True, "territory": True}


def test_coordination_of_a_territory_edits_all_its_contracts(contract):
    user = make_membership(Role.COORDINATOR, territory=contract.territory).user
    next_one = make_contract(territory=contract.territory, generation=2)

    assert can_edit_contract(user, contract)
    assert can_edit_contract(user, next_one)


@pytest.mark.parametrize("role", REACHING_ONE_CONTRACT)
def test_role_opens_its_contract_and_what_belongs_to_it_and_nothing_else(people, contract, other_contract, role):
    own, other = make_action(contract), make_action(other_contract)
    organisation = make_organisation(contract)
    make_organisation(other_contract)

    assert list(Contract.objects.visible_to(people[role])) == [contract]
    assert list(Action.objects.visible_to(people[role])) == [own]
    assert list(Territory.objects.visible_to(people[role])) == [contract.territory]
    assert organisation in Organisation.objects.visible_to(people[role])
    assert other.contract.territory_id not in Organisation.objects.visible_to(people[role]).values_list(
        "territory", flat=True
    )
    assert set(Membership.objects.visible_to(people[role]).values_list("contract", flat=True)) <= {contract.pk}


def test_administrator_sees_everything(administrator, contract, other_contract):
    assert set(Contract.objects.visible_to(administrator)) == {contract, other_contract}


def test_national_reader_reads_every_contract_and_edits_none(national_reader, contract, other_contract):
    fiches = {make_action(contract), make_action(other_contract)}
    organisations = {make_organisation(contract), make_organisation(other_contract)}

    assert set(Contract.objects.visible_to(national_reader)) == {contract, other_contract}
    assert set(Action.objects.visible_to(national_reader)) == fiches
    assert organisations <= set(Organisation.objects.visible_to(national_reader))
    assert not can_edit_contract(national_reader, contract)
    assert not can_create_contract(national_reader)


def test_contracts_followed_are_those_of_the_roles_asked_for(ars_referent, contract, other_contract):
    make_membership(Role.READER, ars_referent, contract=other_contract)

    assert set(Contract.objects.visible_to(ars_referent)) == {contract, other_contract}
    assert list(Contract.objects.visible_to(ars_referent, WIDE_ROLES)) == [contract]


@pytest.mark.parametrize("user", [AnonymousUser(), None])
def test_nobody_sees_nothing(user, contract):
    make_action(contract)
    user = user or make_user()

    assert not Contract.objects.visible_to(user).exists()
    assert not Territory.objects.visible_to(user).exists()
    assert not Action.objects.visible_to(user).exists()
    assert not Membership.objects.visible_to(user).exists()


@pytest.mark.parametrize("scope", ["department", "region"])
def test_referent_of_the_ars_reads_the_contracts_of_the_area_only(contract, other_contract, scope):
    department = contract.territory.department
    user = make_membership(
        Role.ARS_REFERENT, **{scope: department if scope == "department" else department.region}
    ).user
    neighbour = make_contract(territory=make_territory(department=make_department("41")))  # same région

    seen = Contract.objects.visible_to(user)

    assert set(seen) == ({contract} if scope == "department" else {contract, neighbour})
    assert not can_edit_contract(user, contract)


def test_several_roles_add_up_without_showing_a_contract_twice(contract, reader):
    make_membership(Role.COORDINATOR, reader, territory=contract.territory)

    assert list(Contract.objects.visible_to(reader)) == [contract]
    assert can_edit_contract(reader, contract)
