"""The plan d’actions: the table of all the fiches."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from actions.permissions import can_edit_plan, organisations_led_by
from actions.plan import filter_bar
from actions.plan.reading import Plan
from actions.plan.rows import Presenter, quick_lists, sentence
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
        "first_filters": filter_bar.controls(plan.filterset, filter_bar.FIRST),
        "more_filters": filter_bar.controls(plan.filterset, more_filters(request.GET, plan)),
        "more_url": filter_bar.address(path, filter_bar.with_value(request.GET, "plus", "1")),
        "chips": filter_bar.chips(plan.filterset, path),
        "quick": quick_lists(plan.whole, plan.filterset.active, path, plan.led),
        "presentations": presentations(contract, request.GET, plan.sort, here),
        "export_url": reverse("actions:export", args=[contract.slug]),
        "can_edit": can_edit_plan(request.user, contract),
    }


def presentations(contract: Contract, params: QueryDict, sort: str, here: str) -> list[tuple[str, str, bool]]:
    """(label, address, current), the filters kept."""
    unsorted = filter_bar.without(params, "tri")
    by_number = filter_bar.with_value(unsorted, "tri", sort or "numero")
    table = reverse("actions:plan", args=[contract.slug])
    calendar = reverse("actions:calendar", args=[contract.slug])
    is_table = here == "actions:plan"
    return [
        (f"Par {contract.axis_label}", filter_bar.address(table, unsorted), is_table and not sort),
        ("Liste", filter_bar.address(table, by_number), is_table and bool(sort)),
        ("Calendrier", filter_bar.address(calendar, params), not is_table),
    ]


def more_filters(params: QueryDict, plan: Plan) -> list[str]:
    """The less frequent ones come when asked for, or when one of them is at work: they hold most of the options."""
    names = [name for name in filter_bar.MORE if name != "alerte"]
    return filter_bar.MORE if "plus" in params or any(name in plan.filterset.active for name in names) else []


@require_safe
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    contract = get_contract(request, slug)
    read = Plan(contract, request.user, request.GET)
    context = frame(request, read, "actions:plan")
    context["columns"] = filter_bar.columns(request.GET, read.sort, context["path"])
    context["groups"] = presenter(request, contract).groups(read)
    context["shades"] = [(str(value), value // 25) for value in (0, 25, 50, 75, 100)]
    return render(request, "actions/plan.html", context)
