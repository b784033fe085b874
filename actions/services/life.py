"""The passages of a contract from one stage to another: dated, signed, and undone when they were a mistake."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from actions.enums import DraftingState, Occasion
from actions.life.stages import NEXT, state_before
from actions.models import Action, PlanVersion
from actions.services.versions import freeze
from cls_portal.core.dates import today
from cls_portal.core.french import long_date
from cls_portal.core.history import bulk_update_as
from cls_portal.core.versioning import StaleVersionError
from contracts.enums import ContractState
from contracts.models import Amendment, Contract, Signatory
from contracts.models.contract import FLAGS
from contracts.services import lock, update_amendment, update_contract, update_signatory

TO_COME = "Cette date est à venir\u00a0: un passage se note une fois qu’il a eu lieu."


@transaction.atomic
def pass_to(
    *, contract: Contract, state: ContractState, day: date, user, read_version: int, note: str = "", **facts: Any
) -> Contract:
    """From a stage to one that may follow it; `facts` are set in the same gesture.

    Raises ValidationError for a passage without sense, StaleVersionError when the contract was saved since.
    """
    contract = claim(contract, read_version)
    if state not in NEXT.get(contract.state, ()):
        raise ValidationError(
            f"Ce contrat est «\u202f{contract.get_state_display()}\u202f»\u00a0: ce passage n’a plus lieu."
        )
    check_day(contract, state, day)
    if state == ContractState.RENEWED:
        facts["in_renewal"] = False
    facts["state"] = contract.state_in_force if state == ContractState.IN_FORCE else state
    return update_contract(
        contract=contract, read_version=read_version, user=user, reason=note, state_since=day, **facts
    )


def claim(contract: Contract, read_version: int) -> Contract:
    """Held until the end of the transaction, if it still is as it was read."""
    contract = lock(contract)
    if contract.version != read_version:
        raise StaleVersionError
    return contract


def check_day(contract: Contract, state: ContractState, day: date) -> None:
    if day > today():
        raise ValidationError({"day": TO_COME})
    if state == ContractState.EXPIRED and contract.end and day <= contract.end:
        sentence = (
            f"Le contrat court jusqu’au {long_date(contract.end)}\u00a0: il est échu le lendemain. "
            "S’il s’arrête avant, il est clos."
        )
        raise ValidationError({"day": sentence})


@transaction.atomic
def sign_contract(
    *,
    contract: Contract,
    day: date,
    start: date,
    end: date,
    user,
    read_version: int,
    all_signed: bool = False,
    note: str = "",
) -> PlanVersion:
    """The contract enters into force, and its plan is frozen as signed: the validated fiches become its annex.

    `all_signed` dates the signature of those whose own date is not known.
    """
    contract = pass_to(
        contract=contract,
        state=ContractState.IN_FORCE,
        day=day,
        user=user,
        read_version=read_version,
        note=note,
        signed_on=day,
        start_date=start,
        end_date=end,
    )
    if all_signed:
        for signatory in Signatory.objects.filter(contract=contract, signed_on=None, amendment=None):
            update_signatory(signatory=signatory, user=user, signed_on=day)
    annex_validated(contract, user)
    return freeze(contract=contract, user=user, occasion=Occasion.SIGNATURE)


def annex_validated(contract: Contract, user) -> None:
    bring_fiches(contract, DraftingState.VALIDATED, DraftingState.ANNEXED, user)


def bring_fiches(contract: Contract, before: DraftingState, after: DraftingState, user) -> None:
    fiches = list(Action.objects.select_for_update(of=("self",)).filter(contract=contract, drafting_state=before))
    for fiche in fiches:
        fiche.drafting_state = after
        fiche.version += 1
    bulk_update_as(fiches, ["drafting_state", "version"], user=user, reason=f"Rédaction\u00a0: {after.label}")


@transaction.atomic
def freeze_signed_plan(*, contract: Contract, user) -> PlanVersion:
    """For a contract that was signed before the portal knew it: what is frozen is the plan of today."""
    contract = lock(contract)
    if refusal := refusal_to_freeze(contract):
        raise ValidationError(refusal)
    return freeze(contract=contract, user=user, occasion=Occasion.SIGNATURE)


def refusal_to_freeze(contract: Contract) -> str:
    if contract.is_before_signature:
        return "Ce contrat n’est pas encore signé\u00a0: sa signature figera le plan."
    if PlanVersion.objects.filter(contract=contract, occasion=Occasion.SIGNATURE).exists():
        return "Le plan signé de ce contrat est déjà figé."
    return ""


@transaction.atomic
def sign_amendment(*, amendment: Amendment, day: date, user) -> PlanVersion:
    """The avenant takes effect, and the plan is frozen as it makes it."""
    lock(amendment.contract)
    if day > today():
        raise ValidationError({"signed_on": TO_COME})
    if amendment.signed_on != day:
        amendment = update_amendment(amendment=amendment, user=user, signed_on=day)
    annex_validated(amendment.contract, user)
    return freeze(contract=amendment.contract, user=user, occasion=Occasion.AMENDMENT, amendment=amendment)


@transaction.atomic
def go_back(*, contract: Contract, user, read_version: int, reason: str) -> Contract:
    """To the stage before, since the day when the contract reached it. A frozen plan stays frozen."""
    contract = claim(contract, read_version)
    before = state_before(contract)
    if before is None:
        raise ValidationError("Ce contrat n’a pas d’étape précédente à laquelle revenir.")
    facts: dict[str, Any] = {"state": before, "state_since": last_since(contract, before)}
    if before == ContractState.TO_SIGN:
        unsign(contract, user)
        facts["signed_on"] = None
    return update_contract(contract=contract, read_version=read_version, user=user, reason=reason, **facts)


def unsign(contract: Contract, user) -> None:
    if contract.amendments.exists():
        raise ValidationError("Ce contrat a un avenant\u00a0: sa signature ne se défait plus.")
    bring_fiches(contract, DraftingState.ANNEXED, DraftingState.VALIDATED, user)


def last_since(contract: Contract, state: ContractState) -> date | None:
    rows = contract.history.filter(state=state).order_by("-history_date", "-history_id")
    return rows.values_list("state_since", flat=True).first()


@transaction.atomic
def set_flag(*, contract: Contract, flag: str, is_on: bool, user, read_version: int) -> Contract:
    """Evaluation and renewal go on beside the stages."""
    if flag not in FLAGS:
        raise ValidationError("Ce repère n’existe pas.")
    contract = claim(contract, read_version)
    return update_contract(contract=contract, read_version=read_version, user=user, **{flag: is_on})
