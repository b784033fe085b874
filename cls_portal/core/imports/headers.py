"""Where the table starts, and what its columns are called."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cls_portal.core.imports.likeness import normalise
from cls_portal.core.imports.reading import Sheet

LINES_LOOKED_AT = 25
HEADING_LENGTH = 120
# « AXE 1 – … », « Objectif 1.1 : … »: what heads the lines below it in the body of a plan.
_BANNER = re.compile(
    r"^(axe|objectif|orientation|volet|theme|thematique|priorite|enjeu)s?( strategique| operationnel| thematique)?s?"
    r"( n| no| numero)? (\d+|[ivx]{1,4})\b"
)


@dataclass(frozen=True)
class Header:
    """`first` is the row number from 0; a header takes one or two lines."""

    first: int
    lines: int = 1
    score: float = 0.0

    @property
    def body(self) -> int:
        return self.first + self.lines


@dataclass(frozen=True)
class Heading:
    """`key` names the column whatever its place: the same heading in another sheet has the same key."""

    index: int
    label: str
    key: str


def spread_merged(sheet: Sheet) -> list[list]:
    """The rows with the value of each merged area in all of its cells."""
    rows = [list(row) for row in sheet.rows]
    for first_row, first_column, last_row, last_column in sheet.merged:
        if first_row >= len(rows) or first_column >= len(rows[first_row]):
            continue
        value = rows[first_row][first_column]
        for row in rows[first_row : last_row + 1]:
            for column in range(first_column, min(last_column + 1, len(row))):
                if row[column] is None:
                    row[column] = value
    return rows


def headings_of(sheet: Sheet, header: Header) -> list[Heading]:
    """One heading per column that has one or whose body has values; two lines are read together."""
    rows = spread_merged(sheet)[header.first : header.body]
    body = sheet.rows[header.body :]
    width = max((len(row) for row in sheet.rows), default=0)
    seen: dict[str, int] = {}
    found = []
    for index in range(width):
        parts: list[str] = []
        for row in rows:
            text = " ".join(str(row[index]).split()) if index < len(row) and row[index] is not None else ""
            if text and text not in parts:
                parts.append(text)
        label = " – ".join(parts)[:HEADING_LENGTH]
        if not label and not any(index < len(row) and row[index] is not None for row in body):
            continue
        label = label or f"Colonne {index + 1} sans titre"
        plain = normalise(label) or f"colonne {index}"
        seen[plain] = seen.get(plain, 0) + 1
        found.append(Heading(index, label, plain if seen[plain] == 1 else f"{plain} #{seen[plain]}"))
    return found


def guess_header(sheet: Sheet, recognise: Callable[[str], tuple[str, float]]) -> Header:
    """The line, or two lines, that name the most different things.

    `recognise` gives what a heading names, and how surely, from 0 to 1.
    """
    best = Header(first=_first_wide_row(sheet))
    for first in range(min(LINES_LOOKED_AT, len(sheet.rows))):
        for lines in (1, 2):
            if first + lines > len(sheet.rows) or not _looks_like_headings(sheet.rows[first + lines - 1]):
                continue
            if lines == 2 and _is_banner(sheet.rows[first + 1]):
                continue
            header = Header(first, lines)
            labels = [heading.label for heading in headings_of(sheet, header)]
            score = _score(map(recognise, labels)) - 0.3 * (lines - 1)
            if score > best.score + 1e-9:
                best = Header(first, lines, score)
    return best


def _score(named: Iterable[tuple[str, float]]) -> float:
    best: dict[str, float] = {}
    for key, sureness in named:
        best[key] = max(best.get(key, 0), sureness)
    return sum(best.values())


def _looks_like_headings(row: list) -> bool:
    filled = [str(value) for value in row if value is not None]
    short = [text for text in filled if len(text) <= HEADING_LENGTH and not _is_figure(text)]
    return len(filled) >= 1 and len(short) >= 0.7 * len(filled)


def _is_figure(text: str) -> bool:
    """A year is no figure here: many plans have one column for each."""
    return bool(re.fullmatch(r"[\d\s.,/%€-]+", text)) and not re.fullmatch(r"(19|20)\d\d", text.strip())


def _is_banner(row: list) -> bool:
    """A line that says one thing only, or begins with a numbered axis, belongs to the body of the table."""
    said = [" ".join(str(value).split()) for value in row if value is not None]
    return len(set(said)) < 2 or bool(_BANNER.match(normalise(said[0])))


def _first_wide_row(sheet: Sheet) -> int:
    """For want of a known heading: the first line with at least two filled cells."""
    for number, row in enumerate(sheet.rows[:LINES_LOOKED_AT]):
        if sum(value is not None for value in row) > 1:
            return number
    return 0
