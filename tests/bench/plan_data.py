"""A contract as large as one wants, made in a few inserts: what the benchmarks of the plan read."""

from datetime import date, timedelta

from actions.enums import PartnerState, PilotRole, Status, TermUsage
from actions.models import Action, ActionPartner, ActionPilot, ActionTerm, FollowUp, FundingLine, Indicator
from cls_portal.core.dates import today
from contracts.models import Contract, Organisation, ReferenceTerm
from tests.factories import make_axis, make_contract

STATUSES = [*Status.values, Status.IN_PROGRESS, Status.IN_PROGRESS, Status.DONE]
VERBS = ["Développer", "Former", "Renforcer", "Prévenir", "Créer", "Accompagner", "Repérer", "Soutenir"]
THINGS = [
    "les compétences psychosociales des enfants de 3 à 11 ans",
    "les professionnels de l’enfance au repérage des troubles du neurodéveloppement",
    "le dépistage organisé des cancers dans les quartiers prioritaires",
    "la couverture vaccinale des jeunes et des publics éloignés du soin",
    "un conseil local de santé mentale",
]
TEXT = "Le diagnostic local de santé montre un recours aux soins plus faible qu’ailleurs. " * 12


def make_plan(count: int, *, follow_ups: int = 6, contract: Contract | None = None) -> Contract:
    """`count` fiches in four axes, each with its pilots, partners, terms, funding, indicator and news."""
    contract = contract or make_contract()
    axes = [make_axis(contract, title=title) for title in ("Prévention", "Accès aux soins", "Autonomie", "Animation")]
    organisations = Organisation.objects.bulk_create(
        Organisation(territory=contract.territory, name=f"Structure n° {n:02} du territoire") for n in range(30)
    )
    actions = Action.objects.bulk_create(new_action(contract, axes, n, count) for n in range(count))
    make_parts(actions, organisations, list(ReferenceTerm.objects.order_by("pk")[:40]))
    FollowUp.objects.bulk_create(
        news(action, n, rank) for n, action in enumerate(actions) for rank in range(follow_ups)
    )
    return contract


def new_action(contract: Contract, axes: list, n: int, count: int) -> Action:
    axis = axes[n * len(axes) // count]
    status = STATUSES[n % len(STATUSES)]
    return Action(
        contract=contract,
        axis=axis,
        position=n,
        code=f"{axis.code}.{n + 1}",
        title=f"{VERBS[n % len(VERBS)]} {THINGS[n % len(THINGS)]} ({n + 1})",
        status=status,
        status_reason="Crise sanitaire",
        postponed_to=date(2027, 6, 30) if status == Status.POSTPONED else None,
        progress=n % 5 * 25,
        start_date=date(2024, 1 + n % 12, 1),
        end_date=date(2026, 1 + n % 12, 28) if n % 17 else None,
        context=TEXT,
        description=TEXT * 2,
        general_objective=TEXT[:200] if n % 3 else "",
    )


def make_parts(actions: list[Action], organisations: list, terms: list) -> None:
    def of(n: int, shift: int):
        return organisations[(n + shift) % len(organisations)]

    ActionPilot.objects.bulk_create(
        ActionPilot(action=action, organisation=of(n, rank), role=role, position=rank)
        for n, action in enumerate(actions)
        for rank, role in enumerate([PilotRole.PRINCIPAL, *[PilotRole.CO_PILOT] * (n % 3)])
    )
    ActionPartner.objects.bulk_create(
        ActionPartner(action=action, organisation=of(n, 5 + rank), state=PartnerState.AGREED, position=rank)
        for n, action in enumerate(actions)
        for rank in range(3)
    )
    ActionTerm.objects.bulk_create(
        ActionTerm(action=action, term=terms[(n * 3 + rank) % len(terms)], usage=usage)
        for n, action in enumerate(actions)
        for rank, usage in enumerate([TermUsage.THEME, TermUsage.AUDIENCE, TermUsage.SETTING])
    )
    FundingLine.objects.bulk_create(
        FundingLine(action=action, year=2024, funder=of(n, 1), planned=1000) for n, action in enumerate(actions)
    )
    Indicator.objects.bulk_create(Indicator(action=action, title="Séances") for action in actions[::2])


def news(action: Action, n: int, rank: int) -> FollowUp:
    day = today() - timedelta(days=45 * rank + n % 300)
    return FollowUp(
        action=action, date=day, author_name="Alix", status=Status.IN_PROGRESS, progress=25, done="Trois séances."
    )
