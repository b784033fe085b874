"""Whose turn it is, and since when: said the same way to both sides, wherever a review shows."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from actions.enums import Opinion
from actions.models import Review
from actions.models.review import ReviewQuerySet
from cls_portal.core import french
from cls_portal.core.dates import today

ARS, COORDINATION = "ars", "coordination"


@dataclass(frozen=True)
class Turn:
    """`side` is empty when nothing more is expected of anybody."""

    side: str
    since: datetime | None
    words: str

    @property
    def ago(self) -> str:
        days = (today() - timezone.localdate(self.since)).days if self.since else 0
        return f"depuis {french.count_noun(days, 'jour')}" if days > 0 else "depuis aujourd’hui"


NOBODY = Turn("", None, "")


def turn_of(review: Review) -> Turn:
    """Of a review that comes from `with_turn()`."""
    if review.is_under_way:
        return Turn(ARS, review.submitted_at, "à l’ARS de rendre son avis")
    if not review.is_given or review.is_followed:
        return NOBODY
    if review.opinion == Opinion.REWORK:
        return Turn(COORDINATION, review.decided_at, "à la coordination de corriger et de soumettre à nouveau")
    if review.unanswered:
        remarks = french.count_noun(review.unanswered, "remarque")
        return Turn(COORDINATION, review.decided_at, f"à la coordination de répondre à {remarks}")
    if review.to_settle:
        remarks = french.count_noun(review.to_settle, "remarque répondue", "remarques répondues")
        return Turn(ARS, review.last_answer, f"à l’ARS de lever {remarks}")
    return NOBODY


@dataclass(frozen=True)
class Expected:
    review: Review
    turn: Turn


def expected_in(reviews: ReviewQuerySet) -> list[Expected]:
    """Those of these reviews in which somebody is expected, the oldest wait first. One query."""
    rows = reviews.filter(withdrawn_at=None).with_turn()
    rows = rows.select_related("version", "referent", "contract").defer("version__content")
    found = [Expected(review, turn_of(review)) for review in rows]
    return sorted((each for each in found if each.turn.side), key=lambda each: each.turn.since)
