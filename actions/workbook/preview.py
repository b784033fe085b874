"""All that a workbook would change in a plan: computed afresh at each page, nothing is acted on from memory."""

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from actions.workbook.catalogue import Catalogue, Ref
from actions.workbook.cells import Context
from actions.workbook.fiche import build_line
from actions.workbook.fields import BY_KEY, IGNORE
from actions.workbook.headings import YEAR, guess_mapping, is_lone_year, recognise_place
from actions.workbook.line import Line
from actions.workbook.moments import is_tick
from actions.workbook.part_line import PartLine
from actions.workbook.part_reading import UNRESOLVED, read_parts
from actions.workbook.part_report import left_alone
from actions.workbook.part_sheets import recognise_part
from actions.workbook.rows import Ignored, SheetRows, classify
from actions.workbook.years import without_older_years
from cls_portal.core import french
from cls_portal.core.imports.annotate import PROBLEM_SHEET, CellProblem, shown
from cls_portal.core.imports.headers import Header, Heading, guess_header, headings_of
from cls_portal.core.imports.likeness import normalise
from cls_portal.core.imports.reading import COLUMNS_READ, ROWS_READ, Sheet, Workbook
from contracts.models import Contract


@dataclass
class Choices:
    """The answers of the steps: the sheets and their header line, what each heading feeds, what an empty cell does.

    `parts` names the further sheets of the portal's export, whose columns are known.
    """

    sheets: dict[str, Header] = field(default_factory=dict)
    mapping: dict[str, str] = field(default_factory=dict)
    erase: bool = False
    parts: list[str] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        return bool(self.mapping) or (bool(self.parts) and not self.sheets)

    def to_json(self) -> dict[str, Any]:
        sheets = {name: [header.first, header.lines] for name, header in self.sheets.items()}
        return {"sheets": sheets, "mapping": self.mapping, "erase": self.erase, "parts": self.parts}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Choices":
        sheets = {name: Header(*place) for name, place in data.get("sheets", {}).items()}
        return cls(sheets, data.get("mapping", {}), data.get("erase", False), data.get("parts", []))


@dataclass(frozen=True)
class UsedColumn:
    """A heading met in the chosen sheets, with samples of what stands below it."""

    heading: Heading
    sheets: tuple[str, ...]
    filled: int
    samples: tuple[str, ...]
    why: str = ""


@dataclass
class Preview:
    lines: list[Line] = field(default_factory=list)
    parts: list[PartLine] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    unused: list[UsedColumn] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    # What the sheets hold beyond what is read: said where one decides.
    cut: list[str] = field(default_factory=list)

    def of(self, outcome: str) -> list[Line]:
        return [line for line in self.everything if line.outcome == outcome]

    @property
    def everything(self) -> list[Line]:
        """The lines that are fiches, then those of the further sheets."""
        return [*self.lines, *self.parts]

    @cached_property
    def counts(self) -> Counter:
        """What becomes of the fiches; `part_counts` tells it of the lines of the further sheets."""
        return Counter(line.outcome for line in self.lines)

    @cached_property
    def part_counts(self) -> Counter:
        return Counter(line.outcome for line in self.parts)

    @property
    def problems(self) -> list[CellProblem]:
        return [problem for line in self.everything for problem in line.problems]

    def accepted(self) -> list[Line]:
        return [line for line in self.lines if line.outcome in ("create", "change")]

    def accepted_parts(self) -> list[PartLine]:
        return [line for line in self.parts if line.outcome in ("create", "change")]

    def changing(self) -> list[Line]:
        return [*self.accepted(), *self.accepted_parts()]

    def new_refs(self, lines: list[Line] | None = None) -> list[Ref]:
        """What has to be created for these lines, each thing once, what it depends on first."""
        chosen = self.changing() if lines is None else lines
        return list(dict.fromkeys(ref for line in chosen for ref in line.refs()))

    @cached_property
    def fingerprint(self) -> str:
        """The same as long as neither the workbook, the choices nor the fiches concerned have changed."""
        facts = [
            [line.sheet.name, line.row, line.outcome, line.action and [line.action.pk, line.action.version]]
            + [[change.key, change.before, change.after] for change in line.changes]
            + [sorted(line.values)]
            for line in self.everything
        ]
        facts.append([ref.kind + ref.identity for ref in self.new_refs()])
        return hashlib.sha256(json.dumps(facts, default=str).encode()).hexdigest()


