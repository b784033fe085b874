"""Where the strokes of a chart go: pure functions, no database and no markup. Percentages and units of a viewBox."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cls_portal.core.vocabulary import STATUSES, known


@dataclass(frozen=True)
class Segment:
    code: str
    label: str
    count: int
    x: float
    width: float
    url: str = ""

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)

    @property
    def fill(self) -> str:
        return STATUSES[self.code].fill

    @property
    def dark(self) -> bool:
        return STATUSES[self.code].dark

    @property
    def hatched(self) -> bool:
        return STATUSES[self.code].hatched


def stacked_segments(counts: Iterable[Sequence]) -> list[Segment]:
    """`counts`: (code, label, count) or (code, label, count, url), in any order; zeros take no place."""
    rows = {known("status", row[0], STATUSES): row for row in counts if row[2]}
    total = sum(row[2] for row in rows.values())
    segments, before = [], 0
    for code in STATUSES:
        if code not in rows:
            continue
        _, label, count, *url = rows[code]
        x = round(100 * before / total, 2)
        before += count
        segments.append(Segment(code, label, count, x, round(100 * before / total - x, 2), *url))
    return segments


def share(value: float, total: float) -> float:
    """A percentage of a whole, kept between 0 and 100; 0 when there is no whole."""
    return round(min(100, max(0, 100 * value / total)), 1) if total else 0


@dataclass(frozen=True)
class Sparkline:
    points: str
    last: tuple[float, float]
    target_y: float | None


def sparkline(values: Sequence[float], target: float | None = None, width=96, height=24) -> Sparkline | None:
    """A trend needs two values. The scale holds the target too; a flat line stands in the middle."""
    if len(values) < 2:
        return None
    values = [float(value) for value in values]
    target = None if target is None else float(target)
    scale = values if target is None else [*values, target]
    low, high = min(scale), max(scale)
    margin = 3

    def y(value: float) -> float:
        ratio = 0.5 if high == low else (value - low) / (high - low)
        return round(height - margin - ratio * (height - 2 * margin), 1)

    step = (width - 2 * margin) / (len(values) - 1)
    points = [(round(margin + index * step, 1), y(value)) for index, value in enumerate(values)]
    return Sparkline(" ".join(f"{px},{py}" for px, py in points), points[-1], None if target is None else y(target))


@dataclass(frozen=True)
class Bullet:
    value: float
    target: float | None
    start: float | None


def bullet(value: float, target: float | None = None, start: float | None = None, width=112) -> Bullet:
    """Bar = last value, stroke = target, circle = start, on a scale from zero that leaves room beyond the target.

    Negative figures are drawn at zero: the words beside the bar say them.
    """
    known_figures = [float(figure) for figure in (value, target, start) if figure is not None]
    top = max([*known_figures, 0]) * (8 / 7) or 1

    def place(figure) -> float | None:
        return None if figure is None else round(max(0.0, float(figure)) / top * width, 1)

    return Bullet(place(value), place(target), place(start))
