"""The life of a fiche in the plan: its drafting, its place, its archiving and its deletion."""

from django.core.exceptions import ValidationError
from django.db import transaction

from actions.enums import DraftingState
from actions.models import Action, AgendaFiche, DecisionFiche
from cls_portal.core.deletion import delete_with_way_back
from cls_portal.core.history import sign
from cls_portal.core.models import Deletion
from cls_portal.core.ordering import Direction, move
from cls_portal.core.versioning import save_if_current
from contracts.services import trash_of


@transaction.atomic
def set_drafting_state(*, action: Action, state: str, user) -> Action:
    """How far the writing has come; the coordination says it, in any order. Raises ValidationError."""
    if state not in DraftingState.values:
        raise ValidationError("Cet état de rédaction n’existe pas.")
    action = Action.objects.select_for_update(of=("self",)).select_related("contract").get(pk=action.pk)
    if action.drafting_state == state:
        return action
    action.drafting_state = state
    sign(action, user=user, reason=f"Rédaction\u00a0: {DraftingState(state).label}")
    save_if_current(action, read_version=action.version)
    return action


def archive_action(*, action: Action, user) -> Action:
    """An archived fiche stays readable and leaves the plan and its figures."""
    return set_drafting_state(action=action, state=DraftingState.ARCHIVED, user=user)


@transaction.atomic
def unarchive_action(*, action: Action, user) -> Action:
    """Back to the state that it had before."""
    before = (
        action.history.exclude(drafting_state=DraftingState.ARCHIVED)
        .order_by("-history_date", "-history_id")
        .values_list("drafting_state", flat=True)
        .first()
    )
    return set_drafting_state(action=action, state=before or DraftingState.DRAFT, user=user)


def move_action(*, action: Action, direction: Direction, user) -> bool:
    """One place up or down among the fiches of its axis; False at the end of the list."""
    siblings = Action.objects.filter(contract=action.contract_id, axis=action.axis_id).in_plan()
    return move(action, siblings=siblings, direction=direction, user=user)


@transaction.atomic
def delete_action(*, action: Action, user) -> Deletion:
    """With its steps, figures and news; the deletions of the contract put it back.

    Agendas and decisions, which others have read, keep its number and its title.
    """
    for model in (AgendaFiche, DecisionFiche):
        model.objects.filter(action=action).update(kept_code=action.code, kept_title=action.title)
    return delete_with_way_back(action, user=user, root=trash_of(action.contract_id))
