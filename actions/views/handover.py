"""« Passation »: the state of the contract for who takes it over, and the transfer of what somebody holds."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from actions.forms.handover import HandoverForm
from actions.handover.ars import ars_holdings
from actions.handover.holdings import holdings_of
from actions.handover.state import HandoverState
from actions.services.handover import hand_over, hand_over_ars
from cls_portal.core.permissions import require
from cls_portal.core.views import add_service_errors
from contracts.enums import Role
from contracts.models import Membership
from contracts.permissions import can_give_wide_roles, can_manage_members, can_read_handover, people_in_charge
from contracts.views.base import get_contract
from contracts.views.members import back_to_members, crumbs, get_membership

TITLE = "État de passation"


@require_safe
def state(request: HttpRequest, slug: str) -> HttpResponse:
    contract = get_contract(request, slug)
    require(can_read_handover(request.user, contract))
    context = {
        "contract": contract,
        "title": TITLE,
        "state": HandoverState(contract, request.user),
        "in_charge": people_in_charge(contract),
        "may_manage": can_manage_members(request.user, contract),
        "crumbs": [("Paramètres", reverse("contracts:settings", args=[slug])), (TITLE, "")],
    }
    return render(request, "actions/handover/state.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """`pk` is that of a role held on this contract by the person who leaves."""
    contract = get_contract(request, slug)
    leaver = get_membership(request, contract, pk).user
    form = HandoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            successor = hand_over(contract=contract, leaver=leaver, user=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_service_errors(form, error)
        else:
            messages.success(request, f"Passation faite\u00a0: {successor} succède à {leaver} sur ce contrat.")
            return back_to_members(request, contract)
    context = {
        "contract": contract,
        "leaver": leaver,
        "held": holdings_of(leaver, contract),
        "form": form,
        "crumbs": crumbs(contract, "Passation"),
    }
    return render(request, "actions/handover/transfer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ars_transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """Read by who holds this role, to pass on what is open; done by the administration, which gives these roles."""
    roles = Membership.objects.filter(role=Role.ARS_REFERENT).select_related("user", "department", "region")
    membership = get_object_or_404(roles if request.user.is_superuser else roles.filter(user=request.user), pk=pk)
    form = HandoverForm(request.POST or None)
    if request.method == "POST":
        require(can_give_wide_roles(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            successor = hand_over_ars(membership=membership, user=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_service_errors(form, error)
        else:
            said = f"Passation faite\u00a0: {successor} succède à {membership.user}, {membership.scope}."
            messages.success(request, said)
            return redirect("/")
    context = {
        "membership": membership,
        "held": ars_holdings(membership),
        "form": form,
        "may_hand_over": can_give_wide_roles(request.user),
    }
    return render(request, "actions/handover/ars.html", context)
