"""The papers of a meeting: the dossier prepared and made in the background, the light ones rendered at once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions.forms.papers import DossierForm, YearForm
from actions.papers.making import ANNUAL, keep_light, light_file
from actions.papers.shelf import job_of, kept_papers, light_papers
from actions.papers.whole import TITLE, WHOLE, WholeContract
from actions.views.base import file_answer
from actions.views.meetings import meeting_crumbs
from cls_portal.core.pdf import PdfUnavailableError
from cls_portal.core.permissions import require
from contracts.enums import PaperKind
from contracts.models import Meeting
from contracts.permissions import can_edit_contract, can_read_papers
from contracts.services.production import request_document
from contracts.views.base import editable, get_contract, meeting_or_404


def coordinated_meeting(request: HttpRequest, slug: str, pk: int) -> Meeting:
    """Papers are made of a meeting whose minutes are validated as well."""
    return meeting_or_404(request, editable(request, slug), pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dossier(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Two clicks on the same choice make one document."""
    meeting = coordinated_meeting(request, slug, pk)
    form = DossierForm(request.POST or None, meeting=meeting, user=request.user)
    if request.method == "POST" and form.is_valid():
        kind = PaperKind(form.cleaned_data["paper"])
        title = f"{kind.label.capitalize()}, {meeting}"
        return redirect(asked(request, meeting, kind, title, form.choice.written()))
    crumbs = [*meeting_crumbs(meeting), ("Préparer le dossier", "")]
    page = {"contract": meeting.body.contract, "meeting": meeting, "form": form, "crumbs": crumbs}
    return render(request, "actions/meeting/dossier.html", page)


def asked(request: HttpRequest, meeting: Meeting, kind: str, title: str, parameters: str):
    contract = meeting.body.contract
    return request_document(contract=contract, user=request.user, kind=kind, title=title, parameters=parameters)


@require_POST
def paper_again(request: HttpRequest, slug: str, pk: int, public_id) -> HttpResponse:
    """The same choice, with the data of the same day."""
    meeting = coordinated_meeting(request, slug, pk)
    document = get_object_or_404(kept_papers(meeting, request.user), public_id=public_id)
    job = job_of(document)
    if job is None:
        messages.error(request, "On ne sait plus ce qui avait été demandé\u00a0: préparez un nouveau dossier.")
        return redirect(meeting)
    return redirect(asked(request, meeting, job.kind, job.title, job.parameters))


@never_cache
@require_safe
def paper(request: HttpRequest, slug: str, pk: int, kind: str, extension: str) -> HttpResponse:
    """Convocation, sign-in sheet, list of decisions, minutes: a page or two, rendered at once."""
    meeting = meeting_or_404(request, get_contract(request, slug), pk)
    require(can_read_papers(request.user, meeting))
    make = light_file(kind, extension) if kind in light_papers(meeting) else None
    if make is None:
        return render(request, "404.html", status=404)
    return file_answer(lambda: make(meeting, request.user))


@require_POST
def paper_keep(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Keeps with the meeting a light paper as it is today."""
    meeting = coordinated_meeting(request, slug, pk)
    kind = request.POST.get("paper", "")
    if kind not in light_papers(meeting):
        messages.error(request, "Dites quel document garder avec la réunion.")
        return redirect(meeting)
    try:
        document = keep_light(meeting, PaperKind(kind), request.user)
    except PdfUnavailableError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"«\u202f{document}\u202f» est gardé avec la réunion.")
    return redirect(meeting)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def annual_report(request: HttpRequest, slug: str) -> HttpResponse:
    """Whoever reads the contract may have it made: it quotes what every reader may read."""
    contract = get_contract(request, slug)
    form = YearForm(request.POST or None, contract=contract)
    if request.method == "POST" and form.is_valid():
        year = form.cleaned_data["year"]
        job = request_document(
            contract=contract, user=request.user, kind=ANNUAL, title=f"Bilan annuel {year}", parameters=str(year)
        )
        return redirect(job)
    documents = reverse("contracts:documents", args=[contract.slug])
    page = {
        "contract": contract,
        "form": form,
        "title": "Bilan annuel",
        "submit": "Produire le bilan",
        "cancel_url": documents,
        "crumbs": [("Documents", documents), ("Bilan annuel", "")],
        "intro": "Chiffres par axe, ce qui a été fait, indicateurs, financement, décisions et réunions de l’année.",
    }
    return render(request, "generic/object_form.html", page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def whole_contract(request: HttpRequest, slug: str) -> HttpResponse:
    """What the contract holds, chapter by chapter, and what is left to write; then the document."""
    contract = get_contract(request, slug)
    if request.method == "POST":
        return redirect(request_document(contract=contract, user=request.user, kind=WHOLE, title=TITLE))
    page = {
        "contract": contract,
        "chapters": WholeContract(contract, request.user).chapters,
        "may_edit": can_edit_contract(request.user, contract),
        "crumbs": [("Documents", reverse("contracts:documents", args=[contract.slug])), (TITLE, "")],
    }
    return render(request, "actions/whole_contract.html", page)