def guess_headers(workbook: Workbook) -> dict[str, Header]:
    return {sheet.name: guess_header(sheet, recognise_place) for sheet in workbook.sheets if not sheet.is_empty}


def default_choices(workbook: Workbook) -> Choices:
    """The sheets where a title is recognised with at least another column, or failing that the fullest one."""
    headers = guess_headers(workbook)
    plausible = {
        name: header
        for name, header in headers.items()
        if header.score >= 1.5 and normalise(name) != normalise(PROBLEM_SHEET) and not workbook.sheet(name).hidden
        if not recognise_part(workbook.sheet(name))
        if "title" in _guess(workbook.sheet(name), header).values()
    }
    plausible = without_older_years(workbook, plausible)
    parts = [sheet.name for sheet in workbook.sheets if not sheet.hidden and recognise_part(sheet)]
    if not plausible and not parts:
        fullest = max(workbook.sheets, key=lambda sheet: sum(v is not None for row in sheet.rows for v in row))
        plausible = {fullest.name: headers.get(fullest.name, Header(0))}
    return Choices(sheets=plausible, parts=parts, erase=bool(parts) and not plausible)


def _guess(sheet: Sheet, header: Header) -> dict[str, str]:
    return guess_mapping([(heading.key, heading.label) for heading in headings_of(sheet, header)])


def used_columns(workbook: Workbook, choices: Choices) -> list[UsedColumn]:
    """Each heading once, in the order in which it is met."""
    found: dict[str, dict] = {}
    for name, header in choices.sheets.items():
        sheet = workbook.sheet(name)
        for heading in headings_of(sheet, header):
            entry = found.setdefault(heading.key, {"heading": heading, "sheets": [], "values": []})
            entry["sheets"].append(name)
            body = sheet.rows[header.body :]
            entry["values"] += [row[heading.index] for row in body if row[heading.index] is not None]
    return [
        UsedColumn(
            e["heading"],
            tuple(e["sheets"]),
            len(e["values"]),
            tuple(dict.fromkeys(shown(v) for v in e["values"][:40]))[:3],
        )
        for e in found.values()
    ]


def guess_columns(workbook: Workbook, choices: Choices, contract: Contract) -> dict[str, str]:
    used = used_columns(workbook, choices)
    mapping = guess_mapping([(column.heading.key, column.heading.label) for column in used], contract.axis_label)
    return mapping | {column.heading.key: "ticked_year" for column in _ticked(used)}


def _ticked(used: list[UsedColumn]) -> list[UsedColumn]:
    """« 2024 », « 2025 », « 2026 » with a cross here and there, and no figure, under one upper heading."""
    groups: dict[str, list[UsedColumn]] = {}
    for column in used:
        if is_lone_year(column.heading.label):
            above = YEAR.sub("", normalise(column.heading.label))
            groups.setdefault(above, []).append(column)
    return [column for years in groups.values() if _have_crosses(years) for column in years]


def _have_crosses(years: list[UsedColumn]) -> bool:
    figures = any(re.fullmatch(r"[\d\s.,€]+", sample) for column in years for sample in column.samples)
    return not figures and any(column.samples and all(map(is_tick, column.samples)) for column in years)


