"""A whole contract is deleted, with what would be lost spelled out, and comes back as it was."""

import pytest
from django.apps import apps
from django.urls import reverse

from actions.models import FollowUp, FundingLine
from cls_portal.core.models import Deletion
from contracts.enums import Role, TermKind
from contracts.models import Contract, Membership
from contracts.services import delete_contract
from tests.factories import (
    make_amendment,
    make_contact,
    make_deletion,
    make_document,
    make_document_job,
    make_full_action,
    make_membership,
    make_objective,
    make_organisation,
    make_perimeter_commune,
    make_signatory,
    make_term,
    make_user,
)
from tests.page_forms import form_data
from tests.people import signed_in


def url(name, *args):
    return reverse(f"contracts:{name}", args=args)


@pytest.fixture
def rich(contract):
    """Two fiches that go together, and terms of the contract's own in every place where a term may stand."""
    action = make_full_action(contract)
    make_full_action(contract, successor=action)
    organisation = make_organisation(contract)
    make_signatory(contract, organisation=organisation, representative=make_contact(organisation))
    make_objective(action.axis, parent=make_objective(action.axis))
    make_amendment(contract)
    perimeter = make_perimeter_commune(contract)
    action.communes.add(perimeter.commune)
    action.documents.add(make_document(contract))
    make_document_job(contract)
    make_deletion(contract)
    make_membership(Role.READER, contract=contract)
    FollowUp.objects.first().brakes.add(make_term(TermKind.BRAKE, contract=contract))
    FundingLine.objects.filter(action=action).update(scheme=make_term(TermKind.FUNDING_SCHEME, contract=contract))
    action.action_terms.filter(is_main=False).first().delete()
    action.action_terms.create(term=make_term(contract=contract), usage="theme")
    return contract


def everything() -> dict[str, list]:
    """All the rows of the product, those of the histories excepted."""
    models = [model for label in ("contracts", "actions") for model in apps.get_app_config(label).get_models(True)]
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in models
        if not model.__name__.startswith("Historical")
    }


def test_a_contract_comes_back_as_it_was(rich, coordinator):
    client, before = signed_in(coordinator), everything()
    page = client.get(url("delete", rich.slug))

    client.post(url("delete", rich.slug), {"confirmed": "on"})

    assert "points de suivi\u00a0: 6" in page.content.decode()
    assert not Contract.objects.exists()
    assert client.get(url("settings", rich.slug)).status_code == 404

    client.post(url("restore_contract", Deletion.objects.get(model="contracts.contract").public_id))

    assert everything() == before
    assert client.get(url("settings", rich.slug)).status_code == 200


def test_a_contract_is_not_deleted_without_the_box(contract, coordinator):
    response = signed_in(coordinator).post(url("delete", contract.slug))

    assert "Cochez la case pour confirmer" in response.content.decode()
    assert Contract.objects.filter(pk=contract.pk).exists()


def test_the_message_of_a_deletion_leads_back(contract, coordinator):
    client = signed_in(coordinator)

    home = client.post(url("delete", contract.slug), {"confirmed": "on"}, follow=True)
    deletion = Deletion.objects.get()
    page = client.get(url("restore_contract", deletion.public_id))

    assert url("restore_contract", deletion.public_id) in home.content.decode()
    assert f'href="{url("deleted")}"' in home.content.decode()
    assert contract.title in client.get(url("deleted")).content.decode()
    client.post(url("restore_contract", deletion.public_id), form_data(page))
    assert Contract.objects.get().title == contract.title


def test_only_those_in_charge_find_a_deleted_contract(contract, other_contract):
    territory = contract.territory
    deletion = delete_contract(contract=contract, user=make_user())
    of_territory = make_membership(Role.COORDINATOR, territory=territory).user
    elsewhere = make_membership(Role.COORDINATOR, territory=other_contract.territory).user

    answers = [signed_in(user).get(url("restore_contract", deletion.public_id)) for user in (of_territory, elsewhere)]

    assert [answer.status_code for answer in answers] == [200, 404]
    assert deletion.label not in signed_in(elsewhere).get(url("deleted")).content.decode()


def test_the_role_of_an_account_that_is_gone_does_not_keep_the_contract_away(contract, administrator):
    gone, kept = (make_membership(Role.READER, contract=contract).user for _time in range(2))
    deletion = delete_contract(contract=contract, user=administrator)
    gone.delete()

    signed_in(administrator).post(url("restore_contract", deletion.public_id))

    assert [membership.user for membership in Membership.objects.filter(contract__slug=contract.slug)] == [kept]


def test_a_contract_whose_place_is_taken_is_refused_in_a_sentence(contract, administrator):
    client, fields = signed_in(administrator), {"kind": contract.kind, "generation": contract.generation}
    territory = contract.territory
    deletion = delete_contract(contract=contract, user=administrator)
    Contract.objects.create(territory=territory, title="Autre", slug="autre", **fields)

    page = client.post(url("restore_contract", deletion.public_id), follow=True)

    assert "un autre enregistrement a pris sa place" in page.content.decode()
