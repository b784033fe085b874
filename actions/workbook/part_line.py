"""A line of a further sheet: the record that it describes, the fiche it belongs to, what it would change there."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Field, Model

from actions.models import Action, Indicator
from actions.workbook.catalogue import existing
from actions.workbook.line import Line
from actions.workbook.part_sheets import PartSheet
from actions.workbook.values import show
from contracts.models import Organisation

FATES = {"create": "à ajouter", "change": "à changer", "same": "sans changement", "problem": "à corriger"}


def value_of(record: Model, field: Field) -> Any:
    """What the record holds, in the form in which a cell is read."""
    if not field.is_relation:
        return getattr(record, field.name)
    found = getattr(record, field.name)
    return found and existing("organisation" if field.related_model is Organisation else "term", found)


def say(field: Field, value: Any) -> str:
    return str(dict(field.flatchoices).get(value, value)) if field.choices else show("", value)


@dataclass
class PartLine(Line):
    """`fiche` may be a line of the same workbook, still to be created; so may `indicator`, that of a measurement."""

    part: PartSheet | None = None
    fiche: Action | Line | None = None
    indicator: "Indicator | PartLine | None" = None
    record: Model | None = None

    @property
    def owner(self) -> Any:
        return self.indicator if self.part.owner == "indicator" else self.fiche

    @property
    def title(self) -> str:
        name = self.values.get("title") or (str(self.record) if self.record else "")
        named = self.part.noun + (f" «\u202f{name}\u202f»" if name else "")
        return f"{self.fiche.title}, {named}" if self.fiche else named.capitalize()

    @property
    def code(self) -> str:
        return self.fiche.code if self.fiche else ""

    @property
    def outcome(self) -> str:
        if self.problems:
            return "problem"
        if self.record is None:
            return "create"
        return "change" if self.changes else "same"

    @property
    def fate(self) -> str:
        return f"{self.part.noun} {FATES[self.outcome]}"

    @property
    def whole(self) -> str:
        return "Tout ce que dit cette ligne"

    def label(self, key: str) -> str:
        return self.sources.get(key, ("", None))[0] or key

    def final(self, key: str) -> Any:
        """The value once the import is done."""
        if key in self.values:
            return self.values[key]
        field = self.part.fields[key]
        return value_of(self.record, field) if self.record else field.get_default()

    def say(self, key: str) -> str:
        return say(self.part.fields[key], self.values[key])
