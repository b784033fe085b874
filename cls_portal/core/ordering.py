"""Moving one object up or down among its siblings: only `position` changes, never a code or a title."""

from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import models, transaction

from cls_portal.core.history import bulk_update_as

if TYPE_CHECKING:
    from cls_portal.accounts.models import User


class Direction(StrEnum):
    UP = "haut"
    DOWN = "bas"


@transaction.atomic
def move(obj: models.Model, *, siblings: models.QuerySet, direction: Direction, user: "User | None") -> bool:
    """Exchange `obj` with its neighbour; False when it already stands at that end, or no longer among them.

    The siblings are locked and numbered anew from 1, which also mends equal positions.
    """
    rows = list(siblings.select_for_update(of=("self",)).order_by("position", "pk"))
    index = next((place for place, row in enumerate(rows) if row.pk == obj.pk), None)
    if index is None:
        return False
    target = index + (-1 if direction == Direction.UP else 1)
    if not 0 <= target < len(rows):
        return False
    rows[index], rows[target] = rows[target], rows[index]
    changed = [row for place, row in enumerate(rows, start=1) if row.position != place]
    for place, row in enumerate(rows, start=1):
        row.position = place
    bulk_update_as(changed, ["position"], user=user, reason="Changement d’ordre")
    return True


def last_position(siblings: models.QuerySet) -> int:
    return siblings.aggregate(last=models.Max("position"))["last"] or 0
