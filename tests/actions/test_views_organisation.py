"""The screen of an organisation: all its parts in the contract, on one page."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from actions.enums import DraftingState, PilotRole
from actions.models import ActionPartner, ActionPilot, FundingLine, Step
from cls_portal.core.dates import today
from contracts.enums import BodyRole, DecisionState, MeetingState
from tests.factories import (
    make_action,
    make_axis,
    make_body,
    make_contact,
    make_contract,
    make_decision,
    make_held_meeting,
    make_member,
    make_membership,
    make_organisation,
    make_signatory,
    make_user,
)
from tests.people import signed_in
from tests.queries import assert_constant_queries


@pytest.fixture
def cpts(contract):
    return make_organisation(contract, name="CPTS de Pantin")


def address(contract, organisation) -> str:
    return reverse("actions:organisation", args=[contract.slug, organisation.pk])


def page(user, contract, organisation) -> str:
    return signed_in(user).get(address(contract, organisation)).content.decode()


def test_an_organisation_may_sign_sit_lead_take_part_pay_and_answer(contract, reader, cpts):
    chair = make_contact(cpts, first_name="Dominique", last_name="Aubert")
    make_signatory(contract, organisation=cpts, commitments="Ouvrir des créneaux", representative=chair)
    body = make_body(contract, name="comité de pilotage")
    make_member(body, organisation=cpts, role=BodyRole.CO_CHAIR, representative=chair, started_on=date(2025, 6, 3))
    make_member(make_body(contract, name="groupe santé mentale"), person=make_contact(cpts, last_name="Experte"))
    led, shared, helped = (make_action(contract, title=title) for title in ("Menée", "Partagée", "Aidée"))
    ActionPilot.objects.create(action=led, organisation=cpts)
    ActionPilot.objects.create(action=shared, organisation=cpts, role=PilotRole.CO_PILOT)
    ActionPartner.objects.create(action=helped, organisation=cpts, role="expert", state="pressenti")
    Step.objects.create(action=helped, organisation=cpts, title="Former les médecins")
    FundingLine.objects.create(action=led, year=2025, funder=cpts, granted=Decimal(12000), planned=Decimal(15000))
    FundingLine.objects.create(action=led, year=2026, funder=cpts, granted=Decimal(3000))
    meeting = make_held_meeting(body, state=MeetingState.VALIDATED)
    make_decision(meeting, owner=cpts, text="Présenter un plan", due_on=today() - timedelta(days=9))
    make_decision(meeting, owner=cpts, text="Déjà faite", state=DecisionState.DONE)

    html = page(reader, contract, cpts)

    for said in (
        *("Signataire, représentée par Dominique Aubert", "Ouvrir des créneaux"),
        *("Comité de pilotage", "Coprésidence, représentée par Dominique Aubert", "depuis le 3\u00a0juin 2025"),
        *("Groupe santé mentale", "Experte en son nom propre"),
        *("Menée", "Partagée", "copilote", "Aidée", "expert, pressenti", "Former les médecins"),
        *("15\u202f000\u00a0€", "obtenu", "Présenter un plan", "1 en retard"),
    ):
        assert said in html
    assert "Déjà faite" not in html
    plan = reverse("actions:plan", args=[contract.slug])
    assert f'<a href="{plan}?pilote={cpts.pk}">2</a>' in html


def test_an_organisation_without_any_part_says_so(contract, reader, cpts):
    html = page(reader, contract, cpts)

    for said in ("Non signataire", "ne siège dans aucune instance", "ne pilote aucune fiche", "Aucun contact"):
        assert said in html
    assert "finance" not in html


def test_nothing_shows_of_another_contract_nor_of_archived_fiches(contract, reader, cpts):
    previous = make_contract(territory=contract.territory, generation=7)
    make_action(previous, pilot=cpts, title="Du contrat précédent")
    make_member(make_body(previous, name="ancien comité"), organisation=cpts)
    make_action(contract, pilot=cpts, title="Archivée", drafting_state=DraftingState.ARCHIVED)

    html = page(reader, contract, cpts)

    for hidden in ("Du contrat précédent", "Ancien comité", "Archivée"):
        assert hidden not in html


def test_decisions_that_the_person_may_not_read_are_neither_shown_nor_counted(contract, reader, coordinator, cpts):
    make_decision(make_held_meeting(make_body(contract)), owner=cpts, text="Pas encore validée")

    assert "Pas encore validée" in page(coordinator, contract, cpts)
    html = page(reader, contract, cpts)
    assert "Pas encore validée" not in html
    assert "Décisions dont elle répond" not in html


def test_the_roles_are_shown_to_those_who_give_them(contract, reader, coordinator, cpts):
    make_membership("pilot", contract=contract, organisation=cpts, user=make_user(first_name="Hyacinthe"))

    assert "Hyacinthe" in page(coordinator, contract, cpts)
    html = page(reader, contract, cpts)
    assert "Hyacinthe" not in html
    assert "Personnes qui agissent" not in html


def test_former_mandates_come_last_and_are_not_counted(contract, reader, cpts):
    make_member(make_body(contract, name="comité dissous"), organisation=cpts, ended_on=date(2024, 1, 1))
    make_member(make_body(contract, name="comité actuel"), organisation=cpts)

    html = page(reader, contract, cpts)

    assert html.index("Comité actuel") < html.index("Comité dissous")
    assert '<a href="#instances">1</a>' in html


def test_the_screen_costs_the_same_whatever_the_organisation_does(contract, coordinator, cpts):
    def add(number: int) -> None:
        for _time in range(number):
            action = make_action(axis=make_axis(contract), pilot=cpts)
            FundingLine.objects.create(action=action, year=2025, funder=cpts, granted=1)
            ActionPartner.objects.create(action=make_action(axis=make_axis(contract)), organisation=cpts)
            body = make_body(contract)
            make_member(body, organisation=cpts, representative=make_contact(cpts))
            make_decision(make_held_meeting(body), owner=cpts)

    assert_constant_queries(signed_in(coordinator), address(contract, cpts), add, maximum=20)
