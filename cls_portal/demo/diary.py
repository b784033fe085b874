"""Deeds told on their day: what happened in 2020 is recorded as it would have been in 2020."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from operator import itemgetter
from typing import Any

from django.utils import timezone


@contextmanager
def as_of(day: date, hour: int = 10) -> Iterator[None]:
    """Make it `day` for everything that asks Django the time: services, automatic dates, rows of history.

    Only for the command that loads the demonstration, which runs alone in its process.
    """
    moment = datetime.combine(day, time(hour), tzinfo=timezone.get_default_timezone())
    real_now, timezone.now = timezone.now, lambda: moment
    try:
        yield
    finally:
        timezone.now = real_now


class Diary:
    """Gathers dated deeds in any order, and does them in the order of their days, up to `last_day`."""

    def __init__(self, last_day: date):
        self.last_day = last_day
        self._pages: list[tuple[date, Callable, dict[str, Any]]] = []

    def on(self, day: date, deed: Callable, **facts: Any) -> None:
        self._pages.append((day, deed, facts))

    def play(self) -> None:
        for day, deed, facts in sorted(self._pages, key=itemgetter(0)):
            if day <= self.last_day:
                with as_of(day):
                    deed(**facts)
