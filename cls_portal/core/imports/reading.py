"""The sheets of a workbook as rows of plain values, whatever its format."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

import python_calamine
from openpyxl.utils import get_column_letter

from cls_portal.core.exports import unguard
from cls_portal.core.imports import open_document
from cls_portal.core.imports.archives import ACCEPTED, DAMAGED, MAX_BYTES, detect_format, open_archive
from cls_portal.core.imports.errors import WorkbookError
from cls_portal.core.imports.markup import (
    MAX_ROWS,
    SheetScan,
    count_shared_texts,
    parse,
    scan_sheet,
    too_many_rows,
)

ROWS_READ = 5000
COLUMNS_READ = 200
MAX_SHEETS = 60


def cell_name(row: int, column: int) -> str:
    """« C12 » for row 11, column 2: what a person sees in the margin of the sheet."""
    return f"{get_column_letter(column + 1)}{row + 1}"


@dataclass
class Sheet:
    """Rows and columns count from 0 at A1; `merged`: (first row, first column, last row, last column)."""

    name: str
    rows: list[list[Any]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    unresolved: set[tuple[int, int]] = field(default_factory=set)
    hidden: bool = False
    rows_left: int = 0
    columns_left: int = 0

    @property
    def is_empty(self) -> bool:
        return not any(value is not None for row in self.rows for value in row)


@dataclass
class Workbook:
    format: str
    sheets: list[Sheet]
    date_1904: bool = False

    def sheet(self, name: str) -> Sheet:
        return next(sheet for sheet in self.sheets if sheet.name == name)


def read_workbook(file: BinaryIO) -> Workbook:
    """Reads every sheet, within the limits; raises WorkbookError with the sentence to show."""
    kind = detect_format(file)
    readers = {"xlsx": _read_xlsx, "ods": _read_ods, "csv": _read_csv}
    workbook = readers[kind](file)
    if all(sheet.is_empty for sheet in workbook.sheets):
        raise WorkbookError("Ce classeur est vide\u00a0: aucune case n’y est remplie.")
    return workbook


def tidy(value: Any) -> Any:
    """None for an empty cell, whole numbers as such, ordinary line ends; the rest is the person's own."""
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
        return text if text.strip() else None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, datetime) and (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0):
        return value.date()
    return value


def _cut(rows: Iterator[list[Any]] | list[list[Any]]) -> tuple[list[list[Any]], int, int]:
    """Keeps what is read; counts the filled rows and the widest overflow that are not."""
    kept, rows_left, columns_left = [], 0, 0
    for number, row in enumerate(rows):
        values = [tidy(value) for value in row]
        while values and values[-1] is None:
            values.pop()
        if number >= ROWS_READ:
            rows_left += bool(values)
            continue
        columns_left = max(columns_left, len(values) - COLUMNS_READ)
        kept.append(values[:COLUMNS_READ])
    while kept and not kept[-1]:
        kept.pop()
    width = max((len(row) for row in kept), default=0)
    return [row + [None] * (width - len(row)) for row in kept], rows_left, max(columns_left, 0)


def _read_xlsx(file: BinaryIO) -> Workbook:
    with open_archive(file) as archive:
        parts, scans, date_1904 = _inspect_xlsx(archive)
    file.seek(0)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(file)
        sheets = [_xlsx_sheet(book, name, scans.get(part, SheetScan()), state) for name, part, state in parts]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the library's own language is no Exception
        raise WorkbookError(DAMAGED) from error
    return Workbook("xlsx", sheets, date_1904=date_1904)


def _xlsx_sheet(book, name: str, scan: SheetScan, state: str) -> Sheet:
    source = book.get_sheet_by_name(name)
    values = source.to_python(skip_empty_area=False)
    for (row, column), text in scan.errors.items():
        values += [[] for _ in range(row + 1 - len(values))]
        values[row] += [None] * (column + 1 - len(values[row]))
        values[row][column] = text or "#ERREUR"
    rows, rows_left, columns_left = _cut(values)
    merged = [(*start, *end) for start, end in source.merged_cell_ranges or []]
    return Sheet(
        name=name,
        rows=rows,
        merged=merged,
        errors=scan.errors,
        unresolved=scan.unresolved,
        hidden=state in ("hidden", "veryHidden"),
        rows_left=rows_left,
        columns_left=columns_left,
    )


