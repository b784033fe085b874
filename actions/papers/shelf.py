"""The papers of a meeting as its page shows them: those kept, those being made, those rendered at once."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from actions.papers.sections import read_choice
from contracts.enums import PaperKind
from contracts.models import Document, DocumentJob, Meeting
from contracts.services.production import jobs_shown

HEAVY = (PaperKind.FILE, PaperKind.SLIDES)
BEFORE = (PaperKind.CONVOCATION, PaperKind.SIGN_IN_SHEET)
AFTER = (PaperKind.DECISIONS, PaperKind.MINUTES)


def kept_papers(meeting: Meeting, user) -> QuerySet[Document]:
    """`can_be_remade`: what was asked is known, so that the same can be made again of the same day."""
    jobs = DocumentJob.objects.filter(document=OuterRef("pk"), kind__in=HEAVY)
    return Document.objects.visible_to(user).filter(meeting=meeting).annotate(can_be_remade=Exists(jobs))


def job_of(document: Document) -> DocumentJob | None:
    return DocumentJob.objects.filter(document=document, kind__in=HEAVY).order_by("-requested_at").first()


def light_papers(meeting: Meeting) -> list[PaperKind]:
    return [*BEFORE, *(AFTER if meeting.is_held else ())]


@dataclass(frozen=True)
class Shelf:
    """What the template asks of the papers of a meeting."""

    meeting: Meeting
    user: object

    @property
    def kept(self) -> QuerySet[Document]:
        return kept_papers(self.meeting, self.user)

    @property
    def under_way(self) -> list[DocumentJob]:
        jobs = [job for job in jobs_shown(self.meeting.body.contract, self.user) if job.kind in HEAVY]
        return [job for job in jobs if read_choice(job.parameters).meeting == self.meeting.pk][:5]

    @property
    def light(self) -> list[tuple[str, str]]:
        """(key, name)"""
        return [(kind.value, kind.label) for kind in light_papers(self.meeting)]
