"""What a meeting decides of fiches: written down, and done, in one gesture."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from actions.enums import DecisionEffect, DraftingState, Status
from actions.models import Action, DecisionFiche, FollowUp
from actions.services.lifecycle import set_drafting_state
from actions.services.news import record_follow_up
from cls_portal.core.dates import today
from cls_portal.core.history import save_as, sign
from contracts.enums import DecisionKind, DecisionState
from contracts.models import Decision, Meeting
from contracts.services import create_decision, lock_open_meeting, update_decision

STATUS_OF = {
    DecisionEffect.POSTPONE: Status.POSTPONED,
    DecisionEffect.SUSPEND: Status.SUSPENDED,
    DecisionEffect.DROP: Status.DROPPED,
}
REASON_LENGTH = 2000
TO_COME = (
    "La réunion n’a pas encore eu lieu\u00a0: préparez la décision sans rien changer aux fiches, elle pourra les "
    "changer à partir du jour de la réunion."
)


@dataclass(frozen=True)
class Change:
    """What a decision makes of one fiche."""

    action: Action
    effect: str = DecisionEffect.NONE
    new_date: date | None = None


@dataclass
class Outcome:
    """`dated_today`: fiches that have news later than the meeting, so that the change bears today's date."""

    decision: Decision
    dated_today: list[Action] = field(default_factory=list)


@transaction.atomic
def record_decision(
    *, meeting: Meeting, user, kind: str, text: str, changes: Iterable[Change] = (), **fields
) -> Outcome:
    """Raises ValidationError. What asks nothing more of anybody (an information, a change of fiches done at once,
    with neither owner nor date) is applied as soon as it is taken; the rest stays open."""
    changes = list(changes)
    decision = create_decision(meeting=meeting, user=user, kind=kind, text=text, **fields)
    outcome = _apply(decision, changes, user=user)
    if _is_done(decision, changes):
        decision.state, decision.settled_on = DecisionState.DONE, day_of(decision)
        save_as(decision, user=user)
    return outcome


def _is_done(decision: Decision, changes: list[Change]) -> bool:
    if decision.kind == DecisionKind.INFORMATION:
        return True
    is_done_by_itself = any(change.effect != DecisionEffect.NONE for change in changes)
    return is_done_by_itself and not (decision.owner_label or decision.due_on)


@transaction.atomic
def change_decision(
    *, decision: Decision, read_version: int, user, changes: Iterable[Change] = (), **fields
) -> Outcome:
    """What a decision has made of a fiche is not undone by rewriting it; the fiches that it only concerns may go, but
    those deleted since, which can only be read."""
    lock_open_meeting(decision.meeting)
    update_decision(decision=decision, read_version=read_version, user=user, **fields)
    wanted = {change.action.pk: change for change in changes}
    for link in decision.fiches.exclude(action=None):
        if link.effect != DecisionEffect.NONE:
            wanted.pop(link.action_id, None)
        elif link.action_id not in wanted:
            sign(link, user=user)
            link.delete()
        elif wanted[link.action_id].effect == DecisionEffect.NONE:
            del wanted[link.action_id]
    return _apply(decision, wanted.values(), user=user)


def _apply(decision: Decision, changes: Iterable[Change], *, user) -> Outcome:
    changes = list(changes)
    if decision.meeting.day > today() and any(change.effect != DecisionEffect.NONE for change in changes):
        raise ValidationError({"effect": TO_COME})
    outcome = Outcome(decision)
    concerned = {link.action_id: link for link in decision.fiches.all()}
    for change in changes:
        link = concerned.get(change.action.pk) or DecisionFiche(decision=decision, action=change.action)
        link.effect = change.effect
        if change.effect == DecisionEffect.VALIDATE:
            _validate(change.action, user=user)
        elif change.effect in STATUS_OF:
            link.follow_up = _follow_up(decision, change, outcome, user=user)
        save_as(link, user=user)
    return outcome


def _validate(action: Action, *, user) -> None:
    """An annexed fiche has been validated already: it does not go back."""
    action = Action.objects.get(pk=action.pk)
    if action.drafting_state == DraftingState.ARCHIVED:
        raise ValidationError(
            f"La fiche {name_of(action)} est archivée\u00a0: sortez-la des archives pour la valider."
        )
    if action.drafting_state != DraftingState.ANNEXED:
        set_drafting_state(action=action, state=DraftingState.VALIDATED, user=user)


def _follow_up(decision: Decision, change: Change, outcome: Outcome, *, user) -> FollowUp:
    """On the day of the meeting, unless the fiche has later news, which would otherwise hide the change."""
    on = decision.meeting.day
    if change.action.follow_ups.filter(date__gt=on).exists():
        on = today()
        outcome.dated_today.append(change.action)
    return record_follow_up(
        action=change.action,
        user=user,
        status=STATUS_OF[change.effect],
        on=on,
        reason=reason_of(decision),
        new_date=change.new_date if change.effect == DecisionEffect.POSTPONE else None,
    )


def day_of(decision: Decision) -> date:
    return min(decision.meeting.day, today())


def reason_of(decision: Decision) -> str:
    """Without the day of the meeting, which is corrected at times: the fiche leads to its decisions."""
    head = f"Décision {decision.reference} ({decision.meeting.body})\u00a0: "
    room = REASON_LENGTH - len(head)
    return head + (decision.text if len(decision.text) <= room else f"{decision.text[: room - 1]}…")


def name_of(action: Action) -> str:
    return action.code or f"«\u202f{action.title}\u202f»"
