"""The history of a fiche: every change of its fields and of its parts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actions.journal import page_of
from actions.views.base import action_crumbs, get_action


@require_safe
def history(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    action = get_action(request, slug, pk)
    context = {
        "contract": action.contract,
        "action": action,
        "page": page_of(action, request.user, request.GET.get("page")),
        "crumbs": action_crumbs(action, "Historique"),
    }
    return render(request, "actions/history.html", context)
