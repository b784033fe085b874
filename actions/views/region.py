"""The regional table: all the contracts that one follows."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from actions.enums import Status
from actions.plan import filter_bar
from actions.region.alerts import ALERTS
from actions.region.export import contract_sheet
from actions.region.filters import SORTS
from actions.region.lists import AreaLists
from actions.region.table import RegionalTable
from cls_portal.core.exports import FORMATS, export_response
from cls_portal.core.permissions import require
from contracts.permissions import can_follow_contracts

FILTERS = ["q", "region", "departement", "etat", "alerte", "avant"]


def followed(request: HttpRequest) -> RegionalTable:
    require(can_follow_contracts(request.user))
    return RegionalTable(request.user, request.GET)


def frame(request: HttpRequest, table: RegionalTable, here: str) -> dict:
    """What the table, its totals and the fiches behind them have in common."""
    path = reverse(here)
    return {
        "table": table,
        "path": path,
        "query": request.GET.urlencode(),
        "first_filters": filter_bar.controls(table.filterset, FILTERS),
        "chips": filter_bar.chips(table.filterset, path),
        "faults": table.filterset.faults,
    }


@require_safe
def contracts(request: HttpRequest) -> HttpResponse:
    table = followed(request)
    context = frame(request, table, "actions:region")
    lists = AreaLists(table, request.GET, context["path"])
    context |= {
        "heads": {head.key: head for head in filter_bar.columns(request.GET, table.sort, context["path"], SORTS)},
        "quick": lists.quick,
        "in_force_url": lists.in_force_url,
        "worries": lists.worries,
        "statuses": Status.choices,
        "rules": [(alert.icon, alert.said(table.on), alert.rule) for alert in ALERTS],
    }
    return render(request, "actions/region/contracts.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The contracts that the page shows, all pages together, in its order."""
    table = followed(request)
    kind = format_asked(request)
    return export_response(kind, f"contrats-{table.on:%Y-%m-%d}", [contract_sheet(table)])


def format_asked(request: HttpRequest) -> str:
    kind = request.GET.get("format", "xlsx")
    if kind not in FORMATS:
        raise Http404("Ce format d’export n’existe pas.")
    return kind
