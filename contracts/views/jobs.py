"""The page on which a document being made is waited for: it refreshes itself, with or without a script."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cls_portal.core.permissions import require
from contracts.enums import JobState
from contracts.models import Document, DocumentJob
from contracts.services.production import can_follow, take_up_dead_jobs
from contracts.views.base import get_contract


@never_cache
@require_safe
def document_job(request, slug: str, public_id):
    contract = get_contract(request, slug)
    take_up_dead_jobs(contract.document_jobs.all())
    jobs = DocumentJob.objects.visible_to(request.user).filter(contract=contract)
    job = get_object_or_404(jobs, public_id=public_id)
    document = Document.objects.visible_to(request.user).filter(pk=job.document_id).select_related("contract").first()
    if document is None:
        require(can_follow(request.user, job))
    template = "contracts/jobs/_state.html" if request.htmx else "contracts/jobs/detail.html"
    under_way = job.state in (JobState.WAITING, JobState.RUNNING)
    return render(request, template, {"contract": contract, "job": job, "document": document, "under_way": under_way})
