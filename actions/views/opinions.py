"""Opinions asked to colleagues of the ARS, and their answers."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from actions.forms.review import AskForm, ExpertForm
from actions.models import OpinionRequest
from actions.permissions import can_answer_opinion, can_review
from actions.services.opinions import answer_opinion, ask_opinion, cancel_request
from actions.services.review_notices import ars_people
from actions.views.review import get_review, review_crumbs
from cls_portal.core.permissions import require
from cls_portal.core.submissions import ALREADY_SENT, first_result, new_key, once
from cls_portal.core.views import add_service_errors
from contracts.views.base import get_contract


@require_http_methods(["GET", "HEAD", "POST"])
def opinion_ask(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    review = get_review(request, slug, pk)
    require(can_review(request.user, review.contract))
    if url := first_result(request):
        messages.info(request, ALREADY_SENT)
        return redirect(url)
    colleagues = ars_people(review.contract).exclude(pk=request.user.pk)
    form = AskForm(
        request.POST or None, review=review, people=colleagues, initial={"parts": request.GET.getlist("piece")}
    )
    if request.method == "POST" and form.is_valid():
        try:
            url, _new = once(request, lambda: asked(request, review, form))
        except ValidationError as error:
            add_service_errors(form, error)
        else:
            return redirect(url)
    context = {
        "contract": review.contract,
        "review": review,
        "form": form,
        "colleagues": colleagues,
        "submission": new_key(),
        "crumbs": review_crumbs(review, ("Demander un avis", "")),
    }
    return render(request, "actions/review/ask.html", context)


def asked(request: HttpRequest, review, form: AskForm) -> str:
    data = form.cleaned_data
    made = ask_opinion(review=review, user=request.user, **data)
    messages.success(request, f"La question est posée à {made.expert}, qui en est prévenu·e.")
    return review.get_absolute_url()


def get_request(request: HttpRequest, slug: str, pk: int) -> OpinionRequest:
    """Internal to the ARS: the others learn nothing of it, not even that it exists."""
    contract = get_contract(request, slug)
    rows = OpinionRequest.objects.filter(review__contract=contract).select_related("review__version", "expert")
    require(can_review(request.user, contract))
    found = get_object_or_404(rows.defer("review__version__content").prefetch_related("parts"), pk=pk)
    found.review.contract = contract
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def opinion_request(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The question, what it is about, and the answer: written by the colleague, read by the ARS."""
    found = get_request(request, slug, pk)
    may_answer = can_answer_opinion(request.user, found)
    form = ExpertForm(request.POST or None, request=found) if may_answer and found.review.is_under_way else None
    if request.method == "POST":
        require(may_answer)
        if form is None:
            messages.info(request, "L’avis de l’ARS est déjà rendu, ou la demande retirée.")
            return redirect(found)
        if form.is_valid() and answered(request, found, form):
            return redirect(found)
    parts = list(found.parts.all())
    for part in parts:
        part.review = found.review
    context = {
        "contract": found.review.contract,
        "review": found.review,
        "asked": found,
        "parts": parts,
        "form": form,
        "crumbs": review_crumbs(found.review, ("Avis interne", "")),
    }
    return render(request, "actions/review/opinion.html", context)


def answered(request: HttpRequest, found: OpinionRequest, form: ExpertForm) -> bool:
    try:
        answer_opinion(request=found, user=request.user, **form.cleaned_data)
    except ValidationError as error:
        add_service_errors(form, error)
        return False
    messages.success(request, "Votre avis est enregistré\u00a0: la référence ARS en est prévenue.")
    return True


@require_POST
def opinion_cancel(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = get_request(request, slug, pk)
    try:
        cancel_request(request=found, user=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "La question est retirée.")
    return redirect(found.review)
