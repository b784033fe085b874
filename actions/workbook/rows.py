"""Which line of a sheet is a fiche, which names an axis, which is a total, a note or a repeated heading.

Every filled line has an answer: it is a fiche, or it is left aside with the reason.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from actions.workbook.catalogue import Catalogue, names_an_axis
from actions.workbook.fields import IGNORE
from cls_portal.core.imports.annotate import shown
from cls_portal.core.imports.headers import Header, Heading
from cls_portal.core.imports.likeness import normalise
from cls_portal.core.imports.reading import Sheet, cell_name

TOTAL = re.compile(r"^(sous[ -]?totaux?|sous[ -]?total|total|totaux|total general|nombre (total )?(de|d) fiches?)\b")
OBJECTIVE = re.compile(
    r"^(objectifs?|os|oo|sous axe)( strategiques?| operationnels?| generaux| general)?"
    r"\s*(n|no|numero)?\s*[\da-z]{0,4}\b"
)


NOTE = re.compile(
    r"^(nb|n b|nota|note|notes|remarque|remarques|legende|source|sources|mise a jour|etats? possibles?)\b"
)


@dataclass(frozen=True)
class Ignored:
    """A filled line that is no fiche: where, what it says, why."""

    sheet: str
    row: int
    text: str
    reason: str

    @property
    def number(self) -> int:
        return self.row + 1


@dataclass
class FicheRow:
    """`axis` and `objective` come from the banners above, from the sheet's name or from the line that is repeated."""

    row: int
    cells: dict[int, Any]
    axis: str = ""
    axis_reason: str = ""
    objective: str = ""


@dataclass
class SheetRows:
    fiches: list[FicheRow] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)


def classify(
    sheet: Sheet, header: Header, headings: list[Heading], mapping: dict[str, str], catalogue: Catalogue
) -> SheetRows:
    return _Classifier(sheet, header, headings, mapping, catalogue).run()


