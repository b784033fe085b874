"""« Convoquer »: who is written to, what they read, and what has become of the mails."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cls_portal.core.conflicts import stamp_read
from cls_portal.core.french import count_noun
from cls_portal.core.submissions import ALREADY_SENT, first_result, key_sent, new_key, once
from cls_portal.core.versioning import StaleVersionError
from cls_portal.core.views import add_service_errors
from contracts.delivery import Delivery
from contracts.forms.convocation import ConvocationForm
from contracts.models import Meeting
from contracts.services.convocation import convene, send_stuck_again
from contracts.services.invitations import Recipient, preview
from contracts.views.base import editable, meeting_or_404

CHANGED = (
    "Cette réunion a changé depuis que vous avez ouvert cette page\u00a0: relisez la convocation, puis envoyez-la."
)
NOBODY = "La réunion est convoquée. Aucun courriel n’est parti\u00a0: il n’y avait plus personne à qui écrire."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def convocation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    contract = editable(request, slug)
    meeting = meeting_or_404(request, contract, pk)
    if request.method != "POST":
        form = ConvocationForm(initial={"message": meeting.convocation})
        return page(request, meeting, form, fragment=bool(request.htmx))
    if request.POST.get("geste") == "relance":
        return send_again(request, meeting)
    return send_or_show(request, meeting, ConvocationForm(request.POST))


def send_or_show(request: HttpRequest, meeting: Meeting, form: ConvocationForm) -> HttpResponse:
    """Without the deed « envoi », the text is only shown as it would leave."""
    if url := first_result(request):
        messages.info(request, ALREADY_SENT)
        return redirect(url)
    if request.POST.get("geste") != "envoi" or not form.is_valid():
        form.is_valid()
        return page(request, meeting, form)
    try:
        url, is_new = once(request, lambda: sent(request, meeting, form))
    except ValidationError as error:
        add_service_errors(form, error)
        return page(request, meeting, form)
    except StaleVersionError:
        form.add_error(None, CHANGED)
        return page(request, meeting_or_404(request, meeting.body.contract, meeting.pk), form, status=409)
    if not is_new:
        messages.info(request, ALREADY_SENT)
    return redirect(url)


def sent(request: HttpRequest, meeting: Meeting, form: ConvocationForm) -> str:
    count = convene(meeting=meeting, read_version=stamp_read(request.POST), user=request.user, **form.cleaned_data)
    written_to = count_noun(count, "personne")
    messages.success(request, f"La réunion est convoquée\u00a0: un courriel part à {written_to}." if count else NOBODY)
    return address(meeting)


def send_again(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    count = send_stuck_again(meeting=meeting)
    again = f"{count_noun(count, 'courriel')} de nouveau à envoyer."
    messages.success(request, again if count else "Plus aucun courriel n’est en panne.")
    return redirect(address(meeting))


def address(meeting: Meeting) -> str:
    return reverse("contracts:convocation", args=[meeting.body.contract.slug, meeting.pk])


def page(
    request: HttpRequest, meeting: Meeting, form: ConvocationForm, *, status: int = 200, fragment: bool = False
) -> HttpResponse:
    typed = form.cleaned_data if form.is_bound else {}
    delivery = Delivery(meeting, with_deputies=typed.get("with_deputies", False))
    context = {
        "contract": meeting.body.contract,
        "meeting": meeting,
        "form": form,
        "delivery": delivery,
        "can_send": can_send(meeting, delivery),
        "crumbs": crumbs(meeting, "Convocation"),
        "submission": key_sent(request) or new_key(),
        "version": meeting.version,
        "preview": shown(request, meeting, delivery, typed.get("message", meeting.convocation)),
    }
    name = "_state" if fragment else "page"
    return render(request, f"contracts/convocation/{name}.html", context, status=status)


def can_send(meeting: Meeting, delivery: Delivery) -> bool:
    """The first time, also when all are to be told otherwise; but not when nobody sits there."""
    if not meeting.is_to_come:
        return False
    seated = delivery.lines or delivery.recipients.unreachable or delivery.recipients.refusing
    return bool(delivery.new or delivery.deputies or (seated and not meeting.convened_at))


def shown(request: HttpRequest, meeting: Meeting, delivery: Delivery, message: str) -> tuple[str, str]:
    """As the first of those who will be written to would read it."""
    lines = delivery.new or delivery.lines
    recipient = lines[0].recipient if lines else Recipient("")
    return preview(meeting, recipient, user=request.user, message=message)


def crumbs(meeting: Meeting, here: str) -> list[tuple[str, str]]:
    governance = ("Gouvernance", reverse("actions:governance", args=[meeting.body.contract.slug]))
    body = (meeting.body.heading, meeting.body.get_absolute_url())
    return [governance, body, (f"N°\u00a0{meeting.number}", meeting.get_absolute_url()), (here, "")]
