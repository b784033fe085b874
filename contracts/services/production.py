"""Long documents made in the background: asked once, followed by a progress bar, kept in the contract's documents.

An app registers what it makes by `register(kind, Maker(...))`; the worker calls it with the rights of who asked, as
they are then. A job whose process was killed has written nothing: it is taken up again once, by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django_tasks import task

from cls_portal.core.pdf import PdfUnavailableError
from cls_portal.core.permissions import ALLOWED, Permission
from contracts.enums import DocumentKind, JobState
from contracts.models import Contract, DocumentJob
from contracts.services.documents import add_document

# A maker gives a sign of life at each page; without one for this long, its process has died.
SILENCE_OF_A_DEAD_JOB = timedelta(minutes=2)
# A queue is never this long: what still waits has been lost, or no worker runs.
PATIENCE = timedelta(hours=1)
BEAT_EVERY = timedelta(seconds=1)
# The first, and one more when its process was killed.
MOST_ATTEMPTS = 2
UNKNOWN_FAILURE = "La production a échoué. Relancez-la\u202f; si elle échoue encore, prévenez l’administration."

Report = Callable[[int, int], None]


class NotMadeError(Exception):
    """Why a document cannot be made, in a sentence for who asked."""


@dataclass(frozen=True)
class Made:
    """A file, and what its document says of it besides its title: kind, meeting, paper, year, as_of."""

    name: str
    content: bytes
    about: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Maker:
    """`may_ask`: who may have it made, asked again when it is made and when it is restarted."""

    make: Callable[[DocumentJob, Report], Made]
    may_ask: Callable[[Any, Contract], Permission]


MAKERS: dict[str, Maker] = {}


def register(kind: str, maker: Maker) -> None:
    MAKERS[kind] = maker


def may_ask(user, job: DocumentJob) -> Permission:
    return MAKERS[job.kind].may_ask(user, job.contract)


def can_follow(user, job: DocumentJob) -> Permission:
    """Its title tells what is being prepared: for who asked, and for those who might."""
    return ALLOWED if job.requested_by_id == user.pk else may_ask(user, job)


def jobs_shown(contract: Contract, user) -> list[DocumentJob]:
    """Under way or failed of late, the latest first."""
    jobs = list(contract.document_jobs.announced())
    makes = {kind: bool(MAKERS[kind].may_ask(user, contract)) for kind in {job.kind for job in jobs}}
    return [job for job in jobs if makes[job.kind] or job.requested_by_id == user.pk]


@task(queue_name="documents")
def produce_document(job_id: int) -> None:
    take_up_dead_jobs(DocumentJob.objects.all())
    job = DocumentJob.objects.select_related("contract__territory__department", "requested_by").get(pk=job_id)
    run_job(job, lambda report: made_for(job, report))


def made_for(job: DocumentJob, report: Report) -> Made:
    """With the rights of who asked, as they are now."""
    if job.requested_by is None:
        raise NotMadeError("La personne qui a demandé ce document n’a plus de compte.")
    permission = may_ask(job.requested_by, job)
    if not permission:
        raise NotMadeError(permission.reason)
    return MAKERS[job.kind].make(job, report)


def enqueue(job: DocumentJob) -> None:
    produce_document.enqueue(job.pk)


def request_document(*, contract: Contract, user, kind: str, title: str, parameters: str = "") -> DocumentJob:
    """The job that makes this document: the one under way if there is one, else a new one, enqueued on commit."""
    take_up_dead_jobs(contract.document_jobs.all())
    asked = {"contract": contract, "kind": kind, "parameters": parameters}

    def write() -> DocumentJob:
        job = DocumentJob.objects.create(**asked, title=title[:200], requested_by=user)
        transaction.on_commit(lambda: enqueue(job))
        return job

    return written_or_under_way(write, **asked)


def restart_document(*, job: DocumentJob, user) -> DocumentJob:
    """The failed job taken up again, with the rights of `user`; the one under way if there is one already."""

    def write() -> DocumentJob:
        failed = DocumentJob.objects.filter(pk=job.pk, state=JobState.FAILED)
        if failed.update(**put_back(), attempts=0, requested_by=user):
            transaction.on_commit(lambda: enqueue(job))
        return job

    return written_or_under_way(write, contract=job.contract, kind=job.kind, parameters=job.parameters)


def written_or_under_way(write: Callable[[], DocumentJob], **asked) -> DocumentJob:
    """One under way refuses a second one; should it have ended before it is read, the second is written after all."""
    try:
        with transaction.atomic():
            return write()
    except IntegrityError:
        if job := under_way(**asked):
            return job
    with transaction.atomic():
        return write()


def put_back() -> dict[str, Any]:
    now = timezone.now()
    return {
        "state": JobState.WAITING,
        "message": "",
        "done": 0,
        "total": 0,
        "requested_at": now,
        "beat_at": now,
    }


def under_way(**asked) -> DocumentJob | None:
    return DocumentJob.objects.filter(**asked, state__in=[JobState.WAITING, JobState.RUNNING]).first()


def take_up_dead_jobs(jobs) -> int:
    """A job whose process was killed left no file: it is put back in the queue once. Killed again, or lost before
    anybody took it, it is given up and may be asked again. Two who see the same dead job put it back once."""
    killed = Q(state=JobState.RUNNING, beat_at__lt=timezone.now() - SILENCE_OF_A_DEAD_JOB)
    lost = Q(state=JobState.WAITING, requested_at__lt=timezone.now() - PATIENCE)
    again = 0
    for job in jobs.filter(killed, attempts__lt=MOST_ATTEMPTS):
        with transaction.atomic():
            if jobs.filter(killed, pk=job.pk).update(**put_back()):
                again += 1
                transaction.on_commit(lambda job=job: enqueue(job))
    jobs.filter(killed | lost).update(
        state=JobState.FAILED, message="La production s’est interrompue. Vous pouvez la relancer."
    )
    return again


def run_job(job: DocumentJob, make: Callable[[Report], Made]) -> None:
    """Make the document and keep it, file and line together. `make` reports (done, total) as it goes.

    A failure is told on the job's page and raised again, for the log.
    """
    waiting = DocumentJob.objects.filter(pk=job.pk, state=JobState.WAITING)
    if not waiting.update(state=JobState.RUNNING, attempts=F("attempts") + 1, beat_at=timezone.now()):
        return
    job.refresh_from_db(fields=["attempts"])
    try:
        made = make(_reporter(job))
        with transaction.atomic():
            mine = DocumentJob.objects.select_for_update().filter(pk=job.pk, attempts=job.attempts, document=None)
            if not mine.exclude(state=JobState.WAITING).exists():
                return  # said dead too soon, it was taken up by another process
            document = add_document(
                contract=job.contract,
                user=job.requested_by,
                file=ContentFile(made.content, name=made.name),
                title=job.title,
                **{"kind": DocumentKind.PRODUCED} | made.about,
            )
            DocumentJob.objects.filter(pk=job.pk).update(state=JobState.DONE, document=document)
    except NotMadeError as error:
        DocumentJob.objects.filter(pk=job.pk).update(state=JobState.FAILED, message=str(error)[:500])
    except Exception as error:
        DocumentJob.objects.filter(pk=job.pk).update(state=JobState.FAILED, message=_sentence(error))
        raise


def _sentence(error: Exception) -> str:
    return str(error)[:500] if isinstance(error, PdfUnavailableError) else UNKNOWN_FAILURE


def _reporter(job: DocumentJob) -> Report:
    """Writes the progress at most once a second."""
    last = timezone.now() - BEAT_EVERY

    def report(done: int, total: int) -> None:
        nonlocal last
        if timezone.now() - last >= BEAT_EVERY:
            last = timezone.now()
            DocumentJob.objects.filter(pk=job.pk).update(done=min(done, total), total=total, beat_at=last)

    return report
