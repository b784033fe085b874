"""What the pages of one fiche share: the fiche, found in its contract and within the person's scope."""

from collections.abc import Callable
from pathlib import PurePath

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header

from actions.models import Action
from cls_portal.core.pdf import PdfUnavailableError
from cls_portal.core.uploads import TYPES
from contracts.models import Contract
from contracts.views.base import get_contract


def get_action(request: HttpRequest, slug: str, pk: int) -> Action:
    """404 outside the scope, and for a fiche of another contract."""
    contract = request.contract = get_contract(request, slug)
    actions = Action.objects.visible_to(request.user).filter(contract=contract).select_related("axis")
    action = get_object_or_404(actions, pk=pk)
    action.contract = contract
    return action


def plan_crumb(contract: Contract) -> tuple[str, str]:
    return "Plan d’actions", reverse("actions:plan", args=[contract.slug])


def action_crumbs(action: Action, here: str = "") -> list[tuple[str, str]]:
    """Plan, axis, fiche; `here` names a page below the fiche."""
    plan = plan_crumb(action.contract)
    crumbs = [plan]
    if action.axis:
        crumbs.append((str(action.axis), f"{plan[1]}#axe-{action.axis_id}"))
    crumbs.append((f"Fiche {action.code}" if action.code else action.title, action.get_absolute_url() if here else ""))
    return [*crumbs, (here, "")] if here else crumbs


def file_answer(make: Callable[[], tuple[str, bytes]]) -> HttpResponse:
    """The document of this name, made at once; a sentence where the server cannot lay one out."""
    try:
        name, content = make()
    except PdfUnavailableError as error:
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content, content_type=TYPES[PurePath(name).suffix])
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