class _Classifier:
    def __init__(self, sheet, header, headings, mapping, catalogue) -> None:
        self.sheet, self.header, self.headings, self.catalogue = sheet, header, headings, catalogue
        self.columns = {h.index: mapping[h.key] for h in headings if mapping.get(h.key, IGNORE) != IGNORE}
        self.by_key = {key: index for index, key in reversed(self.columns.items())}
        self.merged_rows, self.merged_down = _merges(sheet)
        self.axis = self.objective = ""
        self.rows = SheetRows()
        self.axis_column = self.by_key.get("axis")
        self.repeat_axis = self._axis_is_written_once()
        self.last_axis: tuple[Any, int] | None = None
        self.sheet_axis = sheet.name if names_an_axis(sheet.name) else ""

    def run(self) -> SheetRows:
        for number in range(min(self.header.first, len(self.sheet.rows))):
            self._leave(number, "Au-dessus des en-têtes du tableau.")
        for number in range(self.header.body, len(self.sheet.rows)):
            if any(value is not None for value in self.sheet.rows[number]):
                self._classify(number)
        return self.rows

    def _axis_is_written_once(self) -> bool:
        """The axis stands in the first line of its fiches only: no merged cell, no repetition, no identifier."""
        if self.axis_column is None or "identifier" in self.by_key:
            return False
        if any(column == self.axis_column for _row, column in self.merged_down):
            return False
        values = [row[self.axis_column] for row in self.sheet.rows[self.header.body :] if self._title_of(row)]
        return None in values and all(a != b or a is None for a, b in pairwise(values))

    def _title_of(self, row: list) -> Any:
        index = self.by_key.get("title")
        return row[index] if index is not None and index < len(row) else None

    def _text(self, number: int) -> str:
        return " · ".join(shown(value) for value in self.sheet.rows[number] if value is not None)[:300]

    def _leave(self, number: int, reason: str) -> None:
        if any(value is not None for value in self.sheet.rows[number]):
            self.rows.ignored.append(Ignored(self.sheet.name, number, self._text(number), reason))

    def _classify(self, number: int) -> None:
        row = self.sheet.rows[number]
        filled = {index: value for index, value in enumerate(row) if value is not None}
        texts = [value for value in filled.values() if isinstance(value, str)]
        if any(TOTAL.match(normalise(text)) for text in texts[:2]) and not self._has_code(row):
            self._leave(number, "Ligne de total ou de sous-total.")
        elif self._repeats_headings(filled):
            self._leave(number, "En-tête du tableau répété.")
        elif self._title_of(row) is not None and not self._is_banner(number, filled):
            self._fiche(number, row)
        elif self._continues(number):
            self._continue(number, filled)
        elif len(set(map(str, filled.values()))) == 1:
            self._alone(number, next(iter(filled.items())))
        else:
            self._without_title(number, row, filled)

    def _has_code(self, row: list) -> bool:
        index = self.by_key.get("code")
        return index is not None and row[index] is not None and not TOTAL.match(normalise(str(row[index])))

    def _repeats_headings(self, filled: dict[int, Any]) -> bool:
        labels = {heading.index: normalise(heading.label) for heading in self.headings}
        same = sum(normalise(str(value)) == labels.get(index) for index, value in filled.items())
        return same >= 2 and same >= len(filled) / 2

    def _is_banner(self, number: int, filled: dict[int, Any]) -> bool:
        """A title alone on its line, over merged cells or with the words of an axis."""
        if len(set(map(str, filled.values()))) > 1:
            return False
        (index, value) = next(iter(filled.items()))
        if not isinstance(value, str):
            return False
        if self._is_objective(value) or NOTE.match(normalise(value)):
            return True
        wide = self.merged_rows.get((number, index), 0) >= 3
        return wide or names_an_axis(value) or (bool(self.catalogue.existing_axis(value)) and len(self.columns) > 2)

    def _alone(self, number: int, cell: tuple[int, Any]) -> None:
        index, value = cell
        text = shown(value)
        wide = self.merged_rows.get((number, index), 0) >= 3
        if self._is_objective(text):
            self.objective = text
            self._leave(number, "Bandeau\u00a0: donne l’objectif des lignes qui suivent.")
        elif (
            names_an_axis(text)
            or self.catalogue.existing_axis(text)
            or (wide and len(text) <= 150 and self._fiche_follows(number))
        ):
            self.axis, self.objective, self.last_axis = text, "", None
            self._leave(number, "Bandeau\u00a0: donne l’axe des lignes qui suivent.")
        elif index == self.axis_column and self.repeat_axis:
            self.last_axis = (text, number)
            self._leave(number, "Donne l’axe des lignes qui suivent.")
        elif index == self.by_key.get("code") and len(text) <= 20 and re.search(r"\d", text):
            self._without_title(number, self.sheet.rows[number], {index: value})
        else:
            self._leave(number, "Ligne de commentaire\u00a0: ni intitulé, ni autre colonne remplie.")

    def _is_objective(self, text: str) -> bool:
        """« Objectif 2.1 : … », alone on its line, heads the fiches that follow."""
        numbered = re.search(r"\d|[:–—]", text[:60])
        return bool(numbered and OBJECTIVE.match(normalise(text)) and not names_an_axis(text))

    def _fiche_follows(self, number: int) -> bool:
        following = self.sheet.rows[number + 1 : number + 4]
        return any(self._title_of(row) is not None and sum(v is not None for v in row) > 1 for row in following)

    def _continues(self, number: int) -> bool:
        """The title of the fiche above covers this line too."""
        top = self.merged_down.get((number, self.by_key.get("title")))
        return bool(self.rows.fiches) and top == self.rows.fiches[-1].row

    def _continue(self, number: int, filled: dict[int, Any]) -> None:
        fiche = self.rows.fiches[-1]
        for index, value in filled.items():
            before = fiche.cells.get(index)
            if before is None:
                fiche.cells[index] = value
            elif value != before:
                fiche.cells[index] = f"{shown(before)}\n{shown(value)}"
        self._leave(number, f"Suite de la fiche de la ligne {fiche.row + 1}\u00a0: ses valeurs s’y ajoutent.")

    def _without_title(self, number: int, row: list, filled: dict[int, Any]) -> None:
        if not any(index in self.columns for index in filled):
            self._leave(number, "Aucune des colonnes reprises n’est remplie.")
        else:
            self._fiche(number, row)

    def _fiche(self, number: int, row: list) -> None:
        cells = {index: value for index, value in enumerate(row) if value is not None}
        for index in self.columns:
            top = self.merged_down.get((number, index))
            if index not in cells and top is not None:
                value = self.sheet.rows[top][index]
                if value is not None:
                    cells[index] = value
        fiche = FicheRow(number, cells, objective=self.objective)
        self._place(fiche)
        self.rows.fiches.append(fiche)

    def _place(self, fiche: FicheRow) -> None:
        if self.axis_column is not None and self.axis_column in fiche.cells:
            self.last_axis = (fiche.cells[self.axis_column], fiche.row)
        elif self.repeat_axis and self.last_axis:
            value, row = self.last_axis
            fiche.axis, fiche.axis_reason = shown(value), f"repris de {cell_name(row, self.axis_column)}"
        elif self.axis:
            fiche.axis, fiche.axis_reason = self.axis, "donné par le bandeau"
        elif self.sheet_axis:
            fiche.axis, fiche.axis_reason = self.sheet_axis, "donné par le nom de la feuille"


def _merges(sheet: Sheet) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], int]]:
    """Width of the areas by their first cell; first row of the areas, by each cell they cover below it."""
    wide: dict[tuple[int, int], int] = {}
    down: dict[tuple[int, int], int] = {}
    for first_row, first_column, last_row, last_column in sheet.merged:
        wide[first_row, first_column] = last_column - first_column + 1
        for row in range(first_row + 1, min(last_row, len(sheet.rows)) + 1):
            down[row, first_column] = first_row
    return wide, down
