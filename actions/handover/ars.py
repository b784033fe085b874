"""What a référent of the ARS holds in a département or a région: the contracts followed, and what waits in them."""

from dataclasses import dataclass

from actions.models import OpinionRequest, Review
from actions.plan.progress import Progress, figures_of
from actions.review.turn import Expected, expected_in
from contracts.models import Contract, Membership


@dataclass
class Followed:
    contract: Contract
    figures: Progress
    expected: list[Expected]


@dataclass
class ArsHoldings:
    """`reviews` are those in charge in which something is still expected of one side or the other."""

    contracts: list[Followed]
    reviews: list[Expected]
    requests: list[OpinionRequest]


def ars_holdings(membership: Membership) -> ArsHoldings:
    contracts = list(contracts_reached(membership).with_current_end().select_related("territory").in_force_first())
    figures = figures_of(contracts)
    waiting = expected_in(Review.objects.filter(contract__in=contracts))
    followed = [
        Followed(contract, figures[contract.pk], [each for each in waiting if each.review.contract_id == contract.pk])
        for contract in contracts
    ]
    mine = [each for each in waiting if each.review.referent_id == membership.user_id]
    return ArsHoldings(followed, mine, list(requests_of(membership)))


def contracts_reached(membership: Membership):
    """Of the département, or of the région, on which this role is held."""
    if membership.department_id:
        return Contract.objects.filter(territory__department=membership.department_id)
    return Contract.objects.filter(territory__department__region=membership.region_id)


def requests_of(membership: Membership):
    """The opinions that this person still owes there."""
    rows = OpinionRequest.objects.filter(
        expert=membership.user_id,
        answered_at=None,
        review__decided_at=None,
        review__withdrawn_at=None,
        review__contract__in=contracts_reached(membership),
    )
    return (
        rows.select_related("review__contract", "review__version")
        .defer("review__version__content")
        .order_by("due_on", "pk")
    )
