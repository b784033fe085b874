"""One change for many fiches: shown fiche by fiche before it is made, then made whole or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max

from actions.enums import CLOSED_STATUSES, DraftingState, PilotRole, Status
from actions.models import Action, FollowUp
from actions.services.fiches import set_pilots
from actions.services.news import bring_to, progress_after, refused_deadline
from actions.wording import period_bounds
from cls_portal.core.dates import months_before
from cls_portal.core.history import bulk_update_as
from contracts.models import Axis, Contract, Objective, Organisation


class StaleSelectionError(Exception):
    """Some of the fiches changed, or disappeared, since the change was shown. Nothing was written."""

    def __init__(self, ids: set[int]):
        super().__init__(ids)
        self.ids = ids


@dataclass(frozen=True)
class Outcome:
    """What the change makes of one fiche, or why it leaves it alone."""

    action: Action
    before: str
    after: str
    refusal: str = ""


def shown(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "aucune"


def deadline_field(action: Action) -> str:
    """The deadline that counts: the date of the last postponement, else the end of the calendar."""
    return "postponed_to" if action.postponed_to else "end_date"


def deadline(action: Action) -> date | None:
    return action.postponed_to or action.end_date


def later(day: date | None, months: int) -> date | None:
    return months_before(day, -months) if day else None


@dataclass(frozen=True)
class StatusChange:
    """Each fiche gets a point of follow-up dated `on`. `shift` moves each deadline by as many months."""

    status: str
    on: date
    reason: str = ""
    progress: int | None = None
    new_date: date | None = None
    shift: int | None = None

    fields = ("status", "status_since", "progress", "status_reason", "postponed_to", "successor")

    def moved(self, action: Action) -> date | None:
        if self.status != Status.POSTPONED:
            return None
        return self.new_date or later(deadline(action), self.shift or 0)

    def progress_of(self, action: Action) -> int:
        return progress_after(action, self.status, self.progress)

    def before(self, action: Action) -> str:
        return f"{action.get_status_display()}, {action.progress}\u00a0%, échéance\u00a0: {shown(deadline(action))}"

    def after(self, action: Action) -> str:
        day = self.moved(action) or deadline(action)
        label = Status(self.status).label
        return f"{label}, {self.progress_of(action)}\u00a0%, échéance\u00a0: {shown(day)}"

    def refusal(self, action: Action) -> str:
        last = getattr(action, "last_point", None)
        if last and last > self.on:
            return f"Cette fiche a un point de suivi plus récent ({shown(last)}) que la date d’effet."
        if self.status in (Status.POSTPONED, Status.SUSPENDED) and action.status in CLOSED_STATUSES:
            return f"Cette fiche est close ({action.get_status_display()})\u00a0: rouvrez-la d’abord, si besoin."
        moved = self.moved(action)
        if self.status == Status.POSTPONED and not moved:
            return "Cette fiche n’a pas d’échéance à décaler\u00a0: donnez une date."
        if moved and (refusal := refused_deadline(action, moved, self.on)):
            return refusal
        return "" if self.before(action) != self.after(action) else "Rien ne change pour cette fiche."

    def write(self, actions: list[Action], user) -> None:
        points = FollowUp.objects.bulk_create(self.point(action, user) for action in actions)
        for action, point in zip(actions, points, strict=True):
            bring_to(action, point)

    def point(self, action: Action, user) -> FollowUp:
        point = FollowUp(
            action=action,
            date=self.on,
            author=user,
            author_name=str(user),
            status=self.status,
            progress=self.progress_of(action),
            reason=self.reason,
            new_date=self.moved(action),
        )
        point.clean_fields(exclude=["action", "author"])
        return point


@dataclass(frozen=True)
class DatesChange:
    """A start, a deadline, or as many months more for each deadline."""

    start: date | None = None
    end: date | None = None
    shift: int | None = None
    reason: str = ""

    fields = ("start_date", "start_precision", "end_date", "end_precision", "postponed_to")

    def dates(self, action: Action) -> tuple[date | None, date | None]:
        return self.start or action.start_date, self.end or self.moved(action)

    def moved(self, action: Action) -> date | None:
        """A deadline known to the month, the quarter or the year stays the last day of one."""
        moved = later(deadline(action), self.shift) if self.shift else deadline(action)
        if moved is None or action.postponed_to:
            return moved
        return period_bounds(moved, action.end_precision)[1]

    def before(self, action: Action) -> str:
        return f"début\u00a0: {shown(action.start_date)}, échéance\u00a0: {shown(deadline(action))}"

    def after(self, action: Action) -> str:
        start, end = self.dates(action)
        return f"début\u00a0: {shown(start)}, échéance\u00a0: {shown(end)}"

    def refusal(self, action: Action) -> str:
        start, end = self.dates(action)
        if self.shift and not deadline(action):
            return "Cette fiche n’a pas d’échéance à décaler."
        deadlines = [end, action.end_date if action.postponed_to else None]
        if start and any(day and day < start for day in deadlines):
            return "L’échéance précéderait le début."
        return "" if self.before(action) != self.after(action) else "Rien ne change pour cette fiche."

    def write(self, actions: list[Action], user) -> None:
        for action in actions:
            start, end = self.dates(action)
            if self.start:
                action.start_date, action.start_precision = start, "jour"
            if self.end or self.shift:
                setattr(action, deadline_field(action), end)
            if self.end:
                action.end_precision = "jour"


@dataclass(frozen=True)
class PilotChange:
    """Another organisation leads; the co-pilots stay, the former pilot leaves."""

    organisation: Organisation
    reason: str = ""

    fields = ()

    def pilots(self, action: Action, role: str) -> list[Organisation]:
        return [pilot.organisation for pilot in action.pilots.all() if pilot.role == role]

    def before(self, action: Action) -> str:
        return ", ".join(map(str, self.pilots(action, PilotRole.PRINCIPAL))) or "aucun pilote"

    def after(self, action: Action) -> str:
        return str(self.organisation)

    def refusal(self, action: Action) -> str:
        return "" if self.before(action) != self.after(action) else "Rien ne change pour cette fiche."

    def write(self, actions: list[Action], user) -> None:
        for action in actions:
            others = self.pilots(action, PilotRole.CO_PILOT)
            set_pilots(action=action, user=user, principal=self.organisation, co_pilots=others)


@dataclass(frozen=True)
class AxisChange:
    axis: Axis | None
    objective: Objective | None = None
    reason: str = ""

    fields = ("axis", "objective")

    def before(self, action: Action) -> str:
        return self.place(action.axis, action.objective)

    def after(self, action: Action) -> str:
        return self.place(self.axis, self.objective)

    @staticmethod
    def place(axis: Axis | None, objective: Objective | None) -> str:
        return ", ".join(str(level) for level in (axis, objective) if level) or "sans axe"

    def refusal(self, action: Action) -> str:
        same = (action.axis, action.objective) == (self.axis, self.objective)
        return "Rien ne change pour cette fiche." if same else ""

    def write(self, actions: list[Action], user) -> None:
        for action in actions:
            action.axis, action.objective = self.axis, self.objective


@dataclass(frozen=True)
class DraftingChange:
    """How far the writing has come: a plan taken up from a workbook is often annexed to the contract already."""

    state: str
    reason: str = ""

    fields = ("drafting_state",)

    def before(self, action: Action) -> str:
        return action.get_drafting_state_display()

    def after(self, action: Action) -> str:
        return DraftingState(self.state).label

    def refusal(self, action: Action) -> str:
        return "" if action.drafting_state != self.state else "Rien ne change pour cette fiche."

    def write(self, actions: list[Action], user) -> None:
        for action in actions:
            action.drafting_state = self.state


Change = StatusChange | DatesChange | PilotChange | AxisChange | DraftingChange


def selection(contract: Contract, user, ids: Iterable[int]):
    """The chosen fiches in the order of the plan, with all that a change reads."""
    actions = Action.objects.visible_to(user).filter(contract=contract, pk__in=list(ids))
    actions = actions.select_related("axis", "objective").prefetch_related("pilots__organisation")
    return actions.in_plan_order()


def preview(actions: Iterable[Action], change: Change) -> list[Outcome]:
    actions = list(actions)
    with_last_point(actions)
    return [Outcome(each, change.before(each), change.after(each), change.refusal(each)) for each in actions]


def with_last_point(actions: list[Action]) -> None:
    rows = FollowUp.objects.filter(action__in=actions).order_by().values_list("action").annotate(last=Max("date"))
    last = dict(rows)
    for action in actions:
        action.last_point = last.get(action.pk)


@transaction.atomic
def apply_change(*, contract: Contract, user, change: Change, versions: dict[int, int]) -> int:
    """Make the change on these fiches, if all still are at these versions; else raises StaleSelectionError.

    Each is signed by the person and by the reason they share.
    """
    actions = list(selection(contract, user, versions).select_for_update(of=("self",)))
    current = {action.pk: action.version for action in actions}
    changed = {pk for pk, version in versions.items() if current.get(pk) != version}
    changed |= {outcome.action.pk for outcome in preview(actions, change) if outcome.refusal}
    if changed:
        raise StaleSelectionError(changed)
    change.write(actions, user)
    for action in actions:
        action.version += 1
    return bulk_update_as(actions, [*change.fields, "version"], user=user, reason=change.reason)
