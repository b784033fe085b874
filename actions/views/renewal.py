"""« Reprendre les fiches »: what becomes, in this contract, of each fiche of the generation before."""

from collections import Counter

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from actions.forms.renewal import RenewalForm
from actions.models import RenewalChoice
from actions.permissions import can_edit_plan
from actions.renewal import SAID, Renewal
from actions.services.renewal import decide_fiches, undo_choice
from actions.views.base import plan_crumb
from cls_portal.core.permissions import require
from cls_portal.core.views import add_service_errors
from contracts.views.base import get_contract


@require_http_methods(["GET", "HEAD", "POST"])
def renewal(request: HttpRequest, slug: str) -> HttpResponse:
    """All who read the contract follow it; the coordination decides, as many fiches at a time as it likes."""
    contract = get_contract(request, slug)
    may_edit = can_edit_plan(request.user, contract)
    read = Renewal(contract, request.user)
    if request.method == "POST":
        require(may_edit)
    form = RenewalForm(request.POST if request.method == "POST" else None, contract=contract, former=read.undecided)
    if request.method == "POST" and form.is_valid():
        try:
            decided = decide_fiches(contract=contract, user=request.user, choices=form.choices)
        except ValidationError as error:
            add_service_errors(form, error)
        else:
            say(request, decided)
            return redirect(request.path)
    page = {
        "contract": contract,
        "renewal": read,
        "form": form,
        "may_edit": may_edit,
        "crumbs": [plan_crumb(contract), ("Reprendre les fiches", "")],
    }
    return render(request, "actions/renewal.html", page)


def say(request: HttpRequest, decided: list[RenewalChoice]) -> None:
    counts = Counter(row.decision for row in decided)
    words = [f"{counts[kind]} {forms[counts[kind] > 1]}" for kind, forms in SAID.items() if counts[kind]]
    if words:
        messages.success(request, f"C’est décidé\u00a0: {', '.join(words)}.")
    else:
        messages.info(request, "Aucun choix n’a été fait\u00a0: rien n’a changé.")


@require_POST
def undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    contract = get_contract(request, slug)
    require(can_edit_plan(request.user, contract))
    choices = RenewalChoice.objects.visible_to(request.user).filter(contract=contract)
    choice = get_object_or_404(choices.select_related("contract"), pk=pk)
    try:
        undo_choice(choice=choice, user=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "Le choix est annulé\u00a0: la fiche est de nouveau à décider.")
    return redirect("actions:renewal", slug)
