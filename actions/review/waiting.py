"""On the page of one's contracts: the reviews in which one is expected."""

from dataclasses import dataclass

from actions.models import OpinionRequest, Review
from actions.review.turn import ARS, COORDINATION, Expected, expected_in
from contracts.enums import Role
from contracts.models import Contract
from contracts.permissions import roles_of

SIDES = {Role.ARS_REFERENT: ARS, Role.COORDINATOR: COORDINATION}


@dataclass
class Waiting:
    reviews: list[Expected]
    requests: list[OpinionRequest]

    def __bool__(self) -> bool:
        return bool(self.reviews or self.requests)


def waiting_for(user) -> Waiting:
    """Two queries, whatever the contracts; who has neither of the two roles is asked nothing."""
    sides = {SIDES[role] for role in roles_of(user) if role in SIDES}
    if not sides:
        return Waiting([], [])
    reviews = [each for each in expected_in(Review.objects.visible_to(user)) if each.turn.side in sides]
    return Waiting(reviews, asked_of(user) if ARS in sides else [])


def asked_of(user) -> list[OpinionRequest]:
    """The opinions that this colleague still owes, the most urgent first; none on a contract out of reach by now."""
    rows = OpinionRequest.objects.filter(
        expert=user, answered_at=None, review__decided_at=None, review__withdrawn_at=None
    ).filter(review__contract__in=Contract.objects.visible_to(user))
    return list(rows.select_related("review__contract", "asked_by").order_by("due_on", "pk"))
