"""Coming in by a code, and the administrator's pages under the policy sent with every page."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from contracts.enums import Role
from contracts.models import Membership
from tests.browser.helpers import assert_page_is_sound, sign_in
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)

ADMIN_PAGES = [
    "index",
    "contracts_region_changelist",
    "contracts_department_changelist",
    "contracts_commune_changelist",
    "contracts_commune_add",
    "contracts_referenceterm_changelist",
    "contracts_referenceterm_add",
    "contracts_membership_changelist",
    "contracts_membership_add",
    "accounts_user_changelist",
    "accounts_user_add",
]


@pytest.fixture
def refusals(page) -> list[str]:
    """What the policy refuses and what the scripts throw, in every window."""
    said = []
    page.context.on("console", lambda message: said.append(message.text) if "Policy" in message.text else None)
    page.context.on("weberror", lambda error: said.append(str(error.error)))
    return said


def test_person_comes_in_by_the_code_received_and_goes_out(page, coordinator, refusals):
    page.goto(reverse("account_profile"))
    page.get_by_role("link", name="Recevoir un code par courriel").click()
    page.get_by_label("Adresse électronique").fill(coordinator.email)
    page.get_by_role("button", name="Envoyer le code").click()
    assert_page_is_sound(page)

    page.get_by_label("Code reçu par courriel").fill("AAAA-AAAA")
    page.get_by_role("button", name="Se connecter").click()
    assert page.get_by_role("alert").get_by_text("Ce code ne convient pas").is_visible()

    code = re.search(r"^[A-Z]{4}-[A-Z]{4}$", mail.outbox[0].body, re.MULTILINE).group()
    page.get_by_label("Code reçu par courriel").fill(code)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(f"**{reverse('account_profile')}")

    page.locator("summary", has_text=str(coordinator)).click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url(f"**{reverse('account_login')}")
    assert refusals == []


def test_giving_up_the_code_leads_back_to_the_sign_in_page(page, coordinator):
    page.goto(reverse("account_request_login_code"))
    page.get_by_label("Adresse électronique").fill("erreur-de-frappe@exemple.fr")
    page.get_by_role("button", name="Envoyer le code").click()

    page.get_by_role("button", name="Annuler").click()

    page.wait_for_url(f"**{reverse('account_login')}")


def test_policy_refuses_nothing_to_the_pages_of_the_admin(page, administrator, refusals):
    sign_in(page, administrator)

    for name in ADMIN_PAGES:
        page.goto(reverse(f"admin:{name}"))
        page.wait_for_load_state("networkidle")

    assert refusals == []


def test_administrator_gives_a_departement_to_a_referent_of_the_ars(page, administrator, contract, refusals):
    """The person is picked in another window, by the admin's own scripts."""
    person = make_user("ars28@exemple.fr")
    sign_in(page, administrator)
    page.goto(reverse("admin:contracts_membership_add"))

    with page.expect_popup() as window:
        page.locator("#lookup_id_user").click()
    window.value.get_by_role("link", name=person.email).click()
    page.wait_for_function("document.querySelector('#id_user').value !== ''")
    page.locator("#id_role").select_option(Role.ARS_REFERENT)
    page.locator("#id_department").select_option(contract.territory.department_id)
    page.locator("[name=_save]").click()
    page.wait_for_url(f"**{reverse('admin:contracts_membership_changelist')}")

    assert Membership.objects.get(user=person).department_id == contract.territory.department_id
    assert refusals == []


@pytest.mark.parametrize("name", ["account_login", "mails"])
def test_pages_of_the_demonstration_are_sound(page, settings, coordinator, name):
    settings.DEMO = True

    page.goto(reverse(name))

    assert_page_is_sound(page)
