"""A round of review: submitting, withdrawing, taking charge, giving the avis."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from actions.enums import DraftingState, Occasion, Opinion
from actions.models import Action, OpinionRequest, Review, ReviewComment, ReviewedPart
from actions.models.review import CONTRACT_PART
from actions.permissions import can_review
from actions.services import review_notices as notices
from actions.services.versions import freeze
from actions.versions.reading import frozen
from cls_portal.core.dates import day_words
from cls_portal.core.history import bulk_update_as, save_as
from contracts.models import Contract
from contracts.services import lock

# What an avis makes of the fiches that were waiting for it. The comité de pilotage validates, not the ARS.
STATE_AFTER = {
    Opinion.FAVOURABLE: DraftingState.PROPOSED,
    Opinion.WITH_RESERVES: DraftingState.PROPOSED,
    Opinion.REWORK: DraftingState.DRAFT,
}
WAITING_FOR_A_REVIEW = (DraftingState.DRAFT, DraftingState.PROPOSED)


@transaction.atomic
def submit(*, contract: Contract, user, message: str = "", fiches: Iterable[int] | None = None) -> Review:
    """Freeze the contract and its plan, or these fiches alone, and hand them to the ARS. Raises ValidationError."""
    lock(contract)
    chosen = None if fiches is None else list(Action.objects.filter(contract=contract, pk__in=fiches).in_plan())
    _refuse_what_is_open(contract, chosen)
    states = dict(contract.actions.values_list("pk", "drafting_state"))
    version = freeze(contract=contract, user=user, occasion=Occasion.SUBMISSION, fiches=chosen)
    plan = frozen(version)
    if chosen is not None and not plan.fiches:
        raise ValidationError("Choisissez au moins une fiche du plan d’actions.")
    keys = [fiche.pk for fiche in plan.fiches]
    review = Review(
        contract=contract,
        version=version,
        previous=_previous(contract, keys, is_whole=plan.is_whole),
        is_whole=plan.is_whole,
        message=message.strip(),
        submitted_at=version.frozen_at,
        submitted_by=user,
    )
    former = review.previous.referent if review.previous else None
    review.referent = former if former and can_review(former, contract) else None
    save_as(review, user=user, reason="Soumission à l’ARS")
    parts = [ReviewedPart(review=review, title=CONTRACT_PART, position=0)] if plan.is_whole else []
    parts += [
        ReviewedPart(
            review=review,
            fiche=fiche.pk,
            code=fiche.code,
            title=fiche.title,
            state_before=states[fiche.pk],
            position=place,
        )
        for place, fiche in enumerate(plan.fiches, start=1)
    ]
    _carry_drafts(contract, ReviewedPart.objects.bulk_create(parts), user=user)
    waiting = Action.objects.filter(pk__in=keys, drafting_state__in=WAITING_FOR_A_REVIEW)
    _bring(waiting, lambda action: DraftingState.UNDER_REVIEW, user=user, reason="Soumission à l’ARS")
    notices.tell_submitted(review, user)
    return review


def _refuse_what_is_open(contract: Contract, chosen: list[Action] | None) -> None:
    """Whoever clicks twice, or a second person, is told since when the ARS has it."""
    under_way = contract.reviews.under_way()
    if chosen is None and (review := under_way.filter(is_whole=True).first()):
        raise ValidationError(f"Le contrat est à l’avis de l’ARS depuis le {day_words(review.submitted_at)}.")
    parts = ReviewedPart.objects.filter(is_open=True, review__contract=contract, fiche__isnull=False)
    if chosen is not None:
        parts = parts.filter(fiche__in=[action.pk for action in chosen])
    names = [part.code or part.title for part in parts]
    if names:
        more = f" et {len(names) - 5} autres" if len(names) > 5 else ""
        raise ValidationError(f"Ces fiches sont déjà à l’avis de l’ARS\u00a0: {', '.join(names[:5])}{more}.")


def _previous(contract: Contract, fiches: list[int], *, is_whole: bool) -> Review | None:
    """The last avis given on something of this round."""
    common = Q(parts__fiche__in=fiches) | (Q(is_whole=True) if is_whole else Q(pk__in=[]))
    return contract.reviews.given().filter(common).distinct().order_by("-decided_at").first()


def _carry_drafts(contract: Contract, parts: list[ReviewedPart], *, user) -> None:
    """What the ARS had prepared on a version that was withdrawn goes on with the new one."""
    by_fiche = {part.fiche: part for part in parts}
    drafts = ReviewComment.objects.filter(
        part__review__contract=contract, part__review__withdrawn_at__isnull=False
    ).select_related("part")
    moved = [comment for comment in drafts if comment.part.fiche in by_fiche]
    for comment in moved:
        comment.part = by_fiche[comment.part.fiche]
    bulk_update_as(moved, ["part"], user=user, reason="Reprise de la version retirée")


def _bring(actions, state_of, *, user, reason: str) -> None:
    """Give these fiches the drafting state of their own that `state_of` says."""
    moved = list(actions.select_for_update(of=("self",)))
    for action in moved:
        action.drafting_state = state_of(action)
        action.version += 1
    bulk_update_as(moved, ["drafting_state", "version"], user=user, reason=reason)


def lock_under_way(review: Review) -> Review:
    """The round as it is now, locked; whoever writes in it is told that it is over."""
    current = Review.objects.select_for_update(of=("self",)).select_related("contract").get(pk=review.pk)
    if current.withdrawn_at:
        raise ValidationError(f"La coordination a retiré sa demande le {day_words(current.withdrawn_at)}.")
    if current.decided_at:
        raise ValidationError(f"L’avis a été rendu le {day_words(current.decided_at)}\u00a0: il ne change plus.")
    return current


@transaction.atomic
def withdraw(*, review: Review, user) -> Review:
    """While no avis was given: the fiches go back to the state that they had."""
    review = lock_under_way(review)
    review.withdrawn_at, review.withdrawn_by = timezone.now(), user
    save_as(review, user=user, reason="Retrait")
    before = dict(review.parts.filter(fiche__isnull=False).values_list("fiche", "state_before"))
    _close(review, lambda action: before[action.pk], user=user, reason="Demande d’avis retirée")
    notices.tell_withdrawn(review, user)
    return review


def _close(review: Review, state_of, *, user, reason: str) -> None:
    """What the coordination, or a comité, has moved on in the meantime stays where it is."""
    keys = list(review.parts.filter(fiche__isnull=False).values_list("fiche", flat=True))
    waiting = Action.objects.filter(pk__in=keys, drafting_state=DraftingState.UNDER_REVIEW)
    _bring(waiting, state_of, user=user, reason=reason)
    review.parts.update(is_open=False)


@transaction.atomic
def take_charge(*, review: Review, user) -> Review:
    review = lock_under_way(review)
    if review.referent == user and review.taken_at:
        return review
    review.referent, review.taken_at = user, timezone.now()
    save_as(review, user=user, reason="Prise en charge")
    notices.tell_taken(review, user)
    return review


@transaction.atomic
def draft_opinion(*, review: Review, user, opinion: str, text: str) -> Review:
    """Kept for oneself and one's colleagues, until it is given."""
    review = lock_under_way(review)
    review.opinion, review.opinion_text = opinion, text.strip()
    return save_as(review, user=user, reason="Avis préparé")


@transaction.atomic
def give_opinion(*, review: Review, user, opinion: str, text: str, joined: Iterable[OpinionRequest] = ()) -> Review:
    """Publishes the remarks and the opinions joined; the fiches leave the ARS. Raises ValidationError."""
    review = lock_under_way(review)
    now = timezone.now()
    review.opinion, review.opinion_text = opinion, text.strip()
    if opinion != Opinion.FAVOURABLE and not review.opinion_text:
        raise ValidationError({"text": "Dites ce qui est attendu\u00a0: c’est ce que la coordination lira d’abord."})
    review.decided_at, review.decided_by = now, user
    review.referent, review.taken_at = review.referent or user, review.taken_at or now
    save_as(review, user=user, reason="Avis rendu")
    for request in review.requests.filter(pk__in=[each.pk for each in joined], answered_at__isnull=False):
        request.is_joined = True
        save_as(request, user=user, reason="Joint à l’avis")
    state = STATE_AFTER[review.opinion]
    reason = f"Avis de l’ARS\u00a0: {review.get_opinion_display()}"
    _close(review, lambda action: state, user=user, reason=reason)
    notices.tell_given(review, user)
    return review
