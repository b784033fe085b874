"""The states that the walk of the access table does not meet: full, empty, refused, in conflict, under way."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from actions.enums import Status
from actions.fiche.sections import EDITABLE
from actions.models import Action, DecisionFiche
from cls_portal.core.models import MailState, OutgoingMail
from cls_portal.core.refusals import Mailing, token
from cls_portal.demo.diary import as_of
from contracts.enums import JobState
from contracts.models import Contract
from contracts.services.convocation import convene
from tests.access import OBJECTS, Scene
from tests.actions.past import Story, day
from tests.browser.helpers import browser_faults
from tests.browser.pages import Members, Plan, Section
from tests.factories import (
    make_body,
    make_coming_meeting,
    make_contact,
    make_decision,
    make_document_job,
    make_full_action,
    make_held_meeting,
    make_indicator,
    make_measurement,
    make_member,
    make_organisation,
)

pytestmark = pytest.mark.django_db(transaction=True)

LISTS = [
    "contract",
    "actions:plan",
    "actions:calendar",
    "actions:indicators",
    "actions:governance",
    "actions:decisions",
] + [
    f"contracts:{name}"
    for name in (
        *("settings", "signatories", "amendments", "axes", "perimeter", "organisations", "terms"),
        *("deletions", "journal", "documents", "members"),
    )
]
NARROWED = ["?plus=1", "?tri=-echeance", "?q=introuvable", "?du=jamais", "?statut=en_cours&manque=no_pilot"]
OF_A_FICHE = ["actions:detail", "actions:history", "actions:follow_up_create", "actions:status", "actions:delete"]
# Forms that refuse to be sent empty.
REFUSED = ["actions:create", "actions:import", "contracts:member_invite"] + [
    f"contracts:{name}"
    for name in (
        "edit",
        "signatory_create",
        "amendment_create",
        "axis_create",
        "document_create",
        "organisation_create",
    )
]
EMPTY_FIELDS = """() => {
    for (const field of document.querySelectorAll("main input, main textarea"))
        if (!["hidden", "radio", "checkbox", "file"].includes(field.type)) field.value = "";
}"""
OPEN_DETAILS = "document.querySelectorAll('main details:not(.menu)').forEach((each) => { each.open = true; })"


@dataclass
class Look:
    """Goes from page to page with one window, and keeps the faults of each."""

    page: Page
    contract: Contract

    def __post_init__(self):
        self.faults = []

    def at(self, name: str, *arguments, query: str = "") -> None:
        self.page.goto(reverse(name, args=[self.contract.slug, *arguments]) + query)
        self.here()

    def here(self) -> None:
        self.page.evaluate(OPEN_DETAILS)
        self.faults += browser_faults(self.page)

    def sent_empty(self, name: str, *arguments) -> None:
        self.page.goto(reverse(name, args=[self.contract.slug, *arguments]))
        self.page.evaluate(EMPTY_FIELDS)
        self.page.locator("main .form-end .btn--primary").click()
        expect(self.page.locator("#erreurs"), f"{name}, sent empty, says no error").to_be_visible()
        self.here()


@pytest.fixture
def look(window, coordinator, contract) -> Look:
    return Look(window(coordinator), contract)


@pytest.fixture
def full(contract, pilot_organisation) -> Action:
    """A contract with everything in it."""
    scene = Scene(contract, pilot_organisation)
    for name in OBJECTS:
        scene[name]
    return make_full_action(contract, parts=2, code="1.7", title="Prévenir les addictions")


def test_every_list_is_sound_when_it_is_empty(look):
    for name in LISTS:
        look.at(name)

    assert look.faults == []


def test_every_list_is_sound_when_it_is_full(look, full):
    for name in LISTS:
        look.at(name)
    for query in NARROWED:
        look.at("actions:plan", query=query)
    look.at("actions:calendar", query="?q=introuvable")

    assert look.faults == []


def test_what_moved_is_sound_when_everything_moved_and_when_the_period_is_refused(look, contract, coordinator):
    story = Story(contract, coordinator)
    moved, delayed, dropped, silent, gone = (story.create(1, f"Fiche {n}", end_date=day(50)) for n in range(5))
    story.news(2, silent, progress=25)
    story.news(20, moved, progress=50)
    story.news(20, delayed, Status.POSTPONED, new_date=day(90))
    story.news(20, dropped, Status.DROPPED)
    story.delete(21, gone)
    with as_of(day(22)):
        make_measurement(make_indicator(moved))
        meeting = make_held_meeting(make_body(contract))
        DecisionFiche.objects.create(decision=make_decision(meeting, due_on=day(30)), action=moved)

    look.at("actions:changes", query=f"?du={day(10)}&au={day(40)}")
    expect(look.page.locator("main section")).to_have_count(7)
    look.at("actions:changes", query="?du=2999-01-01")

    assert look.faults == []


def test_every_page_of_a_full_fiche_is_sound(look, full):
    for name in OF_A_FICHE:
        look.at(name, full.pk)

    assert look.faults == []


def test_every_section_of_a_full_fiche_is_sound_while_it_is_edited(look, full):
    for section in EDITABLE:
        look.at("actions:edit", full.pk, section.key)

    assert look.faults == []


def test_every_refused_form_is_sound(look, full):
    for name in REFUSED:
        look.sent_empty(name)
    look.sent_empty("actions:edit", full.pk, "identite")
    look.sent_empty("actions:follow_up_create", full.pk)

    assert look.faults == []


def test_the_line_of_the_plan_being_changed_is_sound(look, full):
    plan = Plan(look.page, look.contract).open()
    plan.status_link(full.title).click()
    expect(look.page.locator("tr.editing")).to_be_visible()

    look.here()

    assert look.faults == []


@pytest.mark.parametrize("deed", ["statut", "dates", "pilote", "axe"])
def test_the_change_of_many_fiches_is_sound(look, full, deed):
    look.at("actions:bulk", query=f"?geste={deed}&fiche={full.pk}")
    if deed == "statut":
        look.page.get_by_label("Nouveau statut").select_option("realisee")
        look.page.get_by_role("button", name="Voir ce qui change").click()
        expect(look.page.get_by_role("heading", level=1)).to_have_text("Ce qui change")
        look.here()

    assert look.faults == []


def test_the_comparison_of_two_entries_is_sound_for_a_fiche(look, full):
    section = Section(look.page, look.contract).open(full.pk, "identite")
    Action.objects.filter(pk=full.pk).update(title="L’intitulé de l’autre", version=F("version") + 1)
    section.fill(Intitulé="Mon intitulé")
    section.press("Enregistrer")
    section.difference("Intitulé").wait_for()

    look.here()

    assert look.faults == []


def test_the_comparison_of_two_entries_is_sound_for_the_contract(look):
    section = Section(look.page, look.contract)
    look.page.goto(reverse("contracts:edit", args=[look.contract.slug]))
    Contract.objects.update(title="Le titre de l’autre", version=F("version") + 1)
    section.fill(Intitulé="Mon titre")
    section.press("Enregistrer")
    section.difference("Intitulé").wait_for()

    look.here()

    assert look.faults == []


JOBS = [
    {"state": JobState.WAITING},
    {"state": JobState.RUNNING, "done": 3, "total": 12},
    {"state": JobState.FAILED, "message": "La production s’est interrompue."},
    {"state": JobState.DONE},
]


def test_a_document_being_made_is_sound_in_each_state(look):
    for fields in JOBS:
        look.at("contracts:document_job", make_document_job(look.contract, kind=fields["state"], **fields).public_id)
    look.at("contracts:documents")

    assert look.faults == []


def test_refusals_are_sound(look, coordinator):
    members = Members(look.page, look.contract).open()
    members.line(coordinator.email).get_by_role("link", name="Retirer").click()
    members.press("Retirer le rôle")
    expect(look.page.get_by_text("Le rôle n’est pas retiré")).to_be_visible()
    look.here()
    look.at("actions:detail", 10**9)

    assert look.faults == []


def test_what_a_reader_and_a_pilot_see_is_sound(window, reader, pilot, contract, full):
    faults = []
    for person in (reader, pilot):
        look = Look(window(person), contract)
        for name in ("contract", "actions:plan", "contracts:settings", "contracts:members"):
            look.at(name)
        look.at("actions:detail", full.pk)
        faults += look.faults

    assert faults == []


def test_a_person_without_contract_is_told_so(window, outsider):
    outsider.memberships.all().delete()
    page = window(outsider)
    page.goto(reverse("home"))

    expect(page.get_by_text("Aucun contrat ne vous est ouvert.")).to_be_visible()
    assert browser_faults(page) == []


def test_the_mails_of_a_meeting_are_sound_in_each_state(look):
    body = make_body(look.contract)
    for state in MailState.values:
        organisation = make_organisation(look.contract)
        make_member(body, organisation=organisation, representative=make_contact(organisation, email=f"{state}@a.fr"))
    make_member(body, representative=None)
    meeting = make_coming_meeting(body)
    convene(meeting=meeting, read_version=meeting.version, user=None)
    long_ago = timezone.now() - timedelta(days=2)
    for state in MailState.values:
        OutgoingMail.objects.filter(to=f"{state}@a.fr").update(state=state, tried_at=long_ago, problem="En panne.")

    look.at("contracts:convocation", meeting.pk)

    expect(look.page.get_by_text("Des courriels ne sont pas partis")).to_be_visible()
    assert look.faults == []


def test_an_address_given_to_a_calendar_and_a_mail_refused_are_sound(look):
    look.page.goto(reverse("contracts:agenda"))
    look.page.get_by_role("button", name="Créer mon adresse").click()
    expect(look.page.get_by_label("Adresse à donner à votre agenda")).to_be_visible()
    look.here()
    look.page.goto(reverse("mail_refusal", args=[token("a@exemple.fr", Mailing("contract:1", "Essai"))]))
    look.page.get_by_role("button", name="Ne plus les recevoir").click()
    expect(look.page.get_by_role("button", name="Les recevoir de nouveau")).to_be_visible()
    look.here()

    assert look.faults == []
