"""The frozen versions of a contract: read, compared with what came before or after, printed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from actions.documents import VERSION
from actions.models import Action, PlanVersion
from actions.versions.compare import compare
from actions.versions.reading import FrozenPlan, frozen, plan_of_today
from cls_portal.core.views import ListBase
from contracts.models import Contract
from contracts.services.production import request_document
from contracts.views.base import ContractMixin, get_contract

TITLE = "Versions figées"


class VersionList(ContractMixin, ListBase):
    model = PlanVersion
    template_name = "actions/versions/list.html"
    title = TITLE

    def get_queryset(self):
        return super().get_queryset().without_content().select_related("frozen_by", "amendment")

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [documents_crumb(self.contract)]


@require_safe
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    found, plan = get_version(request, slug, number)
    earlier = PlanVersion.objects.filter(contract=found.contract, number__lt=number).without_content().first()
    crumbs = [*version_crumbs(found.contract), (str(found), "")]
    context = {"contract": found.contract, "version": found, "plan": plan, "earlier": earlier, "crumbs": crumbs}
    return render(request, "actions/versions/version.html", context)


@require_safe
def fiche(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """A fiche deleted since has no page of its own any more: this one stays."""
    found, plan = get_version(request, slug, number)
    told = plan.fiche(pk)
    if told is None:
        raise Http404
    order = [each.pk for _axis, fiches in plan.parts for each in fiches]
    place = order.index(pk)
    context = {
        "contract": found.contract,
        "version": found,
        "plan": plan,
        "fiche": told,
        "before": plan.fiche(order[place - 1]) if place else None,
        "after": plan.fiche(order[place + 1]) if place + 1 < len(order) else None,
        "today": Action.objects.visible_to(request.user).filter(contract=found.contract, pk=pk).first(),
        "crumbs": [*version_crumbs(found.contract), (str(found), found.get_absolute_url()), (str(told), "")],
    }
    return render(request, "actions/versions/fiche.html", context)


@require_safe
def changes(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What this version changed since the one before, or that of `depuis`; with `a=aujourdhui`, what changed since."""
    found, plan = get_version(request, slug, number)
    if request.GET.get("a") == "aujourdhui":
        before, after, since = plan, plan_of_today(found.contract, request.user), found
        title = f"Depuis la version {number}"
    else:
        since = earlier_version(found, request.GET.get("depuis", ""))
        before, after = frozen(since), plan
        title = f"De la version {since.number} à la version {number}"
    context = {
        "contract": found.contract,
        "version": found,
        "since": since,
        "title": title,
        "change": compare(before, after),
        "crumbs": [*version_crumbs(found.contract), (str(found), found.get_absolute_url()), (title, "")],
    }
    return render(request, "actions/versions/changes.html", context)


@require_POST
def document(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    found, _plan = get_version(request, slug, number)
    title = f"Version {number}, {found.get_occasion_display()}"
    asked = {"kind": VERSION, "title": title, "parameters": str(number)}
    return redirect(request_document(contract=found.contract, user=request.user, **asked))


def get_version(request: HttpRequest, slug: str, number: int) -> tuple[PlanVersion, FrozenPlan]:
    contract = get_contract(request, slug)
    versions = PlanVersion.objects.visible_to(request.user).filter(contract=contract)
    found = get_object_or_404(versions.select_related("frozen_by", "amendment"), number=number)
    found.contract = contract
    return found, frozen(found)


def earlier_version(version: PlanVersion, number: str) -> PlanVersion:
    """The one asked for, else the last before; 404 when nothing was frozen before."""
    earlier = PlanVersion.objects.filter(contract=version.contract, number__lt=version.number)
    chosen = earlier.filter(number=int(number)).first() if number.isdecimal() and len(number) < 9 else None
    found = chosen or earlier.first()
    if found is None:
        raise Http404
    return found


def documents_crumb(contract: Contract) -> tuple[str, str]:
    return "Documents", reverse("contracts:documents", args=[contract.slug])


def version_crumbs(contract: Contract) -> list[tuple[str, str]]:
    return [documents_crumb(contract), (TITLE, reverse("actions:versions", args=[contract.slug]))]
