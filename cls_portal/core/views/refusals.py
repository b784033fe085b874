"""The page behind « ne plus recevoir ces courriels »."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cls_portal.core import refusals
from cls_portal.core.models import MailRefusal


@csrf_exempt  # a mail program posts here without having opened the page (RFC 8058): the signed token is the proof
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mail_refusal(request: HttpRequest, token: str) -> HttpResponse:
    """Reading changes nothing: mail servers open every link. Answers without redirecting, as mail programs expect."""
    found = refusals.read(token)
    if found is None:
        raise Http404
    email, mailing = found
    if request.method == "POST":
        deed = refusals.accept_again if "accepter" in request.POST else refusals.refuse
        deed(email, mailing)
    refused = MailRefusal.objects.filter(root=mailing.root, email__iexact=email).exists()
    return render(request, "public/mail_refusal.html", {"email": email, "mailing": mailing, "refused": refused})
