"""The life of a contract: the passages from stage to stage, what each expects, what is kept of them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from actions.enums import DraftingState, Occasion
from actions.life.conditions import conditions_of
from actions.models import PlanVersion
from actions.services.life import go_back, pass_to, sign_contract
from cls_portal.core.dates import today
from cls_portal.core.versioning import StaleVersionError
from contracts.enums import ContractState
from contracts.services import create_amendment
from tests.factories import (
    make_action,
    make_axis,
    make_contract,
    make_document,
    make_full_action,
    make_given_review,
    make_signatory,
    make_term,
    make_user,
)
from tests.page_forms import form_data
from tests.people import signed_in
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


def url(name, contract, *args):
    return reverse(f"actions:{name}", args=[contract.slug, *args])


def page(client, contract) -> str:
    return client.get(url("life", contract)).content.decode()


def put(contract, **fields):
    """A contract at another stage than the fixture's, its history included."""
    for name, value in fields.items():
        setattr(contract, name, value)
    contract.save()
    return contract


def passes(client, contract, stage, **data):
    address = url("passage", contract, stage)
    return client.post(address, form_data(client.get(address), **data))


def missing(contract, state) -> list[str]:
    return [each.label for each in conditions_of(contract, state, make_user(is_superuser=True)) if not each.is_met]


# From préfiguration to the signature


def test_a_contract_goes_from_prefiguration_to_signature_each_passage_dated_and_signed(contract, coordinator):
    put(contract, state=ContractState.PREFIGURATION, signed_on=None)
    client = signed_in(coordinator)

    passes(client, contract, "elaboration", day="2024-02-05", note="Délibération du **5 février**.")
    passes(client, contract, "a_signer", day="2024-11-18")
    shown = page(client, contract)

    contract.refresh_from_db()
    assert (contract.state, contract.state_since) == (ContractState.TO_SIGN, date(2024, 11, 18))
    assert "<strong>5 février</strong>" in shown
    assert "18\u00a0novembre 2024" in shown
    assert shown.count(str(coordinator)) >= 2


def test_signing_dates_the_contract_freezes_its_plan_and_annexes_the_validated_fiches(contract, coordinator):
    put(contract, state=ContractState.TO_SIGN, signed_on=None, start_date=None, end_date=None)
    signatory = make_signatory(contract)
    validated = make_action(contract, title="Vacciner", drafting_state=DraftingState.VALIDATED)
    draft = make_action(contract, drafting_state=DraftingState.DRAFT)
    client = signed_in(coordinator)

    said = passes(
        client, contract, "en_vigueur", day="2024-06-03", start="2024-07-01", end="2029-06-30", all_signed="on"
    )

    for each in (contract, signatory, validated, draft):
        each.refresh_from_db()
    assert said.url == url("life", contract)
    assert (contract.state, contract.signed_on, contract.end_date) == (
        ContractState.IN_FORCE,
        date(2024, 6, 3),
        date(2029, 6, 30),
    )
    assert signatory.signed_on == date(2024, 6, 3)
    assert (validated.drafting_state, draft.drafting_state) == (DraftingState.ANNEXED, DraftingState.DRAFT)
    version = PlanVersion.objects.get(contract=contract)
    assert version.occasion == Occasion.SIGNATURE
    assert {fiche["title"] for fiche in version.content["fiches"]} == {"Vacciner", draft.title}
    assert version.get_absolute_url() in page(client, contract)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": ""}, "day"),
        ({"day": "2100-01-01"}, "day"),
        ({"end": ""}, "end"),
        ({"start": "2030-01-01", "end": "2029-01-01"}, "end"),
    ],
)
def test_a_signature_without_its_dates_is_refused_beside_the_field(contract, coordinator, changes, field):
    put(contract, state=ContractState.TO_SIGN)

    refused = passes(signed_in(coordinator), contract, "en_vigueur", **changes)

    contract.refresh_from_db()
    assert field in refused.context["form"].errors
    assert contract.state == ContractState.TO_SIGN
    assert not PlanVersion.objects.exists()


def test_a_form_sent_twice_makes_one_passage(contract, coordinator):
    put(contract, state=ContractState.TO_SIGN)
    client, address = signed_in(coordinator), url("passage", contract, "en_vigueur")
    data = form_data(client.get(address), day="2024-06-03")

    client.post(address, data)
    again = client.post(address, data, follow=True)

    assert PlanVersion.objects.count() == 1
    assert "n’est plus, à faire" in again.content.decode()


