"""What an avenant changes: fiches, end and signatories, against the plan frozen before it."""

from datetime import date

import pytest
from django.urls import reverse

from actions.enums import DraftingState, Occasion
from actions.models import PlanVersion
from actions.services.fiches import create_action
from actions.services.lifecycle import archive_action
from cls_portal.core.dates import today
from contracts.models import Contract
from contracts.services import create_amendment, update_amendment
from tests.factories import make_action, make_full_action, make_signatory, make_version
from tests.page_forms import form_data
from tests.people import signed_in
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


def url(amendment, name="amendment"):
    return reverse(f"actions:{name}", args=[amendment.contract.slug, amendment.pk])


def page(client, amendment) -> str:
    return client.get(url(amendment)).content.decode()


@pytest.fixture
def signed(contract):
    """A contract whose signed plan holds three fiches."""
    fiches = [make_action(contract, title=title) for title in ("Vacciner", "Dépister", "Transporter")]
    make_version(contract, occasion=Occasion.SIGNATURE)
    return contract, fiches


@pytest.fixture
def amendment(signed):
    return create_amendment(
        contract=signed[0], user=None, purpose="Deux fiches de plus.", new_end_date=date(2030, 12, 31)
    )


def rewrite(fiche, **fields):
    for name, value in fields.items():
        setattr(fiche, name, value)
    fiche.version += 1
    fiche.save()


def test_an_avenant_in_preparation_shows_what_it_would_change_and_changes_nothing_of_the_contract(
    signed, amendment, coordinator
):
    contract, (kept, dropped, amended) = signed
    create_action(contract=contract, user=coordinator, title="Héberger les internes")
    archive_action(action=dropped, user=coordinator)
    rewrite(amended, title="Transporter et accompagner")

    shown = page(signed_in(coordinator), amendment)

    assert "1\u00a0fiche ajoutée" in shown
    assert "Héberger les internes" in shown
    assert "1\u00a0fiche retirée" in shown
    assert dropped.title in shown
    assert "accompagner" in shown
    assert kept.title not in shown
    stored = Contract.objects.with_current_end().get(pk=contract.pk)
    assert (stored.state, stored.current_end) == ("en_vigueur", date(2028, 12, 31))


def test_freezing_the_plan_signs_the_avenant_which_then_takes_effect(signed, amendment, coordinator):
    contract, _fiches = signed
    added = make_action(contract, title="Héberger les internes", drafting_state=DraftingState.VALIDATED)
    make_signatory(contract, amendment=amendment)
    client, address = signed_in(coordinator), url(amendment, "amendment_freeze")
    for day in ("", "2100-01-01"):
        refused = client.post(address, form_data(client.get(address), signed_on=day))
        assert "signed_on" in refused.context["form"].errors

    data = form_data(client.get(address), signed_on="2026-03-02")
    client.post(address, data)
    client.post(address, data)

    version = PlanVersion.objects.get(amendment=amendment)
    stored = Contract.objects.with_current_end().get(pk=contract.pk)
    added.refresh_from_db()
    shown = page(client, amendment)
    assert (stored.state, stored.current_end, stored.state_since) == ("proroge", date(2030, 12, 31), date(2026, 3, 2))
    assert added.drafting_state == DraftingState.ANNEXED
    assert version.get_absolute_url() in shown
    assert "31\u00a0décembre 2030" in shown
    assert "Signataires" in shown


def test_what_is_written_after_the_freezing_no_longer_shows(signed, amendment, coordinator):
    contract, fiches = signed
    make_version(contract, occasion=Occasion.AMENDMENT, amendment=amendment)
    rewrite(fiches[0], title="Vacciner partout")

    assert "Vacciner partout" not in page(signed_in(coordinator), amendment)


def test_a_second_avenant_is_compared_with_the_first(signed, amendment, coordinator):
    contract, _fiches = signed
    make_action(contract, title="Du premier")
    make_version(contract, occasion=Occasion.AMENDMENT, amendment=amendment)
    second = create_amendment(contract=contract, user=None, purpose="Encore une.")
    make_action(contract, title="Du second")
    client = signed_in(coordinator)

    assert "Du premier" not in page(client, second)
    assert "Du second" in page(client, second)
    assert "Du premier" in page(client, amendment)


def test_an_avenant_left_unfrozen_is_read_with_the_next_one(signed, amendment, coordinator):
    contract, _fiches = signed
    second = create_amendment(contract=contract, user=None, purpose="Encore une.")
    make_version(contract, occasion=Occasion.AMENDMENT, amendment=second)

    shown = page(signed_in(coordinator), amendment)

    assert "se lit avec cet avenant suivant" in shown
    assert url(second) in shown


def test_many_amended_fiches_are_named_and_compared_on_a_page_of_their_own(contract, coordinator):
    fiches = [make_action(contract) for _time in range(13)]
    make_version(contract, occasion=Occasion.SIGNATURE)
    amendment = create_amendment(contract=contract, user=None, purpose="Tout revoir.")
    for fiche in fiches:
        rewrite(fiche, context="Un constat revu.")
    client = signed_in(coordinator)

    shown = page(client, amendment)

    whole = reverse("actions:version_changes", args=[contract.slug, 1]) + "?a=aujourdhui"
    assert "Un constat revu." not in shown
    assert "contexte" in shown
    assert whole in shown
    assert "Un constat revu." in client.get(whole).content.decode()


def test_without_a_signed_plan_the_way_to_freeze_it_is_offered(contract, coordinator, reader):
    amendment = create_amendment(contract=contract, user=None, purpose="Une fiche.")
    freezing = reverse("actions:freeze_signed", args=[contract.slug])

    assert freezing in page(signed_in(coordinator), amendment)
    assert freezing not in page(signed_in(reader), amendment)


def test_a_fiche_created_after_the_signature_says_since_when_it_is_in_the_plan(signed, coordinator):
    added = create_action(contract=signed[0], user=coordinator, title="Nouvelle")
    assert added.entered_on == today()


def test_an_avenant_that_loses_its_date_of_signature_extends_nothing_any_more(contract):
    amendment = create_amendment(
        contract=contract, user=None, purpose="P", signed_on=date(2025, 3, 1), new_end_date=date(2030, 1, 1)
    )
    contract.refresh_from_db()
    assert contract.state == "proroge"
    update_amendment(amendment=amendment, user=None, signed_on=None)
    contract.refresh_from_db()
    assert (contract.state, contract.state_since) == ("en_vigueur", contract.signed_on)


def test_the_page_costs_the_same_whatever_the_plan_holds(signed, amendment, coordinator):
    contract, _fiches = signed

    def add(number: int) -> None:
        for _time in range(number):
            make_full_action(contract, parts=1)

    assert_constant_queries(signed_in(coordinator), url(amendment), add, maximum=35)
