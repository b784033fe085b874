"""Fixtures: one contract, one person per role on it, and one who only has a role on another contract."""

import pytest
from django.test import Client

from contracts.enums import Role
from contracts.models import Contract, Organisation
from tests.factories import (
    make_contract,
    make_department,
    make_membership,
    make_organisation,
    make_territory,
    make_user,
)


def signed_in(user) -> Client:
    """`signed_in(coordinator).get(url)`"""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def contract(db) -> Contract:
    return make_contract(territory=make_territory(department=make_department("28")))


@pytest.fixture
def other_contract(db) -> Contract:
    """In another département and another région: nobody's role on `contract` reaches it."""
    return make_contract(territory=make_territory(department=make_department("53")))


@pytest.fixture
def pilot_organisation(contract) -> Organisation:
    return make_organisation(contract, name="Association pilote")


@pytest.fixture
def administrator(db):
    return make_user("administration@exemple.fr", is_superuser=True, is_staff=True)


@pytest.fixture
def coordinator(contract):
    return make_membership(Role.COORDINATOR, make_user("coordination@exemple.fr"), contract=contract).user


@pytest.fixture
def ars_referent(contract):
    department = contract.territory.department
    return make_membership(Role.ARS_REFERENT, make_user("ars@exemple.fr"), department=department).user


@pytest.fixture
def pilot(contract, pilot_organisation):
    user = make_user("pilotage@exemple.fr")
    return make_membership(Role.PILOT, user, contract=contract, organisation=pilot_organisation).user


@pytest.fixture
def reader(contract):
    return make_membership(Role.READER, make_user("lecture@exemple.fr"), contract=contract).user


@pytest.fixture
def national_reader(db):
    return make_membership(Role.NATIONAL_READER, make_user("national@exemple.fr")).user


@pytest.fixture
def outsider(other_contract):
    """Coordinates another contract."""
    return make_membership(Role.COORDINATOR, make_user("ailleurs@exemple.fr"), contract=other_contract).user
