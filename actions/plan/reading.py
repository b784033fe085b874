"""The plan as its pages read it: every fiche once, those that the filters keep, in the order asked."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property

from actions.enums import DraftingState, Status
from actions.filters import ActionFilter
from actions.models import Action
from actions.models.querysets import CORE_ELEMENTS
from actions.permissions import organisations_led_by
from actions.vocabulary import AxisHead, Vocabulary
from cls_portal.core.dates import today
from cls_portal.core.search import fold
from contracts.models import Contract

GAPS = [f"no_{key}" for key, _label, _section in CORE_ELEMENTS]
COLUMNS = [
    *("pk", "version", "axis_id", "code", "title", "status", "progress", "drafting_state"),
    *("start_date", "start_precision", "end_date", "end_precision", "postponed_to", "deadline"),
    *("last_news", "news_since", "is_late", "is_silent"),
]
STATUS_RANK = {status: rank for rank, status in enumerate(Status.values)}


@dataclass(slots=True)
class Line:
    """One fiche of the plan, light: no long text, its pilots by name, the principal first."""

    pk: int
    version: int
    axis_id: int | None
    code: str
    title: str
    status: str
    progress: int
    drafting_state: str
    start_date: date | None
    start_precision: str
    end_date: date | None
    end_precision: str
    postponed_to: date | None
    deadline: date | None
    last_news: date | None
    news_since: date | None
    is_late: bool
    is_silent: bool
    gaps: frozenset[str]
    pilots: list[tuple[int, str]]


@dataclass(frozen=True)
class Group:
    """The lines of one axis; of none, when `head` is None."""

    head: AxisHead | None
    lines: list[Line]


def natural(text: str) -> list:
    """« 2.9 » before « 2.10 », « A » after the figures."""
    return [
        (0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"([0-9]+)", fold(text)) if part
    ]


SORT_KEYS: dict[str, Callable[[Line], Any]] = {
    "numero": lambda line: natural(line.code) or None,
    "intitule": lambda line: fold(line.title),
    "pilote": lambda line: fold(line.pilots[0][1]) if line.pilots else None,
    "statut": lambda line: STATUS_RANK[line.status],
    "avancement": lambda line: line.progress,
    "echeance": lambda line: line.deadline,
    "point": lambda line: line.last_news,
    "alertes": lambda line: (line.is_late, line.is_silent, len(line.gaps)),
}


def in_order(lines: Iterable[Line], sort: str) -> list[Line]:
    """Lines without a value come last, both ways; equal ones keep the order of the plan.

    Sorted here, since numbers are free text: « 2.10 » comes after « 2.9 ».
    """
    key = SORT_KEYS[sort.removeprefix("-")]
    known = [line for line in lines if key(line) is not None]
    unknown = [line for line in lines if key(line) is None]
    return sorted(known, key=key, reverse=sort.startswith("-")) + unknown


def read_lines(actions: QuerySet[Action], vocabulary: Vocabulary, on: date) -> list[Line]:
    alerts = actions.with_alerts(vocabulary.contract, on)
    rows = list(alerts.with_gap_flags().in_plan_order().values_list(*COLUMNS, *GAPS))
    pilots = vocabulary.pilots_by_action
    width = len(COLUMNS)
    return [Line(*row[:width], gaps_of(row[width:]), pilots.get(row[0], [])) for row in rows]


def gaps_of(flags: tuple) -> frozenset[str]:
    return frozenset(name for name, missing in zip(GAPS, flags, strict=True) if missing)


class Plan:
    """The plan of a contract under the filters and the sort of an address (`params`, a QueryDict)."""

    def __init__(self, contract: Contract, user, params, on: date | None = None):
        self.contract = contract
        self.on = on or today()
        self.vocabulary = Vocabulary(contract)
        visible = Action.objects.visible_to(user).filter(contract=contract)
        self.led = organisations_led_by(user, contract)
        self.filterset = ActionFilter(
            params, contract=contract, vocabulary=self.vocabulary, queryset=visible, led=self.led
        )
        self.sort = self.filterset.sort
        self.everything = self.with_archived(visible)
        self.whole = [line for line in self.everything if line.drafting_state != DraftingState.ARCHIVED]

    def with_archived(self, visible: QuerySet[Action]) -> list[Line]:
        """Archived fiches are read only when they are asked for."""
        asked = self.filterset.active.get("redaction") == DraftingState.ARCHIVED
        return read_lines(visible if asked else visible.in_plan(), self.vocabulary, self.on)

    @cached_property
    def lines(self) -> list[Line]:
        kept = self.everything
        if self.filterset.active:
            ids = set(self.filterset.qs.order_by().values_list("pk", flat=True))
            kept = [line for line in kept if line.pk in ids]
        return in_order(kept, self.sort) if self.sort else kept

    @property
    def is_narrowed(self) -> bool:
        return bool(self.filterset.active)

    @property
    def errors(self) -> list[tuple[str, str]]:
        return self.filterset.faults

    def groups(self) -> list[Group]:
        """By axis in the contract's order, an axis without fiche shown unless filters narrow the plan; none last."""
        by_axis: dict[int | None, list[Line]] = defaultdict(list)
        for line in self.lines:
            by_axis[line.axis_id].append(line)
        groups = [Group(head, by_axis[head.pk]) for head in self.vocabulary.heads]
        groups = [group for group in groups if group.lines or not self.is_narrowed]
        return groups + ([Group(None, by_axis[None])] if by_axis[None] else [])
