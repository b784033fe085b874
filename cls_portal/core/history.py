"""Who changed what: every write of a service is signed by the person and, where there is one, by the reason."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, IntegrityError, models, transaction
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from simple_history.utils import bulk_create_with_history

if TYPE_CHECKING:
    from cls_portal.accounts.models import User

M = TypeVar("M", bound=models.Model)
DELETED_MEANWHILE = (
    "Cet enregistrement a été supprimé par une autre personne pendant votre saisie\u00a0: copiez ce que vous voulez "
    "garder, puis rétablissez-le depuis les suppressions du contrat."
)


def save_as(obj: M, *, user: "User | None", reason: str = "") -> M:
    """Validate and save one object, its history row signed by `user`; raises ValidationError.

    Two persons who create the same thing at the same moment both pass the validation: the second one's refusal by the
    database is told with the sentence that the validation would have given. What somebody has deleted in the meantime
    is not created anew.
    """
    obj.full_clean()
    sign(obj, user=user, reason=reason)
    is_new = obj._state.adding
    try:
        with transaction.atomic():
            obj.save(force_insert=is_new, force_update=not is_new)
    except IntegrityError:
        obj.full_clean()
        raise
    except DatabaseError as error:
        if is_new or type(obj)._base_manager.filter(pk=obj.pk).exists():
            raise
        raise ValidationError({NON_FIELD_ERRORS: DELETED_MEANWHILE}) from error
    return obj


def sign(obj: models.Model, *, user: "User | None", reason: str = "") -> None:
    """Mark the next save or deletion of `obj`; explicit, because commands and jobs have no request to read it from."""
    obj._history_user = user
    obj._change_reason = reason


def bulk_update_as(
    objects: Iterable[models.Model], fields: list[str], *, user: "User | None", reason: str = ""
) -> int:
    """One UPDATE and one insert of history rows for many objects of one model, and one more insert per relation."""
    rows = list(objects)
    if not rows:
        return 0
    model = type(rows[0])
    with transaction.atomic(savepoint=False):
        updated = model._default_manager.bulk_update(rows, fields)
        records = model.history.bulk_history_create(rows, update=True, default_user=user, default_change_reason=reason)
        _record_relations(model, records)
    return updated


def _record_relations(model: type[models.Model], records: list[models.Model]) -> None:
    """The many-to-many rows of each object, kept with its history row: what is written in bulk leaves them out."""
    by_key = {record.id: record for record in records}
    for relation in model.history.model._history_m2m_fields:
        through, past = relation.remote_field.through, getattr(model.history.model, relation.name).model
        owner = relation.m2m_field_name()
        present = through._base_manager.filter(**{f"{owner}__in": list(by_key)}).order_by("pk")
        names = [column.attname for column in through._meta.concrete_fields]
        past.objects.bulk_create(past(history=by_key[row[f"{owner}_id"]], **row) for row in present.values(*names))


def bulk_create_as(objects: Iterable[M], *, user: "User | None", reason: str = "") -> list[M]:
    rows = list(objects)
    if not rows:
        return []
    return bulk_create_with_history(rows, type(rows[0]), default_user=user, default_change_reason=reason)


def last_records(model: type[models.Model], before: datetime, **scope) -> models.QuerySet:
    """Of each object of `scope`, the last line of its history written before this instant, be it its deletion.

    Ranked on narrow columns, then read: histories carry every long text of every version.
    """
    ranked = model.history.filter(history_date__lt=before, **scope).annotate(
        age=Window(RowNumber(), partition_by=[F("id")], order_by=[F("history_date").desc(), F("history_id").desc()])
    )
    last = ranked.filter(age=1).values("history_id")
    return model.history.filter(history_id__in=last).order_by("history_date", "history_id")


def records_around(model: type[models.Model], start: datetime, end: datetime, **scope) -> models.QuerySet:
    """The last line of each object before `start`, then every line up to `end`, the oldest first."""
    known = last_records(model, start, **scope).order_by().values("history_id")
    since = Q(history_date__gte=start, history_date__lt=end, **scope)
    return model.history.filter(Q(history_id__in=known) | since).order_by("history_date", "history_id")
