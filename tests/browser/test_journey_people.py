"""People in a browser: one is invited, comes in by a code, reads, and is shut out at the click that follows."""

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Fiche, Members, Plan, SignIn
from tests.factories import make_action

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL = "elu@exemple.fr"


@pytest.fixture
def members(window, coordinator, contract) -> Members:
    members = Members(window(coordinator), contract).open()
    members.invite(EMAIL, "Maxence", "Élu", "Lecture")
    members.expect_said(f"Une invitation est envoyée à {EMAIL}.")
    return members


def test_an_invited_reader_comes_in_by_a_code_and_reads_without_changing(window, members, contract):
    action = make_action(contract, title="Repérer les fragilités", code="1.1")
    expect(members.line(EMAIL)).to_contain_text("pas encore venue")
    page = window()

    SignIn(page, contract).come_in(EMAIL)
    page.get_by_role("link", name=str(contract)).last.click()
    Plan(page, contract).follow("Plan d’actions")

    expect(Plan(page, contract).titles).to_have_text([action.title])
    expect(page.get_by_role("link", name="Ajouter une fiche")).to_have_count(0)
    Fiche(page, contract).open(action.pk)
    expect(page.get_by_role("link", name="Donner des nouvelles")).to_have_count(0)
    expect(members.open().line(EMAIL)).not_to_contain_text("pas encore venue")


def test_a_role_withdrawn_ends_at_the_next_click(window, members, contract):
    page = window()
    SignIn(page, contract).come_in(EMAIL)
    plan = Plan(page, contract).open()
    plan.expect_heading("Plan d’actions")

    members.line(EMAIL).get_by_role("link", name="Retirer").click()
    members.press("Retirer le rôle")
    members.expect_said("Le rôle de Maxence Élu est retiré.")
    expect(members.line(EMAIL)).to_have_count(0)

    with page.expect_response(
        lambda answer: answer.url.endswith(f"/contrats/{contract.slug}/indicateurs/")
    ) as answered:
        page.get_by_role("link", name="Indicateurs").click()
    assert answered.value.status == 404
    expect(page.get_by_text(str(contract))).to_have_count(0)


def test_the_last_coordinator_may_not_leave(window, coordinator, contract):
    members = Members(window(coordinator), contract).open()

    members.line(coordinator.email).get_by_role("link", name="Retirer").click()
    members.press("Retirer le rôle")

    expect(members.page.get_by_text("Le rôle n’est pas retiré")).to_be_visible()
    expect(members.open().line(coordinator.email)).to_have_count(1)
