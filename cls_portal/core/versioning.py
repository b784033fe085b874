"""Optimistic locking: nobody overwrites what somebody else has saved in the meantime without seeing it."""

from django.db import models, transaction
from django.db.models import F, OuterRef, Subquery

VERSION = "version"


class StaleVersionError(Exception):
    """The record was saved by someone else since it was read."""


class VersionedModel(models.Model):
    version = models.PositiveIntegerField("version", default=1, editable=False)

    class Meta:
        abstract = True


def with_stamp(rows: models.QuerySet) -> models.QuerySet:
    """Each record is read in one statement with its stamp, so that none is taken for another."""
    if issubclass(rows.model, VersionedModel):
        return rows
    lines = rows.model.history.filter(**{rows.model._meta.pk.attname: OuterRef("pk")}).order_by("-history_id")
    return rows.annotate(stamp=Subquery(lines.values("history_id")[:1]))


def stamp_of(record: models.Model) -> int:
    """What changes at each save: the version, or the last line of the history of a record that carries none."""
    if isinstance(record, VersionedModel):
        return record.version
    if "stamp" in record.__dict__:
        return record.stamp or 0
    return record.history.order_by("-history_id").values_list("history_id", flat=True).first() or 0


def state_at(record: models.Model, stamp: int) -> models.Model | None:
    """The record as it was at this stamp, from its history; None when the history does not reach back."""
    key = VERSION if isinstance(record, VersionedModel) else "history_id"
    row = record.history.filter(**{key: stamp}).order_by("history_id").last()
    return row.instance if row else None


def save_if_current(obj: VersionedModel, *, read_version: int) -> None:
    """Save `obj` if its stored version still is `read_version`; raise StaleVersionError otherwise.

    The comparison is made inside the UPDATE, so that no window remains between the check and the write. `save()` then
    writes the row, its history included, under the lock that the UPDATE took.
    """
    with transaction.atomic():
        claimed = type(obj)._base_manager.filter(pk=obj.pk, version=read_version).update(version=F("version") + 1)
        if not claimed:
            raise StaleVersionError
        obj.version = read_version + 1
        obj.save()


def lock_if_current(obj: models.Model, *, read_stamp: int) -> None:
    """The same for a record without version, told by the last line of its history; call it in a transaction.

    The lock is held until the end of the transaction, so that the second of two writers sees what the first one wrote.
    """
    locked = type(obj)._base_manager.select_for_update().filter(pk=obj.pk).first()
    if locked is None or stamp_of(locked) != read_stamp:
        raise StaleVersionError
