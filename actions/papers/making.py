"""What makes each paper: its contents and its template give a file's name and content."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.core.files.base import ContentFile

from actions.papers import sitting
from actions.papers.annual import Year
from actions.papers.dossier import Dossier
from actions.papers.sections import Choice, read_choice
from actions.papers.slides import dossier_pptx
from actions.papers.word import decisions_docx
from cls_portal.core import french
from cls_portal.core.dates import today
from cls_portal.core.pdf import render_pdf
from contracts.enums import DRAFTED_PAPERS, DocumentKind, MeetingState, PaperKind
from contracts.models import Contract, Document, DocumentJob, Meeting
from contracts.permissions import people_in_charge
from contracts.services import add_document
from contracts.services.production import Made, NotMadeError, Report

File = tuple[str, bytes]
ANNUAL = "bilan"
YEAR_PARTS = [
    ("figures", "Où en est le plan"),
    ("done", "Ce qui a été fait"),
    ("indicators", "Indicateurs relevés"),
    ("funding", "Financement par financeur"),
    ("decisions", "Décisions"),
    ("meetings", "Réunions tenues"),
]


@dataclass(frozen=True)
class Light:
    """A paper of a page or two, rendered while one waits."""

    kind: PaperKind
    template: str
    context: Callable[[Meeting, object], dict]

    def make(self, meeting: Meeting, user) -> File:
        frame = framed(meeting.body.contract, today()) | self.context(meeting, user)
        return file_name(self.kind, meeting), render_pdf(self.template, frame)


LIGHT = {
    paper.kind: paper
    for paper in (
        Light(PaperKind.CONVOCATION, "pdf/papers/convocation.html", sitting.convocation),
        Light(PaperKind.SIGN_IN_SHEET, "pdf/papers/sign_in_sheet.html", sitting.sign_in_sheet),
        Light(PaperKind.DECISIONS, "pdf/papers/decisions.html", sitting.decisions),
        Light(PaperKind.MINUTES, "pdf/papers/minutes.html", sitting.minutes),
    )
}


def light_file(kind: str, extension: str) -> Callable[[Meeting, object], File] | None:
    """What renders this paper in this format; None when it has no such format."""
    if extension == "pdf":
        return LIGHT[kind].make
    if (kind, extension) == (PaperKind.DECISIONS, "docx"):
        return lambda meeting, user: (file_name(kind, meeting, extension), decisions_docx(meeting, user))
    return None


def keep_light(meeting: Meeting, kind: PaperKind, user) -> Document:
    name, content = LIGHT[kind].make(meeting, user)
    return add_document(
        contract=meeting.body.contract,
        user=user,
        file=ContentFile(content, name=name),
        title=f"{kind.label.capitalize()}, {meeting}",
        kind=DocumentKind.PRODUCED,
        **about(meeting, kind, today()),
    )


def about(meeting: Meeting, kind: str, on: date) -> dict:
    is_draft = kind in DRAFTED_PAPERS and meeting.state != MeetingState.VALIDATED
    return {"meeting": meeting, "paper": kind, "as_of": on, "is_draft": is_draft}


def framed(contract: Contract, on: date, told: str = "") -> dict:
    """What the frame of every document reads."""
    stamp = f"{told}Données arrêtées au {french.long_date(on)}."
    return {"contract": contract, "on": on, "stamp": stamp}


def file_name(kind: str, meeting: Meeting, extension: str = "pdf") -> str:
    what = PaperKind(kind).label.capitalize()
    return f"{what}, {meeting.body.name} {meeting.number}, {meeting.day:%Y-%m-%d}.{extension}"


def dossier_context(meeting: Meeting, user, choice: Choice) -> dict:
    dossier = Dossier(meeting, user, choice)
    frame = framed(dossier.contract, choice.as_of, f"{meeting}. ")
    return frame | {"meeting": meeting, "dossier": dossier}


def dossier_pdf(meeting: Meeting, user, choice: Choice, report: Report) -> File:
    context = dossier_context(meeting, user, choice)
    pages = pages_expected(context["dossier"])
    content = render_pdf("pdf/papers/dossier.html", context, on_page=lambda page: report(page, pages))
    return file_name(PaperKind.FILE, meeting), content


def pages_expected(dossier: Dossier) -> int:
    """A fiche takes a page and a half, its line a fourteenth; the figure only sets the length of the progress bar."""
    total = dossier.plan.state.whole.total
    full = total if "annexes" in dossier.choice.sections else len(dossier.choice.fiches)
    return 8 + round(1.5 * full + total / 14)


def made_paper(job: DocumentJob, kind: PaperKind, report: Report) -> Made:
    """The dossier, or its synthesis to project, of the meeting that the job names."""
    choice = read_choice(job.parameters)
    meetings = Meeting.objects.visible_to(job.requested_by).filter(body__contract=job.contract)
    meeting = meetings.select_related("body").filter(pk=choice.meeting).first()
    if meeting is None:
        raise NotMadeError("Cette réunion a été supprimée.")
    meeting.body.contract = job.contract
    if kind == PaperKind.SLIDES:
        name, content = file_name(kind, meeting, "pptx"), dossier_pptx(Dossier(meeting, job.requested_by, choice))
    else:
        name, content = dossier_pdf(meeting, job.requested_by, choice, report)
    return Made(name, content, about(meeting, kind, choice.as_of))


def annual_context(contract: Contract, user, year: int) -> dict:
    told = Year(contract, user, year)
    more = {"year": told, "parts": YEAR_PARTS, "in_charge": people_in_charge(contract), "key": "bilan"}
    return framed(contract, told.on, f"Bilan annuel {year}. ") | more


def annual_pdf(contract: Contract, user, year: int, report: Report) -> File:
    context = annual_context(contract, user, year)
    pages = 6 + round(context["year"].plan.state.whole.total / 3)
    content = render_pdf("pdf/papers/annual.html", context, on_page=lambda page: report(page, pages))
    return f"Bilan annuel {year}, {contract}.pdf", content
