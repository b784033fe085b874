"""The workbook goes back with its problems: coloured cells, notes, and a sheet that lists them."""

import io
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

from cls_portal.core.imports.archives import open_archive
from cls_portal.core.imports.reading import Workbook, cell_name

PROBLEM_SHEET = "Problèmes"
# Beyond this size the file is written anew from its values: keeping every style would take too much memory.
KEEP_STYLES_UP_TO = 12 * 1024 * 1024
NOTES_PER_SHEET = 2000
_GROUND = PatternFill("solid", start_color="FFF4C7", end_color="FFF4C7")


@dataclass(frozen=True)
class CellProblem:
    """`row` and `column` count from 0; a problem of the whole row has no column."""

    sheet: str
    row: int
    column: int | None
    value: str
    sentence: str

    @property
    def cell(self) -> str:
        return f"ligne {self.row + 1}" if self.column is None else cell_name(self.row, self.column)


def annotate(file: BinaryIO, workbook: Workbook, problems: list[CellProblem]) -> bytes:
    """An .xlsx copy; what was sent stays as it was but for the colour and the note of the cells in question."""
    book = _original(file, workbook) or _rebuilt(workbook)
    by_cell: dict[tuple, list[str]] = defaultdict(list)
    for problem in problems:
        by_cell[problem.sheet, problem.row, problem.column or 0].append(problem.sentence)
    for (name, row, column), sentences in list(by_cell.items())[:NOTES_PER_SHEET]:
        cell = book[name].cell(row + 1, column + 1)
        if isinstance(cell, openpyxl.cell.MergedCell):
            continue
        cell.fill = _GROUND
        cell.comment = Comment(_text("\n".join(sentences)), "Portail CLS", width=320, height=120)
    _list_problems(book, problems)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def _original(file: BinaryIO, workbook: Workbook) -> openpyxl.Workbook | None:
    if workbook.format != "xlsx":
        return None
    with open_archive(file) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > KEEP_STYLES_UP_TO:
            return None
    file.seek(0)
    try:
        return openpyxl.load_workbook(file)
    except Exception:
        return None


def _rebuilt(workbook: Workbook) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in workbook.sheets:
        page = book.create_sheet(sheet.name[:31])
        for row in sheet.rows:
            page.append([_text(value) if isinstance(value, str) else value for value in row])
            for cell in page[page.max_row]:
                _as_text(cell)
    return book


def _text(value: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", value)[:32_000]


def _as_text(cell) -> None:
    """A text that begins with = + - or @ stays a text."""
    if isinstance(cell.value, str):
        cell.data_type = "s"


def _list_problems(book: openpyxl.Workbook, problems: list[CellProblem]) -> None:
    if PROBLEM_SHEET in book.sheetnames:
        book.remove(book[PROBLEM_SHEET])
    page = book.create_sheet(PROBLEM_SHEET)
    page.append(["Feuille", "Case", "Valeur", "Ce qui ne va pas"])
    for problem in problems:
        page.append([_text(text) for text in (problem.sheet, problem.cell, problem.value, problem.sentence)])
    for row in page.iter_rows():
        for cell in row:
            _as_text(cell)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if cell.row == 1:
                cell.font = Font(bold=True)
    for letter, width in zip("ABCD", (24, 10, 36, 80), strict=True):
        page.column_dimensions[letter].width = width
    page.freeze_panes = "A2"


def shown(value: Any) -> str:
    """A cell's value as a person knows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y\u00a0%H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)
