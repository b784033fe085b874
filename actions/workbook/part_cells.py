"""What a cell of a further sheet says, read by the kind of field that it fills."""

from decimal import Decimal
from typing import Any

from django.db import models

from actions.workbook.catalogue import Catalogue, Ref
from actions.workbook.part_line import PartLine, say
from cls_portal.core.exports import clean_text
from cls_portal.core.imports.amounts import read_amount, read_number
from cls_portal.core.imports.annotate import shown
from cls_portal.core.imports.dates import read_date
from cls_portal.core.imports.errors import ValueProblem
from cls_portal.core.imports.likeness import find, is_blank_word
from contracts.enums import TermKind
from contracts.models import Organisation

LAST_RANK = 9999


class PartCells:
    def __init__(self, catalogue: Catalogue, *, date_1904: bool) -> None:
        self.catalogue, self.date_1904 = catalogue, date_1904

    def read(self, line: PartLine, key: str, column: int, raw: Any) -> Any:
        """The value of the field; ValueProblem with the sentence to show. What is interpreted is said on the line."""
        field = line.part.fields[key]
        if not isinstance(field, models.CharField | models.TextField) or field.choices:
            blank = isinstance(raw, str) and is_blank_word(raw)
            if blank and not self._names_an_organisation(field, raw):
                line.interpret(line.part.headings[key], column, raw, "laissé vide")
                return None
        value, interpreted = self._value(field, key, raw)
        if interpreted or (isinstance(value, Ref) and value.is_new):
            line.interpret(line.part.headings[key], column, raw, say(field, value))
        return value

    def _names_an_organisation(self, field: models.Field, raw: str) -> bool:
        return field.related_model is Organisation and self.catalogue.known_organisation(raw) is not None

    def _value(self, field: models.Field, key: str, raw: Any) -> tuple[Any, bool]:
        if field.is_relation:
            return self._reference(field, clean_text(shown(raw)).strip())
        if field.choices:
            return _choice(field, shown(raw))
        if isinstance(field, models.DateField):
            reading = read_date(raw, date_1904=self.date_1904)
            return reading.first if key == "start_date" else reading.last, reading.interpreted
        if isinstance(field, models.DecimalField):
            return _decimal(field, raw)
        if isinstance(field, models.IntegerField):
            return (_rank(raw) if key == "position" else _year(raw)), False
        return _text(field, raw), False

    def _reference(self, field: models.Field, text: str) -> tuple[Ref, bool]:
        if field.related_model is Organisation:
            found = self.catalogue.organisation(text)
        else:
            found = self.catalogue.term(TermKind.FUNDING_SCHEME, text)
            if found is None:
                return self.catalogue.new_term(TermKind.FUNDING_SCHEME, text), False
        return found.ref, found.interpreted


def _choice(field: models.Field, text: str) -> tuple[str, bool]:
    match = find(text, [(str(label), value) for value, label in field.choices])
    if match is None:
        labels = ", ".join(str(label) for _value, label in field.choices)
        raise ValueProblem(f"Ce mot n’est pas reconnu. Écrivez l’un de ceux-ci\u00a0: {labels}.")
    return match.value, not match.exact


def _decimal(field: models.DecimalField, raw: Any) -> tuple[Decimal, bool]:
    reading = read_amount(raw) if field.decimal_places == 2 else read_number(raw)
    if abs(reading.value) >= 10 ** (field.max_digits - field.decimal_places):
        raise ValueProblem("Ce nombre est trop grand.")
    value = round(reading.value, field.decimal_places)
    return value, reading.interpreted or value != reading.value


def _rank(raw: Any) -> int:
    text = shown(raw).strip()
    if not text.isdecimal() or int(text) > LAST_RANK:
        raise ValueProblem("Ce n’est pas un rang. Écrivez un nombre entier, par exemple 3.")
    return int(text)


def _year(raw: Any) -> int:
    text = shown(raw).strip()
    if not text.isdecimal() or len(text) != 4:
        raise ValueProblem("Ce n’est pas une année. Écrivez par exemple 2025.")
    return int(text)


def _text(field: models.Field, raw: Any) -> str:
    text = clean_text(shown(raw)).strip()
    if field.max_length and len(text) > field.max_length:
        raise ValueProblem(f"Ce texte a {len(text)} caractères\u00a0: {field.max_length} au plus.")
    return text
