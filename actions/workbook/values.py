"""The values of a fiche as they are compared: from the record, and in words for the preview."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from actions.enums import (
    ActionKind,
    DatePrecision,
    DraftingState,
    Origin,
    PartnerState,
    PilotRole,
    Priority,
    Status,
    TermUsage,
)
from actions.models import Action
from actions.workbook.catalogue import Ref, existing
from cls_portal.core import french
from cls_portal.core.exports import clean_text
from cls_portal.core.imports import dates

PRECISIONS = {
    dates.DAY: DatePrecision.DAY,
    dates.MONTH: DatePrecision.MONTH,
    dates.QUARTER: DatePrecision.QUARTER,
    dates.YEAR: DatePrecision.YEAR,
}
EMPTY: dict[str, Any] = {
    **dict.fromkeys(("start", "end", "axis", "objective", "elected", "main_theme"), None),
    **dict.fromkeys(("entered_on", "postponed_to", "full_time_equivalents"), None),
    **dict.fromkeys(("pilots", "contacts", "partners", "communes"), ()),
}
# A cell left empty never takes these away.
KEPT_WHEN_EMPTY = frozenset(
    ["title", "status", "progress", "status_reason", "postponed_to", "kind", "origin", "drafting_state",
     "covers_whole_territory", "is_recurring", "funding", "steps", "indicators", "news"]
)  # fmt: skip


@dataclass(frozen=True)
class Moment:
    day: date
    precision: str

    def __str__(self) -> str:
        if self.precision == DatePrecision.YEAR:
            return f"{self.day.year} (à l’année près)"
        if self.precision == DatePrecision.QUARTER:
            return f"{(self.day.month - 1) // 3 + 1}e trimestre {self.day.year}".replace("1e ", "1er ", 1)
        if self.precision == DatePrecision.MONTH:
            return f"{french.month(self.day)} {self.day.year}"
        return f"{self.day:%d/%m/%Y}"


def empty_value(key: str) -> Any:
    if key in EMPTY:
        return EMPTY[key]
    return () if key.startswith("term:") else ""


def current(action: Action, key: str) -> Any:
    """What the fiche holds, in the form in which a workbook's values are read."""
    reader = _READERS.get(key)
    if reader:
        return reader(action)
    if key.startswith("term:"):
        links = action.set_of_terms(TermUsage(key.removeprefix("term:")))
        return tuple(existing("term", link.term) for link in links)
    value = getattr(action, key)
    return clean_text(value) if isinstance(value, str) else value


def _moment(day: date | None, precision: str) -> Moment | None:
    return Moment(day, precision) if day else None


def _pilots(action: Action) -> tuple[Ref, ...]:
    pilots = sorted(action.pilots.all(), key=lambda pilot: pilot.role != PilotRole.PRINCIPAL)
    return tuple(existing("organisation", pilot.organisation) for pilot in pilots)


def _main_theme(action: Action) -> Ref | None:
    return next((existing("term", link.term) for link in action.set_of_terms(TermUsage.THEME) if link.is_main), None)


def _funding(action: Action) -> dict[tuple[int, str, Any], Decimal]:
    return {
        (line.year, option, existing("organisation", line.funder) if line.funder_id else None): getattr(line, option)
        for line in action.funding_lines.all()
        for option in ("planned", "requested", "granted", "spent")
        if getattr(line, option) is not None
    }


_READERS = {
    "axis": lambda action: existing("axis", action.axis) if action.axis_id else None,
    "objective": lambda action: existing("objective", action.objective) if action.objective_id else None,
    "start": lambda action: _moment(action.start_date, action.start_precision),
    "end": lambda action: _moment(action.end_date, action.end_precision),
    "pilots": _pilots,
    "contacts": lambda a: tuple(existing("contact", c) for pilot in a.pilots.all() for c in pilot.contacts.all()),
    "elected": lambda action: existing("contact", action.elected_contact) if action.elected_contact_id else None,
    "partners": lambda a: tuple((existing("organisation", p.organisation), p.state) for p in a.partners.all()),
    "main_theme": _main_theme,
    "communes": lambda action: tuple(existing("commune", commune) for commune in action.communes.all()),
    "funding": _funding,
    "steps": lambda action: tuple(step.title for step in action.steps.all()),
    "indicators": lambda action: tuple(indicator.title for indicator in action.indicators.all()),
}


def same(key: str, before: Any, after: Any) -> bool:
    if key in ("contacts", "communes", "partners") or key.startswith("term:"):
        return set(before) == set(after)
    if key == "pilots":
        return before[:1] == after[:1] and set(before) == set(after)
    if isinstance(before, str) and isinstance(after, str):
        return before.strip() == after.strip()
    return before == after


_CHOICE_LABELS = {
    "status": Status,
    "kind": ActionKind,
    "origin": Origin,
    "priority": Priority,
    "drafting_state": DraftingState,
}


def show(key: str, value: Any) -> str:  # noqa: PLR0911 - one line per form of value
    """A value in words, for « avant » and « après »."""
    if value in (None, "", ()) or value == {}:
        return "vide"
    if key in _CHOICE_LABELS:
        return str(_CHOICE_LABELS[key](value).label)
    if key == "progress":
        return french.percent(value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Ref):
        return value.label + (" (à créer)" if value.is_new else "")
    if key == "partners":
        return ", ".join(show("", ref) + _state(state) for ref, state in value)
    if key == "funding":
        return ", ".join(_money(*item) for item in value.items())
    if isinstance(value, tuple):
        return ", ".join(show("", item) for item in value)
    return french.number(value) if isinstance(value, Decimal) else str(value)


def _state(state: str) -> str:
    return " (pressenti)" if state == PartnerState.EXPECTED else ""


def _money(key: tuple, amount: Decimal) -> str:
    year, option, funder = key
    word = {"planned": "prévus", "requested": "demandés", "granted": "obtenus", "spent": "réalisés"}[option]
    return f"{french.euro(amount)} {word} en {year}" + (f" ({funder.label})" if funder else "")
