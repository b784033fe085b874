"""One line of a workbook as a fiche: what is asked of it, what was interpreted, what is not understood."""

import re
from dataclasses import dataclass, field
from typing import Any

from actions.models import Action
from actions.workbook.catalogue import Ref
from actions.workbook.fields import label_of
from actions.workbook.values import show
from cls_portal.core.imports.annotate import CellProblem, shown
from cls_portal.core.imports.reading import Sheet, cell_name


@dataclass(frozen=True)
class Interpretation:
    cell: str
    label: str
    value: str
    meaning: str


@dataclass(frozen=True)
class Change:
    key: str
    label: str
    cell: str
    before: str
    after: str


FATES = {
    "create": "sera créée",
    "change": "sera changée",
    "same": "inchangée",
    "problem": "ne peut pas être reprise ainsi",
}


@dataclass
class Line:
    """`values` are only those that the workbook gives; `changes` compares them with the fiche, when there is one."""

    sheet: Sheet
    row: int
    cells: dict[int, Any] = field(default_factory=dict)
    action: Action | None = None
    values: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, tuple[str, int | None]] = field(default_factory=dict)
    interpretations: list[Interpretation] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    # What the cells of money and the ticked years say, until the line is concluded.
    amounts: list[Any] = field(default_factory=list)
    shares: list[Any] = field(default_factory=list)
    funders: dict[int | None, Ref] = field(default_factory=dict)
    ticks: dict[int, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return self.values.get("title") or (self.action.title if self.action else "")

    @property
    def code(self) -> str:
        return self.values.get("code") or (self.action.code if self.action else "")

    @property
    def outcome(self) -> str:
        if self.problems:
            return "problem"
        if self.action is None:
            return "create"
        return "change" if self.changes else "same"

    @property
    def fate(self) -> str:
        return FATES[self.outcome]

    @property
    def whole(self) -> str:
        """What heads all its values."""
        return "La fiche telle qu’elle sera"

    @property
    def number(self) -> int:
        return self.row + 1

    def cell(self, column: int | None) -> str:
        return f"ligne {self.row + 1}" if column is None else cell_name(self.row, column)

    def give(self, key: str, value: Any, label: str, column: int | None) -> None:
        self.values[key] = value
        self.sources[key] = (label, column)

    def interpret(self, label: str, column: int | None, raw: Any, meaning: str) -> None:
        if not say_the_same(shown(raw), meaning):
            self.interpretations.append(Interpretation(self.cell(column), label, shown(raw), meaning))

    def problem(self, column: int | None, raw: Any, sentence: str) -> None:
        found = CellProblem(self.sheet.name, self.row, column, shown(raw), sentence)
        if found not in self.problems:
            self.problems.append(found)

    def refs(self) -> list[Ref]:
        """Everything that this line points to and that would have to be created."""
        return [ref for value in self.values.values() for ref in _new_refs(value)]

    @property
    def said(self) -> list[tuple[str, str]]:
        """Every value in words under the portal's own label: one cell may have given several."""
        return [(self.label(key), self.say(key)) for key in self.values]

    def label(self, key: str) -> str:
        return label_of(key)

    def say(self, key: str) -> str:
        return show(key, self.values[key])


def say_the_same(raw: str, meaning: str) -> bool:
    return _plain(raw) == _plain(meaning)


def _plain(text: str) -> str:
    """Without what changes nothing of what is said: capitals, spaces, apostrophes, and how a list is cut."""
    said = re.sub(r"\s*[;\n|•·]\s*", "·", text.replace("(à créer)", "").replace("'", "’"))
    return re.sub(r"\s", "", said).casefold()


def _new_refs(value: Any) -> list[Ref]:
    if isinstance(value, Ref):
        inner = [ref for part in value.extra for ref in _new_refs(part)]
        return [*inner, value] if value.is_new else []
    if isinstance(value, tuple | list):
        return [ref for item in value for ref in _new_refs(item)]
    if isinstance(value, dict):
        return [ref for key in value for ref in _new_refs(key)]
    return []
