"""What moved, in words: the same on screen and in print."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from actions.enums import ACHIEVED_STATUSES, Status
from actions.plan.progress import Progress
from cls_portal.core import french

RUNNING = (Status.IN_PROGRESS, Status.IN_PREPARATION)
HELD_UP = (Status.POSTPONED, Status.SUSPENDED, Status.DROPPED, Status.REDIRECTED)
GROUPS = [
    ("Réalisées ou pérennisées", ACHIEVED_STATUSES),
    ("En cours ou en préparation", RUNNING),
    ("Reportées, suspendues ou arrêtées", HELD_UP),
]
A_YEAR = 330


@dataclass(frozen=True)
class Figure:
    """`query` leads to the fiches counted in the plan of today; None for what counts no fiches."""

    label: str
    value: str
    more: str
    query: str | None


def then_words(start: date, end: date) -> str:
    """« en décembre », « en décembre 2023 » when it is far, « le 3 juin » within the month."""
    if (start.year, start.month) == (end.year, end.month):
        return f"le {french.day(start)}{french.NBSP}{french.month(start)}"
    year = f" {start.year}" if (end - start).days > A_YEAR else ""
    return f"en{french.NBSP}{french.month(start)}{year}"


def difference(before: int, after: int, then: str) -> str:
    """« 4 de plus qu’en décembre »"""
    than = f"que {then}" if then.startswith("le ") else f"qu’{then}"
    if before == after:
        return f"autant {than}"
    return f"{french.number(abs(after - before))}{french.NBSP}de {'plus' if after > before else 'moins'} {than}"


def summary(before: Progress, after: Progress, start: date, end: date) -> list[Figure]:
    then = then_words(start, end)
    figures = [counted("Fiches du plan", before.total, after.total, then)]
    for label, statuses in GROUPS:
        old, new = (sum(progress.counts[status] for status in statuses) for progress in (before, after))
        figures.append(counted(label, old, new, then, statut=[status.value for status in statuses]))
    figures.append(counted("En retard", before.late, after.late, then, alerte="retard"))
    if after.mean is not None:
        more = "" if before.mean is None else f"{french.percent(before.mean)} {then}"
        figures.append(Figure("Avancement moyen", french.percent(after.mean), more, None))
    return figures


def counted(label: str, before: int, after: int, then: str, **query) -> Figure:
    return Figure(label, french.number(after), difference(before, after, then), urlencode(query, doseq=True))


def by_status(before: Progress, after: Progress) -> list[tuple[str, int, int, str]]:
    """(status, before, after, difference) of the statuses that some fiche has or had."""
    rows = []
    for status in Status:
        old, new = before.counts[status], after.counts[status]
        if old or new:
            rows.append((status.label, old, new, signed(new - old)))
    return rows


def signed(number: int) -> str:
    return f"+{french.number(number)}" if number > 0 else french.number(number)
