"""Dates as people write them in a plan, with how exactly they are known.

A date without its day stands for a period: the beginning of an action takes its first day, an end its last.
"""

import calendar
import math
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cls_portal.core.imports.errors import ValueProblem
from cls_portal.core.imports.likeness import normalise

DAY, MONTH, QUARTER, YEAR = "day", "month", "quarter", "year"
FIRST_YEAR, LAST_YEAR = 1990, 2100

_MONTHS = {
    "janvier": 1, "janv": 1, "jan": 1, "fevrier": 2, "fevr": 2, "fev": 2, "mars": 3, "mar": 3, "avril": 4, "avr": 4,
    "mai": 5, "juin": 6, "juillet": 7, "juil": 7, "jul": 7, "aout": 8, "septembre": 9, "sept": 9, "sep": 9,
    "octobre": 10, "oct": 10, "novembre": 11, "nov": 11, "decembre": 12, "dec": 12,
}  # fmt: skip
_SEASONS = {"hiver": 1, "printemps": 4, "ete": 7, "automne": 10}
_ORDINALS = {"premier": 1, "1er": 1, "i": 1, "deuxieme": 2, "second": 2, "ii": 2, "troisieme": 3, "iii": 3}
_ORDINALS |= {"quatrieme": 4, "iv": 4, "dernier": 4}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_NUMBER = r"(\d|1er|2nd|premier|deuxieme|second|troisieme|quatrieme|dernier|i{1,3}|iv)(?:er|e|eme|ere|nd|de)?"
_YEAR = r"((?:19|20|21)\d\d|\d\d)"
_FILLERS = re.compile(
    r"\b(a partir de|a partir du|a compter de|a compter du|jusqu en|jusqu a|jusqu au|au plus tard|avant|apres|"
    r"depuis|des|d ici|d|le|la|en|de|du|l|annee|annees|courant|prevu|prevue|prevision|previsionnel|environ|vers|"
    r"horizon|echeance|debut prevu|fin prevue|mois|an|au cours|cours|pour|realise|realisee|termine|lance|lancement)\b"
)


@dataclass(frozen=True)
class DateReading:
    first: date
    last: date
    precision: str
    interpreted: bool
    # The text names a period with its two ends (« 2014-2016 »), not a moment.
    is_range: bool = False


def read_date(value: Any, *, date_1904: bool = False) -> DateReading:
    """The period that a cell speaks of; raises ValueProblem with the sentence to show."""
    if isinstance(value, datetime):
        return _day(value.date(), interpreted=True)
    if isinstance(value, date):
        return _day(value, interpreted=False)
    if isinstance(value, bool) or value is None:
        raise ValueProblem("Ce n’est pas une date.")
    if isinstance(value, int | float):
        return _read_number(value, date_1904=date_1904)
    if isinstance(value, str):
        return _read_text(value)
    raise ValueProblem("Ce n’est pas une date.")


def _day(day: date, *, interpreted: bool) -> DateReading:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueProblem(f"L’année {day.year} n’est pas plausible\u00a0: une date va de {FIRST_YEAR} à {LAST_YEAR}.")
    return DateReading(day, day, DAY, interpreted)


def _read_number(value: float, *, date_1904: bool) -> DateReading:
    """A year, or the serial number of a spreadsheet whose date format was lost."""
    if not math.isfinite(value):
        raise ValueProblem("Ce n’est pas une date.")
    if value == int(value) and FIRST_YEAR <= value <= LAST_YEAR:
        return _months(int(value), 1, 12, YEAR)
    if 25_000 <= value <= 80_000:
        epoch = date(1904, 1, 1) if date_1904 else date(1899, 12, 30)
        return _day(epoch + timedelta(days=int(value)), interpreted=True)
    raise ValueProblem("Ce nombre n’est ni une année, ni une date. Écrivez par exemple 31/12/2025.")


def _months(year: int, month: int, last_month: int, precision: str) -> DateReading:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueProblem(f"L’année {year} n’est pas plausible\u00a0: une date va de {FIRST_YEAR} à {LAST_YEAR}.")
    last = date(year, last_month, calendar.monthrange(year, last_month)[1])
    return DateReading(date(year, month, 1), last, precision, interpreted=True)


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _read_text(text: str) -> DateReading:
    written = text.strip()
    exact = _read_exact(written)
    if exact:
        return exact
    spread = _read_range(written)
    if spread:
        return spread
    plain = " ".join(_FILLERS.sub(" ", normalise(written)).split())
    for reader in (_read_exact_plain, _read_quarter, _read_month, _read_season, _read_year):
        found = reader(plain)
        if found:
            return found
    raise ValueProblem("Cette date n’est pas comprise. Écrivez par exemple 31/12/2025, mars 2025, T2 2025 ou 2025.")


def _read_exact(text: str) -> DateReading | None:
    """Day, month and year in figures; the French order, or the international one with the year first."""
    match = re.fullmatch(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})", text)
    if match:
        return _build(int(match[1]), int(match[2]), match[3])
    match = re.fullmatch(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})([T ]\d{2}:\d{2}(:\d{2})?)?", text)
    if match:
        return _build(int(match[3]), int(match[2]), match[1])
    return None


def _build(day: int, month: int, year: str) -> DateReading:
    try:
        return _day(date(_full_year(year), month, day), interpreted=len(year) == 2)
    except ValueError as error:
        raise ValueProblem(
            f"Le {day:02}/{month:02}/{year} n’existe pas\u00a0: le jour vient d’abord, puis le mois."
        ) from error


