"""The fiche, and for a measurement the indicator, that a line of a further sheet belongs to."""

from collections import defaultdict
from typing import Any

from django.db.models import Model

from actions.models import Action, Indicator
from actions.workbook.catalogue import Catalogue
from actions.workbook.line import Line
from actions.workbook.part_line import PartLine
from actions.workbook.part_sheets import PART_SHEETS, PartSheet
from cls_portal.core.imports.annotate import shown
from cls_portal.core.imports.likeness import normalise

UNKNOWN_IDENTIFIER = (
    "Cet identifiant n’est pas celui d’une fiche de ce contrat. Videz la case\u00a0: le numéro et l’intitulé diront "
    "de quelle fiche il s’agit."
)
UNKNOWN_FICHE = "Aucune fiche du plan ni de ce classeur n’a ce numéro et cet intitulé."
SEVERAL_FICHES = "Plusieurs fiches ont cet intitulé\u00a0: donnez l’identifiant de la fiche."
UNKNOWN_INDICATOR = (
    "Cette fiche n’a pas cet indicateur\u00a0: ajoutez-le d’abord à la feuille «\u202fIndicateurs\u202f»."
)
SEVERAL_INDICATORS = "Plusieurs indicateurs de la fiche ont cet intitulé\u00a0: donnez l’identifiant de l’indicateur."
INDICATORS = next(part for part in PART_SHEETS if part.model is Indicator)


class Owners:
    """`lines` grows as the sheets are read: the indicators that a workbook brings may be measured in it."""

    def __init__(self, catalogue: Catalogue, fiches: list[Line], lines: list[PartLine]) -> None:
        self.contract, self.lines = catalogue.contract, lines
        self.actions = {str(action.pk): action for action in catalogue.actions}
        self.by_title: dict[str, list[Action | Line]] = defaultdict(list)
        for action in catalogue.actions:
            self.by_title[normalise(action.title)].append(action)
        for line in fiches:
            if line.action is None:
                self.by_title[normalise(line.title)].append(line)
        self._records: dict[str, dict[int, list[Model]]] = {}

    def records(self, part: PartSheet, owner: int) -> list[Model]:
        """Those of one fiche, or of one indicator, in their order; all the plan's are read at once."""
        if part.title not in self._records:
            found = defaultdict(list)
            within = {f"{part.path}__contract": self.contract}
            for record in part.model.objects.filter(**within).select_related(*part.related):
                found[getattr(record, f"{part.owner}_id")].append(record)
            self._records[part.title] = found
        return self._records[part.title].get(owner, [])

    def find(self, line: PartLine, columns: dict[str, int]) -> None:
        line.fiche = self._fiche(line, columns)
        if line.fiche and line.part.owner == "indicator":
            line.indicator = self._indicator(line, columns)

    def _fiche(self, line: PartLine, columns: dict[str, int]) -> Action | Line | None:
        written = _cell(line, columns, "action")
        if written:
            found = self.actions.get(written)
            if found is None:
                line.problem(columns["action"], written, UNKNOWN_IDENTIFIER)
            return found
        title, code = _cell(line, columns, "action_title"), _cell(line, columns, "action_code")
        named = self.by_title.get(normalise(title), []) if title else []
        if len(named) > 1:
            named = [each for each in named if normalise(each.code) == normalise(code)] or named
        column = columns.get("action_title", columns["action"])
        return self._only(line, named, column, title, (UNKNOWN_FICHE, SEVERAL_FICHES))

    def _indicator(self, line: PartLine, columns: dict[str, int]) -> Indicator | PartLine | None:
        known = self.records(INDICATORS, line.fiche.pk) if isinstance(line.fiche, Action) else []
        identifier, title = _cell(line, columns, "indicator"), _cell(line, columns, "title")
        named: list[Any] = [record for record in known if str(record.pk) == identifier]
        named = named or [record for record in known if normalise(record.title) == normalise(title)]
        named = named or [
            other
            for other in self.lines
            if other.part is INDICATORS
            and other.fiche is line.fiche
            and other.record is None
            and normalise(str(other.values.get("title", ""))) == normalise(title)
        ]
        column = columns.get("title", columns["indicator"])
        return self._only(line, named, column, title, (UNKNOWN_INDICATOR, SEVERAL_INDICATORS))

    @staticmethod
    def _only(line: PartLine, named: list, column: int, raw: str, sentences: tuple[str, str]) -> Any:
        if len(named) != 1:
            line.problem(column, raw, sentences[1] if named else sentences[0])
            return None
        if isinstance(named[0], Line) and named[0].problems:
            place = f"«\u202f{named[0].sheet.name}\u202f», ligne {named[0].number}"
            line.problem(column, raw, f"Cette ligne dépend de {place}, qui est à corriger d’abord.")
        return named[0]


def _cell(line: PartLine, columns: dict[str, int], key: str) -> str:
    return shown(line.cells.get(columns[key])).strip() if key in columns else ""
