"""Long documents made in the background: asked once, followed by a progress bar, kept in the contract's documents."""

from collections.abc import Callable
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from cls_portal.core.pdf import PdfUnavailableError
from contracts.enums import DocumentKind, JobState
from contracts.models import Contract, DocumentJob
from contracts.services.documents import add_document

# A maker gives a sign of life at each page; without one for this long, its process has died.
SILENCE_OF_A_DEAD_JOB = timedelta(minutes=2)
# A queue is never this long: what still waits has been lost, or no worker runs.
PATIENCE = timedelta(hours=1)
BEAT_EVERY = timedelta(seconds=1)

Report = Callable[[int, int], None]


def request_document(
    *, contract: Contract, user, kind: str, title: str, enqueue: Callable[[DocumentJob], None], parameters: str = ""
) -> DocumentJob:
    """The job that makes this document: the one under way if there is one, else a new one, enqueued on commit."""
    give_up_dead_jobs(contract)
    asked = {"contract": contract, "kind": kind, "parameters": parameters}
    try:
        with transaction.atomic():
            job = DocumentJob.objects.create(**asked, title=title, requested_by=user)
            transaction.on_commit(lambda: enqueue(job))
            return job
    except IntegrityError:
        return under_way(**asked)


def restart_document(*, job: DocumentJob, user, enqueue: Callable[[DocumentJob], None]) -> DocumentJob:
    """The failed job taken up again, with the rights of `user`; the one under way if there is one already."""
    now = timezone.now()
    blank = {"state": JobState.WAITING, "message": "", "done": 0, "total": 0, "requested_at": now, "beat_at": now}
    try:
        with transaction.atomic():
            failed = DocumentJob.objects.filter(pk=job.pk, state=JobState.FAILED)
            if failed.update(**blank, requested_by=user):
                transaction.on_commit(lambda: enqueue(job))
            return job
    except IntegrityError:
        return under_way(contract=job.contract, kind=job.kind, parameters=job.parameters)


def under_way(**asked) -> DocumentJob:
    return DocumentJob.objects.get(**asked, state__in=[JobState.WAITING, JobState.RUNNING])


def give_up_dead_jobs(contract: Contract) -> None:
    """A job whose process was killed left no file, one that nobody took is lost: both may be asked again."""
    killed = Q(state=JobState.RUNNING, beat_at__lt=timezone.now() - SILENCE_OF_A_DEAD_JOB)
    lost = Q(state=JobState.WAITING, requested_at__lt=timezone.now() - PATIENCE)
    DocumentJob.objects.filter(killed | lost, contract=contract).update(
        state=JobState.FAILED, message="La production s’est interrompue. Vous pouvez la relancer."
    )


def run_job(job: DocumentJob, make: Callable[[Report], tuple[str, bytes]]) -> None:
    """Make the document and keep it. `make` gives the file's name and content, and reports (done, total) as it goes.

    A failure is told on the job's page and raised again, for the log.
    """
    taken = DocumentJob.objects.filter(pk=job.pk, state=JobState.WAITING).update(
        state=JobState.RUNNING, beat_at=timezone.now()
    )
    if not taken:
        return
    try:
        name, content = make(_reporter(job))
        with transaction.atomic():
            document = add_document(
                contract=job.contract,
                user=job.requested_by,
                file=ContentFile(content, name=name),
                title=job.title,
                kind=DocumentKind.PRODUCED,
            )
            DocumentJob.objects.filter(pk=job.pk).update(state=JobState.DONE, document=document)
    except Exception as error:
        DocumentJob.objects.filter(pk=job.pk).update(state=JobState.FAILED, message=_sentence(error))
        raise


def _sentence(error: Exception) -> str:
    known = str(error) if isinstance(error, PdfUnavailableError) else ""
    return (known or "La production a échoué. Relancez-la ; si elle échoue encore, prévenez l’administration.")[:500]


def _reporter(job: DocumentJob) -> Report:
    """Writes the progress at most once a second."""
    last = timezone.now() - BEAT_EVERY

    def report(done: int, total: int) -> None:
        nonlocal last
        if timezone.now() - last >= BEAT_EVERY:
            last = timezone.now()
            DocumentJob.objects.filter(pk=job.pk).update(done=min(done, total), total=total, beat_at=last)

    return report
