"""The fiches of a contract, one generation after the other: kept, transformed or closed, one decision each."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from actions.enums import RenewalDecision
from actions.models import Action, RenewalChoice
from actions.models.renewal import NO_REASON
from actions.services.lifecycle import delete_action
from actions.services.renewal_copy import Wanted, copy_fiches
from cls_portal.core.history import bulk_create_as, sign
from contracts.models import Axis, Contract
from contracts.services import lock

REASON = "Reprise du contrat précédent"


@dataclass(frozen=True)
class Choice:
    former: Action
    decision: RenewalDecision
    axis: Axis | None = None
    code: str = ""
    reason: str = ""


@transaction.atomic
def decide_fiches(*, contract: Contract, user, choices: Iterable[Choice]) -> list[RenewalChoice]:
    """What is decided already is left as it is: the same page sent twice copies nothing twice.

    Raises ValidationError.
    """
    lock(contract)
    decided = set(settled(contract))
    new = [choice for choice in choices if choice.former.pk not in decided]
    rows = [
        RenewalChoice(
            contract=contract,
            former=choice.former,
            decision=choice.decision,
            reason=choice.reason,
            decided_by=user,
        )
        for choice in new
    ]
    for row in rows:
        row.clean()
        if row.decision == RenewalDecision.CLOSE and not row.reason:
            raise ValidationError(NO_REASON)
    copied = [(row, choice) for row, choice in zip(rows, new, strict=True) if row.decision != RenewalDecision.CLOSE]
    wanted = [
        Wanted(choice.former, choice.axis, choice.code, anew=choice.decision == RenewalDecision.TRANSFORM)
        for _row, choice in copied
    ]
    copies = copy_fiches(wanted, contract=contract, user=user, reason=REASON)
    for (row, _choice), copy in zip(copied, copies, strict=True):
        row.result = copy
    return bulk_create_as(rows, user=user, reason=REASON)


def settled(contract: Contract) -> Iterable[int]:
    """The earlier fiches decided here, and those that a fiche of `contract` carries on because somebody wrote so."""
    chosen = RenewalChoice.objects.filter(contract=contract).order_by().values_list("former_id", flat=True)
    by_hand = contract.actions.exclude(carried_from=None).order_by().values_list("carried_from_id", flat=True)
    return [*chosen, *by_hand]


@transaction.atomic
def undo_choice(*, choice: RenewalChoice, user) -> None:
    """Its copy goes too, with a way back. Raises ValidationError once somebody has worked on the copy."""
    lock(choice.contract)
    row = RenewalChoice.objects.with_undo().filter(pk=choice.pk).first()
    if row is None:
        raise ValidationError("Ce choix était déjà annulé.")
    if not row.can_undo:
        raise ValidationError("La nouvelle fiche a changé depuis\u00a0: modifiez-la, ou supprimez-la d’abord.")
    result = row.result
    sign(row, user=user, reason="Choix annulé")
    row.delete()
    if result:
        delete_action(action=result, user=user)
