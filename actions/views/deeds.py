"""What the coordination does with a fiche as a whole: open it, move it, archive it, delete it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from actions.enums import DraftingState
from actions.forms.create import ActionCreateForm
from actions.permissions import can_edit_action, can_edit_plan
from actions.services.fiches import create_action, set_pilots
from actions.services.lifecycle import (
    archive_action,
    delete_action,
    move_action,
    set_drafting_state,
    unarchive_action,
)
from actions.views.base import action_crumbs, get_action, plan_crumb
from cls_portal.core.deletion import losses
from cls_portal.core.ordering import Direction
from cls_portal.core.permissions import require
from cls_portal.core.submissions import ALREADY_SENT, first_result, new_key, once
from cls_portal.core.views import add_service_errors
from contracts.views.base import get_contract

CREATED = "La fiche est créée\u00a0: complétez-la section par section."


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest, slug: str) -> HttpResponse:
    contract = request.contract = get_contract(request, slug)
    require(can_edit_plan(request.user, contract))
    if url := first_result(request):
        messages.info(request, ALREADY_SENT)
        return redirect(url)
    form = ActionCreateForm(request.POST or None, contract=contract, axis=request.GET.get("axe", "")[:20])
    if request.method == "POST" and form.is_valid():
        try:
            url, written = once(request, lambda: open_fiche(request, contract, form.cleaned_data))
        except ValidationError as error:
            add_service_errors(form, error)
        else:
            messages.success(request, CREATED if written else ALREADY_SENT)
            return redirect(url)
    plan = plan_crumb(contract)
    context = {"contract": contract, "form": form, "submission": new_key(), "cancel_url": plan[1]}
    return render(request, "actions/create.html", context | {"crumbs": [plan, ("Nouvelle fiche", "")]})


@transaction.atomic
def open_fiche(request: HttpRequest, contract, data: dict) -> str:
    fields = {name: data[name] for name in ("title", "code", "axis")}
    action = create_action(contract=contract, user=request.user, **fields)
    if data["pilot"]:
        set_pilots(action=action, user=request.user, principal=data["pilot"])
    return action.get_absolute_url()


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    action = get_action(request, slug, pk)
    require(can_edit_action(request.user, action))
    if request.method == "POST":
        deletion = delete_action(action=action, user=request.user)
        undo = reverse("contracts:restore", args=[slug, deletion.public_id])
        text = format_html('Supprimée\u00a0: {}. <a href="{}">Annuler cette suppression</a>', deletion, undo)
        messages.success(request, text)
        return redirect(plan_crumb(action.contract)[1])
    context = {
        "contract": action.contract,
        "action": action,
        "losses": losses(action),
        "crumbs": action_crumbs(action, "Supprimer"),
    }
    return render(request, "actions/confirm_delete.html", context)


@require_POST
def archive(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Archives the fiche, or takes it out of the archives."""
    action = get_action(request, slug, pk)
    require(can_edit_action(request.user, action))
    if action.drafting_state == DraftingState.ARCHIVED:
        unarchive_action(action=action, user=request.user)
        messages.success(request, "La fiche revient dans le plan d’actions.")
    else:
        archive_action(action=action, user=request.user)
        messages.success(request, "La fiche est archivée\u00a0: elle reste lisible et ne compte plus dans le plan.")
    return redirect(action)


@require_POST
def drafting(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    action = get_action(request, slug, pk)
    require(can_edit_action(request.user, action))
    try:
        action = set_drafting_state(action=action, state=request.POST.get("state", ""), user=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"Rédaction\u00a0: {action.get_drafting_state_display()}.")
    return redirect(action)


@require_POST
def move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    action = get_action(request, slug, pk)
    require(can_edit_action(request.user, action))
    direction = Direction.UP if request.POST.get("direction") == Direction.UP else Direction.DOWN
    if move_action(action=action, direction=direction, user=request.user):
        messages.success(request, "L’ordre du plan est enregistré.")
    else:
        messages.info(request, "La fiche est déjà au bout de son axe.")
    return redirect(action)
