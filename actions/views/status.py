"""Status and progress of one fiche, changed on a small page or, with htmx, in the line of the plan."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods
from django_htmx.http import push_url

from actions.forms.status import StatusForm
from actions.models import Action
from actions.permissions import can_edit_plan, can_give_news
from actions.plan.reading import read_lines
from actions.services.news import record_follow_up
from actions.views.base import action_crumbs, get_action
from actions.views.plan import presenter
from actions.vocabulary import Vocabulary
from cls_portal.core.dates import today
from cls_portal.core.permissions import require
from cls_portal.core.versioning import StaleVersionError
from cls_portal.core.views import add_service_errors

CHANGED_MEANWHILE = (
    "Cette fiche a changé pendant que vous la lisiez\u00a0: elle est maintenant «\u202f{status}\u202f» à "
    "{progress}\u00a0%. Rien n’est enregistré\u00a0; vérifiez votre saisie, puis enregistrez de nouveau."
)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    action = get_action(request, slug, pk)
    require(can_give_news(request.user, action))
    if request.method == "POST":
        form = StatusForm(request.POST, action=action)
        if form.is_valid() and recorded(request, form):
            return answer_recorded(request, form)
        return show(request, form, status=422 if request.htmx else 200)
    if "ligne" in request.GET and request.htmx:
        return line(request, action)
    return show(request, StatusForm(action=action, initial=initial(request, action)))


def initial(request: HttpRequest, action: Action) -> dict:
    return {
        "status": action.status,
        "progress": action.progress,
        "reason": action.status_reason,
        "new_date": action.postponed_to,
        "successor": action.successor_id,
        "version": action.version,
        "back": came_from(request),
    }


def came_from(request: HttpRequest) -> str:
    """The page of the site one comes from, filters included: that is where one goes back."""
    parts = urlsplit(request.headers.get("Referer", ""))
    if parts.netloc != request.get_host() or parts.path == request.path:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def recorded(request: HttpRequest, form: StatusForm) -> bool:
    """The version read is also what stops a double submission from recording the same news twice."""
    version = form.cleaned_data["version"]
    try:
        record_follow_up(action=form.action, user=request.user, read_version=version, **form.change())
    except ValidationError as error:
        add_service_errors(form, error)
    except StaleVersionError:
        tell_change(form)
    else:
        return True
    return False


def tell_change(form: StatusForm) -> None:
    """What was typed stays, on the fiche as it is now."""
    form.action.refresh_from_db(fields=["status", "progress", "version"])
    form.data = form.data.copy()
    form.data[form.add_prefix("version")] = form.action.version
    form.add_error(
        None,
        CHANGED_MEANWHILE.format(status=form.action.get_status_display(), progress=form.action.progress),
    )


def show(request: HttpRequest, form: StatusForm, status: int = 200) -> HttpResponse:
    action = form.action
    context = {
        "form": form,
        "action": action,
        "contract": action.contract,
        "crumbs": action_crumbs(action, "Changer le statut"),
        "back": local(form["back"].value()) or plan_line(action),
        "columns": 9 if can_edit_plan(request.user, action.contract) else 8,
    }
    template = "actions/_status_line.html" if request.htmx else "actions/status.html"
    return in_place(request, render(request, template, context, status=status))


def answer_recorded(request: HttpRequest, form: StatusForm) -> HttpResponse:
    action = Action.objects.get(pk=form.action.pk)
    action.contract = form.action.contract
    said = f"{name(action)}\u00a0: {action.get_status_display()}, {action.progress}\u00a0%."
    if request.htmx:
        return line(request, action, said)
    messages.success(request, said)
    return redirect(local(form.cleaned_data["back"]) or plan_line(action))


def line(request: HttpRequest, action: Action, said: str = "") -> HttpResponse:
    """The line of the plan as it is now, the focus back on its status, and what to announce."""
    vocabulary = Vocabulary(action.contract)
    found = read_lines(Action.objects.filter(pk=action.pk), vocabulary, today())
    show_lines = presenter(request, action.contract)
    rows = [show_lines.row(one, action.axis.color if action.axis else None) for one in found]
    context = {"rows": rows, "can_edit": can_edit_plan(request.user, action.contract), "focused": True, "said": said}
    return in_place(request, render(request, "actions/_plan_line.html", context))


def in_place(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The address stays that of the plan with its filters: htmx would write the one of the link, which is boosted."""
    return push_url(response, False) if request.htmx else response


def name(action: Action) -> str:
    return f"Fiche {action.code}" if action.code else action.title


def local(address: str | None) -> str:
    """Only pages of this site: the address comes back from the browser."""
    address = address or ""
    return address if address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None) else ""


def plan_line(action: Action) -> str:
    return f"{reverse('actions:plan', args=[action.contract.slug])}#f-{action.pk}"
