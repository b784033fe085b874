"""« Depuis le dernier COPIL »: the plan of two evenings compared."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actions.forms.period import PeriodForm
from actions.models import Action
from actions.plan.changes import Changes, changes_between
from actions.plan.periods import Period, steering_meetings
from actions.views.base import plan_crumb
from cls_portal.core.dates import months_before, today
from cls_portal.core.french import long_date
from contracts.models import Contract, Meeting
from contracts.views.base import get_contract

TITLE = "Évolution du plan"


@require_safe
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    contract = get_contract(request, slug)
    meetings = steering_meetings(contract, request.user)
    form = PeriodForm(request.GET, contract=contract, meetings=meetings)
    context = {"contract": contract, "form": form, "title": TITLE, "crumbs": [plan_crumb(contract), (TITLE, "")]}
    context |= {"changes": None, "choices": choices(contract, meetings, None)}
    if form.is_valid():
        period = form.period
        context["choices"] = choices(contract, meetings, period)
        found = changes_between(contract, request.user, period.start, period.end, meeting=period.meeting)
        is_present = period.end == today()
        context |= {"changes": found, "is_present": is_present, "gone": gone_since(found, is_present)}
    return render(request, "actions/changes.html", context)


def choices(contract: Contract, meetings: list[Meeting], chosen: Period | None) -> list[tuple[str, str, bool]]:
    """(label, query, current): since each comité de pilotage, then since round lengths of time, up to today."""
    on = today()
    found = [(f"Comité du {long_date(each.day)}", f"reunion={each.pk}", each.day) for each in meetings]
    days = [("Six mois", months_before(on, 6)), ("Un an", months_before(on, 12)), ("Signature", contract.signed_on)]
    found += [(label, f"du={day}", day) for label, day in days if day and day < on]
    started = chosen.start if chosen and chosen.end == on else None
    return [(label, query, day == started) for label, query, day in found]


def gone_since(changes: Changes, is_present: bool) -> set[int]:
    """The fiches that have no page any more."""
    if is_present:
        return {entry.fiche.pk for entry in changes.removed if entry.is_deleted}
    rows = (changes.moved, changes.postponed, changes.stopped)
    told = {move.after.pk for moves in rows for move in moves}
    told |= {each.fiche.pk for each in (*changes.added, *changes.removed, *changes.silent, *changes.received)}
    told |= {fiche.pk for each in (*changes.settled, *changes.pending) for fiche in each.fiches}
    return told - set(Action.objects.filter(contract=changes.contract, pk__in=told).values_list("pk", flat=True))
