"""A meeting of a contract that has fiches, decisions, indicators and money; and who reads what."""

from datetime import UTC, date, datetime

import pytest

from actions.models import AgendaFiche, DecisionFiche
from contracts.enums import BodyRole, DecisionState, MeetingState
from tests.factories import (
    make_agenda_item,
    make_axis,
    make_body,
    make_contract,
    make_decision,
    make_held_meeting,
    make_meeting,
    make_member,
    make_membership,
)
from tests.factories.full_action import make_full_action


@pytest.fixture
def contract(db):
    return make_contract(title="Pays d’essai 2024-2028")


@pytest.fixture
def coordinator(contract):
    return make_membership("coordinator", contract=contract).user


@pytest.fixture
def reader(contract):
    return make_membership("reader", contract=contract).user


@pytest.fixture
def body(contract):
    body = make_body(contract, name="comité de pilotage")
    make_member(body, role=BodyRole.CHAIR)
    make_member(body)
    return body


@pytest.fixture
def fiche(contract):
    return make_full_action(contract, axis=make_axis(contract, title="Prévention"), code="1.7", title="Addictions")


@pytest.fixture
def previous(body, fiche):
    """The eighth one, its minutes validated; one decision applied, one open and late."""
    moment = datetime(2025, 12, 11, 13, 30, tzinfo=UTC)
    meeting = make_held_meeting(body, number=8, starts_at=moment, state=MeetingState.VALIDATED)
    make_decision(meeting, text="Approuver le bilan.", state=DecisionState.DONE, settled_on=date(2026, 1, 10))
    late = make_decision(meeting, text="Trouver un relais.", due_on=date(2026, 1, 31))
    DecisionFiche.objects.create(decision=late, action=fiche)
    return meeting


@pytest.fixture
def meeting(body, previous, fiche):
    """The ninth one, at half past two, planned."""
    meeting = make_meeting(body, number=9, starts_at=datetime(2026, 12, 10, 13, 30, tzinfo=UTC))
    make_agenda_item(meeting, title="Suites du comité", duration=15, position=1)
    item = make_agenda_item(meeting, title="Arbitrages", duration=30, position=2, presenter="Pilotes")
    make_agenda_item(meeting, title="Calendrier", position=3)
    AgendaFiche.objects.create(item=item, action=fiche)
    return meeting
