"""Reading what was submitted: remarks on named fields, their answers, the checklist, what was read."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from actions.enums import Criterion, CriterionAnswer
from actions.models import ChecklistAnswer, ReviewComment, ReviewedPart
from actions.review.frozen import frozen_part
from actions.services import review_notices as notices
from actions.services.review import lock_under_way
from cls_portal.core.dates import day_words
from cls_portal.core.history import save_as


@transaction.atomic
def write_remark(*, part: ReviewedPart, user, field: str, kind: str, text: str) -> ReviewComment:
    """A draft, on a field of the frozen version; ValidationError when the version has no such field."""
    lock_under_way(part.review)
    found = frozen_part(part).find(field)
    if found is None:
        raise ValidationError("Ce champ n’existe pas dans la version soumise.")
    section, frozen = found
    comment = ReviewComment(part=part, field=frozen.name, section=section.key, label=frozen.label[:300])
    comment.kind, comment.text = kind, text.strip()
    comment.author, comment.created_at = user, timezone.now()
    return save_as(comment, user=user, reason="Remarque")


@transaction.atomic
def change_remark(*, comment: ReviewComment, user, kind: str, text: str) -> ReviewComment:
    comment = _draft(comment)
    comment.kind, comment.text = kind, text.strip()
    return save_as(comment, user=user, reason="Remarque modifiée")


@transaction.atomic
def delete_remark(*, comment: ReviewComment) -> None:
    """A draft leaves nothing behind: the deletions of the contract are read by its coordination."""
    comment = _draft(comment)
    comment.delete()


def _draft(comment: ReviewComment) -> ReviewComment:
    lock_under_way(comment.part.review)
    current = ReviewComment.objects.filter(pk=comment.pk).select_related("part__review").first()
    if current is None:
        raise ValidationError("Cette remarque a été supprimée par une autre personne.")
    return current


@transaction.atomic
def answer_remark(*, comment: ReviewComment, user, answer: str, text: str) -> ReviewComment:
    """« Corrigé », or « pas retenu » and why; changed at will until the ARS settles it."""
    comment = _published(comment)
    if comment.settled_at:
        raise ValidationError(f"L’ARS a levé cette remarque le {day_words(comment.settled_at)}.")
    comment.answer, comment.answer_text = answer, text.strip()
    comment.answered_at, comment.answered_by = timezone.now(), user
    save_as(comment, user=user, reason="Réponse")
    notices.tell_answered(comment.part.review, user)
    return comment


@transaction.atomic
def settle_remark(*, comment: ReviewComment, user, settled: bool) -> ReviewComment:
    """By the ARS: nothing more is expected; or it is after all."""
    comment = _published(comment)
    if bool(comment.settled_at) == settled:
        return comment
    comment.settled_at, comment.settled_by = (timezone.now(), user) if settled else (None, None)
    save_as(comment, user=user, reason="Remarque levée" if settled else "Remarque rouverte")
    if settled:
        notices.tell_settled(comment.part.review, user)
    return comment


def _published(comment: ReviewComment) -> ReviewComment:
    rows = ReviewComment.objects.select_for_update(of=("self",)).select_related("part__review__contract")
    current = rows.filter(pk=comment.pk, part__review__decided_at__isnull=False).first()
    if current is None:
        raise ValidationError("Cette remarque n’est pas encore publiée.")
    return current


@transaction.atomic
def fill_checklist(*, part: ReviewedPart, user, answers: dict[str, tuple[str, str]]) -> None:
    """Criterion → (answer, note); only what changes is written."""
    lock_under_way(part.review)
    stored = {each.criterion: each for each in part.checklist.all()}
    for criterion, (answer, note) in answers.items():
        line = stored.get(criterion) or ChecklistAnswer(part=part, criterion=Criterion(criterion))
        if (line.answer, line.note) == (answer, note.strip()):
            continue
        line.answer, line.note = CriterionAnswer(answer) if answer else "", note.strip()
        save_as(line, user=user, reason="Grille de lecture")


@transaction.atomic
def mark_read(*, part: ReviewedPart, user, read: bool = True) -> None:
    lock_under_way(part.review)
    part.read_at, part.read_by = (timezone.now(), user) if read else (None, None)
    part.save(update_fields=["read_at", "read_by"])
