"""« Annuler la réunion »: who is told, and what, before anything leaves."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cls_portal.core.french import count_noun
from cls_portal.core.views import add_service_errors
from contracts.forms.convocation import CancellationForm
from contracts.models import Meeting
from contracts.services import cancel_meeting
from contracts.services.invitations import CANCELLATION, Recipient, awaiting, preview, recipients_of
from contracts.views.base import editable, meeting_or_404
from contracts.views.convocation import crumbs

NOT_TO_COME = "Cette réunion est tenue ou annulée\u00a0: elle ne s’annule plus."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancellation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    meeting = meeting_or_404(request, editable(request, slug), pk)
    if not meeting.is_to_come:
        messages.info(request, NOT_TO_COME)
        return redirect(meeting)
    form = CancellationForm(request.POST if request.method == "POST" else None)
    told = told_of(meeting)
    if form.is_valid():
        try:
            cancel_meeting(meeting=meeting, user=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_service_errors(form, error)
        else:
            said = f"\u00a0: un courriel part à {count_noun(len(told), 'personne')}" if told else ""
            messages.success(request, f"La réunion est annulée{said}.")
            return redirect(meeting)
    context = {
        "contract": meeting.body.contract,
        "meeting": meeting,
        "form": form,
        "told": told,
        "recipients": recipients_of(meeting, with_deputies=False),
        "preview": preview(
            meeting, (told or [Recipient("")])[0], user=request.user, message="", template=CANCELLATION
        ),
        "crumbs": crumbs(meeting, "Annulation"),
    }
    return render(request, "contracts/convocation/cancellation.html", context)


def told_of(meeting: Meeting) -> list[Recipient]:
    """Nothing is told of a meeting that nobody awaits."""
    return awaiting(meeting) if meeting.convened_at and meeting.starts_at > timezone.now() else []
