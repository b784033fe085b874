"""What an avenant changes: its own plan, that of today while it is in preparation, against the one signed before."""

from dataclasses import dataclass

from django.urls import reverse

from actions.enums import Occasion
from actions.models import PlanVersion
from actions.versions.compare import PlanChange, compare
from actions.versions.reading import frozen, plan_of_today
from contracts.models import Amendment, Contract

SHOWN_IN_FULL = 12


@dataclass(frozen=True)
class AmendmentReading:
    """`after` is None while the plan of the avenant is not frozen; `overtaken`: a later avenant was frozen first."""

    before: PlanVersion | None
    after: PlanVersion | None
    overtaken: PlanVersion | None
    change: PlanChange | None

    @property
    def whole_url(self) -> str:
        """The page that compares field by field what would be too long beside the facts of the avenant."""
        if self.before is None or self.change is None or len(self.change.amended) <= SHOWN_IN_FULL:
            return ""
        slug = self.before.contract.slug
        if self.after:
            return reverse("actions:version_changes", args=[slug, self.after.number]) + f"?depuis={self.before.number}"
        return reverse("actions:version_changes", args=[slug, self.before.number]) + "?a=aujourdhui"


def signed_versions(contract: Contract) -> list[PlanVersion]:
    """The plans frozen by the signature and by the avenants, the oldest first, without their content."""
    found = PlanVersion.objects.filter(contract=contract).exclude(occasion=Occasion.SUBMISSION)
    return list(found.without_content().select_related("contract", "amendment", "frozen_by").order_by("number"))


def reading_of(amendment: Amendment, user) -> AmendmentReading:
    versions = signed_versions(amendment.contract)
    own = [each for each in versions if each.amendment_id == amendment.pk]
    after = own[-1] if own else None
    later = [each for each in versions if each.amendment and each.amendment.number > amendment.number]
    overtaken = later[0] if later and after is None else None
    before = last_before(versions, amendment, after or overtaken)
    change = None
    if before and overtaken is None:
        plan = frozen(after) if after else plan_of_today(amendment.contract, user)
        change = compare(frozen(before), plan)
    return AmendmentReading(before, after, overtaken, change)


def last_before(versions: list[PlanVersion], amendment: Amendment, limit: PlanVersion | None) -> PlanVersion | None:
    """The last signed plan before `limit`, the avenant's own drafts left aside."""
    others = [each for each in versions if each.amendment_id != amendment.pk]
    earlier = [each for each in others if limit is None or each.number < limit.number]
    return earlier[-1] if earlier else None
