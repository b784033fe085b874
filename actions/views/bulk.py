"""Many fiches at once: what to change, then what it makes of each, then the change itself."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from actions.forms.bulk import DEEDS, BulkForm
from actions.permissions import can_edit_plan
from actions.plan.filter_bar import address
from actions.plan.reading import Plan
from actions.services.bulk import StaleSelectionError, apply_change, preview, selection
from actions.views.base import plan_crumb
from cls_portal.core.french import count_noun
from cls_portal.core.permissions import require
from contracts.models import Contract
from contracts.views.base import get_contract

LARGEST_ID = 2**63 - 1
# Not a change: what is ticked is frozen and handed to the ARS, on a page of its own.
SUBMIT = "avis"


@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: HttpRequest, slug: str) -> HttpResponse:
    contract = get_contract(request, slug)
    require(can_edit_plan(request.user, contract))
    given = request.POST if request.method == "POST" else request.GET
    if given.get("geste") == SUBMIT and request.method != "POST":
        return submit_page(request, contract, given)
    actions = list(selection(contract, request.user, chosen(request, contract, given)))
    if not actions or given.get("geste") not in DEEDS:
        messages.warning(request, "Cochez au moins une fiche, et choisissez ce qui change.")
        return redirect(back_to_plan(contract, given))
    form_class = DEEDS[given["geste"]][1]
    if request.method != "POST" or given.get("etape") == "modifier":
        form = form_class(initial=given.dict() if request.method == "POST" else None, contract=contract)
        return ask(request, form, actions, given)
    form = form_class(given, contract=contract)
    if not form.is_valid():
        return ask(request, form, actions, given)
    if given.get("etape") == "appliquer":
        return apply(request, form, actions, given)
    return confirm(request, form, actions, given)


def submit_page(request: HttpRequest, contract: Contract, given: QueryDict) -> HttpResponse:
    fiches = chosen(request, contract, given)
    if not fiches:
        messages.warning(request, "Cochez au moins une fiche à soumettre.")
        return redirect(back_to_plan(contract, given))
    names = urlencode({"fiche": fiches}, doseq=True)
    return redirect(f"{reverse('actions:review_submit', args=[contract.slug])}?{names}")


def chosen(request: HttpRequest, contract: Contract, given: QueryDict) -> list[int]:
    """The ticked fiches, or all those that the filters show."""
    if "toutes" in given:
        return [line.pk for line in Plan(contract, request.user, filters(given)).lines]
    return numbers(given.getlist("fiche"))


def numbers(texts: list[str]) -> list[int]:
    found = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 20]
    return [number for number in found if number <= LARGEST_ID]


def filters(given: QueryDict) -> QueryDict:
    return QueryDict(given.get("filtres", ""))


def back_to_plan(contract: Contract, given: QueryDict) -> str:
    return address(reverse("actions:plan", args=[contract.slug]), filters(given))


def context_of(form: BulkForm, actions: list, given: QueryDict) -> dict:
    title = DEEDS[given["geste"]][0]
    return {
        "contract": form.contract,
        "crumbs": [plan_crumb(form.contract), (title, "")],
        "title": title,
        "form": form,
        "actions": actions,
        "deed": given["geste"],
        "filters": filters(given).urlencode(),
        "back": back_to_plan(form.contract, given),
    }


def ask(request: HttpRequest, form: BulkForm, actions: list, given: QueryDict) -> HttpResponse:
    return render(request, "actions/bulk.html", context_of(form, actions, given))


def confirm(request: HttpRequest, form: BulkForm, actions: list, given: QueryDict, changed=()) -> HttpResponse:
    """`changed`: the fiches that somebody else changed since they were shown."""
    outcomes = preview(actions, form.change())
    context = context_of(form, actions, given) | {
        "outcomes": outcomes,
        "possible": sum(not outcome.refusal for outcome in outcomes),
        "changed": [action for action in actions if action.pk in changed],
    }
    return render(request, "actions/bulk_confirm.html", context)


def apply(request: HttpRequest, form: BulkForm, actions: list, given: QueryDict) -> HttpResponse:
    versions = read_versions(given)
    if not versions:
        return confirm(request, form, actions, given)
    try:
        count = apply_change(contract=form.contract, user=request.user, change=form.change(), versions=versions)
    except StaleSelectionError as stale:
        return confirm(request, form, actions, given, changed=stale.ids)
    messages.success(request, f"{count_noun(count, 'fiche modifiée')}.")
    return redirect(back_to_plan(form.contract, given))


def read_versions(given: QueryDict) -> dict[int, int]:
    """Of each fiche that the page said would change, the version that it showed."""
    shown = {}
    for pair in given.getlist("version"):
        pk, _colon, version = pair.partition(":")
        shown |= dict(zip(numbers([pk]), numbers([version]), strict=False))
    return shown
