"""What the figures of an indicator say: last value, target in force, how far it is reached, in words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.core.exceptions import ValidationError

from actions.enums import Direction
from actions.models import Indicator, IndicatorTarget, Measurement
from cls_portal.core import french
from cls_portal.core.dates import today


def figure(value: Decimal | None, unit: str = "") -> str:
    """« 12 500 », « 58 % », « 12 000 € »: only the units that are written against the figure."""
    if value is None:
        return ""
    return french.number(value) + (f"{french.NBSP}{unit}" if unit in {"%", "€"} else "")


def target_on(indicator: Indicator, targets: Iterable[IndicatorTarget], day: date) -> Decimal | None:
    """That of the period which holds this day, else that of the indicator, else that of its last period."""
    targets = sorted(targets, key=lambda each: each.period_end)
    coming = [each.value for each in targets if each.period_end >= day]
    if coming:
        return coming[0]
    if indicator.target is not None:
        return indicator.target
    return targets[-1].value if targets else None


@dataclass
class Reading:
    """One indicator with its measurements, oldest first; the relations come prefetched."""

    indicator: Indicator
    on: date = field(default_factory=today)

    @cached_property
    def measurements(self) -> list[Measurement]:
        return sorted(self.indicator.measurements.all(), key=lambda each: (each.date, each.pk))

    @property
    def last(self) -> Measurement | None:
        return self.measurements[-1] if self.measurements else None

    @property
    def last_figure(self) -> Decimal | None:
        """That of the last measurement: none when it is in words, whatever was counted before."""
        return self.last.value if self.last else None

    @property
    def last_words(self) -> str:
        return self.words(self.last) if self.last else ""

    def words(self, measurement: Measurement) -> str:
        said = figure(measurement.value, self.indicator.unit)
        return ", ".join(part for part in (said, measurement.text) if part)

    @cached_property
    def figures(self) -> list[Decimal]:
        return [each.value for each in self.measurements if each.value is not None]

    @cached_property
    def target(self) -> Decimal | None:
        """That of the period under way where the plan sets one per period, else that of the indicator."""
        return target_on(self.indicator, self.indicator.targets.all(), self.on)

    @property
    def target_words(self) -> str:
        return figure(self.target, self.indicator.unit) or self.indicator.target_text

    @property
    def baseline_words(self) -> str:
        return figure(self.indicator.baseline, self.indicator.unit)

    @property
    def is_reached(self) -> bool | None:
        """None when it cannot be said: no last figure, no target in figures, or no wished direction."""
        if self.last_figure is None or self.target is None or self.indicator.direction == Direction.NONE:
            return None
        if self.indicator.direction == Direction.DOWN:
            return self.last_figure <= self.target
        return self.last_figure >= self.target

    @property
    def attainment(self) -> str:
        if not self.measurements:
            return "Sans relevé"
        if not self.target_words:
            return "Sans cible"
        if self.target is None:
            return "Cible en mots"
        if self.last_figure is None:
            return "Dernier relevé en mots"
        return self._compared()

    def _compared(self) -> str:
        last, target = self.last_figure, self.target
        if last == target:
            return "Cible atteinte"
        if self.is_reached:
            return "Cible dépassée" if self.indicator.direction == Direction.UP else "Cible atteinte"
        if self.indicator.direction == Direction.UP and target > 0 and last >= 0:
            return f"{french.percent(int(100 * last / target))} de la cible"
        return f"Écart de {figure(abs(target - last), self.indicator.unit)} à la cible"

    @property
    def trend_title(self) -> str:
        said = "\u202f; ".join(f"{self.words(each)} en {each.date.year}" for each in self.measurements[-8:])
        return f"{self.indicator.title}\u00a0: {said}"

    @property
    def span(self) -> str:
        """From which figure to which, for who reads the line."""
        known = [each for each in self.measurements if each.value is not None]
        first, last = (f"{self.words(each)} le {french.long_date(each.date)}" for each in (known[0], known[-1]))
        return f"De {first} à {last}."

    @property
    def drawing_title(self) -> str:
        return f"{self.indicator.title}\u00a0: {self.last_words or 'sans relevé'}. {self.attainment}."


def by_year(readings: list[Reading], keep: int = 4) -> tuple[list[int], list[tuple[Reading, list[str]]]]:
    """The last `keep` years in which something was measured, and for each indicator its last value of each."""
    years = sorted({each.date.year for reading in readings for each in reading.measurements})[-keep:]
    rows = []
    for reading in readings:
        last = {each.date.year: reading.words(each) for each in reading.measurements}
        rows.append((reading, [last.get(year, "") for year in years]))
    return years, rows


NUMBER = re.compile(r"-?\d+([.,]\d+)?")
LARGEST = 10**12


def parse_value(typed: str) -> tuple[Decimal | None, str]:
    """« 12 500,5 » is a figure, « en hausse » a text; raises ValidationError for a figure that cannot be kept."""
    figure = re.sub(r"[\s\u00a0\u202f]", "", typed).removesuffix("%").removesuffix("€").replace("−", "-")
    if not NUMBER.fullmatch(figure):
        return None, typed.strip()
    value = Decimal(figure.replace(",", "."))
    if abs(value) >= LARGEST:
        raise ValidationError("Ce nombre est trop grand.")
    if value != round(value, 4):
        raise ValidationError("Quatre chiffres après la virgule suffisent.")
    return value, ""
