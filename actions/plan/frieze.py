"""Where the bars of the calendar go: pure arithmetic on dates, positions as percentages of the years shown."""

from dataclasses import dataclass
from datetime import date, timedelta

# A contract is never as long: a slip of the keyboard (2202) must not draw two centuries.
LONGEST = 15
MONTH = timedelta(days=30)


def position(value: float) -> str:
    """With a point, whatever the language: it goes into the attributes of a drawing."""
    return f"{value:.2f}%"


@dataclass(frozen=True)
class Bar:
    """`x`, `width`: up to the first deadline. `slip`: to the new one. `overdue`: from the deadline to today."""

    x: str = ""
    width: str = ""
    slip: tuple[str, str] | None = None
    overdue: tuple[str, str] | None = None


class Frieze:
    def __init__(self, first: int, last: int):
        self.first = first
        self.years = range(first, min(last, first + LONGEST - 1) + 1)
        self.start = date(first, 1, 1)
        self.days = (date(self.years[-1] + 1, 1, 1) - self.start).days

    def share(self, day: date) -> float:
        """Kept inside the drawing: what lies outside the years shown is cut at its edge."""
        return min(100.0, max(0.0, 100 * (day - self.start).days / self.days))

    def at(self, day: date) -> str:
        return position(self.share(day))

    def side(self, day: date) -> str:
        """On which side of the day its label stands, so as to stay within the drawing; empty for the middle."""
        share = self.share(day)
        return "start" if share < 10 else "end" if share > 90 else ""

    def holds(self, day: date) -> bool:
        return day.year in self.years

    def year_marks(self) -> list[tuple[str, str]]:
        return [(str(year), self.at(date(year, 1, 1))) for year in self.years]

    def quarter_marks(self) -> list[tuple[str, str]]:
        """In the middle of each quarter; none when the years are too many to be read."""
        if len(self.years) > 7:
            return []
        return [(f"T{n + 1}", self.at(date(year, 3 * n + 2, 15))) for year in self.years for n in range(4)]

    def bar(self, start: date | None, end: date | None, moved_to: date | None, late_until: date | None) -> Bar:
        """A single known date draws a month, so that it shows. Nothing known draws nothing."""
        last = end or moved_to
        if start is None and last is None:
            return Bar()
        first = start or last - MONTH
        last = last or first + MONTH
        left, right = self.share(first), self.share(last + timedelta(days=1))
        slip = (self.at(last), self.at(moved_to)) if end and moved_to and moved_to > end else None
        overdue = (self.at(moved_to or last), self.at(late_until)) if late_until else None
        return Bar(position(left), position(max(right - left, 0.3)), slip, overdue)


def frieze_of(days: list[date], start: date | None, end: date | None, today: date) -> Frieze:
    """The contract's years; without dates, those of the fiches, at the least the current one."""
    known = sorted(day for day in (start, end) if day) or sorted(days) or [today]
    return Frieze(known[0].year, max(known[-1].year, known[0].year))
