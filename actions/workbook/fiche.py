"""A line as a whole: which fiche it is, what follows from several cells together, what would change."""

from datetime import date
from typing import Any

from actions.models import Action
from actions.resources import ActionResource
from actions.workbook.catalogue import Catalogue, alike_titles
from actions.workbook.cells import Cell, Context, append_text
from actions.workbook.compare import compare
from actions.workbook.exported import is_as_written
from actions.workbook.fields import APPEND, BY_KEY, Column
from actions.workbook.line import Line
from actions.workbook.moments import conclude_ticks
from actions.workbook.money import conclude_money
from actions.workbook.readers import ORDER, read_cell
from actions.workbook.rows import FicheRow
from actions.workbook.status import conclude_status
from actions.workbook.values import KEPT_WHEN_EMPTY, current, empty_value, show
from cls_portal.core.imports.errors import ValueProblem
from cls_portal.core.imports.headers import Heading
from cls_portal.core.imports.likeness import normalise
from cls_portal.core.imports.reading import Sheet

EXPORTED = ActionResource().fields
# Cells that are understood together: one of them changed, all are read again.
GROUPS = {
    "axis": ("axis", "axis_code", "objective", "objective_code"),
    "status": ("status", "progress", "status_reason", "postponed_to"),
    "start": ("start_date", "start_precision"),
    "end": ("end_date", "end_precision"),
    "pilots": ("pilot", "co_pilots", "pilots"),
    "partners": ("agreed_partners", "expected_partners"),
    "term:theme": ("main_theme", "themes"),
    "term:public": ("audiences", "audience_detail", "relay_audiences"),
    "communes": ("communes", "covers_whole_territory"),
}
GROUP_OF = {key: group for group, keys in GROUPS.items() for key in keys}
AMBIGUOUS = (
    "Plusieurs fiches du plan portent cet intitulé\u00a0: donnez à cette ligne l’identifiant que l’export du "
    "portail écrit."
)


def build_line(
    sheet: Sheet, row: FicheRow, headings: list[Heading], mapping: dict[str, str], context: Context, *, erase: bool
) -> Line:
    line = Line(sheet, row.row, row.cells)
    cells = _cells(row, headings, mapping, context)
    first = [cell for cell in cells if cell.column.kind in ("identifier", "code", "title")]
    for cell in first:
        if _is_sound(line, cell):
            read_cell(line, cell, context)
    _identify(line, first, context.catalogue)
    changed = _changed_groups(line.action, cells, mapping) if line.action else None
    for cell in cells:
        if cell not in first and (changed is None or _group(cell.column) in changed) and _is_sound(line, cell):
            read_cell(line, cell, context)
    _keep_lists(line)
    _append(line, row, headings, mapping)
    _place(line, row, context)
    if erase and changed:
        _erase(line, row, headings, mapping, changed)
    _conclude(line, context)
    if not (line.title or any(cell.column.key == "title" for cell in cells)):
        line.problem(None, "", "Cette ligne n’a pas d’intitulé\u00a0: donnez-en un, ou videz la ligne.")
    if line.action:
        compare(line)
    return line


def _cells(row: FicheRow, headings: list[Heading], mapping: dict[str, str], context: Context) -> list[Cell]:
    found = []
    for heading in headings:
        column = BY_KEY.get(mapping.get(heading.key, ""))
        if column and heading.index in row.cells:
            found.append(Cell(column, heading.index, heading.label, row.cells[heading.index]))
    return sorted(found, key=lambda cell: ORDER[cell.column.kind])


def _is_sound(line: Line, cell: Cell) -> bool:
    place = (line.row, cell.index)
    if place in line.sheet.errors:
        line.problem(
            cell.index,
            cell.raw,
            "Cette case contient une erreur de calcul\u00a0: corrigez la formule ou tapez la valeur.",
        )
        return False
    return True


def _group(column: Column) -> str:
    return GROUP_OF.get(column.key, "funding" if column.kind in ("amount", "funder") else column.key)


def _changed_groups(action: Action, cells: list[Cell], mapping: dict[str, str]) -> set[str]:
    """What differs from what the export would write today; the rest is unchanged without any interpretation."""
    written = {cell.column.key: cell.raw for cell in cells}
    changed = set()
    for key in mapping.values():
        column = BY_KEY.get(key)
        if column and column.kind not in ("identifier", "ignored") and not _as_exported(action, key, written.get(key)):
            changed.add(_group(column))
    return changed


def _as_exported(action: Action, key: str, raw: Any) -> bool:
    return key in EXPORTED and is_as_written(EXPORTED[key].dehydrate_method(action), raw)


