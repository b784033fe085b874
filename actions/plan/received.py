"""The measurements that came in between two evenings."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from actions.measures import figure, target_on
from actions.models import Indicator, IndicatorTarget, Measurement
from actions.plan.as_of import rows_at
from actions.plan.versions import Version
from cls_portal.core.dates import end_of
from cls_portal.core.history import records_around


@dataclass(slots=True)
class Measured:
    """A measurement from one writing to the next."""

    pk: int
    written_at: datetime
    deed: str
    indicator_id: int
    date: date
    value: Decimal | None
    text: str

    @property
    def said(self) -> tuple:
        return self.date, self.value, self.text


READ = ("id", "history_date", "history_type", "indicator_id", "date", "value", "text")


@dataclass
class Received:
    """`previous` is what the measurement said on the first evening, when it was corrected since."""

    fiche: Version
    indicator: Indicator
    measurement: Measured
    previous: Measured | None
    targets: list[IndicatorTarget]

    @property
    def value_words(self) -> str:
        return words(self.measurement, self.indicator)

    @property
    def previous_words(self) -> str:
        return words(self.previous, self.indicator) if self.previous else ""

    @property
    def target_words(self) -> str:
        """The target of the period that was measured."""
        target = target_on(self.indicator, self.targets, self.measurement.date)
        return figure(target, self.indicator.unit) or self.indicator.target_text


def words(measurement: Measured, indicator: Indicator) -> str:
    said = figure(measurement.value, indicator.unit)
    return ", ".join(part for part in (said, measurement.text) if part)


def measurements_received(fiches: dict[int, Version], start: date, end: date) -> list[Received]:
    """Those of the fiches in the plan on the second evening, in the order of the plan."""
    before = end_of(end)
    indicators = {row.pk: row for row in rows_at(Indicator, before, action_id__in=list(fiches))}
    pairs = _new_or_corrected(indicators, start, end)
    targets = _targets({row.indicator_id for _previous, row in pairs}, end)
    received = [
        Received(
            fiches[indicators[row.indicator_id].action_id],
            indicators[row.indicator_id],
            row,
            previous,
            targets[row.indicator_id],
        )
        for previous, row in pairs
    ]
    return sorted(received, key=_rank)


def last_of_each_indicator(received: list[Received]) -> list[tuple[Received, int]]:
    """(the latest, how many came in beside it), from a list in order."""
    groups = [list(group) for _pk, group in groupby(received, key=lambda each: each.indicator.pk)]
    return [(group[-1], len(group) - 1) for group in groups]


def _rank(received: Received) -> tuple:
    indicator, measurement = received.indicator, received.measurement
    return (received.fiche.rank, indicator.position, indicator.pk, measurement.date, measurement.pk)


def _new_or_corrected(indicators: Iterable[int], start: date, end: date) -> list[tuple[Measured | None, Measured]]:
    """(what it said, what it says); a measurement put back with its fiche has not come in again."""
    known, last = {}, {}
    records = records_around(Measurement, end_of(start), end_of(end), indicator_id__in=list(indicators))
    for row in records.values_list(*READ):
        measured = Measured(*row)
        (known if measured.written_at < end_of(start) else last)[measured.pk] = measured
    pairs = [(known.get(pk), measured) for pk, measured in last.items() if measured.deed != "-"]
    return [(previous, now) for previous, now in pairs if previous is None or previous.said != now.said]


def _targets(indicators: set[int], end: date) -> dict[int, list[IndicatorTarget]]:
    targets = defaultdict(list)
    for row in rows_at(IndicatorTarget, end_of(end), indicator_id__in=indicators):
        targets[row.indicator_id].append(row)
    return targets
