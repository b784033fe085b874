"""What makes each paper: its template and its contents give a file's name and content."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from actions.papers import sitting
from actions.papers.dossier import Dossier
from actions.papers.sections import Choice
from cls_portal.core import french
from cls_portal.core.dates import today
from cls_portal.core.pdf import render_pdf
from contracts.enums import PaperKind
from contracts.models import Contract, Meeting

File = tuple[str, bytes]


@dataclass(frozen=True)
class Light:
    """A paper of a page or two, rendered while one waits."""

    kind: PaperKind
    template: str
    context: Callable[[Meeting, object], dict]

    def make(self, meeting: Meeting, user) -> File:
        frame = framed(meeting.body.contract, today()) | self.context(meeting, user)
        return file_name(self.kind.label, meeting), render_pdf(self.template, frame)


LIGHT = {
    paper.kind: paper
    for paper in (
        Light(PaperKind.CONVOCATION, "pdf/papers/convocation.html", sitting.convocation),
        Light(PaperKind.SIGN_IN_SHEET, "pdf/papers/sign_in_sheet.html", sitting.sign_in_sheet),
        Light(PaperKind.DECISIONS, "pdf/papers/decisions.html", sitting.decisions),
        Light(PaperKind.MINUTES, "pdf/papers/minutes.html", sitting.minutes),
    )
}


def framed(contract: Contract, on: date, told: str = "") -> dict:
    """What the frame of every document reads."""
    stamp = f"{told}Données arrêtées au {french.long_date(on)}."
    return {"contract": contract, "on": on, "stamp": stamp}


def file_name(what: str, meeting: Meeting, extension: str = "pdf") -> str:
    return f"{what[:1].upper()}{what[1:]}, {meeting.body.name} {meeting.number}, {meeting.day:%Y-%m-%d}.{extension}"


def dossier_context(meeting: Meeting, user, choice: Choice) -> dict:
    dossier = Dossier(meeting, user, choice)
    frame = framed(dossier.contract, choice.as_of, f"{meeting}. ")
    return frame | {"meeting": meeting, "dossier": dossier}


def dossier_pdf(meeting: Meeting, user, choice: Choice, report: Callable[[int, int], None]) -> File:
    context = dossier_context(meeting, user, choice)
    pages = pages_expected(context["dossier"])
    content = render_pdf("pdf/papers/dossier.html", context, on_page=lambda page: report(page, pages))
    return file_name(PaperKind.FILE.label, meeting), content


def pages_expected(dossier: Dossier) -> int:
    """A fiche takes a page and a half, its line a fourteenth; the figure only sets the length of the progress bar."""
    total = dossier.plan.state.whole.total
    full = total if "annexes" in dossier.choice.sections else len(dossier.choice.fiches)
    return 8 + round(1.5 * full + total / 14)
