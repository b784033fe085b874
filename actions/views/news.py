"""News of a fiche: one form for its status, what was done, its figures and its steps."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from actions.forms.news import FollowUpForm
from actions.permissions import can_give_news
from actions.services.news import give_news
from actions.views.base import action_crumbs, get_action
from cls_portal.core.permissions import require
from cls_portal.core.submissions import ALREADY_SENT, first_result, new_key, once
from cls_portal.core.views import add_service_errors


@require_http_methods(["GET", "HEAD", "POST"])
def follow_up_create(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    action = get_action(request, slug, pk)
    require(can_give_news(request.user, action))
    if url := first_result(request):
        messages.info(request, ALREADY_SENT)
        return redirect(url)
    form = FollowUpForm(request.POST or None, action=action)
    if request.method == "POST" and form.is_valid():

        def write() -> str:
            give_news(action=action, user=request.user, **form.news)
            return f"{action.get_absolute_url()}#t-suivi"

        try:
            url, written = once(request, write)
        except ValidationError as error:
            add_service_errors(form, error)
        else:
            messages.success(request, "Merci, vos nouvelles sont enregistrées." if written else ALREADY_SENT)
            return redirect(url)
    last = action.follow_ups.first()
    context = {
        "contract": action.contract,
        "action": action,
        "form": form,
        "last": last,
        "submission": new_key(),
        "crumbs": action_crumbs(action, "Donner des nouvelles"),
    }
    return render(request, "actions/follow_up_form.html", context)
