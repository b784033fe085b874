"""A workbook often has one sheet per year of follow-up: the same fiches, of which the latest news count."""

from actions.workbook.headings import YEAR, guess_mapping
from cls_portal.core.imports.headers import Header, headings_of
from cls_portal.core.imports.likeness import normalise
from cls_portal.core.imports.reading import Sheet, Workbook


def without_older_years(workbook: Workbook, headers: dict[str, Header]) -> dict[str, Header]:
    """« Suivi 2024 » is left when « Suivi 2025 » has at least half of its fiches again."""
    years = {name: int(found[-1]) for name in headers if (found := YEAR.findall(name))}
    latest = max(years, key=years.__getitem__, default="")
    kept = _titles(workbook.sheet(latest), headers[latest]) if latest else set()
    older = {name for name, year in years.items() if year < years[latest]}
    again = {name for name in older if _half_of(_titles(workbook.sheet(name), headers[name]), kept)}
    return {name: header for name, header in headers.items() if name not in again}


def _half_of(titles: set[str], kept: set[str]) -> bool:
    return bool(titles & kept) and 2 * len(titles & kept) >= len(titles)


def _titles(sheet: Sheet, header: Header) -> set[str]:
    headings = headings_of(sheet, header)
    mapping = guess_mapping([(heading.key, heading.label) for heading in headings])
    place = next((heading.index for heading in headings if mapping.get(heading.key) == "title"), None)
    rows = sheet.rows[header.body :] if place is not None else []
    return {normalise(str(row[place])) for row in rows if row[place] is not None}
