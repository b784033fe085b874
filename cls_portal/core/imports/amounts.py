"""Percentages, amounts and numbers as people write them."""

import math
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from cls_portal.core.imports.errors import ValueProblem
from cls_portal.core.imports.likeness import normalise

MAX_AMOUNT = Decimal(9_999_999_999)
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009']+")
_FIGURES = r"\d+(?: \d{3})+(?:[.,]\d{1,2})?|\d{1,3}(?:[ .,]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?"
_YEAR = r"(?:19|20)\d\d(?!\d| \d{3})"
_UNIT = r"(?:k|m)? ?(?:€|euros?\b)?"
_RANGE = re.compile(
    rf"(?<![\d.,/-])(?!{_YEAR} ?\S ?{_YEAR})\d[\d., ]{{0,20}}{_UNIT} ?(?:à|a|ou|[-–—~→…]|\.\.\.) ?\d"
    rf"|(?<![\d.,/-])(?!{_YEAR})\d[\d., ]{{0,20}}{_UNIT} ?/ ?(?!{_YEAR})\d"
    r"|\bentre\b[^;]{0,30}\d[^;]{0,20}\bet\b[^;]{0,20}\d",
    re.IGNORECASE,
)
RANGE = "Cette fourchette n’est pas un montant\u00a0: donnez un seul nombre, par exemple 12 000\u00a0€."


@dataclass(frozen=True)
class NumberReading:
    value: Decimal
    interpreted: bool
    note: str = ""


def _is_no_number(value: Any) -> bool:
    return isinstance(value, bool) or (isinstance(value, float) and not math.isfinite(value))


def read_percentage(value: Any, *, as_fraction: bool = False) -> NumberReading:
    """From 0 to 100. `as_fraction`: the numbers of this column are shares of one, so that 1 means 100 %."""
    if _is_no_number(value):
        raise ValueProblem("Ce n’est pas un pourcentage.")
    if isinstance(value, int | float):
        number = Decimal(str(value))
        if 0 < number < 1 or (number == 1 and as_fraction):
            return _percentage(number * 100, interpreted=True)
        return _percentage(number, interpreted=False)
    text = _SPACES.sub("", str(value)).replace(",", ".").replace("٪", "%")
    if re.fullmatch(r"\d+(\.\d+)?(%|pourcent|pour-cent)", text):
        return _percentage(Decimal(re.match(r"[\d.]+", text)[0]), interpreted=True)
    if re.fullmatch(r"\d+(\.\d+)?", text):
        number = Decimal(text)
        return _percentage(number * 100 if 0 < number < 1 else number, interpreted=True)
    match = re.fullmatch(r"(\d{1,3})/(\d{1,3})", text)
    if match and int(match[2]):
        return _percentage(Decimal(int(match[1]) * 100) / int(match[2]), interpreted=True)
    raise ValueProblem("Ce n’est pas un pourcentage. Écrivez par exemple 50\u00a0%.")


def _percentage(number: Decimal, *, interpreted: bool) -> NumberReading:
    if not 0 <= number <= 100:
        raise ValueProblem("Un avancement va de 0 à 100\u00a0%.")
    return NumberReading(number, interpreted)


def to_quarters(number: Decimal) -> int:
    """The nearest step of 25; only what is complete is said complete."""
    return min(int((number + Decimal("12.5")) // 25) * 25, 100 if number == 100 else 75)


def read_amount(value: Any) -> NumberReading:
    """Euros; « 12 k€ », « env. 12 000 € par an » and sums are understood and said to be interpreted."""
    if _is_no_number(value):
        raise ValueProblem("Ce n’est pas un montant.")
    if isinstance(value, int | float):
        return _amount(Decimal(str(value)), interpreted=False)
    text = _SPACES.sub(" ", str(value)).strip()
    plain = normalise(text)
    if plain in ("gratuit", "sans cout", "cout nul", "zero", "aucun cout"):
        return NumberReading(Decimal(0), interpreted=True)
    refuse_range(text)
    found = list(re.finditer(rf"(?<![\w,.])({_FIGURES})\s*(k|m)?\s*(?:€|eur|euros?)?(?![\w])", text, re.IGNORECASE))
    parts = [match for match in found if not re.fullmatch(r"(19|20)\d\d", match[1]) or "€" in match[0]]
    parts = parts or found
    if not parts or re.search(r"(?<!\d)-\s*\d", text):
        raise ValueProblem("Ce n’est pas un montant. Écrivez par exemple 12 000\u00a0€.")
    if len(parts) > 1 and "+" not in text:
        raise ValueProblem(
            "Il y a plusieurs montants dans cette case\u00a0: donnez leur total, par exemple 12 000\u00a0€."
        )
    total = sum((_euros(match[1], match[2]) for match in parts), Decimal(0))
    clean = re.fullmatch(rf"({_FIGURES}) ?€?", text) is not None
    return _amount(total, interpreted=not clean)


def refuse_range(text: str) -> None:
    """« 10 à 15 k€ », « entre 5 000 et 8 000 € »: neither end is the amount; two years are no range of money."""
    if _RANGE.search(_SPACES.sub(" ", text)):
        raise ValueProblem(RANGE)


def _euros(figures: str, unit: str | None) -> Decimal:
    factor = {"k": 1000, "m": 1_000_000}.get((unit or "").lower(), 1)
    return parse_decimal(figures, grouped=True) * factor


def parse_decimal(figures: str, *, grouped: bool = False) -> Decimal:
    """« 12 000,50 », « 12.000,50 », « 12,000.50 », « 12.5 »; `grouped`: three figures after a mark are thousands."""
    text = _SPACES.sub("", figures)
    marks = [mark for mark in text if mark in ".,"]
    if len(set(marks)) == 2:
        thousands = marks[0]
        text = text.replace(thousands, "").replace(marks[-1], ".")
    elif len(marks) > 1 or (marks and grouped and re.search(r"^\d{1,3}[.,]\d{3}$", text)):
        text = text.replace(marks[0], "")
    else:
        text = text.replace(",", ".")
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueProblem("Ce n’est pas un nombre.") from error


def _amount(number: Decimal, *, interpreted: bool) -> NumberReading:
    if not number.is_finite() or number < 0:
        raise ValueProblem("Un montant ne peut pas être négatif.")
    if number > MAX_AMOUNT:
        raise ValueProblem("Ce montant est trop grand.")
    return NumberReading(number.quantize(Decimal("0.01")), interpreted)


def read_number(value: Any) -> NumberReading:
    """A plain number, such as full-time equivalents; a unit after it is put aside."""
    if _is_no_number(value):
        raise ValueProblem("Ce n’est pas un nombre.")
    if isinstance(value, int | float):
        return _number(Decimal(str(value)), interpreted=False)
    text = str(value).strip()
    match = re.fullmatch(r"(-?\d[\d\s\u00a0\u202f]*(?:[.,]\d+)?)\s*([^\d]*)", text)
    if not match:
        raise ValueProblem("Ce n’est pas un nombre. Écrivez par exemple 0,5.")
    return _number(parse_decimal(match[1]), interpreted=bool(match[2].strip()))


def _number(number: Decimal, *, interpreted: bool) -> NumberReading:
    if abs(number) > MAX_AMOUNT:
        raise ValueProblem("Ce nombre est trop grand.")
    return NumberReading(number, interpreted)
