"""The regional table: all the contracts that one follows."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from actions.enums import Status
from actions.plan import filter_bar
from actions.region.alerts import ALERTS
from actions.region.comparison import Comparison
from actions.region.export import contract_sheet
from actions.region.fiches import FollowedFiches, fiche_sheet, principal
from actions.region.filters import SORTS
from actions.region.lists import AreaLists, FicheLists
from actions.region.table import RegionalTable
from actions.review.waiting import waiting_for
from cls_portal.core.exports import FORMATS, export_response
from cls_portal.core.permissions import require
from contracts.permissions import can_follow_contracts

FILTERS = ["q", "region", "departement", "etat", "alerte", "avant"]
FICHE_FILTERS = ["fiche", "theme", "public", "statut"]
FICHES_PER_PAGE = 50


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
        "more_filters": [],
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
        "waiting": waiting_for(request.user),
        "rules": [(alert.icon, alert.said(table.on), alert.rule) for alert in ALERTS],
    }
    return render(request, "actions/region/contracts.html", context)


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    table = followed(request)
    comparison = Comparison(table, request.GET.getlist("contrat"))
    path = reverse("actions:region_compare")
    columns = [
        (row, filter_bar.address(path, filter_bar.without(request.GET, "contrat", row.contract.slug)))
        for row in comparison.rows
    ]
    context = {
        "comparison": comparison,
        "columns": columns,
        "crumbs": [("Tableau régional", reverse("actions:region")), ("Comparer", "")],
    }
    return render(request, "actions/region/comparison.html", context)


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


def fiches_of(request: HttpRequest) -> FollowedFiches:
    require(can_follow_contracts(request.user))
    return FollowedFiches(request.user, request.GET)


def fiches_frame(request: HttpRequest, fiches: FollowedFiches, here: str, names: list[str]) -> dict:
    path = reverse(here)
    return frame(request, fiches.table, here) | {
        "fiches": fiches,
        "more_filters": filter_bar.controls(fiches.filterset, names),
        "chips": filter_bar.chips(fiches.filterset, path) + filter_bar.chips(fiches.table.filterset, path),
        "faults": fiches.faults,
    }


@require_safe
def totals(request: HttpRequest) -> HttpResponse:
    """Only what narrows the contracts narrows the totals: each of their figures narrows the fiches further."""
    params = request.GET.copy()
    for name in FICHE_FILTERS:
        params.pop(name, None)
    require(can_follow_contracts(request.user))
    fiches = FollowedFiches(request.user, params)
    lists = FicheLists(fiches, params)
    context = fiches_frame(request, fiches, "actions:region_totals", [])
    context |= {"whole": lists.whole, "parts": lists.parts, "statuses": Status.choices}
    context["contract_count"] = len(fiches.table.keys)
    context["contracts_url"] = filter_bar.address(reverse("actions:region"), params)
    return render(request, "actions/region/totals.html", context)


@require_safe
def fiches(request: HttpRequest) -> HttpResponse:
    found = fiches_of(request)
    context = fiches_frame(request, found, "actions:region_fiches", FICHE_FILTERS)
    context["page"] = Paginator(found.in_order, FICHES_PER_PAGE).get_page(request.GET.get("page"))
    context["lines"] = [
        (action, action.axis.color if action.axis else None, principal(action)) for action in context["page"]
    ]
    return render(request, "actions/region/fiches.html", context)


@require_safe
def fiches_export(request: HttpRequest) -> HttpResponseBase:
    found = fiches_of(request)
    kind = format_asked(request)
    return export_response(kind, f"fiches-{found.table.on:%Y-%m-%d}", [fiche_sheet(found)])
