"""Opinions asked to colleagues of the ARS, internal until an avis joins them."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from actions.models import OpinionRequest, Review, ReviewedPart
from actions.permissions import can_review
from actions.services import review_notices as notices
from actions.services.review import lock_under_way
from cls_portal.accounts.models import User
from cls_portal.core.dates import today
from cls_portal.core.history import save_as


@transaction.atomic
def ask_opinion(
    *, review: Review, user, expert: User, question: str, due_on: date, parts: Iterable[ReviewedPart] = ()
) -> OpinionRequest:
    """On these parts, or on the whole round. Raises ValidationError."""
    review = lock_under_way(review)
    if not can_review(expert, review.contract):
        raise ValidationError({"expert": "Cette personne n’a pas de rôle de l’ARS sur ce contrat."})
    if due_on < today():
        raise ValidationError({"due_on": "Donnez une date à venir."})
    if review.requests.filter(expert=expert, answered_at=None).exists():
        raise ValidationError({"expert": f"{expert} a déjà une question sans réponse sur cette demande."})
    request = OpinionRequest(review=review, expert=expert, question=question.strip(), due_on=due_on)
    request.asked_at, request.asked_by = timezone.now(), user
    save_as(request, user=user, reason="Avis demandé")
    request.parts.set(review.parts.filter(pk__in=[part.pk for part in parts]))
    notices.tell_asked(request, user)
    return request


@transaction.atomic
def answer_opinion(*, request: OpinionRequest, user, opinion: str, text: str) -> OpinionRequest:
    """Until the avis is given, an answer may be changed."""
    lock_under_way(request.review)
    request = OpinionRequest.objects.select_related("review__contract", "expert").get(pk=request.pk)
    request.opinion, request.text, request.answered_at = opinion, text.strip(), timezone.now()
    save_as(request, user=user, reason="Avis donné")
    notices.tell_opinion(request, user)
    return request


@transaction.atomic
def cancel_request(*, request: OpinionRequest, user) -> None:
    """A question that nobody needs answered any more."""
    lock_under_way(request.review)
    current = OpinionRequest.objects.filter(pk=request.pk, answered_at=None).first()
    if current is None:
        raise ValidationError("Cet avis est déjà rendu\u00a0: il reste au dossier.")
    current.delete()
