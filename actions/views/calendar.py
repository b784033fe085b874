"""The plan by quarters: a table whose last column draws what the others say."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actions.plan.frieze import Bar, Frieze, frieze_of
from actions.plan.reading import Line, Plan
from actions.plan.rows import LABELS, Presenter, RowGroup, short_date
from actions.views.plan import frame, presenter
from cls_portal.core.french import count_noun, long_date
from cls_portal.core.vocabulary import STATUSES
from contracts.views.base import get_contract


@dataclass(slots=True)
class CalendarRow:
    pk: str
    code: str
    colour: str
    title: str
    url: str
    status: str
    status_label: str
    start: str
    due: str
    is_late: bool
    is_hatched: bool
    bar: Bar


def row(line: Line, colour: int | None, frieze: Frieze, show: Presenter) -> CalendarRow:
    base = show.row(line, colour)
    bar = frieze.bar(line.start_date, line.end_date, line.postponed_to, show.on if line.is_late else None)
    start = short_date(line.start_date, line.start_precision)
    return CalendarRow(
        *(base.pk, base.code, base.colour, base.title, base.url, line.status, LABELS[line.status]),
        *(start, base.due, line.is_late, STATUSES[line.status].hatched, bar),
    )


def groups(plan: Plan, frieze: Frieze, show: Presenter) -> list[RowGroup]:
    colours = {head.pk: head.color for head in plan.vocabulary.heads}
    if plan.sort:
        rows = [row(line, colours.get(line.axis_id), frieze, show) for line in plan.lines]
        return [RowGroup("", "", "", "", "", rows)] if rows else []
    return [
        RowGroup(
            str(group.head.pk) if group.head else "aucun",
            group.head.code if group.head else "",
            str(group.head.color) if group.head else "",
            group.head.title if group.head else plan.contract.without_axis,
            count_noun(len(group.lines), "fiche"),
            [row(line, colours.get(line.axis_id), frieze, show) for line in group.lines],
        )
        for group in plan.groups()
    ]


def span(frieze: Frieze, undated: int) -> str:
    """« De 2020 à 2025, par trimestre. Deux fiches sans dates ne sont pas dessinées. »"""
    years = f"De {frieze.years[0]} à {frieze.years[-1]}, par trimestre."
    if not undated:
        return years
    drawn = "n’est pas dessinée" if undated == 1 else "ne sont pas dessinées"
    return f"{years} {count_noun(undated, 'fiche')} sans date {drawn}."


def days_of(plan: Plan) -> list[date]:
    return [day for line in plan.lines for day in (line.start_date, line.end_date, line.postponed_to) if day]


@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    contract = get_contract(request, slug)
    plan = Plan(contract, request.user, request.GET)
    frieze = frieze_of(days_of(plan), contract.start_date, contract.end, plan.on)
    context = frame(request, plan, "actions:calendar")
    undated = sum(not (line.start_date or line.deadline) for line in plan.lines)
    context |= {
        "groups": groups(plan, frieze, presenter(request, contract)),
        "span": span(frieze, undated),
        "years": frieze.year_marks(),
        "quarters": frieze.quarter_marks(),
        "now": frieze.at(plan.on) if frieze.holds(plan.on) else "",
        "now_label": long_date(plan.on),
        "now_side": frieze.side(plan.on),
        "statuses": [(code, label, STATUSES[code].hatched) for code, label in LABELS.items()],
    }
    return render(request, "actions/calendar.html", context)
