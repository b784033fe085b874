"""A meeting in a browser, from the agenda that is proposed to the minutes that are validated; notes by keyboard."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from actions.enums import DecisionEffect, Status
from actions.services.agenda import add_to_agenda
from actions.services.decisions import Change, record_decision
from actions.services.news import record_follow_up
from cls_portal.core.dates import today
from cls_portal.core.versioning import stamp_of
from contracts.enums import Presence
from contracts.models import AgendaItem
from contracts.services import Guest, Seat, record_attendance, write_notes
from tests.browser.helpers import assert_page_is_sound, tab_to
from tests.browser.pages import DecisionForm, Fiche, Meeting, Session
from tests.factories import (
    make_action,
    make_axis,
    make_body,
    make_contact,
    make_decision,
    make_held_meeting,
    make_member,
    make_organisation,
)

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "Prévenir les addictions"


@pytest.fixture
def body(contract):
    body = make_body(contract, name="comité de pilotage")
    make_member(body)
    return body


@pytest.fixture
def fiche(contract, coordinator, body):
    fiche = make_action(contract, title=TITLE, code="1.7", axis=make_axis(contract))
    asked = {"asks_arbitration": True, "arbitration": "Attendre le recrutement\u202f?"}
    record_follow_up(action=fiche, user=coordinator, status=Status.IN_PROGRESS, on=today() - timedelta(30), **asked)
    return fiche


def test_a_meeting_from_its_agenda_to_its_validated_minutes(window, coordinator, reader, contract, fiche):
    page = window(coordinator)
    meeting, session = Meeting(page, contract), Session(page, contract)
    page.goto(f"{reverse('actions:meeting_create', args=[contract.slug])}?instance={contract.bodies.get().pk}")
    page.get_by_label("Date").fill(str(today()))
    page.get_by_label("Heure de début").fill("14:30")
    meeting.press("Prévoir la réunion")
    meeting.expect_said("La réunion est prévue")

    meeting.follow("Proposer l’ordre du jour")
    expect(page.get_by_role("checkbox", name=re.compile(TITLE))).to_be_checked()
    meeting.press("Mettre à l’ordre du jour")
    meeting.expect_said("est prêt")

    meeting.follow("Revenir à la réunion")
    meeting.follow("Prendre des notes")
    assert_page_is_sound(page)
    tab_to(page, "Notes : Arbitrages demandés")
    page.keyboard.type("Le recrutement prend du retard.")
    page.keyboard.press("Control+Enter")
    session.expect_saved("Arbitrages demandés")
    assert AgendaItem.objects.get().notes == "Le recrutement prend du retard."
    session.notes("Arbitrages demandés").press("End")
    page.keyboard.type(" Il aura lieu.")
    page.get_by_role("button", name="Noter une décision").click()

    decision = DecisionForm(page, contract)
    decision.expect_heading("Ajouter une décision")
    assert AgendaItem.objects.get().notes == "Le recrutement prend du retard. Il aura lieu."
    decision.decide("Reporter au 31 mars.", "reporter la fiche")
    page.get_by_role("checkbox", name=re.compile(TITLE)).check()
    page.get_by_label("Nouvelle échéance").fill("2030-03-31")
    assert_page_is_sound(page)
    page.get_by_label("Nouvelle échéance").press("Control+Enter")
    session.expect_heading("Notes de séance")
    session.expect_said("La décision est enregistrée.")

    read = Fiche(page, contract).open(fiche.pk)
    expect(read.fact("Statut")).to_contain_text("Reportée")
    expect(page.get_by_role("region", name="Décisions des comités")).to_contain_text("Reporter au 31 mars.")
    read.follow("Comité de pilotage n°")

    meeting.menu("La réunion a eu lieu")
    meeting.follow("Valider le compte rendu")
    meeting.press("Valider le compte rendu")
    other = window(reader)
    other.goto(page.url)
    expect(other.get_by_role("region", name="Relevé de décisions")).to_contain_text("Reporter au 31 mars.")


def test_notes_of_two_people_are_compared_when_one_chooses_to(window, coordinator, contract, body):
    held = make_held_meeting(body)
    item = add_to_agenda(meeting=held, user=coordinator, title="Avancement")
    page = window(coordinator)
    session = Session(page, contract).open(held.pk)
    write_notes(item=item, user=coordinator, read_stamp=stamp_of(item), notes="Les siennes.")

    session.notes("Avancement").fill("Les miennes.")
    page.keyboard.press("Tab")
    expect(page.get_by_role("alert")).to_contain_text("Une autre personne a écrit")
    assert session.notes("Avancement").input_value() == "Les miennes."
    session.press("Comparer les deux saisies")
    page.get_by_label("Garder ma saisie").check()
    session.press("Enregistrer mes choix")

    session.expect_heading("Notes de séance")
    item.refresh_from_db()
    assert item.notes == "Les miennes."


def conflict_in_notes(window, coordinator, contract, body):
    """The page of somebody whose point was written by somebody else meanwhile, and what it sends from then on."""
    held = make_held_meeting(body)
    item = add_to_agenda(meeting=held, user=coordinator, title="Avancement")
    page = window(coordinator)
    session = Session(page, contract).open(held.pk)
    write_notes(item=item, user=coordinator, read_stamp=stamp_of(item), notes="Les siennes.")
    session.notes("Avancement").fill("Les miennes.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Une autre personne a écrit")
    return page, session


@pytest.mark.parametrize("more", ["", " Et la suite."])
def test_the_first_click_compares_whatever_is_still_typed(window, coordinator, contract, body, more):
    page, session = conflict_in_notes(window, coordinator, contract, body)
    session.notes("Avancement").press("End")
    page.keyboard.type(more)

    session.press("Comparer les deux saisies")

    page.get_by_label("Garder ma saisie").check()
    session.press("Enregistrer mes choix")
    session.expect_heading("Notes de séance")
    assert AgendaItem.objects.get().notes == f"Les miennes.{more}"


def test_the_two_texts_are_compared_by_keyboard_too(window, coordinator, contract, body):
    page, _session = conflict_in_notes(window, coordinator, contract, body)
    page.keyboard.type(" Et la suite.")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Comparer les deux saisies")).to_be_focused()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("button", name="Comparer les deux saisies")).to_be_focused()

    page.keyboard.press("Enter")

    expect(page.get_by_label("Garder ma saisie")).to_be_visible()


def test_without_scripts_notes_and_a_decision_are_kept(window, coordinator, contract, body):
    held = make_held_meeting(body)
    for title in ("Avancement", "Calendrier"):
        add_to_agenda(meeting=held, user=coordinator, title=title)
    page = window(coordinator, java_script_enabled=False)
    session = Session(page, contract).open(held.pk)
    session.notes("Avancement").fill("Vu.")
    session.notes("Calendrier").fill("Le 17 décembre.")
    page.get_by_role("button", name="Noter une décision au point Calendrier").click()
    page.get_by_label("Décision", exact=False).first.fill("Se revoir le 17 décembre.")
    session.press("Enregistrer la décision")

    session.expect_heading("Notes de séance")
    assert [item.notes for item in held.agenda.all()] == ["Vu.", "Le 17 décembre."]
    expect(page.get_by_role("region", name="Décisions notées")).to_contain_text("Se revoir le 17 décembre.")


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_a_point_is_moved_several_times_by_keyboard(window, coordinator, contract, body, java_script_enabled):
    held = make_held_meeting(body)
    for title in ("Avancement", "Suites", "Calendrier"):
        add_to_agenda(meeting=held, user=coordinator, title=title)
    page = window(coordinator, java_script_enabled=java_script_enabled)
    page.goto(reverse("actions:agenda", args=[contract.slug, held.pk]))
    button = page.get_by_role("button", name="Monter Calendrier")
    button.focus()
    for _time in "12":
        page.keyboard.press("Enter")
        page.wait_for_url("**-haut")
        expect(button).to_be_focused()

    assert [item.title for item in held.agenda.all()] == ["Calendrier", "Avancement", "Suites"]


def test_choosing_an_organisation_leaves_its_contacts_alone_to_choose(window, coordinator, contract, body):
    mine, other = (make_contact(make_organisation(contract), last_name=name) for name in ("Lenoir", "Petit"))
    page = window(coordinator)
    page.goto(reverse("contracts:seat_create", args=[contract.slug, body.pk]))
    page.get_by_label("Depuis le").fill("2026-01-05")
    options = page.get_by_label("Représentée par").locator("option")
    expect(options.filter(has_text=str(other))).to_have_count(1)

    page.get_by_label("Structure").first.select_option(label=str(mine.organisation))

    expect(options.filter(has_text=str(other))).to_have_count(0)
    expect(options.filter(has_text=str(mine))).to_have_count(1)
    expect(page.get_by_label("Depuis le")).to_have_value("2026-01-05")


PAGES = ["meeting", "agenda", "agenda_proposal", "agenda_item_create", "session", "attendance", "decision_create"]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_a_full_meeting_is_sound(window, coordinator, contract, fiche, name):
    body = fiche.contract.bodies.get()
    held = make_held_meeting(body, minutes="- Approuvé.")
    earlier = make_held_meeting(body, starts_at=held.starts_at - timedelta(200))
    followed = make_decision(earlier, due_on=today() - timedelta(9), owner_detail="La présidence")
    seen = make_action(contract, code="2.1")
    item = add_to_agenda(
        meeting=held, user=coordinator, title="Suites", duration=10, fiches=[seen], decisions=[followed]
    )
    write_notes(item=item, user=coordinator, read_stamp=stamp_of(item), notes="Vu.")
    make_decision(earlier)
    change = Change(seen, DecisionEffect.SUSPEND)
    record_decision(meeting=held, user=coordinator, kind="arbitrage", text="Attendre.", changes=[change])
    seats = [Seat(body.members.get(), Presence.REPRESENTED, represented_by="Alex Roy")]
    guests = [Guest(Presence.PRESENT, "Andrea Blin", "Mission locale")]
    record_attendance(meeting=held, user=coordinator, seats=seats, guests=guests, read_stamp=0)
    page = window(coordinator)

    page.goto(reverse(f"actions:{name}", args=[contract.slug, held.pk]))
    page.evaluate("document.querySelectorAll('main details:not(.menu)').forEach((each) => { each.open = true; })")

    assert_page_is_sound(page)
