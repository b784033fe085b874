"""The printed documents: one fiche at once, the whole plan in the background."""

from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from actions.documents import PLAN, fiche_pdf
from actions.fiche.sheet import readable
from actions.views.base import file_answer
from cls_portal.core.permissions import require
from contracts.models import DocumentJob
from contracts.services.production import may_ask, request_document, restart_document
from contracts.views.base import get_contract


@never_cache
@require_safe
def action_pdf(request, slug: str, pk: int):
    contract = get_contract(request, slug)
    action = get_object_or_404(readable(request.user, contract), pk=pk)
    action.contract = contract
    return file_answer(lambda: fiche_pdf(action, request.user))


@require_POST
def plan_document(request, slug: str):
    """Whoever reads the plan may print it; it holds what that person may see."""
    contract = get_contract(request, slug)
    job = request_document(contract=contract, user=request.user, kind=PLAN, title="Plan d’actions")
    return redirect(job)


@require_POST
def document_restart(request, slug: str, public_id):
    """Whoever may ask for a document may ask again for one that failed; it is made with their rights."""
    contract = get_contract(request, slug)
    jobs = DocumentJob.objects.visible_to(request.user).filter(contract=contract)
    job = get_object_or_404(jobs.select_related("contract"), public_id=public_id)
    require(may_ask(request.user, job))
    return redirect(restart_document(job=job, user=request.user))
