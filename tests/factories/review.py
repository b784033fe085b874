from datetime import timedelta

from actions.enums import Opinion, RemarkKind
from actions.models import OpinionRequest, Review, ReviewComment, ReviewedPart
from actions.services.opinions import ask_opinion
from actions.services.remarks import write_remark
from actions.services.review import give_opinion, submit
from cls_portal.core.dates import today
from contracts.enums import Role
from contracts.models import Contract
from tests.factories.actions import make_action
from tests.factories.contracts import make_contract, make_membership
from tests.factories.people import make_user


def make_review(contract: Contract | None = None, **fields) -> Review:
    """Of the whole contract, a fiche included, or of `fiches`; under way."""
    contract = contract or make_contract()
    if not contract.actions.exists():
        make_action(contract, context="Un constat.")
    fields = {"user": make_user(is_superuser=True)} | fields
    return submit(contract=contract, **fields)


def make_given_review(
    contract: Contract | None = None, *, opinion=Opinion.WITH_RESERVES, remarks=1, **fields
) -> Review:
    """With remarks on its first fiche, and the avis given by somebody of the ARS."""
    review = make_review(contract, **fields)
    part = make_part(review)
    for number in range(remarks):
        make_remark(part, text=f"Remarque {number}")
    return give_opinion(review=review, user=make_user(), opinion=opinion, text="Voir les remarques.")


def make_part(review: Review) -> ReviewedPart:
    """The first fiche of the round."""
    return review.parts.filter(fiche__isnull=False).select_related("review__version", "review__contract").first()


def make_remark(part: ReviewedPart, **fields) -> ReviewComment:
    """A draft, on the context of the fiche."""
    defaults = {"user": make_user(), "field": "context", "kind": RemarkKind.CORRECTION, "text": "À préciser."}
    return write_remark(part=part, **defaults | fields)


def make_colleague(contract: Contract, **fields):
    department = contract.territory.department
    return make_membership(Role.ARS_REFERENT, make_user(**fields), department=department).user


def make_opinion_request(review: Review, **fields) -> OpinionRequest:
    """To a colleague who reaches the contract, in ten days."""
    fields.setdefault("expert", fields.get("expert") or make_colleague(review.contract))
    defaults = {"user": make_user(), "question": "Est-ce financé ?", "due_on": today() + timedelta(days=10)}
    return ask_opinion(review=review, **defaults | fields)
