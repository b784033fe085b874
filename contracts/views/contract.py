"""The contract itself: opening one, its settings, its facts."""

from django.db.models import Func, IntegerField, Subquery
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cls_portal.core.models import Deletion
from cls_portal.core.permissions import require
from cls_portal.core.views import CreateBase, DeleteBase, UpdateBase
from contracts.enums import Capacity
from contracts.forms.contract import FACTS, ContractForm, DeleteContractForm, NewContractForm
from contracts.models import Contact, Contract, Meeting, Objective, Organisation, ReferenceTerm, Territory
from contracts.permissions import (
    can_create_contract,
    can_delete_contract,
    can_edit_contract,
    can_manage_members,
    can_read_handover,
    can_renew_contract,
    territories_to_open_in,
)
from contracts.services import create_contract, create_territory, delete_contract, trash_of, update_contract
from contracts.views.base import EditMixin, get_contract

COUNT = "count_of_"
TELLS_CANCELLATION = (
    "Une réunion de ce contrat est convoquée\u00a0: ceux qui l’ont été recevront une annulation par courriel."
)


@require_safe
def settings(request, slug: str):
    """The parts of the contract with their counts: all who are in its scope may read them."""
    contract = get_contract(request, slug)
    may_edit = can_edit_contract(request.user, contract)
    context = {
        "contract": contract,
        "counts": counts_of_parts(contract),
        "leads": contract.signatories.filter(capacity=Capacity.LEAD).select_related("organisation"),
        "may_edit": may_edit,
        "may_manage_members": can_manage_members(request.user, contract),
        "may_read_handover": can_read_handover(request.user, contract),
        "may_renew": can_renew_contract(request.user, contract),
        "generations": generations(request, contract),
    }
    return render(request, "contracts/settings.html", context)


def counts_of_parts(contract: Contract) -> dict[str, int]:
    """In one query."""
    parts = {
        "signatories": contract.signatories.all(),
        "amendments": contract.amendments.all(),
        "axes": contract.axes.all(),
        "objectives": Objective.objects.filter(axis__contract=contract),
        "communes": contract.perimeter.all(),
        "organisations": Organisation.objects.filter(territory=contract.territory_id),
        "contacts": Contact.objects.filter(organisation__territory=contract.territory_id),
        "terms": ReferenceTerm.objects.filter(contract=contract),
        "deletions": Deletion.objects.filter(root=trash_of(contract.pk), restored_at=None),
    }
    # Without grouping, no row at all still counts 0.
    number = Func("pk", function="COUNT", output_field=IntegerField())
    counts = {
        f"{COUNT}{name}": Subquery(rows.order_by().annotate(number_of=number).values("number_of"))
        for name, rows in parts.items()
    }
    found = Contract.objects.filter(pk=contract.pk).values(**counts).get()
    return {name.removeprefix(COUNT): value for name, value in found.items()}


def generations(request, contract: Contract):
    return Contract.objects.visible_to(request.user).filter(territory=contract.territory_id).exclude(pk=contract.pk)


class ContractEdit(EditMixin, UpdateBase):
    model = Contract
    form_class = ContractForm
    title = "Présentation du contrat"
    success_message = "Le contrat est enregistré."
    context_object_name = "edited"

    def get_queryset(self):
        return Contract.objects.filter(pk=self.contract.pk)

    def save(self, form) -> Contract:
        return update_contract(contract=form.instance, read_version=self.read_version, user=self.request.user)


class ContractDelete(EditMixin, DeleteBase):
    """The way back is beside the contracts: the contract's own page of deletions goes with it."""

    model = Contract
    form_class = DeleteContractForm
    permission = can_delete_contract
    context_object_name = "deleted"

    def get_queryset(self):
        return Contract.objects.filter(pk=self.contract.pk)

    def get_cancel_url(self) -> str:
        return self.url("settings")

    def get_success_url(self) -> str:
        return "/"

    def get_restore_url(self, deletion: Deletion) -> str:
        return reverse("contracts:restore_contract", args=[deletion.public_id])

    def get_context_data(self, **kwargs) -> dict:
        awaited = Meeting.objects.filter(body__contract=self.object).awaited()
        return super().get_context_data(warning=TELLS_CANCELLATION if awaited.exists() else "", **kwargs)

    def delete_object(self) -> Deletion:
        self.request.contract = None
        return delete_contract(contract=self.object, user=self.request.user)


class ContractCreate(CreateBase):
    """Administration, and the coordination of a territory for its next generation."""

    model = Contract
    form_class = NewContractForm
    title = "Ouvrir un contrat local de santé"
    submit = "Ouvrir le contrat"
    success_message = "Le contrat est ouvert. Complétez ses paramètres, puis son plan d’actions."

    def dispatch(self, request, *args, **kwargs):
        require(can_create_contract(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict:
        is_administrator = self.request.user.is_superuser
        return super().get_form_kwargs() | {
            "territories": territories_to_open_in(self.request.user),
            "may_create_territory": is_administrator,
        }

    def get_cancel_url(self) -> str:
        return "/"

    def get_success_url(self) -> str:
        return reverse("contracts:settings", args=[self.object.slug])

    def save(self, form) -> Contract:
        data, user = form.cleaned_data, self.request.user
        territory: Territory = data["territory"] or create_territory(
            user=user,
            name=data["new_territory"],
            department=data["department"],
            kind=data["new_territory_kind"],
        )
        return create_contract(user=user, territory=territory, **{name: data[name] for name in FACTS})
