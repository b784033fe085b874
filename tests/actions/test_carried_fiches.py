"""A fiche carried on from an earlier contract of the territory is named to those alone who may read it."""

import pytest
from django.urls import reverse

from contracts.enums import Role
from tests.factories import make_action, make_contract, make_membership
from tests.page_forms import form_data
from tests.people import signed_in

HIDDEN = "fiche action d’un contrat qui ne vous est pas ouvert"


@pytest.fixture
def former(contract):
    return make_action(make_contract(territory=contract.territory, generation=2), title="Fiche du contrat précédent")


@pytest.fixture
def addresses(contract, former):
    """The pages that tell how the fiche came to be: its own, its history, the journal of the contract."""
    action = make_action(contract)
    both = make_membership(Role.COORDINATOR, contract=contract).user
    make_membership(Role.READER, both, contract=former.contract)
    client, edit = signed_in(both), reverse("actions:edit", args=[contract.slug, action.pk, "liens"])
    answer = client.post(edit, form_data(client.get(edit), carried_from=str(former.pk)))
    action.refresh_from_db()
    assert (answer.status_code, action.carried_from) == (302, former)
    own = [reverse(f"actions:{name}", args=[contract.slug, action.pk]) for name in ("detail", "history")]
    return [*own, reverse("contracts:journal", args=[contract.slug])]


def test_it_is_named_to_who_reads_both_contracts(reader, addresses, former):
    make_membership(Role.READER, reader, contract=former.contract)

    pages = [signed_in(reader).get(address).content.decode() for address in addresses]

    assert [former.title in page for page in pages] == [True] * 3


def test_it_is_not_named_to_who_reads_only_the_later_one(reader, addresses, former):
    pages = [signed_in(reader).get(address).content.decode() for address in addresses]

    assert [former.title in page for page in pages] == [False] * 3
    assert [HIDDEN in page for page in pages] == [False, True, True]
