"""The decisions of a meeting: written down, then followed until they are applied or dropped."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from cls_portal.accounts.models import User
from cls_portal.core.dates import today
from cls_portal.core.deletion import delete_with_way_back
from cls_portal.core.history import save_as, sign
from cls_portal.core.models import Deletion
from cls_portal.core.versioning import save_if_current
from contracts.enums import DecisionState
from contracts.models import Decision, Meeting
from contracts.services.contracts import set_fields, trash_of
from contracts.services.meetings import lock_open_meeting


@transaction.atomic
def create_decision(*, meeting: Meeting, user: User | None, text: str, **fields: Any) -> Decision:
    """The next one of the meeting."""
    meeting = lock_open_meeting(meeting)
    last = meeting.decisions.order_by("-number").values_list("number", flat=True).first()
    decision = Decision(meeting=meeting, text=text, **{"number": (last or 0) + 1} | fields)
    return save_as(decision, user=user, reason="Création")


@transaction.atomic
def update_decision(*, decision: Decision, read_version: int, user: User | None, **changes: Any) -> Decision:
    """What was decided. StaleVersionError when someone saved it since `read_version`."""
    lock_open_meeting(decision.meeting)
    return _save(set_fields(decision, changes), read_version=read_version, user=user)


@transaction.atomic
def settle_decision(
    *,
    decision: Decision,
    read_version: int,
    user: User | None,
    state: str,
    outcome: str = "",
    settled_on: date | None = None,
) -> Decision:
    """What came of it, also long after the minutes were validated. Settled without a date: today."""
    if state == DecisionState.OPEN:
        settled_on = None
    elif settled_on is None:
        settled_on = today()
    if settled_on and not decision.meeting.day <= settled_on <= today():
        raise ValidationError({"settled_on": "Cette date suit la réunion, et n’est pas à venir."})
    if state == DecisionState.DROPPED and not outcome.strip():
        raise ValidationError({"outcome": "Dites pourquoi cette décision reste sans suite."})
    changes = {"state": state, "outcome": outcome, "settled_on": settled_on}
    return _save(set_fields(decision, changes), read_version=read_version, user=user)


def _save(decision: Decision, *, read_version: int, user: User | None) -> Decision:
    decision.full_clean()
    sign(decision, user=user)
    save_if_current(decision, read_version=read_version)
    return decision


def delete_decision(*, decision: Decision, user: User | None) -> Deletion:
    """The other decisions keep their numbers: people have them on paper."""
    with transaction.atomic():
        meeting = lock_open_meeting(decision.meeting)
        return delete_with_way_back(decision, user=user, root=trash_of(meeting.body.contract_id))
