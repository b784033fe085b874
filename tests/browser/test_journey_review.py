"""The ARS reads what was submitted, with a keyboard and without a script; the coordination answers.

Every page of it is sound: the walk of the access table does not open those of the ARS.
"""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from actions.enums import Opinion
from actions.models import Review, ReviewComment
from actions.services.opinions import answer_opinion
from actions.services.remarks import answer_remark
from actions.services.review import give_opinion, submit
from tests.browser.helpers import browser_faults, tab_to
from tests.factories import (
    make_axis,
    make_colleague,
    make_full_action,
    make_given_review,
    make_opinion_request,
    make_part,
    make_remark,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def review(contract, coordinator) -> Review:
    """A second round: the first one asked to correct the context of a full fiche."""
    axis = make_axis(contract, title="Prévention")
    action = make_full_action(contract, parts=2, code="1.1", title="Prévenir les addictions", axis=axis)
    make_full_action(contract, parts=1, code="1.2", title="Former les aidants", axis=axis)
    make_given_review(contract, opinion=Opinion.REWORK)
    answer_remark(comment=ReviewComment.objects.get(), user=coordinator, answer="corrige", text="Chiffres ajoutés.")
    action.context = "Un constat chiffré : 14 %."
    action.save()
    return submit(contract=contract, user=coordinator, message="La version corrigée.")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_the_ars_reads_remarks_and_gives_its_avis(window, review, ars_referent, scripts):
    page = window(ars_referent, java_script_enabled=scripts)
    page.goto(review.get_absolute_url())
    page.get_by_role("button", name="Suivre cette demande").click()
    page.get_by_role("link", name="1.1 Prévenir les addictions").click()
    expect(page.get_by_text("Modifié depuis le dernier avis", exact=True)).to_be_visible()
    expect(page.get_by_text("Chiffres ajoutés.")).to_be_visible()

    page.get_by_role("group", name="Pilote désigné").get_by_label("non").check()
    page.get_by_role("button", name="Remarquer : Contexte et constats").click()
    form = page.get_by_role("form", name="Remarque sur Contexte et constats")
    form.get_by_label("Conseil").check()
    form.get_by_label("Remarque").fill("Citer la source.")
    form.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Citer la source.")).to_be_visible()
    page.get_by_role("button", name="Lever la remarque").click()
    expect(page.get_by_text("Levée par")).to_be_visible()
    expect(page.get_by_role("group", name="Pilote désigné").get_by_label("non")).to_be_checked()
    page.get_by_role("button", name="Lu, suivante").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Former les aidants")

    page.goto(review.get_absolute_url())
    page.get_by_role("link", name="Rendre l’avis").click()
    page.get_by_label("Favorable", exact=True).check()
    page.get_by_role("button", name="Rendre l’avis").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Avis de l’ARS\u00a0: favorable")
    assert ReviewComment.objects.get(text="Citer la source.").kind == "conseil"


def test_a_remark_is_written_with_the_keyboard_alone(window, review, ars_referent):
    page = window(ars_referent)
    page.goto(make_part(review).get_absolute_url())
    tab_to(page, "Remarquer : Contexte et constats")
    page.keyboard.press("Enter")
    box = page.get_by_role("textbox", name="Remarque")
    expect(box).to_be_focused()
    page.keyboard.type("Dater ce constat.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Dater ce constat.")).to_be_visible()
    expect(page.get_by_role("button", name="Remarquer : Contexte et constats")).to_be_focused()


def test_the_coordination_answers_beside_the_form(window, review, coordinator, ars_referent):
    make_remark(make_part(review), field="indicators", text="Quelle cible ?")
    give_opinion(review=review, user=ars_referent, opinion=Opinion.WITH_RESERVES, text="Deux points.")
    page = window(coordinator)
    fiche = make_part(review).fiche
    page.goto(reverse("actions:edit", args=[review.contract.slug, fiche, "indicateurs"]))
    expect(page.get_by_text("Quelle cible ?")).to_be_visible()
    page.get_by_role("link", name="Répondre sur Indicateurs").click()
    page.get_by_label("Pas retenu").check()
    page.get_by_role("button", name="Répondre", exact=True).click()
    expect(page.get_by_text("Dites pourquoi cette remarque n’est pas retenue.")).to_be_visible()
    page.get_by_label("Réponse", exact=True).fill("La cible est au contrat.")
    page.get_by_role("button", name="Répondre", exact=True).click()
    expect(page.get_by_text("La cible est au contrat.")).to_be_visible()


def test_every_page_of_the_review_is_sound(window, review, ars_referent, coordinator, contract):
    part = make_part(review)
    remark = make_remark(part, text="Quelle cible ?")
    asked = make_opinion_request(review, user=ars_referent, expert=make_colleague(contract, last_name="Vasseur"))
    names = {
        name: reverse(f"actions:{name}", args=[contract.slug, review.pk]) for name in ("review_decide", "opinion_ask")
    }
    reading = part.get_absolute_url()
    under_way = [
        reverse("actions:reviews", args=[contract.slug]),
        review.get_absolute_url(),
        reading,
        f"{reading}?champ=title",
        f"{reading}?champ=context&remarque={remark.pk}",
        review.parts.get(fiche=None).get_absolute_url(),
        asked.get_absolute_url(),
        *names.values(),
    ]
    faults = [fault for url in under_way for fault in faults_of(window(ars_referent), url)]
    faults += faults_of(window(asked.expert), asked.get_absolute_url())
    answer_opinion(request=asked, user=asked.expert, opinion="reserves", text="Oui, si.")
    faults += faults_of(window(ars_referent), names["review_decide"])
    give_opinion(review=review, user=ars_referent, opinion=Opinion.REWORK, text="À reprendre.", joined=[asked])
    given = [
        reverse("actions:reviews", args=[contract.slug]),
        reverse("actions:review_submit", args=[contract.slug]),
        review.get_absolute_url(),
        reading,
        f"{reading}?champ=context&reponse={remark.pk}",
        reverse("actions:detail", args=[contract.slug, part.fiche]),
        reverse("actions:edit", args=[contract.slug, part.fiche, "contexte"]),
        contract.get_absolute_url(),
    ]
    faults += [fault for url in given for fault in faults_of(window(coordinator), url)]
    assert faults == []


def faults_of(page, url: str) -> list[str]:
    page.goto(url)
    return browser_faults(page)
