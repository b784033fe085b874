"""A fiche that has everything, the workbook exported of it, a meeting, and a contract told day after day."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from actions.enums import Direction, IndicatorKind, StepState
from actions.models import FundingLine, Step
from actions.plan.changes import changes_between
from contracts.enums import TermKind
from tests.actions.meeting_pages import LAST_JUNE
from tests.actions.past import Story, day
from tests.actions.workbooks import exported
from tests.factories import (
    make_action,
    make_body,
    make_held_meeting,
    make_indicator,
    make_measurement,
    make_organisation,
    make_term,
)


@pytest.fixture
def full_fiche(contract):
    """A fiche with two of everything, among which what looks like a formula and two lines that are alike."""
    action = make_action(contract, code="1.1", title="Former les aidants")
    funder = make_organisation(contract, name="ARS / DT 28, service prévention")
    scheme = make_term(TermKind.FUNDING_SCHEME, label="FIR ; prévention")
    Step.objects.create(action=action, title="=Recruter", organisation=funder, start_date=date(2025, 1, 1), position=1)
    Step.objects.create(action=action, title="Réunir", state=StepState.DONE, done_on=date(2025, 3, 1), position=2)
    Step.objects.create(action=action, title="Réunir", position=3)
    FundingLine.objects.create(action=action, year=2025, funder=funder, scheme=scheme, planned=Decimal("1234.50"))
    FundingLine.objects.create(action=action, year=2025, granted=0)
    FundingLine.objects.create(action=action, year=2025, granted=0)
    counted = make_indicator(action, title="Séances", target=Decimal("0.1234"), direction=Direction.DOWN)
    make_indicator(action, title="Ressenti", kind=IndicatorKind.IMPACT, target_text="en hausse ; net", unit="")
    make_measurement(counted, date=date(2024, 12, 31), value=Decimal("12.5"), comment="'deux\nlignes ")
    make_measurement(counted, date=date(2025, 6, 30), value=None, text="+ 3 %")
    make_action(contract, code="1.2", title="Sans rien d’autre")
    return action


@pytest.fixture
def full_book(contract, full_fiche):
    return openpyxl.load_workbook(io.BytesIO(exported(contract, "xlsx")))


@pytest.fixture
def story(contract, coordinator):
    return Story(contract, coordinator)


@pytest.fixture
def between(contract, coordinator):
    """What moved between two evenings, given by their rank."""
    return lambda start, end, user=coordinator: changes_between(contract, user, day(start), day(end))


@pytest.fixture
def meeting(contract):
    """The eighth of the comité de pilotage, held on 12 June 2025 at half past two."""
    return make_held_meeting(make_body(contract, name="comité de pilotage"), number=8, starts_at=LAST_JUNE)
