"""The further sheets of the portal's export (steps, funding, indicators and their figures), and how one is known."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Field, Model

from actions.models import FundingLine, Indicator, IndicatorTarget, Measurement, Step
from actions.resources import PARTS, SheetResource
from cls_portal.core.french import count_noun
from cls_portal.core.imports.headers import LINES_LOOKED_AT, Header
from cls_portal.core.imports.reading import Sheet

# What makes a line known where its identifier does not: after a copy into another workbook, or a deletion.
NATURAL_KEYS: dict[type[Model], tuple[str, ...]] = {
    Step: ("title",),
    FundingLine: ("year", "funder", "scheme"),
    Indicator: ("title",),
    IndicatorTarget: ("period_end",),
    Measurement: ("date",),
}
# They tell which record a line is about, and are never written.
IDENTIFIERS = ("identifier", "action", "action_code", "action_title", "indicator")


@dataclass(frozen=True)
class PartSheet:
    """`owner`: the field that leads to what the records belong to, the fiche or the indicator."""

    title: str
    resource: type[SheetResource]
    model: type[Model]
    path: str
    related: tuple[str, ...]

    @property
    def owner(self) -> str:
        return self.path.partition("__")[0]

    @property
    def noun(self) -> str:
        return str(self.model._meta.verbose_name)

    def count(self, count: int) -> str:
        return count_noun(count, self.noun, str(self.model._meta.verbose_name_plural))

    @property
    def natural_key(self) -> tuple[str, ...]:
        return NATURAL_KEYS[self.model]

    @cached_property
    def headings(self) -> dict[str, str]:
        return self.resource.headings()

    @cached_property
    def required(self) -> set[str]:
        """The headings without which a sheet is not one of these."""
        keys = ("action", *(["indicator"] if self.owner == "indicator" else []), *self.natural_key)
        return {self.headings[key] for key in keys}

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Key of a column → the field of the record that it says."""
        named = {field.name: field for field in self.model._meta.concrete_fields}
        return {key: named[key] for key in self.headings if key in named and key not in IDENTIFIERS}


PART_SHEETS = [PartSheet(*part) for part in PARTS]


def recognise_part(sheet: Sheet) -> tuple[PartSheet, Header] | None:
    """The part of the export that this sheet is, by its very headings; columns may be missing or added."""
    for number, row in enumerate(sheet.rows[:LINES_LOOKED_AT]):
        found = {value.strip() for value in row if isinstance(value, str)}
        known = [part for part in PART_SHEETS if part.required <= found]
        if known:
            return max(known, key=lambda part: len(found & set(part.headings.values()))), Header(number)
    return None
