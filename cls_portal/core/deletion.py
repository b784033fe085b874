"""Deleting with a way back: what goes is spelled out before, kept whole, and can be put back."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.serializers.base import DeserializationError
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.utils import timezone

from cls_portal.core.history import sign
from cls_portal.core.models import Deletion
from cls_portal.core.versioning import VersionedModel

if TYPE_CHECKING:
    from cls_portal.accounts.models import User

TAKEN_SINCE = (
    "«\u202f{label}\u202f» ne peut pas être rétabli tel quel\u00a0: depuis la suppression, un autre enregistrement "
    "a pris sa place (même nom, même numéro ou même rang). Renommez-le ou supprimez-le, puis recommencez."
)
GONE_SINCE = (
    "«\u202f{label}\u202f» ne peut pas être rétabli\u00a0: ce dont il dépend ({kind}) a été supprimé depuis. "
    "Rétablissez d’abord cette autre suppression."
)
UNREADABLE = "«\u202f{label}\u202f» a été supprimé par une version trop ancienne du portail pour être rétabli."


@dataclass
class Losses:
    """What a deletion would take away, and what would stay but lose its link to it; or who still needs the object."""

    gone: dict[str, int] = field(default_factory=dict)
    unlinked: dict[str, int] = field(default_factory=dict)
    protectors: list[models.Model] = field(default_factory=list)

    @property
    def is_possible(self) -> bool:
        return not self.protectors


class _Reach:
    """How far a deletion goes: the rows that go, parents first, and those whose key is emptied.

    Raises ProtectedError or RestrictedError when something that must not be lost depends on `obj`.
    """

    def __init__(self, obj: models.Model):
        self.collector = Collector(using=obj._state.db or "default", origin=obj)
        self.collector.collect([obj])
        self.collector.sort()
        gone = [row for rows in reversed(list(self.collector.data.values())) for row in rows]
        for queryset in self.collector.fast_deletes:
            gone.extend(queryset)
        # A row of a many-to-many table is found from both its ends.
        going = {(type(row), row.pk): row for row in gone}
        self.gone = list(going.values())
        self.emptied = [
            (row, key.attname)
            for (key, _value), querysets in self.collector.field_updates.items()
            for rows in querysets
            for row in rows
            if (type(row), row.pk) not in going
        ]


def losses(obj: models.Model) -> Losses:
    """What would be lost with `obj`, by plural name; itself and the rows of plain many-to-many tables excepted."""
    try:
        reach = _Reach(obj)
    except ProtectedError as error:
        return Losses(protectors=_sorted(error.protected_objects))
    except RestrictedError as error:
        return Losses(protectors=_sorted(error.restricted_objects))
    return Losses(
        gone=_count(row for row in reach.gone if row is not obj),
        unlinked=_count({(type(row), row.pk): row for row, _key in reach.emptied}.values()),
    )


def _sorted(rows: Iterable[models.Model]) -> list[models.Model]:
    return sorted(rows, key=lambda row: (row._meta.verbose_name, str(row)))


def _count(rows: Iterable[models.Model]) -> dict[str, int]:
    """A model with `told_in_losses = False` is not even counted: its rows are not for whoever deletes."""
    told = (row for row in rows if not row._meta.auto_created and getattr(row, "told_in_losses", True))
    return dict(Counter(str(row._meta.verbose_name_plural) for row in told))


@transaction.atomic
def delete_with_way_back(obj: models.Model, *, user: "User | None", root: str = "") -> Deletion:
    """Delete `obj` and what depends on it; `root` groups the deletions shown together (a contract's).

    Raises ProtectedError when it is still needed. Files on the disk stay, so that their document can come back.
    """
    reach = _Reach(obj)
    deletion = Deletion.objects.create(
        model=obj._meta.label_lower,
        object_id=str(obj.pk),
        label=str(obj)[:300],
        kind=str(obj._meta.verbose_name),
        root=root,
        deleted_by=user,
        content=_content(reach.gone),
        links=[[row._meta.label_lower, row.pk, key, getattr(row, key)] for row, key in reach.emptied],
    )
    reason = f"Suppression\u00a0: {deletion}"
    for row in reach.gone:
        sign(row, user=user, reason=reason)
    reach.collector.delete()
    _record_links([row for row, _key in reach.emptied], user=user, reason=reason)
    return deletion


def _content(rows: list[models.Model]) -> list[dict]:
    """Each row with its own columns; the rows of many-to-many tables are in `rows`, as rows of their own.

    Instants are written here: the encoder of the JSON field would cut their microseconds.
    """
    content = serializers.serialize("python", rows)
    for row, item in zip(rows, content, strict=True):
        for relation in row._meta.many_to_many:
            item["fields"].pop(relation.name, None)
        instants = {name: value for name, value in item["fields"].items() if isinstance(value, datetime)}
        item["fields"].update((name, value.isoformat()) for name, value in instants.items())
    return content


def _record_links(rows: Iterable[models.Model], *, user: "User | None", reason: str) -> None:
    """A key emptied or put back is a change of its row: its history tells it, and its version moves on."""
    for model, keys in _keys_by_model(rows).items():
        changed = model._base_manager.filter(pk__in=keys)
        if issubclass(model, VersionedModel):
            changed.update(version=F("version") + 1)
        if hasattr(model, "history"):
            for row in changed:
                sign(row, user=user, reason=reason)
                row.save()


def _keys_by_model(rows: Iterable[models.Model]) -> dict[type[models.Model], set]:
    keys = defaultdict(set)
    for row in rows:
        keys[type(row)].add(row.pk)
    return keys


@transaction.atomic
def restore(deletion: Deletion, *, user: "User | None") -> Deletion:
    """Put back the rows with their keys, and the links that nobody has set otherwise since; ValidationError when a
    row has taken their place or when what they depend on has gone too."""
    deletion = Deletion.objects.select_for_update(of=("self",)).get(pk=deletion.pk)
    if deletion.restored_at:
        raise ValidationError(f"«\u202f{deletion.label}\u202f» a déjà été rétabli.")
    rows = _rows_of(deletion)
    try:
        with transaction.atomic():
            for row in rows:
                row.save_base(raw=True, force_insert=True)
    except IntegrityError as error:
        raise ValidationError(TAKEN_SINCE.format(label=deletion.label)) from error
    for row in rows:
        if hasattr(row, "history"):
            sign(row, user=user, reason="Rétabli")
            row.save()
    _record_links(_relink(deletion), user=user, reason=f"Rétabli\u00a0: {deletion}")
    deletion.restored_by, deletion.restored_at = user, timezone.now()
    deletion.save()
    return deletion


def _rows_of(deletion: Deletion) -> list[models.Model]:
    """What belonged to an account that is gone (a role) does not come back, and keeps nothing else from it."""
    try:
        rows = [item.object for item in serializers.deserialize("python", deletion.content, ignorenonexistent=True)]
    except DeserializationError as error:
        raise ValidationError(UNREADABLE.format(label=deletion.label)) from error
    missing = _missing(rows)
    kept = []
    for row in rows:
        for key in _foreign_keys(row):
            if getattr(row, key.attname) not in missing[key.related_model]:
                continue
            if key.null:
                setattr(row, key.attname, None)
            elif row._meta.auto_created or key.related_model is get_user_model():
                break
            else:
                kind = key.related_model._meta.verbose_name
                raise ValidationError(GONE_SINCE.format(label=deletion.label, kind=kind))
        else:
            kept.append(row)
    return kept


def _foreign_keys(row: models.Model) -> list[models.ForeignKey]:
    return [key for key in row._meta.concrete_fields if key.is_relation]


def _missing(rows: list[models.Model]) -> dict[type[models.Model], set]:
    """The keys that the rows refer to, and that exist neither among them nor in the database any more."""
    wanted = defaultdict(set)
    for row in rows:
        for key in _foreign_keys(row):
            if getattr(row, key.attname) is not None:
                wanted[key.related_model].add(getattr(row, key.attname))
    for row in rows:
        wanted[type(row)].discard(row.pk)
    return defaultdict(
        set,
        {
            model: keys - set(model._base_manager.filter(pk__in=keys).values_list("pk", flat=True))
            for model, keys in wanted.items()
        },
    )


def _relink(deletion: Deletion) -> list[models.Model]:
    """Set the keys that the deletion emptied, where the row is still there and the key still empty."""
    changed = []
    for label, pk, attname, value in deletion.links:
        model = apps.get_model(label)
        row = model._base_manager.filter(pk=pk, **{f"{attname}__isnull": True}).first()
        if row and model._meta.get_field(attname.removesuffix("_id")).related_model._base_manager.filter(pk=value):
            model._base_manager.filter(pk=pk).update(**{attname: value})
            changed.append(row)
    return changed
