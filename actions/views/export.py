"""The plan as a spreadsheet: exactly the fiches that the page shows, in their order."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from actions.plan.reading import Plan
from actions.resources import plan_sheets
from cls_portal.core.exports import FORMATS, export_response
from contracts.views.base import get_contract


@require_safe
def export(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Invalid filters are left out as on the page, which says so."""
    contract = get_contract(request, slug)
    kind = request.GET.get("format", "xlsx")
    if kind not in FORMATS:
        raise Http404("Ce format d’export n’existe pas.")
    plan = Plan(contract, request.user, request.GET)
    name = f"plan-{contract.slug}-{plan.on:%Y-%m-%d}"
    return export_response(kind, name, plan_sheets([line.pk for line in plan.lines]))
