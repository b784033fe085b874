"""What was deleted and changed in a contract: put back, and read."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cls_portal.core import deletion as deletions
from cls_portal.core.models import Deletion
from cls_portal.core.views import ListBase
from contracts.journal import followed_models, page_of
from contracts.permissions import can_edit_contract, can_manage_members, deleted_contracts
from contracts.services import bring_state_to_amendments, trash_of
from contracts.services.meetings import lock_meeting_of
from contracts.views.base import SettingsMixin, editable, get_contract


class DeletionList(SettingsMixin, ListBase):
    model = Deletion
    template_name = "contracts/deletions.html"
    title = "Suppressions"
    permission = can_edit_contract

    def get_queryset(self):
        """A deletion belongs to the contract by its root, and the contract was found within the scope."""
        found = Deletion.objects.filter(root=trash_of(self.contract.pk)).defer("content", "links")
        return found.select_related("deleted_by", "restored_by").order_by("-deleted_at", "-pk")


@require_http_methods(["GET", "HEAD", "POST"])
def restore(request, slug: str, public_id):
    contract = editable(request, slug)
    deleted = get_object_or_404(Deletion, root=trash_of(contract.pk), public_id=public_id)
    if request.method == "POST":
        try:
            with transaction.atomic():
                lock_meeting_of(deleted)
                deletions.restore(deleted, user=request.user)
                bring_state_to_amendments(contract=contract, user=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"Rétabli\u00a0: {deleted}.")
        return redirect("contracts:deletions", slug=contract.slug)
    crumbs = [
        ("Paramètres", reverse("contracts:settings", args=[slug])),
        ("Suppressions", reverse("contracts:deletions", args=[slug])),
        ("Rétablir", ""),
    ]
    back = reverse("contracts:deletions", args=[slug])
    context = {"contract": contract, "deletion": deleted, "crumbs": crumbs, "back": back}
    return render(request, "contracts/restore.html", context)


class DeletedContractList(ListBase):
    """Not a page of a contract: those that the person may put back."""

    model = Deletion
    template_name = "contracts/deleted.html"
    title = "Contrats supprimés"

    def get_queryset(self):
        found = deleted_contracts(self.request.user).defer("content", "links")
        return found.select_related("deleted_by", "restored_by").order_by("-deleted_at", "-pk")

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [("Mes contrats", "/")]


@require_http_methods(["GET", "HEAD", "POST"])
def restore_contract(request, public_id):
    deleted = get_object_or_404(deleted_contracts(request.user), public_id=public_id)
    if request.method == "POST":
        try:
            deletions.restore(deleted, user=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"Rétabli\u00a0: {deleted}.")
        return redirect("contracts:deleted")
    crumbs = [("Mes contrats", "/"), ("Contrats supprimés", reverse("contracts:deleted")), ("Rétablir", "")]
    context = {"deletion": deleted, "crumbs": crumbs, "back": reverse("contracts:deleted")}
    return render(request, "contracts/restore.html", context)


@require_safe
def journal(request, slug: str):
    contract = get_contract(request, slug)
    kind = request.GET.get("nature", "")
    followed = followed_models(with_roles=bool(can_manage_members(request.user, contract)))
    kinds = sorted((str(model._meta.verbose_name), name) for name, model in followed.items())
    page = page_of(contract, followed, user=request.user, kind=kind, number=request.GET.get("page"))
    crumbs = [("Paramètres", reverse("contracts:settings", args=[slug])), ("Journal", "")]
    context = {"contract": contract, "page_obj": page, "kinds": kinds, "kind": kind, "crumbs": crumbs}
    return render(request, "contracts/journal.html", context)
