from datetime import date
from decimal import Decimal

from actions.enums import PartnerState, PilotRole, Status, StepState, TermUsage
from actions.models import (
    Action,
    ActionLink,
    ActionPartner,
    ActionPilot,
    ActionTerm,
    FollowUp,
    FundingLine,
    IndicatorTarget,
    Step,
)
from contracts.enums import TermKind
from tests.factories.actions import make_action, make_indicator, make_measurement
from tests.factories.contracts import make_axis, make_contact, make_organisation, make_term

TEXT = "Le diagnostic relève une entrée **précoce** dans les consommations.\n\nLes lycées ruraux sont peu couverts."


def make_full_action(contract, *, parts: int = 3, **fields) -> Action:
    """A fiche with every section filled in, and `parts` rows in each list."""
    pilots = [make_organisation(contract) for _ in range(parts)]
    texts = {
        "context": TEXT,
        "general_objective": "Retarder l’entrée dans les consommations.",
        "specific_objectives": "1. Former\n2. Orienter",
        "expected_results": "Quatorze établissements couverts.",
        "description": TEXT * 4,
        "human_means": "0,6 ETP de chargé de prévention.",
        "evaluation_method": "Questionnaire en fin de cycle.",
        "planned_levers": "Appui des infirmières scolaires.",
        "caution_points": "Transport des élèves.",
        "covers_whole_territory": True,
        "start_date": date(2024, 3, 15),
        "end_date": date(2025, 3, 31),
        "status": Status.IN_PROGRESS,
        "progress": 50,
        "axis": make_axis(contract),
        "elected_contact": make_contact(pilots[0]) if pilots else None,
        "full_time_equivalents": Decimal("0.6"),
    }
    action = make_action(contract, **texts | fields)
    add_parts(action, pilots, parts)
    return action


def add_parts(action: Action, organisations: list, number: int) -> None:
    for rank in range(number):
        organisation = organisations[rank]
        role = PilotRole.CO_PILOT if rank or action.pilots.exists() else PilotRole.PRINCIPAL
        pilot = ActionPilot.objects.create(action=action, organisation=organisation, role=role, position=rank)
        pilot.contacts.add(make_contact(organisation))
        ActionPartner.objects.create(action=action, organisation=organisation, state=PartnerState.AGREED)
        Step.objects.create(action=action, title=f"Étape {rank}", position=rank, state=StepState.TO_DO)
        scheme = make_term(TermKind.FUNDING_SCHEME)
        amounts = {"planned": Decimal("12000.10"), "granted": Decimal("0.20")}
        FundingLine.objects.create(action=action, year=2024 + rank % 4, funder=organisation, scheme=scheme, **amounts)
        for usage, kind in ((TermUsage.THEME, TermKind.THEME), (TermUsage.AUDIENCE, TermKind.AUDIENCE)):
            ActionTerm.objects.create(action=action, term=make_term(kind), usage=usage)
        indicator = make_indicator(action, target=Decimal(100), baseline=Decimal(4), position=rank)
        IndicatorTarget.objects.create(indicator=indicator, period_end=date(2027, 12, 31), value=Decimal(120))
        for year in (2023, 2024, 2025):
            make_measurement(indicator, date=date(year, 12, 31), value=Decimal(12 * (year - 2022)))
        point = FollowUp.objects.create(
            action=action,
            date=date(2025, 1, 1 + rank % 28),
            author_name="Alix Renaud",
            status=Status.IN_PROGRESS,
            progress=50,
            headline=f"Point {rank}",
            done=TEXT,
        )
        point.brakes.add(make_term(TermKind.BRAKE))
        ActionLink.objects.create(action=action, other=make_action(action.contract))
