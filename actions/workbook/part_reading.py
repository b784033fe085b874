"""The further sheets read line by line: which record a line is about, what it would change in it.

A line is about the record that its identifier names in its fiche; failing that, about the first record with the same
natural key that no other line has taken; failing that, it is a record to add.
"""

import copy
from collections import defaultdict
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model, UniqueConstraint

from actions.workbook.catalogue import Catalogue, Ref
from actions.workbook.exported import is_as_written
from actions.workbook.line import Change, Line
from actions.workbook.part_cells import PartCells
from actions.workbook.part_line import PartLine, say, value_of
from actions.workbook.part_owners import Owners
from actions.workbook.part_sheets import PART_SHEETS, PartSheet, recognise_part
from cls_portal.core.exports import plain
from cls_portal.core.imports.annotate import shown
from cls_portal.core.imports.errors import ValueProblem
from cls_portal.core.imports.headers import Header
from cls_portal.core.imports.likeness import normalise
from cls_portal.core.imports.reading import Sheet, Workbook

FORMULA_ERROR = "Cette case contient une erreur de calcul\u00a0: corrigez la formule ou tapez la valeur."
UNRESOLVED = (
    "Cette formule n’a pas de résultat enregistré\u00a0: ouvrez le classeur dans votre tableur, enregistrez-le "
    "et renvoyez-le."
)


def read_parts(
    workbook: Workbook, names: list[str], catalogue: Catalogue, fiches: list[Line], *, erase: bool
) -> list[PartLine]:
    """The lines of these sheets, the indicators before their measurements."""
    reader = _Reader(workbook, catalogue, fiches, erase=erase)
    known = [(sheet, recognise_part(sheet)) for sheet in workbook.sheets if sheet.name in names]
    for part in PART_SHEETS:
        for sheet, found in known:
            if found and found[0] is part:
                reader.read(sheet, part, found[1])
    return reader.lines


class _Reader:
    def __init__(self, workbook: Workbook, catalogue: Catalogue, fiches: list[Line], *, erase: bool) -> None:
        self.catalogue, self.erase = catalogue, erase
        self.lines: list[PartLine] = []
        self.taken: dict[tuple[str, Any], PartLine] = {}
        self.owners = Owners(catalogue, fiches, self.lines)
        self.cells = PartCells(catalogue, date_1904=workbook.date_1904)

    def read(self, sheet: Sheet, part: PartSheet, header: Header) -> None:
        columns = _columns(sheet, part, header)
        lines = []
        for number in range(header.body, len(sheet.rows)):
            cells = {index: value for index, value in enumerate(sheet.rows[number]) if value is not None}
            if any(index in cells for index in columns.values()):
                lines.append(PartLine(sheet, number, cells, part=part))
        for line in lines:
            self._check_formulas(line, columns)
            self.owners.find(line, columns)
        self._find_records(part, lines, columns)
        for line in lines:
            self._read_values(line, columns)
        self._check_unique(part, lines)
        self.lines += lines

    def _check_formulas(self, line: PartLine, columns: dict[str, int]) -> None:
        for index in columns.values():
            place = (line.row, index)
            if place in line.sheet.errors:
                line.problem(index, line.cells.get(index), FORMULA_ERROR)
            elif place in line.sheet.unresolved:
                line.problem(index, "formule", UNRESOLVED)

    # Which record

    def _find_records(self, part: PartSheet, lines: list[PartLine], columns: dict[str, int]) -> None:
        for line in lines:
            self._find_by_identifier(line, columns.get("identifier"))
        waiting: dict[tuple, list[Model]] = defaultdict(list)
        for owner in dict.fromkeys(line.owner.pk for line in lines if isinstance(line.owner, Model)):
            for record in self.owners.records(part, owner):
                if (part.title, record.pk) not in self.taken:
                    waiting[owner, *_record_key(part, record)].append(record)
        for line in lines:
            if line.record is None and isinstance(line.owner, Model) and not line.problems:
                same = waiting[line.owner.pk, *_line_key(line, columns)]
                line.record = same.pop(0) if same else None
                if line.record:
                    self.taken[part.title, line.record.pk] = line

    def _find_by_identifier(self, line: PartLine, index: int | None) -> None:
        if not isinstance(line.owner, Model) or index not in line.cells:
            return
        text = shown(line.cells[index]).strip()
        found = next((r for r in self.owners.records(line.part, line.owner.pk) if str(r.pk) == text), None)
        if found is None:
            return
        first = self.taken.setdefault((line.part.title, found.pk), line)
        if first is not line:
            sentence = f"Cet identifiant est déjà celui de la ligne {first.number}\u00a0: videz la case pour ajouter "
            line.problem(index, line.cells[index], f"{sentence}une ligne, ou gardez une seule des deux.")
            return
        line.record = found

    # What it would change

    def _read_values(self, line: PartLine, columns: dict[str, int]) -> None:
        for key, field in line.part.fields.items():
            if key not in columns or line.owner is None:
                continue
            raw = line.cells.get(columns[key])
            if not self._is_written(line, key, raw):
                self._read_value(line, key, columns[key], raw)
            if line.record and key in line.values:
                self._compare(line, key, field)
        if line.owner and not line.problems and (line.values or line.record is None):
            _validate(line, columns)

    def _is_written(self, line: PartLine, key: str, raw: Any) -> bool:
        if line.record is None:
            return False
        return is_as_written(line.part.resource.fields[key].dehydrate_method(line.record), raw)

    def _read_value(self, line: PartLine, key: str, column: int, raw: Any) -> None:
        field = line.part.fields[key]
        try:
            value = self.cells.read(line, key, column, raw) if raw is not None else None
        except ValueProblem as problem:
            line.problem(column, raw, str(problem))
            return
        if value is None:
            if line.record is None or field.has_default() or not self.erase:
                return
            value = field.get_default()
        line.give(key, value, line.part.headings[key], column)

    def _compare(self, line: PartLine, key: str, field) -> None:
        before, after = value_of(line.record, field), line.values[key]
        plainly = (plain(before).strip(), plain(after).strip()) if isinstance(before, str) else (before, after)
        if plainly[0] == plainly[1]:
            del line.values[key]
            return
        label, column = line.sources[key]
        line.changes.append(Change(key, label, line.cell(column), say(field, before), say(field, after)))

    def _check_unique(self, part: PartSheet, lines: list[PartLine]) -> None:
        """What the database would refuse: two lines of one fiche, or of one indicator, that are the same."""
        for constraint in part.model._meta.constraints:
            if not isinstance(constraint, UniqueConstraint):
                continue
            keys = [name for name in constraint.fields if name != part.owner]
            seen = self._left_alone(part, lines, keys)
            for line in sorted(lines, key=lambda line: line.outcome != "same"):
                if line.owner is None or line.problems:
                    continue
                values = tuple(line.final(key) for key in keys)
                if None not in values and seen.setdefault((_identity(line.owner), *values), line) is not line:
                    line.problem(_column(line, keys), "", str(constraint.violation_error_message))

    def _left_alone(self, part: PartSheet, lines: list[PartLine], keys: list[str]) -> dict[tuple, Any]:
        mentioned = {line.record.pk for line in lines if line.record}
        found = {}
        for owner in dict.fromkeys(line.owner.pk for line in lines if isinstance(line.owner, Model)):
            for record in self.owners.records(part, owner):
                if record.pk not in mentioned:
                    found[owner, *(value_of(record, part.fields[key]) for key in keys)] = record
        return found


