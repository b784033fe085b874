"""Freezing a version of the plan."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from actions.enums import Occasion
from actions.models import Action, PlanVersion
from actions.versions.content import digest_of, plan_content
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
    last = PlanVersion.objects.filter(contract=contract).aggregate(last=Max("number"))["last"] or 0
    version = PlanVersion(
        contract=contract,
        number=last + 1,
        occasion=occasion,
        amendment=amendment,
        frozen_at=timezone.now(),
        frozen_by=user,
    )
    version.content = plan_content(contract, user, head_of(version), fiches=fiches)
    version.digest = digest_of(version.content)
    version.save(force_insert=True)
    return version


def head_of(version: PlanVersion) -> dict[str, str | int]:
    """What the digest vouches for besides the texts."""
    return {
        "contract": version.contract.title,
        "number": version.number,
        "occasion": version.get_occasion_display(),
        "amendment": str(version.amendment or ""),
        "frozen_at": version.frozen_at.isoformat(),
        "frozen_by": str(version.frozen_by),
    }