def test_a_contract_saved_meanwhile_is_not_passed_and_what_was_typed_stays(contract, coordinator):
    put(contract, state=ContractState.DRAFTING)
    client, address = signed_in(coordinator), url("passage", contract, "a_signer")
    data = form_data(client.get(address), note="Avis du COPIL")
    put(contract, version=contract.version + 1)

    stale = client.post(address, data)

    assert stale.status_code == 409
    assert "Avis du COPIL" in stale.content.decode()
    assert client.post(address, form_data(stale)).status_code == 302


def test_a_passage_that_does_not_follow_is_refused():
    contract = make_contract(state=ContractState.DRAFTING)
    facts = {"contract": contract, "day": today(), "user": None}
    with pytest.raises(ValidationError, match="n’a plus lieu"):
        pass_to(state=ContractState.CLOSED, read_version=1, **facts)
    with pytest.raises(StaleVersionError):
        pass_to(state=ContractState.TO_SIGN, read_version=7, **facts)


# What is missing


def test_what_a_plan_to_sign_lacks_is_told_with_the_way_to_it(contract, coordinator):
    put(contract, state=ContractState.DRAFTING)
    empty = make_axis(contract, title="Santé au travail")
    make_action(contract, title="Fiche nue", drafting_state=DraftingState.PROPOSED)
    client = signed_in(coordinator)

    shown = page(client, contract)

    assert empty.title in shown
    for words in ("un pilote", "un objectif", "un calendrier", "un public", "un indicateur"):
        assert f"Chaque fiche a {words}" in missing(contract, ContractState.TO_SIGN)
    link = f"{url('plan', contract)}?redaction=en_redaction"
    assert link in shown
    assert "Fiche nue" in client.get(link).content.decode()


def test_a_complete_plan_lacks_nothing(contract):
    action = make_full_action(contract, parts=1, drafting_state=DraftingState.VALIDATED)
    contract.actions.exclude(pk=action.pk).delete()
    action.action_terms.create(term=make_term(label="Santé mentale et addictions"), usage="theme")
    make_signatory(contract, commitments="Financer un poste.", signed_on=date(2024, 1, 15))
    assert missing(contract, ContractState.TO_SIGN) == ["L’ARS a donné un avis favorable"]
    make_given_review(contract)

    assert missing(contract, ContractState.TO_SIGN) == []
    assert missing(contract, ContractState.IN_FORCE) == []


def test_the_volet_sante_mentale_is_a_theme_of_a_fiche(contract):
    action = make_full_action(contract, parts=1)
    assert "Le plan a un volet santé mentale" in missing(contract, ContractState.TO_SIGN)
    term = make_term(label="Santé mentale", contract=contract)
    action.action_terms.create(term=term, usage="theme")
    assert "Le plan a un volet santé mentale" not in missing(contract, ContractState.TO_SIGN)


def test_closing_expects_a_report_and_fiches_that_say_where_they_stop(contract):
    make_action(contract, status="en_cours")
    assert missing(contract, ContractState.CLOSED) == [
        "Un bilan ou une évaluation est gardé",
        "Chaque fiche est close",
    ]
    make_document(contract, kind="rapport")
    contract.actions.update(status="realisee")
    assert missing(contract, ContractState.CLOSED) == []


def test_a_renewed_contract_leads_to_the_next_generation(contract, coordinator):
    following = make_contract(territory=contract.territory, generation=2, state=ContractState.DRAFTING)
    assert missing(contract, ContractState.RENEWED) == ["Elle est signée"]
    put(following, state=ContractState.IN_FORCE)
    assert missing(contract, ContractState.RENEWED) == []
    assert following.title not in page(signed_in(coordinator), contract)  # it is out of their scope


# The end, and the way back


def test_a_contract_expires_the_day_after_its_end_and_not_before(contract, coordinator):
    put(contract, end_date=today() + timedelta(days=30))
    client = signed_in(coordinator)
    refused = passes(client, contract, "echu")
    assert "est échu le lendemain" in refused.content.decode()

    put(contract, end_date=today() - timedelta(days=1))
    assert passes(client, contract, "echu").status_code == 302
    assert passes(client, contract, "clos", note="Sans suite").status_code == 302
    contract.refresh_from_db()
    assert contract.state == ContractState.CLOSED
    assert "La vie de ce contrat est finie" in page(client, contract)


