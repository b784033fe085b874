"""What the page of a fiche, and the forms of its sections, tell of the review: where it stands, what was remarked."""

from collections import defaultdict

from actions.models import Action, ReviewComment, ReviewedPart
from actions.review.viewer import Viewer


def last_part(action: Action) -> ReviewedPart | None:
    """Of the last round that read this fiche, or is reading it."""
    parts = ReviewedPart.objects.filter(
        fiche=action.pk, review__contract=action.contract_id, review__withdrawn_at=None
    ).select_related("review__version", "review__referent")
    part = parts.defer("review__version__content").order_by("-review__submitted_at", "-pk").first()
    if part:
        part.review.contract = action.contract
    return part


def open_remarks(action: Action, user, section: str = "") -> dict[str, list[ReviewComment]]:
    """Per section, the published remarks that nobody settled, as far as this person reads them."""
    comments = Viewer(user, action.contract).comments().filter(part__fiche=action.pk, settled_at=None)
    comments = comments.filter(part__review__decided_at__isnull=False)
    if section:
        comments = comments.filter(section=section)
    found = defaultdict(list)
    for comment in comments.select_related("part__review", "author", "answered_by"):
        comment.part.review.contract = action.contract
        found[comment.section].append(comment)
    return dict(found)
