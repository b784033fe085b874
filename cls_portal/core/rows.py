"""Rows of several models in one query: a page of many kinds of records costs the same as a page of one kind."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import models
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import JSONObject
from django.utils import timezone

Kinds = dict[type[models.Model], Iterable]
# PostgreSQL gives at most a hundred arguments to a function, SQLite a hundred and twenty-seven; a pair takes two.
PAIRS = 40


def union_of(parts: list[QuerySet]) -> QuerySet:
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


def rows_by_key(wanted: Kinds) -> dict[tuple[type[models.Model], object], models.Model]:
    """Model → keys; the rows found, by (model, key)."""
    wanted = {model: set(keys) for model, keys in wanted.items() if keys}
    if not wanted:
        return {}
    by_label = {model._meta.label: model for model in wanted}
    width = max(len(_slices(model)) for model in wanted)
    found = union_of([_as_json(model, keys, width) for model, keys in wanted.items()])
    rows = [
        _row(by_label[label], {name: value for piece in pieces for name, value in piece.items()})
        for label, *pieces in found
    ]
    return {(type(row), row.pk): row for row in rows}


def _slices(model: type[models.Model]) -> list[list[str]]:
    names = [field.attname for field in model._meta.concrete_fields]
    return [names[start : start + PAIRS] for start in range(0, len(names), PAIRS)]


def _as_json(model: type[models.Model], keys: set, width: int) -> QuerySet:
    slices = _slices(model)
    slices += [[]] * (width - len(slices))
    pieces = {
        f"rows_piece_{place}": JSONObject(**{name: name for name in names}) for place, names in enumerate(slices)
    }
    rows = model._base_manager.filter(pk__in=keys).order_by()
    return rows.annotate(rows_label=Value(model._meta.label, output_field=CharField()), **pieces).values_list(
        "rows_label", *pieces
    )


def _row(model: type[models.Model], values: dict) -> models.Model:
    fields = model._meta.concrete_fields
    return model.from_db(
        None, [field.attname for field in fields], [_python(field, values[field.attname]) for field in fields]
    )


def _python(field: models.Field, value):
    """SQLite writes its instants without a zone: they are in UTC."""
    value = field.to_python(value)
    return timezone.make_aware(value, UTC) if isinstance(value, datetime) and timezone.is_naive(value) else value
