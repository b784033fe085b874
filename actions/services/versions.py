"""Freezing a version of the plan."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from actions.enums import Occasion
from actions.fiche.sheet import Sheet, readable
from actions.models import Action, PlanVersion
from actions.versions.content import content_of, digest_of
from contracts.models import Amendment, Contract
from contracts.services import lock


@transaction.atomic
def freeze(
    *,
    contract: Contract,
    user,
    occasion: Occasion,
    fiches: Iterable[Action] | None = None,
    amendment: Amendment | None = None,
) -> PlanVersion:
    """The contract and its plan, or `fiches` alone, as they are now; `user` must be able to read them."""
    lock(contract)
    contract = Contract.objects.with_current_end().select_related("territory").get(pk=contract.pk)
    plan = readable(user, contract).in_plan().in_plan_order().prefetch_related("communes")
    if fiches is not None:
        plan = plan.filter(pk__in=[fiche.pk for fiche in fiches])
    found = list(plan)
    for action in found:
        action.contract = contract
    number = (PlanVersion.objects.filter(contract=contract).aggregate(last=Max("number"))["last"] or 0) + 1
    now = timezone.now()
    head = {
        "contract": contract.title,
        "number": number,
        "occasion": Occasion(occasion).label,
        "amendment": str(amendment or ""),
        "frozen_at": now.isoformat(),
        "frozen_by": str(user),
    }
    content = content_of(head, contract, map(Sheet, found), is_whole=fiches is None)
    return PlanVersion.objects.create(
        contract=contract,
        number=number,
        occasion=occasion,
        amendment=amendment,
        frozen_at=now,
        frozen_by=user,
        content=content,
        digest=digest_of(content),
    )
