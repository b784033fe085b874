"""What the ARS read before this round, fiche by fiche: the base against which a new version is compared."""

from actions.models import PlanVersion, Review, ReviewedPart
from actions.review.frozen import Frozen, FrozenPart


def earlier_parts(review: Review, fiches: list[int | None]) -> dict[int | None, FrozenPart]:
    """Of each of these parts, as it was in the last version on which an avis was given before this round.

    Rounds may be of part of the plan: two fiches of one round may come from two earlier ones.
    """
    read = ReviewedPart.objects.filter(
        review__contract=review.contract_id,
        review__decided_at__isnull=False,
        review__submitted_at__lt=review.submitted_at,
    ).order_by("review__submitted_at")
    wanted = set(fiches)
    pairs = [pair for pair in read.values_list("fiche", "review__version") if pair[0] in wanted]
    last = dict(pairs)
    versions = {pk: Frozen(version) for pk, version in PlanVersion.objects.in_bulk(set(last.values())).items()}
    found = {fiche: versions[version].part(fiche) for fiche, version in last.items()}
    return {fiche: part for fiche, part in found.items() if part}
