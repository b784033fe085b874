"""What runs outside the requests."""

from django_tasks import task

from actions.documents import PLAN, plan_pdf
from contracts.models import DocumentJob
from contracts.services.production import run_job


@task()
def produce_document(job_id: int) -> None:
    """The rights are those of the person who asked, at the moment when the document is made."""
    job = DocumentJob.objects.select_related("contract__territory__department", "requested_by").get(pk=job_id)
    makers = {PLAN: lambda report: plan_pdf(job.contract, job.requested_by, report)}
    run_job(job, makers[job.kind])


def enqueue(job: DocumentJob) -> None:
    produce_document.enqueue(job.pk)
