"""Each list of a contract costs the same number of queries with 1, 3 and 30 objects."""

import pytest
from django.urls import reverse

from contracts import services
from contracts.journal import followed_models
from contracts.models import Axis
from tests.factories import (
    make_amendment,
    make_axis,
    make_contact,
    make_deleted_contract,
    make_deletion,
    make_document,
    make_full_action,
    make_objective,
    make_organisation,
    make_perimeter_commune,
    make_signatory,
    make_term,
    make_territory,
)
from tests.people import signed_in
from tests.queries import assert_constant_queries, query_count_test


def make_signatory_with_representative(contract):
    organisation = make_organisation(contract)
    make_signatory(
        contract,
        organisation=organisation,
        representative=make_contact(organisation),
        amendment=make_amendment(contract),
    )


def make_axis_with_objectives(contract):
    axis = make_axis(contract)
    make_objective(axis, parent=make_objective(axis))


def make_change(contract):
    axis = Axis.objects.filter(contract=contract).first() or make_axis(contract)
    services.update_axis(axis=axis, user=None, title=f"Titre {axis.history.count()}")


LISTS = {
    "signatories": make_signatory_with_representative,
    "amendments": make_amendment,
    "axes": make_axis_with_objectives,
    "perimeter": make_perimeter_commune,
    "organisations": lambda contract: make_contact(make_organisation(contract)),
    "terms": lambda contract: make_term(contract=contract),
    "documents": make_document,
    "deletions": make_deletion,
    "journal": make_change,
}


@query_count_test(
    "contracts:signatories",
    "contracts:amendments",
    "contracts:axes",
    "contracts:perimeter",
    "contracts:organisations",
    "contracts:terms",
    "contracts:documents",
    "contracts:deletions",
    "contracts:journal",
)
@pytest.mark.parametrize("name", LISTS)
def test_list_costs_the_same_whatever_its_length(name, contract, coordinator):
    url = reverse(f"contracts:{name}", args=[contract.slug]) + ("?nature=axis" if name == "journal" else "")

    def add(number: int) -> None:
        for _time in range(number):
            LISTS[name](contract)

    assert_constant_queries(signed_in(coordinator), url, add)


@query_count_test("contracts:deleted")
def test_deleted_contracts_cost_the_same_whatever_their_number(administrator):
    territory = make_territory()

    def add(number: int) -> None:
        for _time in range(number):
            make_deleted_contract(territory)

    assert_constant_queries(signed_in(administrator), reverse("contracts:deleted"), add)


def test_the_whole_journal_costs_the_same_whatever_the_kinds_of_its_lines(contract, coordinator):
    def add(number: int) -> None:
        for _time in range(number):
            make_full_action(contract, parts=1)
            make_signatory_with_representative(contract)
            make_axis_with_objectives(contract)
            make_change(contract)
        for model in followed_models().values():
            for row in model.objects.all()[:2]:
                row.save()

    address = reverse("contracts:journal", args=[contract.slug])
    assert_constant_queries(signed_in(coordinator), address, add)


def test_settings_cost_the_same_whatever_the_contract_holds(contract, coordinator):
    def add(number: int) -> None:
        for _time in range(number):
            make_signatory(contract, capacity="porteur")
            make_axis_with_objectives(contract)

    assert_constant_queries(signed_in(coordinator), reverse("contracts:settings", args=[contract.slug]), add)