def _read_exact_plain(plain: str) -> DateReading | None:
    match = re.fullmatch(
        rf"(?:(?:lun|mar|mercre|jeu|vendre|same|diman)\w* )?(\d{{1,2}})(?:er)? ({_MONTH}) {_YEAR}", plain
    )
    if match:
        found = _build(int(match[1]), _MONTHS[match[2]], match[3])
        return DateReading(found.first, found.last, DAY, interpreted=True)
    match = re.fullmatch(r"(\d{1,2}) (\d{1,2}) (\d{4})", plain)
    return _build(int(match[1]), int(match[2]), match[3]) if match else None


def _read_quarter(plain: str) -> DateReading | None:
    """« 2e trimestre 2014 », « T3 2020 », « 1er semestre 2015 », « fin 2017 », « début 2015 », « mi 2016 »."""
    for pattern, span in ((r"trimestre|trimest|trim|tri|t|q", 3), (r"semestre|sem|s", 6)):
        match = (
            re.fullmatch(rf"{_NUMBER} ?(?:{pattern})(?: civil)? ?{_YEAR}", plain)
            or re.fullmatch(rf"(?:{pattern}) ?(\d) ?{_YEAR}", plain)
            or _swap(re.fullmatch(rf"{_YEAR} ?(?:{pattern}) ?(\d)", plain))
        )
        if match:
            number = int(match[1]) if match[1].isdigit() else _ORDINALS.get(match[1], 2)
            if match[1] == "dernier":
                number = 12 // span
            if not 1 <= number <= 12 // span:
                raise ValueProblem(f"Il n’y a pas de période numéro {number} dans une année.")
            return _months(_full_year(match[2]), (number - 1) * span + 1, number * span, QUARTER)
    match = re.fullmatch(rf"(debut|mi|milieu|fin) ?(?:{_YEAR})", plain)
    if match:
        first, last = {"debut": (1, 3), "mi": (4, 6), "milieu": (4, 6), "fin": (10, 12)}[match[1]]
        return _months(_full_year(match[2]), first, last, QUARTER)
    return None


def _swap(match: re.Match | None) -> dict | None:
    return {1: match[2], 2: match[1]} if match else None


def _read_month(plain: str) -> DateReading | None:
    match = re.fullmatch(rf"(?:(?:debut|mi|fin) )?({_MONTH}) ?{_YEAR}", plain)
    if match:
        month = _MONTHS[match[1]]
        return _months(_full_year(match[2]), month, month, MONTH)
    match = re.fullmatch(r"(\d{1,2}) (\d{4})", plain)
    pair = (match[1], match[2]) if match else None
    match = re.fullmatch(r"(\d{4}) (\d{1,2})", plain)
    pair = pair or ((match[2], match[1]) if match else None)
    if pair and 1 <= int(pair[0]) <= 12:
        return _months(int(pair[1]), int(pair[0]), int(pair[0]), MONTH)
    return None


def _read_season(plain: str) -> DateReading | None:
    match = re.fullmatch(rf"({'|'.join(_SEASONS)}|rentree(?: scolaire| septembre)?) {_YEAR}", plain)
    if not match:
        return None
    if match[1].startswith("rentree"):
        return _months(_full_year(match[2]), 9, 9, MONTH)
    first = _SEASONS[match[1]]
    return _months(_full_year(match[2]), first, first + 2, QUARTER)


def _read_year(plain: str) -> DateReading | None:
    match = re.fullmatch(r"(\d{4})", plain)
    return _months(int(plain), 1, 12, YEAR) if match else None


def _read_range(text: str) -> DateReading | None:
    """« 2014-2016 », « 2014/15 », « 2014, 2015 et 2016 », « mars-juin 2015 », « de mars 2014 à juin 2015 »."""
    plain = normalise(text)
    if re.fullmatch(r"(?:\d{4} (?:et |a )?)+\d{4}", _strip(plain)):
        years = sorted(int(year) for year in re.findall(r"\d{4}", plain))
        return _spread(_months(years[0], 1, 12, YEAR), _months(years[-1], 1, 12, YEAR))
    match = re.fullmatch(r"\s*(20\d\d)\s*[-/–]\s*(\d\d)\s*", text)
    if match and int(match[2]) > 12:
        return _spread(_months(int(match[1]), 1, 12, YEAR), _months(2000 + int(match[2]), 1, 12, YEAR))
    halves = re.split(r"\s+[àa]u?\s+|\s*[–—→]\s*|\s+[-/]\s+|\s+jusqu.{1,6}\s", text.strip(), maxsplit=1)
    if len(halves) == 1:
        halves = re.split(r"(?<=[a-zé.])\s*[-/]\s*(?=[a-zé])", text.strip(), maxsplit=1, flags=re.IGNORECASE)
    if len(halves) != 2 or not all(half.strip() for half in halves):
        return None
    end = _read_text(halves[1])
    try:
        start = _read_text(halves[0])
    except ValueProblem:
        start = _read_text(f"{halves[0]} {end.last.year}")
    return _spread(start, end)


def _strip(plain: str) -> str:
    return " ".join(re.sub(r"\b(de|en|annees?)\b", " ", plain).split())


def _spread(start: DateReading, end: DateReading) -> DateReading:
    if end.last < start.first:
        raise ValueProblem("La fin de cette période précède son début.")
    precision = max(start.precision, end.precision, key=[DAY, MONTH, QUARTER, YEAR].index)
    return DateReading(start.first, end.last, precision, interpreted=True, is_range=True)