def _identify(line: Line, cells: list[Cell], catalogue: Catalogue) -> None:
    identifier = next((cell for cell in cells if cell.column.kind == "identifier"), None)
    if identifier:
        text = identifier.text.removesuffix(".0")
        line.action = next((action for action in catalogue.actions if str(action.pk) == text), None)
        if line.action is None:
            line.problem(
                identifier.index,
                identifier.raw,
                "Cet identifiant n’est pas celui d’une fiche de ce contrat. Videz la case pour créer la fiche.",
            )
        return
    title, code = line.values.get("title", ""), line.values.get("code", "")
    if not title:
        return
    numbered = [
        a for a in catalogue.actions if code and normalise(a.code) == normalise(code) and alike_titles(a.title, title)
    ]
    named = [a for a in catalogue.actions if normalise(a.title) == normalise(title)]
    found = [action for action in numbered if action in named] or numbered or named
    if len(found) == 1:
        line.action = found[0]
    elif found:
        line.problem(
            _column_of(cells, "title"),
            title,
            AMBIGUOUS,
        )


def _column_of(cells: list[Cell], kind: str) -> int | None:
    return next((cell.index for cell in cells if cell.column.kind == kind), None)


def _keep_lists(line: Line) -> None:
    """Words that name nothing known empty no list of a fiche that exists: only an empty cell may."""
    if line.action:
        line.values = {key: value for key, value in line.values.items() if value != ()}


def _append(line: Line, row: FicheRow, headings: list[Heading], mapping: dict[str, str]) -> None:
    extra = [h for h in headings if mapping.get(h.key) == APPEND and h.index in row.cells]
    for heading in extra:
        try:
            append_text(
                line,
                Cell(BY_KEY["description"], heading.index, heading.label, row.cells[heading.index]),
                "description",
            )
        except ValueProblem as problem:
            line.problem(heading.index, row.cells[heading.index], str(problem))


def _place(line: Line, row: FicheRow, context: Context) -> None:
    """The axis and the objective that do not stand in a cell of the line itself."""
    code = line.values.pop("axis_code", "")
    line.values.pop("objective_code", None)
    text = row.axis or (code if "axis" not in line.values else "")
    if text and "axis" not in line.values:
        try:
            found = context.catalogue.axis(row.axis, "" if row.axis else code)
        except ValueProblem as problem:
            line.problem(None, text, str(problem))
            return
        line.give("axis", found.ref, "Axe", None)
        if row.axis:
            line.interpret("Axe", None, row.axis, f"axe «\u202f{show('axis', found.ref)}\u202f», {row.axis_reason}")
    if row.objective and "objective" not in line.values and line.values.get("axis"):
        try:
            line.give(
                "objective", context.catalogue.objective(row.objective, "", line.values["axis"]), "Objectif", None
            )
        except ValueProblem as problem:
            line.problem(None, row.objective, str(problem))


def _erase(line: Line, row: FicheRow, headings: list[Heading], mapping: dict[str, str], changed: set[str]) -> None:
    """A column that is there and left empty empties the fiche's field, where nothing was read into it."""
    for heading in headings:
        column = BY_KEY.get(mapping.get(heading.key, ""))
        key = target_of(column) if column and _group(column) in changed else ""
        if key and key not in line.values and key not in KEPT_WHEN_EMPTY and heading.index not in row.cells:
            line.give(key, empty_value(key), heading.label, heading.index)


def target_of(column: Column) -> str:
    """The value of the fiche that a column feeds."""
    by_kind = {
        "start": "start", "end": "end", "axis": "axis", "objective": "objective", "code": "code", "pilots": "pilots",
        "people": "contacts", "elected": "elected", "partners": "partners", "main_theme": "main_theme",
        "communes": "communes", "terms": f"term:{column.option}",
    }  # fmt: skip
    if column.kind in ("text", "choice", "day", "decimal"):
        return column.option
    return by_kind.get(column.kind, "")


def _conclude(line: Line, context: Context) -> None:
    conclude_ticks(line)
    conclude_money(line, context)
    _release_objective(line)
    conclude_status(line, context)
    start = line.values["start"].day if line.values.get("start") else _kept(line, "start_date")
    end = line.values["end"].day if line.values.get("end") else _kept(line, "end_date")
    if start and end and end < start:
        column = line.sources.get("end", line.sources.get("start", ("", None)))[1]
        line.problem(
            column, line.cells.get(column), f"L’échéance ({end:%d/%m/%Y}) précède le début ({start:%d/%m/%Y})."
        )


def _release_objective(line: Line) -> None:
    """A fiche that changes axis leaves its objective, which belongs to the former one."""
    moves = "axis" in line.values and line.action and line.values["axis"] != current(line.action, "axis")
    if moves and "objective" not in line.values and line.action.objective_id:
        line.give("objective", None, "Objectif", None)


def _kept(line: Line, name: str) -> date | None:
    erased = name.removesuffix("_date") in line.values
    return getattr(line.action, name) if line.action and not erased else None
