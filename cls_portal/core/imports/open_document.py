"""Reading .ods: one pass over its content, with the line breaks and merged cells that the usual reader leaves out."""

import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from cls_portal.core.imports.errors import WorkbookError
from cls_portal.core.imports.markup import FAR_CELL, MAX_GRID, MAX_ROWS, parse, too_many_rows

REPEAT_LIMIT = 20_000_000


@dataclass
class Table:
    name: str
    rows: list[list[Any]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    filled_rows: int = 0
    width: int = 0


def read_tables(archive: zipfile.ZipFile) -> list[Table]:
    handler = _Handler()
    for entry in archive.infolist():
        if entry.filename == "content.xml":
            parse(
                archive,
                entry,
                StartElementHandler=handler.start,
                EndElementHandler=handler.end,
                CharacterDataHandler=handler.characters,
            )
        elif entry.filename.endswith((".xml", ".rdf")):
            parse(archive, entry)
    return handler.tables


def _repeat(attributes: dict, name: str) -> int:
    text = attributes.get(name, "1")
    return min(int(text), REPEAT_LIMIT) if text.isdigit() and len(text) < 10 else 1


class _Handler:
    def __init__(self) -> None:
        self.tables: list[Table] = []
        self.row: list[Any] = []
        self.row_repeat = self.cell_repeat = 1
        self.empty_rows = self.empty_cells = 0
        self.attributes: dict = {}
        self.paragraphs: list[str] = []
        self.in_cell = False
        # Inside an annotation or a drawing the text is not the cell's.
        self.aside = 0

    def start(self, name: str, attributes: dict) -> None:
        if name in ("office:annotation", "draw:frame", "draw:g", "table:shapes"):
            self.aside += 1
        elif self.aside:
            return
        elif name == "table:table":
            self.tables.append(Table(attributes.get("table:name", "Feuille")))
            self.empty_rows = 0
        elif name == "table:table-row":
            self.row, self.empty_cells = [], 0
            self.row_repeat = _repeat(attributes, "table:number-rows-repeated")
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self.attributes, self.paragraphs, self.in_cell = attributes, [], True
            self.cell_repeat = _repeat(attributes, "table:number-columns-repeated")
        elif self.in_cell:
            self._start_text(name, attributes)

    def _start_text(self, name: str, attributes: dict) -> None:
        if name == "text:p":
            self.paragraphs.append("")
        elif self.paragraphs and name == "text:s":
            self.paragraphs[-1] += " " * min(_repeat(attributes, "text:c"), 100)
        elif self.paragraphs and name == "text:tab":
            self.paragraphs[-1] += "\t"
        elif self.paragraphs and name == "text:line-break":
            self.paragraphs[-1] += "\n"

    def characters(self, text: str) -> None:
        if self.in_cell and self.paragraphs and not self.aside:
            self.paragraphs[-1] += text

    def end(self, name: str) -> None:
        if name in ("office:annotation", "draw:frame", "draw:g", "table:shapes"):
            self.aside = max(self.aside - 1, 0)
        elif self.aside or not self.tables:
            return
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._end_cell()
        elif name == "table:table-row":
            self._end_row()

    def _end_cell(self) -> None:
        self.in_cell = False
        table, value = self.tables[-1], self._value()
        column = len(self.row) + self.empty_cells
        row = len(table.rows) + self.empty_rows
        if self.attributes.get("calcext:value-type") == "error":
            table.errors[row, column] = "\n".join(self.paragraphs)
        height = _repeat(self.attributes, "table:number-rows-spanned")
        width = _repeat(self.attributes, "table:number-columns-spanned")
        if (height, width) != (1, 1):
            table.merged.append((row, column, row + height - 1, column + width - 1))
        if value is None:
            self.empty_cells += self.cell_repeat
            return
        if len(self.row) + self.empty_cells + self.cell_repeat > MAX_GRID:
            raise WorkbookError(FAR_CELL.format(rows=row + 1, columns=column + self.cell_repeat))
        self.row += [None] * self.empty_cells + [value] * self.cell_repeat
        self.empty_cells = 0

    def _value(self) -> Any:
        kind, text = self.attributes.get("office:value-type", ""), "\n".join(self.paragraphs)
        if kind in ("float", "percentage", "currency"):
            return _number(self.attributes.get("office:value", ""), text)
        if kind == "date":
            return _date(self.attributes.get("office:date-value", ""), text)
        if kind == "boolean":
            return self.attributes.get("office:boolean-value") == "true"
        return text or self.attributes.get("office:string-value") or None

    def _end_row(self) -> None:
        table = self.tables[-1]
        if not self.row:
            self.empty_rows += self.row_repeat
            return
        table.filled_rows += self.row_repeat
        if table.filled_rows > MAX_ROWS:
            raise WorkbookError(too_many_rows(table.filled_rows))
        table.width = max(table.width, len(self.row))
        last = len(table.rows) + self.empty_rows + self.row_repeat
        if last * table.width > MAX_GRID:
            raise WorkbookError(FAR_CELL.format(rows=last, columns=table.width))
        table.rows += [[] for _ in range(self.empty_rows)] + [self.row] * self.row_repeat
        self.empty_rows = 0


def _number(stored: str, text: str) -> float | str | None:
    try:
        return float(stored)
    except ValueError:
        return text or None


def _date(stored: str, text: str) -> date | str | None:
    try:
        return datetime.fromisoformat(stored)
    except ValueError:
        return text or None
