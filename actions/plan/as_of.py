"""The plan as it was on the evening of a day: what the portal knew then, whatever was changed, deleted or told since.

One rule for all that goes back in time: what counts is what was recorded by the end of that day. A point of follow-up
dated in the past and told later belongs to the day when it was told: nobody knew of it before.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TypeVar

from django.core.serializers import deserialize
from django.db import models
from django.utils import timezone

from actions.enums import CLOSED_STATUSES, STARTED_STATUSES, DraftingState, PilotRole, TermUsage
from actions.models import Action, ActionPilot, ActionTerm, FollowUp, Indicator
from actions.models.querysets import CORE_ELEMENTS
from actions.plan.progress import PlanState, state_of
from cls_portal.core.dates import end_of, months_before
from cls_portal.core.history import last_records
from cls_portal.core.models import Deletion
from contracts.models import Amendment, Axis, Contract, Organisation
from contracts.services import trash_of

M = TypeVar("M", bound=models.Model)


def plan_state_on(contract: Contract, user, on: date) -> PlanState:
    """Each fiche also carries `led_by`, the names of its pilots, the principal first, and its `axis`."""
    before = end_of(on)
    then = contract_at(contract, before)
    axes = sorted(rows_at(Axis, before, contract=contract.pk), key=lambda axis: (axis.position, axis.pk))
    fiches = _fiches(contract, user, before)
    _place(fiches, {axis.pk: axis for axis in axes}, then)
    _tell_pilots(fiches, then, before)
    _tell_news(fiches, then, on)
    _tell_gaps(fiches, before)
    return state_of(then, on, sorted(fiches, key=plan_order), axes)


def rows_at(model: type[M], before: datetime, **scope) -> list[M]:
    """The objects of `scope` that existed at that instant, with the values of then; never to be saved."""
    return [record.instance for record in last_records(model, before, **scope) if record.history_type != "-"]


def contract_at(contract: Contract, before: datetime) -> Contract:
    """Its end is that of the avenants known then; a contract that the portal did not know yet is told as it is now."""
    then = next(iter(rows_at(Contract, before, id=contract.pk)), None)
    if then is None:
        return contract
    then.territory = contract.territory
    moved = [row for row in rows_at(Amendment, before, contract=contract.pk) if row.new_end_date and row.signed_on]
    last = max(moved, key=lambda row: (row.signed_on, row.pk), default=None)
    then.current_end = last.new_end_date if last else then.end_date
    return then


def in_scope(contract: Contract, user) -> dict:
    """The history knows no `visible_to`: a contract outside the person's scope has no fiche."""
    return {"contract__in": Contract.objects.visible_to(user).filter(pk=contract.pk)}


def _fiches(contract: Contract, user, before: datetime) -> list[Action]:
    known = rows_at(Action, before, **in_scope(contract, user))
    return [action for action in known if action.drafting_state != DraftingState.ARCHIVED]


def _place(fiches: Iterable[Action], axes: dict[int, Axis], contract: Contract) -> None:
    for action in fiches:
        action.contract, action.axis = contract, axes.get(action.axis_id)


def plan_order(action: Action) -> tuple:
    """As `in_plan_order` of the queryset."""
    axis = action.axis
    return (axis is None, (axis.position, axis.pk) if axis else (), action.position, action.pk)


def _tell_pilots(fiches: list[Action], contract: Contract, before: datetime) -> None:
    rows = rows_at(ActionPilot, before, action_id__in=[action.pk for action in fiches])
    names = {row.pk: row.label for row in rows_at(Organisation, before, territory=contract.territory_id)}
    led_by: dict[int, list[str]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.role != PilotRole.PRINCIPAL, row.position, row.pk)):
        led_by[row.action_id].append(names.get(row.organisation_id, ""))
    for action in fiches:
        action.led_by = led_by[action.pk]


@dataclass(slots=True)
class Point:
    """A point of follow-up, without its long texts."""

    pk: int
    action_id: int
    date: date
    recorded_at: datetime
    status: str
    progress: int
    reason: str
    new_date: date | None
    headline: str


COLUMNS = [each.name for each in fields(Point)]


def points_before(contract: Contract, before: datetime) -> list[Point]:
    """Those recorded by then, in that order; points go only with their fiche, whose deletion keeps them."""
    rows = FollowUp.objects.filter(action__contract=contract, recorded_at__lt=before)
    found = [Point(*row) for row in rows.order_by("pk").values_list(*COLUMNS)]
    gone = deleted_points(contract, before)
    found += [Point(**{name: getattr(point, name) for name in COLUMNS}) for point in gone]
    return sorted(found, key=lambda point: (point.recorded_at, point.pk))


def deleted_points(contract: Contract, before: datetime) -> list[FollowUp]:
    """Those recorded by then, with all their texts, of fiches deleted after that instant: still in the plan then."""
    if before > timezone.now():
        return []
    gone = Deletion.objects.filter(root=trash_of(contract.pk), model=Action._meta.label_lower, restored_at=None)
    contents = gone.filter(deleted_at__gte=before).order_by("pk").values_list("content", flat=True)
    label = FollowUp._meta.label_lower
    kept = [item for content in contents for item in content if item["model"] == label]
    rows = [item.object for item in deserialize("python", kept, ignorenonexistent=True)]
    return [point for point in rows if point.recorded_at < before]


def is_late_on(row, on: date, *, is_over: bool) -> bool:
    """As `with_lateness` of the queryset, for a row with `deadline` and `status`; `is_over`: the contract is."""
    is_past = row.deadline is not None and row.deadline < on
    return is_past and row.status not in CLOSED_STATUSES and not is_over


def _tell_news(fiches: Iterable[Action], contract: Contract, on: date) -> None:
    """As `with_alerts` of the queryset."""
    last_news: dict[int, date] = {}
    for point in points_before(contract, end_of(on)):
        last_news[point.action_id] = max(point.date, last_news.get(point.action_id, date.min))
    silent_since = months_before(on, contract.silent_after_months)
    for action in fiches:
        action.deadline = action.postponed_to or action.end_date
        action.is_late = is_late_on(action, on, is_over=contract.is_over)
        action.last_news = last_news.get(action.pk)
        action.news_since = action.last_news or action.start_date or contract.signed_on
        heard_of = action.news_since or date.min
        is_heard = heard_of >= silent_since or contract.is_over
        action.is_silent = action.status in STARTED_STATUSES and not is_heard


def _tell_gaps(fiches: list[Action], before: datetime) -> None:
    """As `with_gaps` of the queryset."""
    own = {"action_id__in": [action.pk for action in fiches]}
    terms = {(row.action_id, row.usage) for row in rows_at(ActionTerm, before, **own)}
    measured = {row.action_id for row in rows_at(Indicator, before, **own)}
    for action in fiches:
        action.no_axis = action.axis_id is None
        action.no_pilot = not action.led_by
        action.no_deadline = not (action.deadline or action.is_recurring)
        action.no_context = not action.context
        action.no_objective = not (action.general_objective or action.operational_objectives)
        action.no_description = not action.description
        action.no_audience = (action.pk, TermUsage.AUDIENCE) not in terms
        action.no_theme = (action.pk, TermUsage.THEME) not in terms
        action.no_indicator = action.pk not in measured
        action.no_rewriting = action.to_rewrite
        action.gap_count = sum(getattr(action, f"no_{key}") for key, _label, _section in CORE_ELEMENTS)
