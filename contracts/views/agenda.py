"""Meetings in one's calendar: the file of one, the address that a calendar program reads."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from contracts import calendar
from contracts.models import CalendarFeed, Meeting
from contracts.services.feeds import close_feed, meetings_of_feed, open_feed, renew_feed
from contracts.views.base import get_contract, meeting_or_404

DEEDS = {
    "creer": (open_feed, "L’adresse de votre agenda est créée."),
    "renouveler": (renew_feed, "L’adresse est remplacée\u00a0: l’ancienne ne mène plus à rien."),
    "fermer": (close_feed, "L’adresse est supprimée\u00a0: elle ne mène plus à rien."),
}


@never_cache
@require_safe
def meeting_file(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    contract = get_contract(request, slug)
    meeting = meeting_or_404(request, contract, pk)
    reads_papers = Meeting.objects.with_open_papers(request.user).filter(pk=meeting.pk).exists()
    content = calendar.meeting_file(meeting, with_video=reads_papers)
    return _as_calendar(content, f"reunion-{meeting.day:%Y-%m-%d}.ics")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agenda(request: HttpRequest) -> HttpResponse:
    """One's own address and no other."""
    if request.method == "POST":
        deed, said = DEEDS.get(request.POST.get("geste", ""), (None, ""))
        if deed:
            deed(request.user)
            messages.success(request, said)
        return redirect("contracts:agenda")
    kept = CalendarFeed.objects.filter(user=request.user).first()
    address = settings.SITE_URL + reverse("contracts:feed", args=[kept.token]) if kept else ""
    context = {"feed": kept, "address": address, "program_address": f"webcal://{address.partition('://')[2]}"}
    return render(request, "contracts/agenda.html", context)


@login_not_required
@never_cache
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The secret is the address; what it shows follows the rights that its owner has at this moment."""
    owner = get_object_or_404(CalendarFeed.objects.select_related("user"), token=token, user__is_active=True).user
    meetings, with_video = meetings_of_feed(owner)
    return _as_calendar(calendar.feed(meetings, with_video=with_video), "reunions.ics")


def _as_calendar(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Robots-Tag"] = "noindex"
    return response
