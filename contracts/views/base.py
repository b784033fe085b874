"""What every page of a contract shares: the contract, found within the person's scope or not at all."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from cls_portal.core.models import Deletion
from cls_portal.core.ordering import Direction
from cls_portal.core.permissions import require
from contracts.models import Contract, Meeting
from contracts.permissions import can_edit_contract
from contracts.services import trash_of


def get_contract(request, slug: str) -> Contract:
    """404 outside the scope: not even the existence of the contract shows. The frame reads `request.contract`."""
    contracts = Contract.objects.visible_to(request.user).with_current_end()
    contract = get_object_or_404(contracts.select_related("territory__department__region"), slug=slug)
    request.contract = contract
    return contract


def within(contract: Contract, queryset: QuerySet) -> QuerySet:
    """The rows of this contract, or of its territory for what successive contracts share."""
    if path := getattr(queryset, "contract_path", None):
        return queryset.filter(**{path: contract})
    return queryset.filter(**{queryset.territory_path: contract.territory_id})


def meeting_or_404(request, contract: Contract, pk: int) -> Meeting:
    meetings = within(contract, Meeting.objects.visible_to(request.user)).select_related("body")
    return of_contract(get_object_or_404(meetings, pk=pk), contract)


def of_contract(meeting: Meeting, contract: Contract) -> Meeting:
    """The contract that the page has read is that of the body: its roles are read once."""
    meeting.body.contract = contract
    return meeting


class ContractMixin:
    """Class views below /contrats/<slug>/: `self.contract`, and the permission asked before anything is done.

    `permission` is a function (user, contract); None leaves the page to all who may read the contract.
    """

    permission = None

    def setup(self, request, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.contract = get_contract(request, kwargs["slug"])

    def dispatch(self, request, *args, **kwargs):
        if self.permission:
            require(type(self).permission(request.user, self.contract))
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet:
        return within(self.contract, super().get_queryset())

    def get_context_data(self, **kwargs) -> dict:
        may_edit = bool(can_edit_contract(self.request.user, self.contract))
        return super().get_context_data(contract=self.contract, may_edit=may_edit, **kwargs)


class SettingsMixin(ContractMixin):
    """The pages below « Paramètres »; `section` is the list (label, URL name) that its forms come back to."""

    section: tuple[str, str] | None = None

    def url(self, name: str, *args) -> str:
        return reverse(f"contracts:{name}", args=[self.contract.slug, *args])

    def get_crumbs(self) -> list[tuple[str, str]]:
        crumbs = [("Paramètres", self.url("settings"))]
        return [*crumbs, (self.section[0], self.url(self.section[1]))] if self.section else crumbs

    def get_success_url(self) -> str:
        return self.url(self.section[1] if self.section else "settings")

    def get_root(self) -> str:
        return trash_of(self.contract.pk)

    def get_restore_url(self, deletion: Deletion) -> str:
        return self.url("restore", deletion.public_id)


class EditMixin(SettingsMixin):
    """A deed of the coordination on a part of the contract."""

    permission = can_edit_contract


class EditFormMixin(EditMixin):
    """Its form knows the contract (`ContractPartForm`)."""

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"contract": self.contract}


def editable(request, slug: str) -> Contract:
    """For the deeds written as functions."""
    contract = get_contract(request, slug)
    require(can_edit_contract(request.user, contract))
    return contract


def move_and_return(request, slug: str, pk: int, *, model, mover: Callable, back: str, name: str = "") -> HttpResponse:
    """Move one object of the contract up or down (`sens` of the POST), and come back to the button pressed.

    `back` is the name of the list's URL; `name` is what the mover calls the object, by default the model's name.
    """
    name = name or model._meta.model_name
    contract = editable(request, slug)
    obj = get_object_or_404(within(contract, model.objects.visible_to(request.user)), pk=pk)
    line = f"{name}-{obj.pk}"
    if request.POST.get("sens") in list(Direction):
        direction = Direction(request.POST["sens"])
        mover(**{name: obj}, direction=direction, user=request.user)
        line += f"-{direction}"
    else:
        messages.error(request, "Dites dans quel sens déplacer\u00a0: vers le haut ou vers le bas.")
    return redirect(f"{reverse(back, args=[contract.slug])}#{line}")
