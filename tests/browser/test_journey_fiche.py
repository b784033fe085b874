"""A fiche in a browser: two people collide, a pilot gives news on a phone, a deletion is undone."""

import pytest
from playwright.sync_api import expect

from contracts.enums import Role
from tests.browser.helpers import assert_fits_narrow_screens
from tests.browser.pages import Fiche, News, Plan, Section
from tests.factories import (
    add_parts,
    make_action,
    make_axis,
    make_indicator,
    make_membership,
    make_organisation,
    make_user,
)

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "Prévenir les addictions"


@pytest.fixture
def action(contract, pilot_organisation):
    return make_action(contract, title=TITLE, code="1.7", axis=make_axis(contract), pilot=pilot_organisation)


@pytest.fixture
def colleague(contract):
    user = make_user("collegue@exemple.fr", first_name="Dominique", last_name="Martin")
    return make_membership(Role.COORDINATOR, user, contract=contract).user


def test_two_people_collide_and_the_second_chooses_field_by_field(window, coordinator, colleague, contract, action):
    first, second = (Section(window(who), contract).open(action.pk, "identite") for who in (colleague, coordinator))
    first.fill(Intitulé="Prévenir les addictions des jeunes", Numéro="1.8")
    first.press("Enregistrer")
    first.expect_said("La section «\u202fIdentité\u202f» est enregistrée.")

    second.fill(Intitulé="Prévenir toutes les addictions", Numéro="1.9")
    second.press("Enregistrer")

    expect(second.page.get_by_role("alert")).to_contain_text("Dominique Martin a enregistré")
    title, number = second.difference("Intitulé"), second.difference("Numéro")
    expect(title).to_contain_text("Prévenir les addictions des jeunes")
    expect(title).to_contain_text("Prévenir toutes les addictions")
    title.get_by_label("Garder ma saisie").check()
    number.get_by_label("Garder celle de l’autre personne : Dominique Martin").check()
    second.press("Enregistrer mes choix")
    second.expect_heading("1.8 Prévenir toutes les addictions")


def test_different_fields_changed_by_two_people_are_both_kept(window, coordinator, colleague, contract, action):
    first, second = (Section(window(who), contract) for who in (colleague, coordinator))
    first.open(action.pk, "identite")
    second.open(action.pk, "contexte")
    first.fill(Intitulé="Un autre intitulé")
    first.press("Enregistrer")
    second.page.locator("textarea").first.fill("Les lycées ruraux sont peu couverts.")
    second.press("Enregistrer")

    second.expect_said("La section «\u202fContexte\u202f» est enregistrée.")
    second.expect_heading("1.7 Un autre intitulé")
    expect(second.page.get_by_text("Les lycées ruraux sont peu couverts.")).to_be_visible()


def test_pilot_gives_news_on_a_phone(window, pilot, contract, action):
    indicator = make_indicator(action, title="Jeunes rencontrés")
    page = window(pilot, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    fiche, news = Fiche(page, contract).open(action.pk), News(page, contract)

    fiche.follow("Donner des nouvelles")
    news.choose("En cours", "25\u00a0%")
    news.tell("Deux lycées visités.")
    page.get_by_label(indicator.title).fill("quarante-deux environ")
    assert_fits_narrow_screens(page)
    news.send()

    fiche.expect_said("Merci, vos nouvelles sont enregistrées.")
    expect(fiche.news.first).to_contain_text("Deux lycées visités.")
    expect(fiche.news.first).to_contain_text(str(pilot))
    expect(fiche.fact("Statut")).to_contain_text("En cours")
    expect(page.get_by_text("quarante-deux environ").first).to_be_visible()


def test_pilot_gives_no_news_of_the_fiche_of_others(window, pilot, contract, action):
    other = make_action(contract, title="Fiche d’une autre structure", pilot=make_organisation(contract))
    page = window(pilot, viewport={"width": 390, "height": 844})
    fiche = Fiche(page, contract).open(other.pk)
    expect(page.get_by_role("link", name="Donner des nouvelles")).to_have_count(0)

    News(page, contract).open(other.pk)

    fiche.expect_heading("Vous ne pouvez pas faire cela")
    expect(page.get_by_text("Votre structure ne pilote pas cette fiche")).to_be_visible()


def test_a_fiche_deleted_comes_back_whole(window, coordinator, contract, action, pilot_organisation):
    add_parts(action, [make_organisation(contract)], 1)
    page = window(coordinator)
    fiche, plan = Fiche(page, contract).open(action.pk), Plan(page, contract)

    fiche.menu("Supprimer la fiche")
    expect(page.get_by_text("Partent avec elle")).to_be_visible()
    fiche.press("Supprimer la fiche")
    plan.expect_heading("Plan d’actions")
    expect(plan.line(TITLE)).to_have_count(0)

    plan.follow("Annuler cette suppression")
    plan.press("Rétablir")
    plan.expect_said("Rétabli")
    plan.open()
    expect(plan.line(TITLE)).to_contain_text(pilot_organisation.name)
    plan.follow(TITLE)
    expect(fiche.news.first).to_contain_text("Point 0")
