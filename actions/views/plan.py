"""The plan d’actions: the table of all the fiches."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from actions import plan_filters
from actions.permissions import can_edit_plan, organisations_led_by
from actions.plan import Plan
from actions.plan_rows import Presenter, quick_lists, sentence
from cls_portal.core.dates import today
from contracts.models import Contract
from contracts.views.base import get_contract


def presenter(request: HttpRequest, contract: Contract) -> Presenter:
    may_edit = bool(can_edit_plan(request.user, contract))
    led = frozenset() if may_edit else organisations_led_by(request.user, contract)
    return Presenter(contract, today(), may_edit=may_edit, led=led)


def frame(request: HttpRequest, plan: Plan, here: str) -> dict:
    """What the table and the calendar have in common: filters, ready-made lists, presentations, exports."""
    contract, path = plan.contract, reverse(here, args=[plan.contract.slug])
    query = request.GET.urlencode()
    return {
        "contract": contract,
        "plan": plan,
        "path": path,
        "query": query,
        "sentence": sentence(plan),
        "shown": len(plan.lines),
        "first_filters": plan_filters.controls(plan.filterset, plan_filters.FIRST),
        "more_filters": plan_filters.controls(plan.filterset, more_filters(request.GET, plan)),
        "more_url": plan_filters.address(path, plan_filters.with_value(request.GET, "plus", "1")),
        "chips": plan_filters.chips(plan.filterset, path),
        "quick": quick_lists(plan.whole, plan.filterset.active, path),
        "presentations": presentations(contract, request.GET, plan.sort, here),
        "export_url": reverse("actions:export", args=[contract.slug]),
        "can_edit": can_edit_plan(request.user, contract),
    }


def presentations(contract: Contract, params: QueryDict, sort: str, here: str) -> list[tuple[str, str, bool]]:
    """(label, address, current), the filters kept."""
    unsorted = plan_filters.without(params, "tri")
    by_number = plan_filters.with_value(unsorted, "tri", sort or "numero")
    table = reverse("actions:plan", args=[contract.slug])
    calendar = reverse("actions:calendar", args=[contract.slug])
    is_table = here == "actions:plan"
    return [
        ("Par axe", plan_filters.address(table, unsorted), is_table and not sort),
        ("Liste", plan_filters.address(table, by_number), is_table and bool(sort)),
        ("Calendrier", plan_filters.address(calendar, params), not is_table),
    ]


def more_filters(params: QueryDict, plan: Plan) -> list[str]:
    """The less frequent ones come when asked for, or when one of them is at work: they hold most of the options."""
    names = [name for name in plan_filters.MORE if name != "alerte"]
    return plan_filters.MORE if "plus" in params or any(name in plan.filterset.active for name in names) else []


@require_safe
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    contract = get_contract(request, slug)
    read = Plan(contract, request.user, request.GET)
    context = frame(request, read, "actions:plan")
    context["columns"] = plan_filters.columns(request.GET, read.sort, context["path"])
    context["groups"] = presenter(request, contract).groups(read)
    context["shades"] = [(str(value), value // 25) for value in (0, 25, 50, 75, 100)]
    return render(request, "actions/plan.html", context)
