"""Spreadsheets written row by row (xlsx, ods, csv): of a file, only its compressed bytes are held in memory.

Text is always text. In xlsx and ods each text cell says so by its type; csv has no types, so a text that a spreadsheet
would take for a formula is preceded by an apostrophe (`guard`), which `unguard` takes away when the file comes back.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO

from django.http import FileResponse
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font

from cls_portal.core.ods import write_ods

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv; charset=utf-8",
}
Value = str | int | float | Decimal | date | None

# Neither XML nor a spreadsheet can hold them.
INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
FORMULA = re.compile(r"'*[=+\-@\t\r]")


@dataclass(frozen=True)
class Sheet:
    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Value]]


def clean_text(text: str) -> str:
    """A text as every format can hold it: one kind of line break, no invisible character."""
    return INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def guard(text: str) -> str:
    """For csv: an apostrophe before what a spreadsheet would compute, or before another such apostrophe."""
    return f"'{text}" if FORMULA.match(text) else text


def unguard(text: str) -> str:
    return text[1:] if text.startswith("'") and FORMULA.match(text[1:]) else text


def plain(value: Value) -> Value:
    """What all formats can write: text, number, date, nothing. An instant becomes the text of its date and time."""
    if isinstance(value, Decimal):
        return Decimal(f"{value.normalize():f}")
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    return clean_text(f"{value:%d/%m/%Y %H:%M}" if isinstance(value, datetime) else str(value))


def plain_rows(sheet: Sheet) -> Iterator[list[Value]]:
    return ([plain(value) for value in row] for row in sheet.rows)


def write_xlsx(sheets: Iterable[Sheet], file: IO[bytes]) -> None:
    workbook = Workbook(write_only=True)
    for sheet in sheets:
        worksheet = workbook.create_sheet(sheet.title)
        worksheet.freeze_panes = "A2"
        worksheet.append([xlsx_cell(worksheet, heading, bold=True) for heading in sheet.headings])
        for row in plain_rows(sheet):
            worksheet.append([xlsx_cell(worksheet, value) for value in row])
    workbook.save(file)


def xlsx_cell(worksheet, value: Value, *, bold: bool = False) -> Value | Cell:
    """openpyxl takes a text that begins with « = » for a formula: the type of every text is set by hand."""
    if isinstance(value, date):
        cell = WriteOnlyCell(worksheet, value)
        cell.number_format = "dd/mm/yyyy"
        return cell
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(worksheet, value)
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def csv_value(value: Value) -> str:
    """French numbers and dates, as a French spreadsheet reads them; only text is guarded."""
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return guard(value) if isinstance(value, str) else str(value).replace(".", ",")


class Echo:
    """A file that hands back what is written to it: the csv module then streams."""

    def write(self, text: str) -> str:
        return text


def csv_lines(sheet: Sheet) -> Iterator[str]:
    """Semicolons and a byte order mark: what a French Excel opens without a question."""
    writer = csv.writer(Echo(), delimiter=";", lineterminator="\r\n")
    yield "\ufeff" + writer.writerow([csv_value(heading) for heading in sheet.headings])
    for row in plain_rows(sheet):
        yield writer.writerow([csv_value(value) for value in row])


def write_csv(sheets: Iterable[Sheet], file: IO[bytes]) -> None:
    """The first sheet only."""
    for line in csv_lines(next(iter(sheets))):
        file.write(line.encode())


def write_ods_sheets(sheets: Iterable[Sheet], file: IO[bytes]) -> None:
    write_ods(((sheet.title, sheet.headings, plain_rows(sheet)) for sheet in sheets), file)


WRITERS = {"xlsx": write_xlsx, "ods": write_ods_sheets, "csv": write_csv}


def export_response(kind: str, name: str, sheets: Sequence[Sheet]) -> FileResponse:
    """The file as an attachment, written whole first so that a failure is a failed request, never a cut file.

    `name` comes without its extension.
    """
    file = io.BytesIO()
    WRITERS[kind](sheets, file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.{kind}", content_type=FORMATS[kind])
