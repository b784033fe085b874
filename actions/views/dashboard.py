"""The two front pages: all the contracts that a person may see, and the state of one contract."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from actions.governance import decision_counts, next_meetings
from actions.permissions import organisations_led_by
from actions.plan.own import own_fiches
from actions.plan.progress import Progress, arbitrations_asked, figures_of, latest_news, plan_state
from actions.renewal import fiches_left
from actions.review.turn import expected_in
from actions.review.waiting import waiting_for
from contracts.models import Contract
from contracts.permissions import (
    can_create_contract,
    can_edit_contract,
    deleted_contracts,
    follows_only,
    people_in_charge,
)
from contracts.views.base import get_contract

CONTRACTS_PER_PAGE = 50
MEETINGS_SHOWN = 3


@require_safe
def home(request):
    """« Mes contrats »: the contracts in force first, then the others, by territory and the most recent first.

    Who only follows contracts, for the ARS or as a national reader, finds the regional table instead.
    """
    if follows_only(request.user):
        return redirect("actions:region")
    contracts = Contract.objects.visible_to(request.user).with_current_end().in_force_first()
    page = Paginator(contracts.select_related("territory__department"), CONTRACTS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    figures = figures_of(page.object_list)
    rows = [(contract, figures[contract.pk]) for contract in page.object_list]
    may_create = can_create_contract(request.user)
    deleted = deleted_contracts(request.user).filter(restored_at=None).count()
    own = own_fiches(request.user, page.object_list)
    waiting = waiting_for(request.user)
    context = {
        "page": page,
        "rows": rows,
        "own": own,
        "waiting": waiting,
        "may_create": may_create,
        "deleted": deleted,
    }
    return render(request, "actions/dashboard/home.html", context)


@require_safe
def overview(request, slug: str):
    contract = get_contract(request, slug)
    state = plan_state(contract, request.user)
    context = {
        "contract": contract,
        "own": own_fiches(request.user, [contract]) if organisations_led_by(request.user, contract) else None,
        "state": state,
        "bars": [*(_bar(contract, part) for part in state.axes), _bar(contract, state.whole, part=False)],
        "arbitrations": arbitrations_asked(contract, request.user),
        "decisions": decision_counts(contract, request.user),
        "meetings": next_meetings(contract, request.user, MEETINGS_SHOWN),
        "news": latest_news(contract, request.user),
        "signatories": contract.signatories.select_related("organisation"),
        "amendment_count": contract.amendments.count(),
        "axis_count": sum(part.axis is not None for part in state.axes),
        "commune_count": contract.perimeter.present().count(),
        "expected": expected_in(contract.reviews.all()),
        "in_charge": people_in_charge(contract),
        "may_edit": can_edit_contract(request.user, contract),
        "fiches_left": fiches_left(contract, request.user),
        "following": following_contract(contract, request.user),
    }
    return render(request, "actions/dashboard/overview.html", context)


def following_contract(contract: Contract, user) -> Contract | None:
    """The next generation, once it is said to be prepared and the person may read it."""
    return Contract.objects.visible_to(user).later_than(contract).first() if contract.in_renewal else None


def _bar(contract: Contract, progress: Progress, *, part: bool = True) -> dict:
    """One line of the chart and of its table, each figure leading to the fiches that it counts."""
    plan = reverse("actions:plan", args=[contract.slug])
    if not part:
        name, scope = "Ensemble du contrat", {}
    elif progress.axis:
        name, scope = str(progress.axis), {"axe": progress.axis.pk}
    else:
        name, scope = f"Sans {contract.axis_label}", {"manque": "axe"}

    def link(**more: str) -> str:
        return f"{plan}?{urlencode(scope | more)}"

    counts = [(code, label, count, link(statut=code)) for code, label, count in progress.by_status()]
    return {
        "title": f"{name}\u00a0: {progress.said}.",
        "axis": progress.axis,
        "progress": progress,
        "url": link(),
        "late_url": link(alerte="retard"),
        "counts": counts,
    }
