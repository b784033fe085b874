"""The plan in a browser: one status, many fiches, the calendar; with scripts, without, and at the keyboard."""

from datetime import date

import pytest
from playwright.sync_api import expect

from actions.enums import Status
from tests.browser.helpers import tab_to
from tests.browser.pages import Fiche, Plan, SignIn, StatusForm
from tests.factories import make_action, make_axis

pytestmark = pytest.mark.django_db(transaction=True)

FRAGILITY, DENTIST, YOUTH = "Repérer les fragilités", "Ouvrir un centre dentaire", "Aller vers les jeunes"


@pytest.fixture
def fiches(contract, pilot_organisation) -> dict:
    axis = make_axis(contract, title="Accès aux soins")
    years = {"start_date": date(2024, 3, 1), "end_date": date(2027, 6, 30)}
    common = {"contract": contract, "axis": axis, "status": Status.IN_PROGRESS, "progress": 50, **years}
    return {
        FRAGILITY: make_action(**common, title=FRAGILITY, code="1.1", pilot=pilot_organisation),
        DENTIST: make_action(**common, title=DENTIST, code="1.2"),
        YOUTH: make_action(contract, title=YOUTH, code="2.1"),
    }


def postpone(form: StatusForm) -> None:
    """A first time without saying why: refused; then as asked."""
    form.choose("Reportée")
    form.save()
    expect(form.page.get_by_role("alert")).to_contain_text("Dites pourquoi la fiche passe à «\u202fReportée\u202f».")
    form.page.get_by_label("Motif").fill("Le local n’est pas prêt.")
    form.page.get_by_label("Nouvelle échéance").fill("2028-03-31")
    form.save()


def test_a_status_is_changed_in_its_line_and_the_focus_stays_there(window, coordinator, contract, fiches):
    page = window(coordinator)
    plan = Plan(page, contract).open()
    plan.search("reperer")
    expect(plan.titles).to_have_text([FRAGILITY])
    page.evaluate("window.sameDocument = true")

    plan.status_link(FRAGILITY).press("Enter")
    postpone(StatusForm(page, contract))

    expect(plan.status_link(FRAGILITY)).to_have_text("Reportée, changer")
    expect(plan.status_link(FRAGILITY)).to_be_focused()
    expect(page.locator("#annonce")).to_have_text("Fiche 1.1\u00a0: Reportée, 50\u00a0%.")
    assert page.evaluate("window.sameDocument"), "the page was loaded again"


def test_a_change_of_status_given_up_leaves_the_line_as_it_was(window, coordinator, contract, fiches):
    page = window(coordinator)
    plan = Plan(page, contract).open()

    plan.status_link(DENTIST).click()
    StatusForm(page, contract).choose("Abandonnée")
    plan.follow("Annuler")

    expect(plan.status_link(DENTIST)).to_have_text("En cours, changer")
    expect(plan.status_link(DENTIST)).to_be_focused()


def test_a_status_is_changed_without_scripts_and_the_filter_is_kept(window, coordinator, contract, fiches):
    page = window(coordinator, java_script_enabled=False)
    plan = Plan(page, contract).open()
    plan.search("reperer")

    plan.status_link(FRAGILITY).click()
    plan.expect_heading("Changer le statut")
    postpone(StatusForm(page, contract))

    plan.expect_heading("Plan d’actions")
    plan.expect_said("Fiche 1.1\u00a0: Reportée, 50\u00a0%.")
    expect(plan.titles).to_have_text([FRAGILITY])
    expect(plan.status_link(FRAGILITY)).to_have_text("Reportée, changer")


def test_two_fiches_are_postponed_at_once_after_being_shown(window, coordinator, contract, fiches):
    page = window(coordinator)
    plan = Plan(page, contract).open()
    plan.tick(FRAGILITY, DENTIST)
    plan.change_those_ticked("Changer le statut, reporter")

    page.get_by_label("Nouveau statut").select_option(label="Reportée")
    page.get_by_label("Décaler de (mois)").fill("6")
    plan.press("Voir ce qui change")
    expect(page.get_by_role("alert")).to_contain_text("Dites pourquoi les fiches passent à")
    page.get_by_label("Motif").fill("Le financement est décalé.")
    plan.press("Voir ce qui change")

    plan.expect_heading("Ce qui change")
    shown = page.locator("tbody tr")
    expect(shown).to_have_count(2)
    expect(shown.first).to_contain_text("échéance\u00a0: 30/12/2027")
    assert not contract.actions.filter(status=Status.POSTPONED).exists(), "written before it was confirmed"

    plan.press("Appliquer à 2 fiches")
    plan.expect_said("2 fiches modifiées.")
    for title, words in {FRAGILITY: "Reportée", DENTIST: "Reportée", YOUTH: "Non démarrée"}.items():
        expect(plan.status_link(title)).to_have_text(f"{words}, changer")


def test_the_box_of_a_group_ticks_its_fiches_and_no_others(window, coordinator, contract, fiches):
    page = window(coordinator)
    plan = Plan(page, contract).open()

    page.get_by_label("Cocher toutes les fiches").first.check()

    ticked = page.locator('input[name="fiche"]:checked')
    expect(ticked).to_have_count(2)
    expect(plan.line(YOUTH).locator('input[name="fiche"]')).not_to_be_checked()


def test_the_calendar_says_in_words_what_it_draws(window, reader, contract, fiches):
    page = window(reader)
    Plan(page, contract).open()

    page.get_by_role("link", name="Calendrier").click()

    cells = page.locator("table.gantt tbody tr", has_text=FRAGILITY).get_by_role("cell")
    expect(cells.nth(0)).to_have_text("01/03/2024")
    expect(cells.nth(1)).to_have_text("30/06/2027")
    expect(cells.nth(2)).to_have_text("En cours")
    drawing = page.locator("table.gantt tbody tr", has_text=FRAGILITY).locator("td.frieze svg")
    expect(drawing).to_have_attribute("aria-hidden", "true")
    expect(page.get_by_text("1 fiche sans date n’est pas dessinée.")).to_be_visible()


def test_news_are_given_with_the_keyboard_alone(window, pilot, contract, fiches):
    page = window()
    sign_in = SignIn(page, contract)
    code = sign_in.ask_code(pilot.email)
    tab_to(page, "Code reçu par courriel")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    sign_in.expect_heading("Mes contrats")

    for name, heading in {
        str(contract): str(contract),
        "Plan d’actions": "Plan d’actions",
        FRAGILITY: f"1.1 {FRAGILITY}",
        "Donner des nouvelles": "Donner des nouvelles",
    }.items():
        tab_to(page, name)
        page.keyboard.press("Enter")
        sign_in.expect_heading(heading)
    write_news_with_the_keyboard(page)

    Fiche(page, contract).expect_said("Merci, vos nouvelles sont enregistrées.")
    expect(Fiche(page, contract).news.first).to_contain_text("Douze médecins formés.")
    expect(Fiche(page, contract).fact("Avancement")).to_contain_text("75")


def write_news_with_the_keyboard(page) -> None:
    tab_to(page, "50\u00a0%")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="75\u00a0%")).to_be_checked()
    tab_to(page, "Faits marquants")
    page.keyboard.type("Douze médecins formés.")
    tab_to(page, "Envoyer les nouvelles")
    page.keyboard.press("Enter")
