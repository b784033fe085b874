"""Who reads what of the reviews of a contract: the one place that decides it.

The ARS reads all that it writes. The coordination, and the administration, read what a given avis publishes: its
text, the remarks, the opinions joined. Who leads a fiche reads the published remarks on it. The others read the avis.
"""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import cached_property

from actions.models import Action, OpinionRequest, Review, ReviewComment, ReviewedPart
from actions.permissions import can_review, organisations_led_by
from contracts.models import Contract
from contracts.permissions import can_edit_contract


@dataclass
class Viewer:
    user: object
    contract: Contract

    @cached_property
    def is_ars(self) -> bool:
        return bool(can_review(self.user, self.contract))

    @cached_property
    def is_coordinator(self) -> bool:
        return bool(can_edit_contract(self.user, self.contract))

    @cached_property
    def reads_every_remark(self) -> bool:
        """Those that are published at least."""
        return self.is_ars or self.is_coordinator

    @cached_property
    def _led(self) -> Q:
        organisations = organisations_led_by(self.user, self.contract)
        if not organisations:
            return Q(pk__in=[])
        return Q(fiche__in=Action.objects.filter(contract=self.contract).led_by(organisations).values("pk"))

    def parts(self, review: Review) -> QuerySet[ReviewedPart]:
        """Those of the round that this person may open."""
        parts = review.parts.all()
        if self.reads_every_remark:
            return parts
        return parts.filter(self._led) if review.is_given else parts.none()

    def comments(self) -> QuerySet[ReviewComment]:
        """Every remark of the contract that this person may read, drafts included for the ARS alone."""
        comments = ReviewComment.objects.filter(part__review__contract=self.contract)
        if self.is_ars:
            return comments
        comments = comments.filter(part__review__decided_at__isnull=False)
        if self.is_coordinator:
            return comments
        readable = ReviewedPart.objects.filter(self._led, review__contract=self.contract)
        return comments.filter(part__in=readable)

    def requests(self, review: Review) -> QuerySet[OpinionRequest]:
        """Opinions of colleagues: the ARS's own, and for the coordination those that the avis joins."""
        if self.is_ars:
            return review.requests.all()
        if self.is_coordinator and review.is_given:
            return review.requests.filter(is_joined=True)
        return review.requests.none()

    def sees_opinion(self, review: Review) -> bool:
        return review.is_given or self.is_ars
