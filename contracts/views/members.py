"""« Personnes et rôles »: who may do what on a contract, and from where they hold it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import FormView, ListView

from cls_portal.core.permissions import require
from cls_portal.core.views import add_service_errors
from contracts.forms.members import InvitationForm, RoleForm
from contracts.models import Contract, Membership
from contracts.permissions import can_manage_members, can_reopen_account
from contracts.services import members
from contracts.views.base import ContractMixin, get_contract

NOT_SENT = (
    "Aucun courriel n’est envoyé à {email}\u00a0: ce compte est désactivé. Le rôle est gardé, mais seule "
    "l’administration du portail peut réactiver le compte."
)


def get_membership(request: HttpRequest, contract: Contract, pk: int) -> Membership:
    """A role held on this very contract: those that reach it from a wider scope are not to be touched here."""
    require(can_manage_members(request.user, contract))
    held = Membership.objects.visible_to(request.user).filter(contract=contract).select_related("user", "organisation")
    membership = get_object_or_404(held, pk=pk)
    membership.contract = contract
    return membership


def crumbs(contract: Contract, here: str = "") -> list[tuple[str, str]]:
    settings = ("Paramètres", reverse("contracts:settings", args=[contract.slug]))
    page = reverse("contracts:members", args=[contract.slug])
    return [settings, ("Personnes et rôles", page), (here, "")] if here else [settings, ("Personnes et rôles", "")]


class MemberList(ContractMixin, ListView):
    permission = staticmethod(can_manage_members)
    template_name = "contracts/members.html"
    context_object_name = "memberships"

    def get_queryset(self):
        held = Membership.objects.reaching(self.contract)
        related = held.select_related("user", "organisation", "territory", "department", "region")
        return related.order_by(F("contract").asc(nulls_last=True), "user__last_name", "user__first_name", "pk")

    def get_context_data(self, **kwargs) -> dict:
        may_reopen = bool(can_reopen_account(self.request.user))
        return super().get_context_data(crumbs=crumbs(self.contract), may_reopen=may_reopen, **kwargs)


class MemberFormView(ContractMixin, FormView):
    permission = staticmethod(can_manage_members)
    template_name = "contracts/member_form.html"
    here = ""

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"contract": self.contract}

    def form_valid(self, form) -> HttpResponse:
        try:
            self.save(form.cleaned_data)
        except ValidationError as error:
            add_service_errors(form, error)
            return self.form_invalid(form)
        return back_to_members(self.request, self.contract)

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(crumbs=crumbs(self.contract, self.here), here=self.here, **kwargs)


class MemberInvite(MemberFormView):
    form_class = InvitationForm
    initial = {"role": "reader"}
    here = "Inviter une personne"

    def save(self, data: dict) -> None:
        """The same answer whether or not the address already had an account.

        That an account is disabled is told once the role is given, to who may see it in the list of her own members.
        """
        membership = members.invite_member(contract=self.contract, user=self.request.user, **data)
        say_sent(self.request, membership, "Une invitation est envoyée à {email}.")

    def form_invalid(self, form) -> HttpResponse:
        """The role that the person already holds here is at hand."""
        email = form.cleaned_data.get("email")
        held = self.contract.memberships.filter(user__email__iexact=email).first() if email else None
        return self.render_to_response(self.get_context_data(form=form, held=held))


class MemberUpdate(MemberFormView):
    form_class = RoleForm
    here = "Changer le rôle"

    def setup(self, request, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.membership = get_membership(request, self.contract, kwargs["pk"])

    def get_initial(self) -> dict:
        return {"role": self.membership.role, "organisation": self.membership.organisation_id}

    def save(self, data: dict) -> None:
        members.change_role(membership=self.membership, user=self.request.user, **data)
        messages.success(self.request, f"Le rôle de {self.membership.user} est changé.")

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(membership=self.membership, **kwargs)


@require_POST
def member_remind(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    membership = get_membership(request, get_contract(request, slug), pk)
    members.send_invitation(membership=membership, user=request.user)
    say_sent(request, membership, "L’invitation est envoyée de nouveau à {email}.")
    return back_to_members(request, membership.contract)


@require_POST
def member_reactivate(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    membership = get_membership(request, get_contract(request, slug), pk)
    require(can_reopen_account(request.user))
    members.reactivate_member(membership=membership, user=request.user)
    say_sent(request, membership, "Le compte est réactivé avec tous ses rôles. Une invitation est envoyée à {email}.")
    return back_to_members(request, membership.contract)


@require_http_methods(["GET", "HEAD", "POST"])
def member_withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    membership = get_membership(request, get_contract(request, slug), pk)
    context = {"membership": membership, "contract": membership.contract}
    if request.method == "POST":
        try:
            members.withdraw_role(membership=membership, user=request.user)
        except ValidationError as error:
            context["refusal"] = error.messages[0]
        else:
            messages.success(request, f"Le rôle de {membership.user} est retiré.")
            return back_to_members(request, membership.contract)
    context["crumbs"] = crumbs(membership.contract, "Retirer un rôle")
    return render(request, "contracts/member_confirm_withdraw.html", context)


def say_sent(request: HttpRequest, membership: Membership, sentence: str) -> None:
    person = membership.user
    if person.is_active:
        messages.success(request, sentence.format(email=person.email))
    else:
        messages.warning(request, NOT_SENT.format(email=person.email))


def back_to_members(request: HttpRequest, contract: Contract) -> HttpResponseRedirect:
    """Whoever gave up their own right to manage may no longer open the list."""
    contract.__dict__.pop("_roles", None)
    if can_manage_members(request.user, contract):
        return redirect("contracts:members", slug=contract.slug)
    return redirect("/")
