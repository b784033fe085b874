"""The cells of the calendar."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from actions.enums import DatePrecision
from actions.workbook.cells import Cell, Context, is_blank
from actions.workbook.fields import TEXT_LIMITS
from actions.workbook.headings import YEAR as YEARS
from actions.workbook.headings import year_of
from actions.workbook.line import Line, say_the_same
from actions.workbook.values import PRECISIONS, Moment, show
from cls_portal.core.imports.dates import YEAR, DateReading, read_date
from cls_portal.core.imports.errors import ValueProblem
from cls_portal.core.imports.likeness import is_blank_word, normalise

LASTING = re.compile(
    r"\b(permanent\w*|en continu|continue?|tout au long|duree du (cls|contrat)|toute la duree|chaque annee|"
    r"tous les ans|annuel\w*|recurrent\w*|perenne\w*)\b"
)

TICKS = {"x", "xx", "✓", "✔", "✗", "✘", "●", "•", "■", "oui", "o", "ok"}


def _lasting(line: Line, cell: Cell, context: Context) -> bool:
    if isinstance(cell.raw, str) and LASTING.search(normalise(cell.raw)):
        line.give("is_recurring", True, cell.label, cell.index)
        _detail(line, cell, "action récurrente, ")
        return True
    return False


def _detail(line: Line, cell: Cell, before: str = "") -> None:
    """What is said of the calendar in words stays as it is written; beside a date, with what it is said of."""
    _add_detail(line, cell, cell.text if cell.column.kind == "calendar" else f"{cell.heading}\u00a0: {cell.text}")
    line.interpret(cell.label, cell.index, cell.raw, f"{before}gardé tel quel dans les précisions sur le calendrier")


def _add_detail(line: Line, cell: Cell, said: str) -> None:
    kept = line.action.calendar_detail if line.action and cell.column.kind != "calendar" else ""
    known = line.values.get("calendar_detail", kept)
    detail = known if said in known else f"{known}\n{said}".strip()
    if len(detail) > TEXT_LIMITS["calendar_detail"]:
        raise ValueProblem(f"Ce texte est trop long\u00a0: {TEXT_LIMITS['calendar_detail']} caractères au plus.")
    line.give("calendar_detail", detail, cell.label, cell.index)


def _in_words(line: Line, cell: Cell) -> bool:
    """« dès que possible », « à définir », or a month whose year is nowhere: no date that would be miswritten."""
    plain = normalise(cell.raw) if isinstance(cell.raw, str) else ""
    if _lacks_year(cell.raw):
        _detail(line, cell, "sans année\u00a0: ")
        return True
    if plain and not re.search(r"\d", plain) and (plain.startswith("a ") or not is_blank_word(plain)):
        _detail(line, cell)
        return True
    return is_blank(line, cell)


def _lacks_year(raw: Any) -> bool:
    return isinstance(raw, str) and not _try(raw) and bool(_try(raw, 2000))


def _try(raw: str, year: int | None = None) -> DateReading | None:
    """« mars », « T2 », « 15 septembre », with the year that stands elsewhere; « en cours » is no part of it."""
    if year and not re.search(r"[a-z]", normalise(raw)):
        return None
    try:
        reading = read_date(f"{raw} {year}" if year else raw)
    except ValueProblem:
        return None
    return None if year and reading.precision == YEAR else reading


def _years_beside(line: Line, cell: Cell, context: Context, side: str) -> Iterator[tuple[int, str]]:
    """Where the year of « mars » may stand, and how to say it."""
    if year_of(cell.heading):
        yield year_of(cell.heading), "année de l’en-tête"
    beside = line.values.get(side)
    if beside and beside.precision == DatePrecision.YEAR:
        yield beside.day.year, "année d’une autre colonne"
    named = set(YEARS.findall(line.sheet.name))
    if len(named) == 1:
        yield int(named.pop()), "année du nom de la feuille"
    contract = context.catalogue.contract
    if contract.start_date and contract.end_date and contract.start_date.year == contract.end_date.year:
        yield contract.start_date.year, "année du contrat"


def _read(line: Line, cell: Cell, context: Context, side: str) -> tuple[DateReading, str] | None:
    """The date and, when its year stands elsewhere, where; None when the cell was kept in words or is empty."""
    if _lasting(line, cell, context):
        return None
    if _lacks_year(cell.raw):
        for year, where in _years_beside(line, cell, context, side):
            reading = _try(cell.raw, year)
            if reading:
                return reading, f", {where}"
    return None if _in_words(line, cell) else (read_date(cell.raw, date_1904=context.date_1904), "")


def read_start(line: Line, cell: Cell, context: Context) -> None:
    _read_side(line, cell, context, "start")


def read_end(line: Line, cell: Cell, context: Context) -> None:
    _read_side(line, cell, context, "end")


def _read_side(line: Line, cell: Cell, context: Context, side: str) -> None:
    found = _read(line, cell, context, side)
    if found:
        reading, where = found
        moment = Moment(reading.last if side == "end" else reading.first, PRECISIONS[reading.precision])
        line.give(side, moment, cell.label, cell.index)
        if reading.interpreted:
            # « 2e trimestre 2014 » reads the same: the day says which end of it is meant.
            day = f" ({moment.day:%d/%m/%Y})" if say_the_same(cell.text, str(moment)) else ""
            line.interpret(cell.label, cell.index, cell.raw, f"{moment}{day}{where}")


def read_calendar(line: Line, cell: Cell, context: Context) -> None:
    """Beginning and end in one cell; what is not a period stays, in words, in the details of the calendar."""
    try:
        found = _read(line, cell, context, "start")
    except ValueProblem:
        _detail(line, cell)
        return
    if found:
        reading, where = found
        for key, day in (("start", reading.first), ("end", reading.last)):
            line.give(key, Moment(day, PRECISIONS[reading.precision]), cell.label, cell.index)
        meaning = f"du {reading.first:%d/%m/%Y} au {reading.last:%d/%m/%Y}{where}"
        line.interpret(cell.label, cell.index, cell.raw, meaning)


def read_tick(line: Line, cell: Cell, context: Context) -> None:
    """« X » under 2024, 2025, 2026: the fiche lasts from the first year that is ticked to the last."""
    year = year_of(cell.heading)
    if not year or not is_tick(cell.raw):
        is_blank(line, cell) or _detail(line, cell)
        return
    line.ticks[year] = cell
    for side, day in (("start", date(min(line.ticks), 1, 1)), ("end", date(max(line.ticks), 12, 31))):
        line.give(side, Moment(day, DatePrecision.YEAR), cell.label, cell.index)


def is_tick(value: Any) -> bool:
    return value is True or str(value).strip().casefold() in TICKS


def conclude_ticks(line: Line) -> None:
    """Said once for the line; a date of the fiche within the year that is ticked is more precise, and stays."""
    if not line.ticks:
        return
    years, cell = sorted(line.ticks), line.ticks[min(line.ticks)]
    for side, year in (("start", years[0]), ("end", years[-1])):
        known = getattr(line.action, f"{side}_date", None)
        if known and known.year == year and line.values[side].precision == DatePrecision.YEAR:
            del line.values[side]
    meaning = f"années cochées\u00a0: du 01/01/{years[0]} au 31/12/{years[-1]}"
    line.interpret(cell.label, cell.index, cell.raw, meaning)
    if len(years) <= years[-1] - years[0]:
        try:
            _add_detail(line, cell, f"Années cochées\u00a0: {', '.join(map(str, years))}")
        except ValueProblem as problem:
            line.problem(cell.index, cell.raw, str(problem))


def read_day(line: Line, cell: Cell, context: Context) -> None:
    found = _read(line, cell, context, cell.column.option)
    if found:
        reading, where = found
        line.give(cell.column.option, reading.last, cell.label, cell.index)
        if reading.interpreted:
            line.interpret(cell.label, cell.index, cell.raw, f"{show('', reading.last)}{where}")


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