def _inspect_xlsx(archive: zipfile.ZipFile) -> tuple[list[tuple[str, str, str]], dict[str, SheetScan], bool]:
    """The sheets (name, part, visibility), what a pass over each tells, and whether dates count from 1904."""
    targets: dict[str, str] = {}
    declared: list[tuple[str, str, str]] = []
    flags = {"1904": False}

    def relation(name: str, attributes: dict) -> None:
        if name.endswith("Relationship"):
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"

    def workbook(name: str, attributes: dict) -> None:
        if name.endswith("workbookPr"):
            flags["1904"] = attributes.get("date1904") in ("1", "true")
        elif name.rpartition(":")[2] == "sheet":
            key = next((value for name, value in attributes.items() if name.endswith(":id")), "")
            declared.append((attributes.get("name", ""), key, attributes.get("state", "visible")))

    handlers = {"xl/_rels/workbook.xml.rels": relation, "xl/workbook.xml": workbook}
    for entry in archive.infolist():
        if entry.filename in handlers:
            parse(archive, entry, StartElementHandler=handlers[entry.filename])
    if len(declared) > MAX_SHEETS:
        raise WorkbookError(f"Ce classeur a plus de {MAX_SHEETS} feuilles\u00a0: gardez celles du plan.")
    parts = [(name, targets.get(key, ""), state) for name, key, state in declared]
    wanted = {part for _name, part, _state in parts}
    scans = {}
    for entry in archive.infolist():
        if entry.filename in wanted:
            scans[entry.filename] = scan_sheet(archive, entry)
        elif entry.filename.endswith("sharedStrings.xml"):
            count_shared_texts(archive, entry)
        elif entry.filename.endswith((".xml", ".rels", ".vml")) and entry.filename not in handlers:
            parse(archive, entry)
    return [row for row in parts if row[1].startswith("xl/worksheets/")], scans, flags["1904"]


def _read_ods(file: BinaryIO) -> Workbook:
    with open_archive(file) as archive:
        tables = open_document.read_tables(archive)
    if len(tables) > MAX_SHEETS:
        raise WorkbookError(f"Ce classeur a plus de {MAX_SHEETS} feuilles\u00a0: gardez celles du plan.")
    sheets = []
    for table in tables:
        rows, rows_left, columns_left = _cut(table.rows)
        sheets.append(Sheet(table.name, rows, table.merged, table.errors, set(), False, rows_left, columns_left))
    return Workbook("ods", sheets)


def _read_csv(file: BinaryIO) -> Workbook:
    file.seek(0)
    content = file.read(MAX_BYTES + 1)
    text = decode(content)
    separator, text = _separator_of(text)
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.append([unguard(value) for value in row])
            if len(rows) > MAX_ROWS:
                raise WorkbookError(too_many_rows(len(rows)))
    except csv.Error as error:
        raise WorkbookError(
            "Ce fichier CSV n’est pas lisible\u00a0: une case commence par un guillemet qui n’est jamais refermé."
        ) from error
    kept, rows_left, columns_left = _cut(rows)
    return Workbook("csv", [Sheet("Fichier CSV", kept, rows_left=rows_left, columns_left=columns_left)])


def decode(content: bytes) -> str:
    """UTF-8 with or without mark, UTF-16 with mark, otherwise the encoding of French Excel."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise WorkbookError(DAMAGED) from error
    if b"\x00" in content:
        raise WorkbookError(f"Ce fichier n’est pas un classeur. {ACCEPTED}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    controls = sum(content.count(bytes([code])) for code in range(32) if code not in (9, 10, 11, 12, 13))
    if controls > len(content) // 1000:
        raise WorkbookError(f"Ce fichier n’est pas un classeur. {ACCEPTED}")
    return content.decode("cp1252", errors="replace")


def _separator_of(text: str) -> tuple[str, str]:
    """The separator that cuts the first rows into the most columns, all alike; « sep=; » from Excel is obeyed."""
    if text[:4].lower() == "sep=" and len(text) > 4:
        _first, _newline, rest = text.partition("\n")
        return text[4], rest
    sample = text[:20_000]
    best = (0.0, ";")
    for separator in (";", ",", "\t", "|"):
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator) if row][:20]
        except csv.Error:
            continue
        common = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        score = (common - 1) * widths.count(common) / max(len(widths), 1)
        if score > best[0]:
            best = (score, separator)
    return best[1], text
