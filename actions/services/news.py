"""News of a fiche: the only way in which its status and its progress ever change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from actions.enums import ACHIEVED_STATUSES, STATUSES_WITH_REASON, Status, StepState
from actions.models import Action, FollowUp, Indicator, Step
from actions.services.indicators import record_measurement
from cls_portal.core.dates import today
from cls_portal.core.history import save_as, sign
from cls_portal.core.versioning import StaleVersionError, save_if_current


@transaction.atomic
def record_follow_up(
    *,
    action: Action,
    user,
    status: str,
    progress: int | None = None,
    on: date | None = None,
    reason: str = "",
    new_date: date | None = None,
    successor: Action | None = None,
    brakes=(),
    read_version: int | None = None,
    as_found: bool = False,
    **texts: Any,
) -> FollowUp:
    """Add a point of follow-up, and bring the fiche to its status when no later point exists.

    A point dated before the last one completes the story and leaves the present status alone. An achieved fiche is at
    100 %. `as_found`: a workbook tells a postponement whose date may have passed since. Raises ValidationError, keyed
    by field: reason missing, new date missing or already past, date to come, successor missing; StaleVersionError when
    the fiche is no longer at `read_version`, if one is given.
    """
    action = Action.objects.select_for_update(of=("self",)).select_related("contract").get(pk=action.pk)
    if read_version not in (None, action.version):
        raise StaleVersionError
    on = on or today()
    if errors := refusals(action, status=status, on=on, reason=reason, new_date=new_date, as_found=as_found):
        raise ValidationError(errors)
    follow_up = FollowUp(
        action=action,
        date=on,
        author=user,
        author_name=str(user) if user else "",
        status=status,
        progress=progress_after(action, status, progress),
        reason=reason,
        new_date=new_date,
        **texts,
    )
    follow_up.full_clean()
    is_latest = not action.follow_ups.filter(date__gt=on).exists()
    follow_up.save()
    follow_up.brakes.set(brakes)
    if is_latest:
        bring_to(action, follow_up, successor=successor)
        action.version += 1
        save_as(action, user=user, reason=reason)
    return follow_up


def refusals(
    action: Action, *, status: str, on: date, reason: str, new_date: date | None, as_found: bool = False
) -> dict[str, str]:
    """Why this point cannot be recorded, all at once, keyed by field."""
    errors = {}
    if on > today():
        errors["date"] = "Un point de suivi raconte ce qui a eu lieu\u00a0: sa date ne peut pas être à venir."
    if status in STATUSES_WITH_REASON and not reason.strip():
        errors["reason"] = f"Dites pourquoi la fiche passe à «\u202f{Status(status).label}\u202f»."
    if status == Status.POSTPONED and not new_date:
        errors["new_date"] = "Donnez la nouvelle échéance de la fiche reportée."
    if new_date and not as_found and (refusal := refused_deadline(action, new_date, on)):
        errors["new_date"] = refusal
    return errors


def refused_deadline(action: Action, new_date: date, on: date) -> str:
    """Why a fiche cannot be postponed to this day by a point dated `on`; empty when it can."""
    if new_date < on:
        return f"Le {new_date:%d/%m/%Y} est déjà passé : une fiche se reporte à une date à venir."
    if action.start_date and new_date < action.start_date:
        return f"La fiche ne commence que le {action.start_date:%d/%m/%Y} : son échéance vient après."
    return ""


def progress_after(action: Action, status: str, progress: int | None) -> int:
    """An achieved fiche is at 100 %; without a figure, the progress stays what it was."""
    if status in ACHIEVED_STATUSES:
        return 100
    return action.progress if progress is None else progress


def bring_to(action: Action, follow_up: FollowUp, *, successor: Action | None = None) -> None:
    """Give the fiche the state that its last point tells; the caller saves it."""
    if action.status != follow_up.status:
        action.status_since = follow_up.date
    action.status = follow_up.status
    action.progress = follow_up.progress
    action.status_reason = follow_up.reason if follow_up.status in STATUSES_WITH_REASON else ""
    action.postponed_to = follow_up.new_date or action.postponed_to
    action.successor = (successor or action.successor) if follow_up.status == Status.REDIRECTED else None


@dataclass(frozen=True)
class Figure:
    """What was measured for one indicator: a figure or a text."""

    indicator: Indicator
    value: Decimal | None
    text: str = ""


@transaction.atomic
def give_news(
    *, action: Action, user, figures: Iterable[Figure] = (), steps_done: Iterable[Step] = (), **point: Any
) -> FollowUp:
    """A point of follow-up with the measurements of its date and the steps done; `point` as for record_follow_up."""
    follow_up = record_follow_up(action=action, user=user, **point)
    for figure in figures:
        record_measurement(
            indicator=figure.indicator, user=user, on=follow_up.date, value=figure.value, text=figure.text
        )
    close_steps(action=action, steps=steps_done, on=follow_up.date, user=user)
    return follow_up


@transaction.atomic
def close_steps(*, action: Action, steps: Iterable[Step], on: date, user) -> None:
    """Mark steps as done; they are part of the fiche, whose version moves on."""
    steps = list(steps)
    if not steps:
        return
    current = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
    sign(current, user=user)
    save_if_current(current, read_version=current.version)
    for step in steps:
        step.state, step.done_on = StepState.DONE, on
        save_as(step, user=user)
