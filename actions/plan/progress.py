"""The state of a plan in figures, computed once from its fiches: what the overview shows, on screen and in print."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from statistics import fmean

from django.db.models import Q

from actions.enums import ACHIEVED_STATUSES, DRAFTING_STATES, Status
from actions.models import Action, FollowUp
from actions.plan.reading import Line
from cls_portal.core.dates import months_before, today
from contracts.models import Axis, Contract


def counts_in_the_mean(row: Action | Line) -> bool:
    """A fiche that is still being written counts once it has begun: then it is under way, whatever its papers say."""
    return row.drafting_state not in DRAFTING_STATES or row.status != Status.NOT_STARTED


# The same, asked of the database.
COUNTS_IN_THE_MEAN = ~Q(drafting_state__in=DRAFTING_STATES) | ~Q(status=Status.NOT_STARTED)


def declared(row: Action | Line) -> int:
    """An abandoned fiche counts for 0, however far it had come."""
    return 0 if row.status == Status.DROPPED else row.progress


@dataclass
class Progress:
    """The fiches of one axis, or of the whole contract."""

    axis: Axis | None = None
    counts: Counter = field(default_factory=Counter)
    declared: list[int] = field(default_factory=list)
    late: int = 0

    def add(self, row: Action | Line) -> None:
        self.counts[row.status] += 1
        if counts_in_the_mean(row):
            self.declared.append(declared(row))
        self.late += row.is_late

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def mean(self) -> int | None:
        """Of the progress declared fiche by fiche; None while there is none that counts."""
        return round(fmean(self.declared)) if self.declared else None

    @property
    def achieved(self) -> int:
        return sum(self.counts[status] for status in ACHIEVED_STATUSES)

    @property
    def said(self) -> str:
        """The counts in words, for who does not see the chart."""
        return ", ".join(f"{count} {label.lower()}" for _code, label, count in self.by_status() if count)

    def by_status(self) -> list[tuple[str, str, int]]:
        return [(status.value, status.label, self.counts[status]) for status in Status]


@dataclass
class PlanState:
    """`fiches`: those of the plan, in its order."""

    contract: Contract
    on: date
    fiches: list[Action]
    whole: Progress
    axes: list[Progress]
    late: list[Action]
    silent: list[Action]
    incomplete: list[Action]
    without_pilot: int
    drafts: int

    @property
    def oldest_deadline(self) -> date | None:
        return min((row.deadline for row in self.late), default=None)

    @property
    def ends_soon(self) -> bool:
        """Twelve months are what a renewal takes at the least."""
        return self.months_left is not None and 0 <= self.months_left <= 12

    @property
    def months_left(self) -> int | None:
        """Whole months until the end in force; None without an end, negative once it is past."""
        end = self.contract.end
        if end is None:
            return None
        months = (end.year - self.on.year) * 12 + end.month - self.on.month
        return months if months_before(end, months) >= self.on else months - 1


def plan_state(contract: Contract, user, on: date | None = None) -> PlanState:
    """One query for the fiches, one for the axes: 150 fiches are read and counted in Python."""
    on = on or today()
    fiches = list(
        Action.objects.visible_to(user)
        .filter(contract=contract)
        .in_plan()
        .with_alerts(contract, on)
        .with_gaps()
        .defer("context", "description")
        .in_plan_order()
    )
    return state_of(contract, on, fiches, contract.axes.all())


def state_of(contract: Contract, on: date, fiches: list[Action], axes: Iterable[Axis]) -> PlanState:
    """From fiches that carry their alerts and their gaps."""
    whole, axes = _progress(axes, fiches)
    return PlanState(
        contract=contract,
        on=on,
        fiches=fiches,
        whole=whole,
        axes=axes,
        late=[row for row in fiches if row.is_late],
        silent=[row for row in fiches if row.is_silent],
        incomplete=[row for row in fiches if row.gap_count],
        without_pilot=sum(row.no_pilot for row in fiches),
        drafts=sum(row.drafting_state in DRAFTING_STATES for row in fiches),
    )


def _progress(axes: Iterable[Axis], fiches: Iterable[Action]) -> tuple[Progress, list[Progress]]:
    """An axis without fiche is shown; fiches without axis come last, and only when there are some."""
    whole = Progress()
    parts = {axis.pk: Progress(axis) for axis in axes} | {None: Progress()}
    for row in fiches:
        whole.add(row)
        parts[row.axis_id].add(row)
    if not parts[None].total:
        del parts[None]
    return whole, list(parts.values())


def latest_news(contract: Contract, user, limit: int = 8) -> list[FollowUp]:
    rows = FollowUp.objects.visible_to(user).filter(action__contract=contract)
    return list(rows.select_related("action__axis", "action__contract").order_by("-date", "-pk")[:limit])


def arbitrations_asked(contract: Contract, user) -> list[Action]:
    fiches = Action.objects.visible_to(user).filter(contract=contract).in_plan()
    return list(fiches.asking_for_arbitration().in_plan_order())


def figures_of(contracts: Iterable[Contract], on: date | None = None) -> dict[int, Progress]:
    """Figures of several contracts in one query, for the lists of contracts."""
    figures = {contract.pk: Progress() for contract in contracts}
    rows = Action.objects.filter(contract__in=figures).in_plan().with_lateness(on)
    for row in rows.only("contract_id", "drafting_state", "status", "progress"):
        figures[row.contract_id].add(row)
    return figures
