"""An avenant: what it changes against the plan signed before it, and the freezing of its own plan."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from actions.forms.life import AmendmentSignatureForm
from actions.services.life import sign_amendment
from actions.versions.amendments import reading_of
from cls_portal.core.permissions import require
from cls_portal.core.submissions import ALREADY_SENT, first_result, key_sent, new_key, once
from cls_portal.core.views import add_service_errors
from contracts.models import Amendment
from contracts.permissions import can_edit_contract
from contracts.views.base import get_contract


@require_safe
def amendment(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = get_amendment(request, slug, pk)
    context = {
        "contract": found.contract,
        "amendment": found,
        "reading": reading_of(found, request.user),
        "new_signatories": found.new_signatories.select_related("organisation"),
        "may_edit": can_edit_contract(request.user, found.contract),
        "crumbs": [*amendments_crumbs(slug), (str(found), "")],
    }
    return render(request, "actions/life/amendment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def freeze(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = get_amendment(request, slug, pk)
    require(can_edit_contract(request.user, found.contract))
    if url := first_result(request):
        messages.info(request, ALREADY_SENT)
        return redirect(url)
    form = AmendmentSignatureForm(request.POST or None, amendment=found)
    if request.method == "POST" and form.is_valid():
        try:
            url, written = once(request, lambda: sign(request, found, form))
        except ValidationError as error:
            add_service_errors(form, error)
        else:
            messages.success(request, "Le plan de l’avenant est figé." if written else ALREADY_SENT)
            return redirect(url)
    context = {
        "contract": found.contract,
        "amendment": found,
        "form": form,
        "submission": key_sent(request) or new_key(),
        "crumbs": [*amendments_crumbs(slug), (str(found), page_of(found)), ("Figer le plan", "")],
    }
    return render(request, "actions/life/amendment_freeze.html", context)


def sign(request: HttpRequest, amendment: Amendment, form: AmendmentSignatureForm) -> str:
    sign_amendment(amendment=amendment, day=form.cleaned_data["signed_on"], user=request.user)
    return page_of(amendment)


def get_amendment(request: HttpRequest, slug: str, pk: int) -> Amendment:
    contract = get_contract(request, slug)
    found = get_object_or_404(Amendment.objects.visible_to(request.user).filter(contract=contract), pk=pk)
    found.contract = contract
    return found


def page_of(amendment: Amendment) -> str:
    return reverse("actions:amendment", args=[amendment.contract.slug, amendment.pk])


def amendments_crumbs(slug: str) -> list[tuple[str, str]]:
    return [
        ("Paramètres", reverse("contracts:settings", args=[slug])),
        ("Avenants", reverse("contracts:amendments", args=[slug])),
    ]
