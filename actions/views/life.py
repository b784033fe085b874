"""« Vie du contrat »: where it is, what may come next and under which conditions, what has passed."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions.forms.life import PassageForm, ReturnForm, SignatureForm
from actions.life.conditions import conditions_of
from actions.life.stages import DEEDS, line_of, next_states, state_before
from actions.life.story import reached, story_of
from actions.services.life import freeze_signed_plan, go_back, pass_to, refusal_to_freeze, set_flag, sign_contract
from actions.versions.amendments import signed_versions
from cls_portal.core.conflicts import stamp_read
from cls_portal.core.forms import PortalForm
from cls_portal.core.versioning import StaleVersionError
from cls_portal.core.views import add_service_errors
from contracts.enums import STATES_IN_FORCE, ContractState
from contracts.models import Contract
from contracts.permissions import can_edit_contract, can_renew_contract
from contracts.views.base import editable, get_contract

TITLE = "Vie du contrat"
CHANGED_MEANWHILE = (
    "Le contrat a changé pendant que vous lisiez cette page\u00a0: rien n’est enregistré. "
    "Vérifiez votre saisie, puis enregistrez de nouveau."
)
ALREADY_THERE = "Ce contrat est «\u202f{state}\u202f»\u00a0: ce passage n’est pas, ou n’est plus, à faire."


@require_safe
def life(request: HttpRequest, slug: str) -> HttpResponse:
    contract = get_contract(request, slug)
    story = story_of(contract)
    context = {
        "contract": contract,
        "title": TITLE,
        "may_edit": can_edit_contract(request.user, contract),
        "may_renew": can_renew_contract(request.user, contract),
        "stages": line_of(contract, reached(story, contract)),
        "passages": [
            (state, DEEDS[state], conditions_of(contract, state, request.user)) for state in next_states(contract)
        ],
        "before": state_before(contract),
        "may_extend": contract.state in STATES_IN_FORCE,
        "story": story[::-1],
        "may_freeze": not refusal_to_freeze(contract),
        "versions": signed_versions(contract)[::-1],
        "amendments": list(contract.amendments.all()),
    }
    return render(request, "actions/life/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def passage(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    contract = editable(request, slug)
    if stage not in DEEDS:
        raise Http404
    state = ContractState(stage)
    if state not in next_states(contract):
        messages.info(request, ALREADY_THERE.format(state=contract.get_state_display()))
        return redirect("actions:life", slug=slug)
    form_class = SignatureForm if state == ContractState.IN_FORCE else PassageForm
    form = form_class(request.POST or None, contract=contract, state=state)
    write = sign_contract if state == ContractState.IN_FORCE else _to(state)
    return answer(
        request,
        form,
        contract=contract,
        write=lambda facts: write(contract=contract, **facts),
        said=f"{state.label}\u00a0: le passage est noté.",
        title=DEEDS[state],
        conditions=conditions_of(contract, state, request.user),
        signs=state == ContractState.IN_FORCE,
    )


def _to(state: ContractState) -> Callable:
    return lambda **facts: pass_to(state=state, **facts)


@require_http_methods(["GET", "HEAD", "POST"])
def back(request: HttpRequest, slug: str) -> HttpResponse:
    contract = editable(request, slug)
    before = state_before(contract)
    if before is None:
        messages.info(request, "Ce contrat n’a pas d’étape précédente à laquelle revenir.")
        return redirect("actions:life", slug=slug)
    return answer(
        request,
        ReturnForm(request.POST or None),
        contract=contract,
        write=lambda facts: go_back(contract=contract, **facts),
        said=f"Le contrat revient à l’étape «\u202f{before.label}\u202f».",
        title=f"Revenir à l’étape «\u202f{before.label}\u202f»",
        conditions=[],
        unsigns=before == ContractState.TO_SIGN,
    )


def answer(
    request: HttpRequest,
    form: PortalForm,
    *,
    contract: Contract,
    write: Callable[[dict], object],
    said: str,
    title: str,
    **context,
) -> HttpResponse:
    """Shows the form, or does the deed; a form sent twice finds the contract changed, or the passage made."""
    status, version = 200, contract.version
    if request.method == "POST" and form.is_valid():
        try:
            write({**form.cleaned_data, "user": request.user, "read_version": stamp_read(request.POST)})
        except ValidationError as error:
            add_service_errors(form, error)
        except StaleVersionError:
            form.add_error(None, CHANGED_MEANWHILE)
            status, version = 409, Contract.objects.values_list("version", flat=True).get(pk=contract.pk)
        else:
            messages.success(request, said)
            return redirect("actions:life", slug=contract.slug)
    crumbs = [(TITLE, reverse("actions:life", args=[contract.slug])), (title, "")]
    context |= {"contract": contract, "form": form, "title": title, "version": version, "crumbs": crumbs}
    return render(request, "actions/life/passage.html", context, status=status)


@require_POST
def flag(request: HttpRequest, slug: str) -> HttpResponse:
    contract = editable(request, slug)
    is_on = request.POST.get("geste") == "engager"
    try:
        set_flag(
            contract=contract,
            flag=request.POST.get("repere", ""),
            is_on=is_on,
            user=request.user,
            read_version=stamp_read(request.POST),
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except StaleVersionError:
        messages.error(request, CHANGED_MEANWHILE)
    else:
        messages.success(request, "Le repère est posé." if is_on else "Le repère est retiré.")
    return redirect("actions:life", slug=slug)


@require_http_methods(["GET", "HEAD", "POST"])
def freeze_signed(request: HttpRequest, slug: str) -> HttpResponse:
    """A contract that was signed before the portal knew it."""
    contract = editable(request, slug)
    if refusal := refusal_to_freeze(contract):
        messages.info(request, refusal)
        return redirect("actions:life", slug=slug)
    if request.method == "POST":
        try:
            freeze_signed_plan(contract=contract, user=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, "Le plan signé est figé.")
        return redirect("actions:life", slug=slug)
    crumbs = [(TITLE, reverse("actions:life", args=[contract.slug])), ("Figer le plan signé", "")]
    count = contract.actions.in_plan().count()
    return render(request, "actions/life/freeze.html", {"contract": contract, "count": count, "crumbs": crumbs})
