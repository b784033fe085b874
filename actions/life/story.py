"""The passages that the history of a contract tells, each with its day, its author and what was said of it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from actions.life.stages import RANKS
from contracts.enums import ContractState
from contracts.models import Contract
from contracts.models.contract import FLAGS

READ = ("state", "state_since", *FLAGS, "history_date", "history_change_reason", "history_user")
FLAG_WORDS = {
    ("in_evaluation", True): "Évaluation engagée",
    ("in_evaluation", False): "Évaluation terminée",
    ("in_renewal", True): "Renouvellement engagé",
    ("in_renewal", False): "Préparation du renouvellement terminée",
}
OPENING = "Création"


@dataclass(frozen=True)
class Passage:
    """`day` is the one said by the person; `recorded` is when they said it."""

    what: str
    day: date | None
    recorded: datetime
    author: str
    note: str = ""
    state: str = ""


def story_of(contract: Contract) -> list[Passage]:
    """The oldest first, in one query."""
    rows = contract.history.select_related("history_user").only(*READ).order_by("history_date", "history_id")
    found, before = [], None
    for row in rows:
        found += passages_between(before, row)
        before = row
    return found


def passages_between(before, row) -> list[Passage]:
    told = {
        "recorded": row.history_date,
        "author": str(row.history_user or ""),
        "note": "" if row.history_change_reason in (None, OPENING) else row.history_change_reason,
    }
    recorded_on = timezone.localdate(row.history_date)
    found = []
    if before is None or before.state != row.state:
        day = recorded_on if is_return(before, row) else row.state_since or recorded_on
        found.append(Passage(what=words_of(before, row), day=day, state=row.state, **told))
    for flag in FLAGS:
        if getattr(row, flag) != bool(before and getattr(before, flag)):
            found.append(Passage(what=FLAG_WORDS[flag, getattr(row, flag)], day=recorded_on, **told))
    return found


def words_of(before, row) -> str:
    label = ContractState(row.state).label
    if before is None:
        return f"Entrée dans le portail\u00a0: {label.lower()}"
    return f"Retour à l’étape «\u202f{label}\u202f»" if is_return(before, row) else label


def is_return(before, row) -> bool:
    return before is not None and RANKS[row.state] < RANKS[before.state]


def reached(story: list[Passage], contract: Contract) -> dict[str, date | None]:
    """Since when the contract is, or was last, at each stage."""
    days = {passage.state: passage.day for passage in story if passage.state}
    return days | {contract.state: contract.state_since or days.get(contract.state)}
