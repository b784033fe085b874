"""The rounds of review of a contract: submitting, following, taking charge, giving the avis."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions.documents import review_pdf
from actions.forms.review import OpinionForm, SubmitForm
from actions.models import Review
from actions.permissions import can_review, can_submit_review
from actions.review.sheet import ReviewSheet
from actions.review.submission import Submission
from actions.review.turn import turn_of
from actions.review.viewer import Viewer
from actions.services.review import draft_opinion, give_opinion, submit, take_charge, withdraw
from actions.services.review_notices import first_readers
from actions.views.base import file_answer
from actions.views.bulk import numbers
from cls_portal.core.permissions import require
from cls_portal.core.submissions import ALREADY_SENT, first_result, new_key, once
from cls_portal.core.views import add_service_errors
from contracts.models import Contract
from contracts.views.base import get_contract


def get_review(request: HttpRequest, slug: str, pk: int) -> Review:
    contract = get_contract(request, slug)
    reviews = Review.objects.filter(contract=contract).with_turn().with_progress()
    review = get_object_or_404(reviews.select_related("version", "referent", "decided_by", "submitted_by"), pk=pk)
    review.contract = review.version.contract = contract
    return review


def reviews_crumb(contract: Contract) -> tuple[str, str]:
    return "Avis de l’ARS", reverse("actions:reviews", args=[contract.slug])


def review_crumbs(review: Review, *here: tuple[str, str]) -> list[tuple[str, str]]:
    title = f"Version {review.version.number}"
    crumbs = [reviews_crumb(review.contract), (title, review.get_absolute_url() if here else "")]
    return [*crumbs, *here]


@require_safe
def reviews(request: HttpRequest, slug: str) -> HttpResponse:
    contract = get_contract(request, slug)
    rounds = contract.reviews.with_turn().with_progress().select_related("version", "referent", "submitted_by")
    rounds = list(rounds.defer("version__content").order_by("-submitted_at", "-pk"))
    for each in rounds:
        each.contract = contract
        each.turn = turn_of(each)
    context = {
        "contract": contract,
        "rounds": rounds,
        "expected": [each for each in rounds if each.turn.side],
        "viewer": Viewer(request.user, contract),
        "may_submit": can_submit_review(request.user, contract),
    }
    return render(request, "actions/review/list.html", context)


@require_safe
def review(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = get_review(request, slug, pk)
    viewer = Viewer(request.user, found.contract)
    context = {
        "contract": found.contract,
        "review": found,
        "viewer": viewer,
        "sheet": ReviewSheet(viewer, found),
        "crumbs": review_crumbs(found),
    }
    return render(request, "actions/review/detail.html", context)


@never_cache
@require_safe
def review_document(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Made for who asks, and kept nowhere: each reads other things of the same round."""
    found = get_review(request, slug, pk)
    return file_answer(lambda: review_pdf(Viewer(request.user, found.contract), found))


@require_http_methods(["GET", "HEAD", "POST"])
def review_submit(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole contract, or the fiches that the address names."""
    contract = get_contract(request, slug)
    require(can_submit_review(request.user, contract))
    if url := first_result(request):
        messages.info(request, ALREADY_SENT)
        return redirect(url)
    given = request.POST if request.method == "POST" else request.GET
    submission = Submission(contract, request.user, numbers(given.getlist("fiche")) if "fiche" in given else None)
    form = SubmitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        message = form.cleaned_data["message"]
        try:
            url, _new = once(
                request,
                lambda: submit(
                    contract=contract, user=request.user, message=message, fiches=submission.keys
                ).get_absolute_url(),
            )
        except ValidationError as error:
            add_service_errors(form, error)
        else:
            messages.success(request, "C’est soumis\u00a0: la version est figée, la main passe à l’ARS.")
            return redirect(url)
    context = {
        "contract": contract,
        "form": form,
        "asked": submission,
        "people": first_readers(contract),
        "submission": new_key(),
        "crumbs": [reviews_crumb(contract), ("Soumettre", "")],
    }
    return render(request, "actions/review/submit.html", context)


@require_POST
def review_withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = get_review(request, slug, pk)
    require(can_submit_review(request.user, found.contract))
    return done(request, found, withdraw, "La demande est retirée. La version figée reste lisible.")


@require_POST
def review_take(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = get_review(request, slug, pk)
    require(can_review(request.user, found.contract))
    return done(request, found, take_charge, "Vous suivez cette demande\u00a0: la coordination le voit.")


def done(request: HttpRequest, found: Review, deed: Callable, said: str) -> HttpResponse:
    """A deed on the round, or why it is refused, told on the page of the round."""
    try:
        deed(review=found, user=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said)
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
def review_decide(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The avis: kept as a draft, or given."""
    found = get_review(request, slug, pk)
    require(can_review(request.user, found.contract))
    if not found.is_under_way:
        messages.info(request, "L’avis est déjà rendu, ou la demande retirée.")
        return redirect(found)
    form = OpinionForm(request.POST or None, review=found)
    if request.method == "POST" and form.is_valid() and decided(request, found, form):
        return redirect(found)
    viewer = Viewer(request.user, found.contract)
    context = {
        "contract": found.contract,
        "review": found,
        "form": form,
        "sheet": ReviewSheet(viewer, found),
        "crumbs": review_crumbs(found, ("Rendre l’avis", "")),
    }
    return render(request, "actions/review/decide.html", context)


def decided(request: HttpRequest, found: Review, form: OpinionForm) -> bool:
    data = form.cleaned_data
    said = {"review": found, "user": request.user, "opinion": data["opinion"], "text": data["text"]}
    try:
        if request.POST.get("geste") == "rendre":
            give_opinion(**said, joined=data.get("joined", ()))
            messages.success(request, "L’avis est rendu\u00a0: la coordination en est prévenue.")
        else:
            draft_opinion(**said)
            messages.success(request, "L’avis est enregistré. Il n’est visible que de l’ARS.")
    except ValidationError as error:
        add_service_errors(form, error)
        return False
    return True
