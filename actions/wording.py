"""How a fiche says its dates: only as exactly as they are known."""

import calendar
from datetime import date

from actions.enums import DatePrecision
from cls_portal.core import french
from cls_portal.core.dates import quarter_of

DAYS_OF_A_MONTH = 30.44


def date_words(day: date | None, precision: str = DatePrecision.DAY) -> str:
    """« 31 mars 2025 », « mars 2025 », « 1er trimestre 2025 », « 2025 »."""
    if day is None:
        return ""
    if precision == DatePrecision.YEAR:
        return str(day.year)
    if precision == DatePrecision.QUARTER:
        quarter = quarter_of(day)
        return f"{quarter}{'er' if quarter == 1 else 'e'}{french.NBSP}trimestre {day.year}"
    if precision == DatePrecision.MONTH:
        return f"{french.month(day)} {day.year}"
    return french.long_date(day)


def period_bounds(day: date, precision: str) -> tuple[date, date]:
    """First and last day of the period that holds `day`."""
    if precision == DatePrecision.YEAR:
        return date(day.year, 1, 1), date(day.year, 12, 31)
    if precision == DatePrecision.QUARTER:
        first = 3 * (quarter_of(day) - 1) + 1
        return date(day.year, first, 1), _month_end(day.year, first + 2)
    if precision == DatePrecision.MONTH:
        return date(day.year, day.month, 1), _month_end(day.year, day.month)
    return day, day


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def since_words(days: int) -> str:
    """How long a delay or a silence lasts: days under three weeks, weeks under eleven, months under two years."""
    if days < 21:
        return french.count_noun(days, "jour")
    if days < 77:
        return french.count_noun(days // 7, "semaine")
    months = int(days / DAYS_OF_A_MONTH)
    return french.count_noun(months, "mois", "mois") if months < 24 else french.count_noun(months // 12, "an")