def build_preview(workbook: Workbook, choices: Choices, contract: Contract, file_name: str) -> Preview:
    catalogue, preview = Catalogue(contract), Preview()
    own_export = "identifier" in choices.mapping.values()
    for name, header in choices.sheets.items():
        sheet = workbook.sheet(name)
        headings = headings_of(sheet, header)
        rows = classify(sheet, header, headings, choices.mapping, catalogue)
        preview.ignored += rows.ignored
        context = Context(
            catalogue, file_name, workbook.date_1904, _fractions(sheet, header, headings, choices), own_export
        )
        lines = [
            build_line(sheet, row, headings, choices.mapping, context, erase=choices.erase) for row in rows.fiches
        ]
        _report_unresolved(sheet, lines, headings, choices.mapping)
        preview.lines += lines
        preview.notices += _notices(sheet, rows)
    _report_duplicates(preview.lines)
    preview.parts = read_parts(workbook, choices.parts, catalogue, preview.lines, erase=choices.erase)
    preview.notices += left_alone(preview.parts, preview.lines, choices.parts, workbook)
    preview.unused = _unused(workbook, choices)
    used = {*choices.sheets, *choices.parts}
    preview.cut = [said for sheet in workbook.sheets if sheet.name in used for said in _cut_short(sheet)]
    others = [s.name for s in workbook.sheets if s.name not in used and not s.is_empty]
    if others:
        preview.notices.append(f"Feuilles laissées de côté\u00a0: {', '.join(others)}.")
    return preview


def _unused(workbook: Workbook, choices: Choices) -> list[UsedColumn]:
    """The columns left aside by choice, and those that the portal never takes from a workbook, with the reason."""
    found = []
    for column in used_columns(workbook, choices):
        key = choices.mapping.get(column.heading.key, IGNORE)
        chosen = BY_KEY.get(key)
        if key == IGNORE or (chosen and chosen.why_ignored):
            found.append(replace(column, why=chosen.why_ignored if chosen else ""))
    return found


def _fractions(sheet: Sheet, header: Header, headings: list[Heading], choices: Choices) -> frozenset[int]:
    """The columns of progress whose numbers are all between 0 and 1: there, 1 means 100 %."""
    found = set()
    for heading in headings:
        if choices.mapping.get(heading.key) not in ("progress", "status"):
            continue
        numbers = [
            row[heading.index] for row in sheet.rows[header.body :] if isinstance(row[heading.index], int | float)
        ]
        if numbers and all(0 <= number <= 1 for number in numbers):
            found.add(heading.index)
    return frozenset(found)


def _report_unresolved(sheet: Sheet, lines: list[Line], headings: list[Heading], mapping: dict[str, str]) -> None:
    columns = {h.index for h in headings if mapping.get(h.key) in BY_KEY}
    rows = {line.row: line for line in lines}
    for row, column in sheet.unresolved:
        if row in rows and column in columns:
            rows[row].problem(
                column,
                "formule",
                UNRESOLVED,
            )


def _cut_short(sheet: Sheet) -> list[str]:
    where, left = f"Feuille «\u202f{sheet.name}\u202f»\u00a0:", []
    for count, noun, last in ((sheet.rows_left, "ligne", ROWS_READ), (sheet.columns_left, "colonne", COLUMNS_READ)):
        if count:
            verb = "ne sont pas lues" if count > 1 else "n’est pas lue"
            limit = f"{french.number(last)}\u00a0{noun}s"
            left.append(f"{where} {french.count_noun(count, noun)} au-delà des {limit} {verb}. Partagez la feuille.")
    return left


def _notices(sheet: Sheet, rows: SheetRows) -> list[str]:
    notices = []
    if not rows.fiches:
        notices.append(f"Feuille «\u202f{sheet.name}\u202f»\u00a0: aucune ligne n’y est une fiche.")
    return notices


def _report_duplicates(lines: list[Line]) -> None:
    seen: dict[Any, Line] = {}
    for line in lines:
        if not line.title:
            continue
        key = line.action.pk if line.action else (normalise(line.code), normalise(line.title))
        first = seen.setdefault(key, line)
        if first is not line:
            where = f"Cette fiche est déjà décrite ligne {first.number} de «\u202f{first.sheet.name}\u202f»\u00a0: "
            told = "gardez une seule des deux lignes."
            if first.sheet is not line.sheet:
                told = (
                    "si les deux feuilles décrivent le même plan, par exemple à deux dates, n’en reprenez qu’une, "
                    "à l’étape Feuilles\u202f; sinon, gardez une seule des deux lignes."
                )
            line.problem(line.sources.get("title", ("", None))[1], line.title, where + told)
