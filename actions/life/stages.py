"""The stages in their order, and which may follow which."""

from dataclasses import dataclass
from datetime import date

from cls_portal.core.dates import today
from contracts.enums import ContractState
from contracts.models import Contract

# « Prorogé » follows from an avenant; « renouvelé » and « clos » share the last place.
LINE = (
    ContractState.PREFIGURATION,
    ContractState.DRAFTING,
    ContractState.TO_SIGN,
    ContractState.IN_FORCE,
    ContractState.EXTENDED,
    ContractState.EXPIRED,
)
ENDS = (ContractState.RENEWED, ContractState.CLOSED)
RANKS = {state: rank for rank, state in enumerate(LINE)} | dict.fromkeys(ENDS, len(LINE))

AFTER_SIGNATURE = (ContractState.EXPIRED, *ENDS)
NEXT: dict[str, tuple[ContractState, ...]] = {
    ContractState.PREFIGURATION: (ContractState.DRAFTING,),
    ContractState.DRAFTING: (ContractState.TO_SIGN,),
    ContractState.TO_SIGN: (ContractState.IN_FORCE,),
    ContractState.IN_FORCE: AFTER_SIGNATURE,
    ContractState.EXTENDED: AFTER_SIGNATURE,
    ContractState.EXPIRED: ENDS,
}
# What the button and the page of a passage say.
DEEDS = {
    ContractState.DRAFTING: "Passer à l’élaboration",
    ContractState.TO_SIGN: "Passer à la signature",
    ContractState.IN_FORCE: "Signer le contrat",
    ContractState.EXPIRED: "Constater l’échéance",
    ContractState.RENEWED: "Dire le contrat renouvelé",
    ContractState.CLOSED: "Clore le contrat",
}


def next_states(contract: Contract) -> tuple[ContractState, ...]:
    return NEXT.get(contract.state, ())


def state_before(contract: Contract) -> ContractState | None:
    """The stage to which a passage made by mistake comes back; none from « prorogé », which its avenant decides."""
    if contract.state == ContractState.EXPIRED or (contract.state in ENDS and not has_ended(contract)):
        return contract.state_in_force
    if contract.state in ENDS:
        return ContractState.EXPIRED
    place = RANKS[contract.state]
    return LINE[place - 1] if 0 < place <= RANKS[ContractState.IN_FORCE] else None


def has_ended(contract: Contract) -> bool:
    return contract.end is not None and contract.end < today()


@dataclass(frozen=True)
class Stage:
    """A place of the line: « fait », « actuel », « à venir »."""

    label: str
    place: str
    since: date | None


def line_of(contract: Contract, reached: dict[str, date | None]) -> list[Stage]:
    """`reached`: since when each stage was, of those that the history knows."""
    here = RANKS[contract.state]
    shown = [state for state in LINE if state != ContractState.EXTENDED or state in {contract.state, *reached}]
    stages = [Stage(state.label, _place(RANKS[state], here), reached.get(state)) for state in shown]
    if contract.state in ENDS:
        return [*stages, Stage(contract.get_state_display(), "actuel", reached.get(contract.state))]
    return [*stages, Stage("Renouvelé ou clos", "à venir", None)]


def _place(rank: int, here: int) -> str:
    if rank == here:
        return "actuel"
    return "fait" if rank < here else "à venir"
