"""The cells of the calendar."""

import re

from actions.workbook.cells import Cell, Context, is_blank
from actions.workbook.fields import TEXT_LIMITS
from actions.workbook.line import Line
from actions.workbook.values import PRECISIONS, Moment, show
from cls_portal.core.imports.dates import DateReading, read_date
from cls_portal.core.imports.errors import ValueProblem
from cls_portal.core.imports.likeness import is_blank_word, normalise

LASTING = re.compile(
    r"\b(permanent\w*|en continu|continue?|tout au long|duree du (cls|contrat)|toute la duree|chaque annee|"
    r"tous les ans|annuel\w*|recurrent\w*|perenne\w*)\b"
)


def _moment(line: Line, cell: Cell, reading: DateReading, *, end: bool) -> Moment:
    moment = Moment(reading.last if end else reading.first, PRECISIONS[reading.precision])
    if reading.interpreted:
        line.interpret(cell.label, cell.index, cell.raw, str(moment))
    return moment


def _lasting(line: Line, cell: Cell, context: Context) -> bool:
    if isinstance(cell.raw, str) and LASTING.search(normalise(cell.raw)):
        line.give("is_recurring", True, cell.label, cell.index)
        _detail(line, cell, "action récurrente, ")
        return True
    return False


def _detail(line: Line, cell: Cell, before: str = "") -> None:
    """What is said of the calendar in words stays as it is written; beside a date, with what it is said of."""
    kept = line.action.calendar_detail if line.action else ""
    if cell.column.kind == "calendar":
        said, known = cell.text, line.values.get("calendar_detail", "")
    else:
        said, known = f"{cell.heading} : {cell.text}", line.values.get("calendar_detail", kept)
    detail = known if said in known else f"{known}\n{said}".strip()
    if len(detail) > TEXT_LIMITS["calendar_detail"]:
        raise ValueProblem(f"Ce texte est trop long : {TEXT_LIMITS['calendar_detail']} caractères au plus.")
    line.give("calendar_detail", detail, cell.label, cell.index)
    line.interpret(cell.label, cell.index, cell.raw, f"{before}gardé tel quel dans les précisions sur le calendrier")


def _in_words(line: Line, cell: Cell) -> bool:
    """« dès que possible », « à définir »: without a figure, it is no date that would be miswritten."""
    plain = normalise(cell.raw) if isinstance(cell.raw, str) else ""
    if plain and not re.search(r"\d", plain) and (plain.startswith("a ") or not is_blank_word(plain)):
        _detail(line, cell)
        return True
    return is_blank(line, cell)


def read_start(line: Line, cell: Cell, context: Context) -> None:
    if not _lasting(line, cell, context) and not _in_words(line, cell):
        reading = read_date(cell.raw, date_1904=context.date_1904)
        line.give("start", _moment(line, cell, reading, end=False), cell.label, cell.index)


def read_end(line: Line, cell: Cell, context: Context) -> None:
    if not _lasting(line, cell, context) and not _in_words(line, cell):
        reading = read_date(cell.raw, date_1904=context.date_1904)
        line.give("end", _moment(line, cell, reading, end=True), cell.label, cell.index)


def read_calendar(line: Line, cell: Cell, context: Context) -> None:
    """Beginning and end in one cell; what is not a period stays, in words, in the details of the calendar."""
    if _lasting(line, cell, context) or _in_words(line, cell):
        return
    try:
        reading = read_date(cell.raw, date_1904=context.date_1904)
    except ValueProblem:
        _detail(line, cell)
        return
    for key, day in (("start", reading.first), ("end", reading.last)):
        if key not in line.values:
            line.give(key, Moment(day, PRECISIONS[reading.precision]), cell.label, cell.index)
    line.interpret(cell.label, cell.index, cell.raw, f"du {reading.first:%d/%m/%Y} au {reading.last:%d/%m/%Y}")


def read_day(line: Line, cell: Cell, context: Context) -> None:
    if _in_words(line, cell):
        return
    reading = read_date(cell.raw, date_1904=context.date_1904)
    line.give(cell.column.option, reading.last, cell.label, cell.index)
    if reading.interpreted:
        line.interpret(cell.label, cell.index, cell.raw, show("", reading.last))


def read_precision(line: Line, cell: Cell, context: Context) -> None:
    """Written by the export beside each date: it completes the date that was just read."""
    side = cell.column.option
    wanted = normalise(cell.text)
    found = next((value for value in PRECISIONS.values() if normalise(value.label) == wanted), None)
    moment = line.values.get(side)
    if found and moment:
        line.values[side] = Moment(moment.day, found)
    elif not found and cell.raw is not None:
        labels = ", ".join(str(value.label) for value in PRECISIONS.values())
        raise ValueProblem(f"Écrivez l’une de ces précisions\u00a0: {labels}.")
