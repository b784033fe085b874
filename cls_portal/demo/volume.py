"""Many contracts at once, for measuring: written in bulk, past the services, since no person ever reads them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import Any

from django.db import connection, models, transaction

from actions.enums import DraftingState, PilotRole, Status, TermUsage
from actions.models import Action, ActionPilot, ActionTerm, FollowUp, FundingLine, Indicator, Measurement, Step
from cls_portal.demo.content import read_fiches
from contracts.enums import ContractState, TermKind
from contracts.models import Axis, Contract, Department, Organisation, ReferenceTerm, Territory

NAME = "Territoire de mesure n°\u00a0"
AXES = ["Prévention", "Accès aux soins", "Autonomie", "Coordination"]
ORGANISATIONS = 12
# As common as in the demonstration; those that ask for a reason or a date have theirs.
STATUSES = [
    *[Status.IN_PROGRESS] * 9,
    *[Status.DONE] * 6,
    *[Status.IN_PREPARATION] * 2,
    *[Status.NOT_STARTED] * 2,
    Status.POSTPONED,
    Status.SUSPENDED,
]
REASON = "Motif de mesure"
BATCH = 2000


@dataclass(frozen=True)
class Volume:
    contracts: int
    fiches: int
    follow_ups: int

    @classmethod
    def times_the_demonstration(cls, number: int) -> "Volume":
        return cls(contracts=4 * number, fiches=110 * number, follow_ups=640 * number)


def load_volume(volume: Volume, last_day: date) -> None:
    """Add this many contracts, and as many fiches and points of follow-up shared out between them."""
    models_ = read_fiches("chartres", "axis-*.toml")
    terms = {kind: list(ReferenceTerm.objects.filter(contract=None, kind=kind).order_by("pk")) for kind in TermKind}
    departments = list(Department.objects.order_by("pk"))
    first = Territory.objects.filter(name__startswith=NAME).count()
    news = shares(volume.follow_ups, volume.fiches)
    for number, count in enumerate(shares(volume.fiches, volume.contracts), start=first):
        with transaction.atomic():
            contract = add_contract(number, departments[number % len(departments)])
            actions = add_fiches(contract, models_, count)
            add_parts(actions, list(contract.territory.organisations.order_by("pk")), terms)
            add_news(actions, news, last_day)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def shares(total: int, parts: int) -> Iterator[int]:
    """`total` cut into `parts` as even as they can be."""
    for number in range(parts):
        yield total * (number + 1) // parts - total * number // parts


def add_contract(number: int, department: Department) -> Contract:
    territory = Territory.objects.create(name=f"{NAME}{number + 1}", department=department)
    contract = Contract.objects.create(
        territory=territory,
        title=f"Contrat de mesure n°\u00a0{number + 1}",
        slug=f"contrat-de-mesure-{number + 1}",
        state=ContractState.IN_FORCE,
        signed_on=date(2022, 1, 10),
        start_date=date(2022, 1, 10),
        end_date=date(2026, 12, 31),
        presentation="**Données de démonstration.** Contrat inventé pour mesurer la vitesse du portail.",
    )
    Axis.objects.bulk_create(
        Axis(contract=contract, code=str(rank), title=title, color=rank, position=rank)
        for rank, title in enumerate(AXES, start=1)
    )
    Organisation.objects.bulk_create(
        Organisation(territory=territory, name=f"Structure {letter} (structure inventée)")
        for letter in "ABCDEFGHIJKL"[:ORGANISATIONS]
    )
    return contract


def add_fiches(contract: Contract, models_: list[dict[str, Any]], count: int) -> list[Action]:
    axes = list(contract.axes.all())
    return Action.objects.bulk_create(
        [new_fiche(contract, axes[rank * len(axes) // count], rank, models_) for rank in range(count)], BATCH
    )


def new_fiche(contract: Contract, axis: Axis, rank: int, models_: list[dict[str, Any]]) -> Action:
    model, status = models_[(rank + contract.pk) % len(models_)], STATUSES[(rank * 5 + contract.pk) % len(STATUSES)]
    return Action(
        contract=contract,
        axis=axis,
        position=rank + 1,
        code=f"{axis.code}.{rank + 1}",
        title=model["title"],
        drafting_state=DraftingState.ANNEXED,
        status=status,
        status_reason=REASON if status in {Status.POSTPONED, Status.SUSPENDED} else "",
        status_since=date(2024, 1, 15),
        postponed_to=date(2027, 6, 30) if status == Status.POSTPONED else None,
        progress=100 if status == Status.DONE else 25 * (rank % 4),
        start_date=date(2022, 1 + rank % 12, 1),
        end_date=date(2025 + rank % 3, 1 + rank % 12, 28),
        context=model["context"],
        general_objective=model.get("objective", ""),
        description=model.get("description", ""),
    )


def add_parts(actions: list[Action], organisations: list[Organisation], terms: dict[str, list]) -> None:
    create(ActionPilot, chain.from_iterable(pilots(action, organisations) for action in actions))
    create(
        ActionTerm,
        (
            ActionTerm(action=action, usage=usage, term=terms[kind][action.pk % len(terms[kind])])
            for action in actions
            for usage, kind in [(TermUsage.THEME, TermKind.THEME), (TermUsage.AUDIENCE, TermKind.AUDIENCE)]
        ),
    )
    create(Step, (Step(action=a, position=n, title=f"Étape {n}") for a in actions for n in (1, 2, 3)))
    create(
        FundingLine,
        (
            FundingLine(action=action, year=year, funder=organisations[action.pk % ORGANISATIONS], planned=8000)
            for action in actions
            for year in (2024, 2025)
        ),
    )
    add_figures(actions)


def pilots(action: Action, organisations: list[Organisation]) -> Iterator[ActionPilot]:
    yield ActionPilot(action=action, organisation=organisations[action.pk % ORGANISATIONS], role=PilotRole.PRINCIPAL)
    if action.pk % 3 == 0:
        other = organisations[(action.pk + 5) % ORGANISATIONS]
        yield ActionPilot(action=action, organisation=other, role=PilotRole.CO_PILOT, position=1)


def add_figures(actions: list[Action]) -> None:
    indicators = create(
        Indicator,
        (
            Indicator(action=action, position=n, title=f"Indicateur {n}", unit="personnes", baseline=0, target=100 * n)
            for action in actions
            for n in (1, 2)
        ),
    )
    create(
        Measurement,
        (
            Measurement(indicator=indicator, date=date(year, 12, 31), value=10 * (year - 2021))
            for indicator in indicators
            for year in (2022, 2023, 2024, 2025)
        ),
    )


def add_news(actions: list[Action], counts: Iterator[int], last_day: date) -> None:
    """Two points a year, counted back from a day of the last year; the last one is the present state of the fiche."""
    create(FollowUp, chain.from_iterable(points(action, next(counts), last_day) for action in actions))


def points(action: Action, count: int, last_day: date) -> Iterator[FollowUp]:
    for age in reversed(range(count)):
        status = action.status if age == 0 else Status.IN_PROGRESS
        yield FollowUp(
            action=action,
            date=last_day - timedelta(days=action.pk % 300 + 182 * age),
            author_name="Coordination de mesure",
            status=status,
            progress=action.progress if age == 0 else 25,
            reason=REASON if status in {Status.POSTPONED, Status.SUSPENDED} else "",
            new_date=action.postponed_to if age == 0 else None,
            headline="L’action avance au rythme prévu",
            done="La structure pilote a réuni ses partenaires et ajusté le calendrier.",
        )


def create(model: type[models.Model], rows: Iterable[models.Model]) -> list[models.Model]:
    return model._default_manager.bulk_create(rows, batch_size=BATCH)