def test_a_passage_made_by_mistake_is_undone_with_a_reason_and_its_first_date_comes_back(contract, coordinator):
    put(contract, state=ContractState.PREFIGURATION, signed_on=None)
    client = signed_in(coordinator)
    passes(client, contract, "elaboration", day="2023-02-05")
    passes(client, contract, "a_signer", day="2024-11-18")

    address = url("life_back", contract)
    assert "reason" in client.post(address, form_data(client.get(address))).context["form"].errors
    client.post(address, form_data(client.get(address), reason="Le COPIL a demandé deux fiches de plus."))

    contract.refresh_from_db()
    assert (contract.state, contract.state_since) == (ContractState.DRAFTING, date(2023, 2, 5))
    shown = page(client, contract)
    assert "Retour à l’étape" in shown
    assert "deux fiches de plus" in shown


def test_undoing_a_signature_leaves_the_frozen_version(contract, coordinator):
    put(contract, state=ContractState.TO_SIGN, signed_on=None)
    action = make_action(contract, drafting_state=DraftingState.VALIDATED)
    day = date(2024, 6, 3)
    sign_contract(
        contract=contract, day=day, start=day, end=date(2028, 12, 31), user=coordinator, read_version=contract.version
    )
    contract.refresh_from_db()

    go_back(contract=contract, user=coordinator, read_version=contract.version, reason="Erreur de date")

    contract.refresh_from_db()
    action.refresh_from_db()
    assert (contract.state, contract.signed_on) == (ContractState.TO_SIGN, None)
    assert action.drafting_state == DraftingState.VALIDATED
    assert PlanVersion.objects.filter(contract=contract).exists()


def test_a_contract_with_an_avenant_stays_signed(contract, coordinator):
    create_amendment(contract=contract, user=None, signed_on=date(2025, 3, 1), purpose="Deux fiches.")
    address, client = url("life_back", contract), signed_in(coordinator)

    refused = client.post(address, form_data(client.get(address), reason="Erreur"))

    assert "sa signature ne se défait plus" in refused.content.decode()


# Beside the stages


def test_evaluation_and_renewal_are_flags_that_every_page_says(contract, coordinator):
    client = signed_in(coordinator)
    data = {"version": contract.version, "repere": "in_evaluation", "geste": "engager"}
    client.post(url("life_flag", contract), data)
    stale = client.post(url("life_flag", contract), data | {"repere": "in_renewal"}, follow=True)

    contract.refresh_from_db()
    assert (contract.in_evaluation, contract.in_renewal) == (True, False)
    assert "rien n’est enregistré" in stale.content.decode()
    for address in ("/", contract.get_absolute_url(), reverse("contracts:settings", args=[contract.slug])):
        assert "évaluation en cours" in client.get(address).content.decode()
    assert "Évaluation engagée" in page(client, contract)


def test_a_contract_signed_before_the_portal_knew_it_has_its_plan_frozen_once(contract, coordinator):
    make_action(contract, title="Vacciner")
    client, address = signed_in(coordinator), url("freeze_signed", contract)
    assert address in page(client, contract)
    assert "tels qu’ils sont aujourd’hui" in client.get(address).content.decode()

    client.post(address)
    again = client.post(address, follow=True)

    assert PlanVersion.objects.filter(contract=contract, occasion=Occasion.SIGNATURE).count() == 1
    assert "est déjà figé" in again.content.decode()
    assert address not in page(client, contract)


def test_those_who_read_the_contract_see_its_life_without_its_deeds(contract, reader):
    shown = page(signed_in(reader), contract)
    assert "Constater l’échéance" not in shown
    assert "La date de fin est passée" in shown


def test_the_page_costs_the_same_whatever_the_contract_holds(contract, coordinator):
    put(contract, state=ContractState.DRAFTING)

    def add(number: int) -> None:
        for _time in range(number):
            make_full_action(contract, parts=1)
            make_axis(contract)
            make_signatory(contract)
            put(contract, in_evaluation=not contract.in_evaluation)

    assert_constant_queries(signed_in(coordinator), url("life", contract), add, maximum=22)
