"""Arithmetic on calendar dates; deadlines are dates, never instants."""

import calendar
from datetime import date, datetime, time, timedelta

from django.db.models import DateField, Func, Value
from django.utils import timezone

from cls_portal.core import french


def today() -> date:
    return timezone.localdate()


def day_words(moment: datetime) -> str:
    """The day, in Paris, on which this instant falls: « 3 mars 2025 »."""
    return french.long_date(timezone.localdate(moment))


def end_of(day: date) -> datetime:
    """The instant at which the day is over, in Paris: all that was written that day was written before."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=timezone.get_default_timezone())


def months_before(day: date, months: int) -> date:
    """The same day `months` earlier, or the last day of that month when it is shorter."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class MonthsBefore(Func):
    """`months_before` asked of the database, for a number of months that it holds."""

    output_field = DateField()
    function = "cls_months_before"

    def __init__(self, day: date, months: str):
        super().__init__(Value(day), months)

    def as_postgresql(self, compiler, connection, **context):
        template = "(%(expressions)s::int))::date"
        joiner = "::date - make_interval(months => "
        return super().as_sql(compiler, connection, template=template, arg_joiner=joiner, **context)


def register_months_before(connection, **kwargs) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            "cls_months_before", 2, lambda day, months: str(months_before(date.fromisoformat(day), months))
        )


def quarter_of(day: date) -> int:
    return (day.month - 1) // 3 + 1
