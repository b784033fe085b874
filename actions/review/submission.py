"""What is about to be submitted, as the coordination checks it before."""

from collections.abc import Iterable

from django.utils.functional import cached_property

from actions.enums import RemarkKind
from actions.models import Action, ReviewComment, ReviewedPart
from contracts.models import Contract


class Submission:
    """`keys`: the fiches chosen; None for the contract and its whole plan."""

    def __init__(self, contract: Contract, user, keys: Iterable[int] | None):
        self.contract, self.user = contract, user
        self.keys = None if keys is None else list(keys)

    @property
    def is_whole(self) -> bool:
        return self.keys is None

    @cached_property
    def fiches(self) -> list[Action]:
        fiches = Action.objects.visible_to(self.user).filter(contract=self.contract).in_plan().with_gaps()
        if self.keys is not None:
            fiches = fiches.filter(pk__in=self.keys)
        return list(fiches.select_related("axis").in_plan_order())

    @cached_property
    def under_review(self) -> set[int]:
        parts = ReviewedPart.objects.filter(is_open=True, review__contract=self.contract, fiche__isnull=False)
        return set(parts.values_list("fiche", flat=True))

    @property
    def already_there(self) -> list[Action]:
        return [fiche for fiche in self.fiches if fiche.pk in self.under_review]

    @property
    def incomplete(self) -> list[Action]:
        return [fiche for fiche in self.fiches if fiche.gap_count]

    @cached_property
    def unanswered(self) -> int:
        """« À corriger », published on these fiches, and left without an answer."""
        comments = ReviewComment.objects.filter(
            part__review__contract=self.contract,
            part__review__decided_at__isnull=False,
            kind=RemarkKind.CORRECTION,
            answer="",
            settled_at=None,
        )
        if not self.is_whole:
            comments = comments.filter(part__fiche__in=self.keys)
        return comments.count()