def _columns(sheet: Sheet, part: PartSheet, header: Header) -> dict[str, int]:
    """Key → the first column that has its heading."""
    row = [value.strip() if isinstance(value, str) else value for value in sheet.rows[header.first]]
    return {key: row.index(heading) for key, heading in part.headings.items() if heading in row}


def _record_key(part: PartSheet, record: Model) -> tuple[str, ...]:
    return tuple(_words(plain(part.resource.fields[key].dehydrate_method(record))) for key in part.natural_key)


def _line_key(line: PartLine, columns: dict[str, int]) -> tuple[str, ...]:
    return tuple(_words(line.cells.get(columns[key])) for key in line.part.natural_key)


def _words(value: Any) -> str:
    text = shown(value)
    return normalise(text) or text.strip()


def _identity(owner: Any) -> Any:
    return owner.pk if isinstance(owner, Model) else f"ligne {id(owner)}"


def _column(line: PartLine, keys: list[str]) -> int | None:
    return next((line.sources[key][1] for key in keys if key in line.sources), None)


def _validate(line: PartLine, columns: dict[str, int]) -> None:
    """The rules of the record itself, so that the confirmation refuses nothing that the preview accepted."""
    for key, field in line.part.fields.items():
        if not field.blank and line.final(key) in (None, ""):
            line.problem(columns.get(key), "", f"«\u202f{line.part.headings[key]}\u202f» ne peut pas rester vide.")
    if line.problems:
        return
    record = copy.copy(line.record) if line.record else line.part.model()
    links = {field.name for field in record._meta.concrete_fields if field.is_relation}
    for key, value in line.values.items():
        if not isinstance(value, Ref) and key not in links:
            setattr(record, key, value)
    for check in (record.clean_fields, record.validate_constraints):
        _tell(line, columns, lambda check=check: check(exclude=links))
    _tell(line, columns, record.clean)


def _tell(line: PartLine, columns: dict[str, int], check) -> None:
    try:
        check()
    except ValidationError as error:
        errors = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for name, sentences in errors.items():
            column = columns.get(name)
            for sentence in sentences:
                line.problem(column, line.cells.get(column), sentence)
