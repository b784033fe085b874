"""The journal of a contract: every change of every record that belongs to it, whatever the app that keeps it.

The histories are as many tables; one union finds the latest lines, another reads them, whatever their kinds.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery, Value

from cls_portal.core.conflicts import in_words
from cls_portal.core.rows import rows_by_key, union_of
from contracts.models import Contract, Meeting, Membership
from contracts.permissions import out_of_reach, reads_every_paper, unnamed

LINES_PER_PAGE = 30

TYPES = {"+": "création", "~": "modification", "-": "suppression"}
# Counters and keys that say nothing to a reader.
SILENT = {"version", "position"}


@dataclass
class Change:
    label: str
    before: str
    after: str


@dataclass
class Line:
    """One entry: who did what to which record, when, and why if a reason was recorded."""

    row: models.Model
    kind: str
    label: str
    deed: str
    changes: list[Change] = field(default_factory=list)


def followed_models(*, with_roles: bool = True) -> dict[str, type[models.Model]]:
    """The models with a history whose rows belong to a contract, or to its territory: name → model.

    Who was given or withdrawn which role shows to those alone who may manage them.
    """
    found = {Contract._meta.model_name: Contract}
    for model in apps.get_models():
        manager = model._default_manager
        queryset = manager.get_queryset() if hasattr(model, "history") else None
        if hasattr(queryset, "contract_path") or hasattr(queryset, "territory_path"):
            found[model._meta.model_name] = model
    if not with_roles:
        del found[Membership._meta.model_name]
    return found


def rows_of(model: type[models.Model], contract: Contract, user) -> QuerySet:
    if model is Contract:
        return model.history.filter(id=contract.pk)
    queryset = model._default_manager.get_queryset()
    if path := getattr(queryset, "contract_path", None):
        rows = model.history.filter(**{path: contract})
        return without_drafts(rows, getattr(queryset, "meeting_path", ""), contract, user)
    return model.history.filter(**{queryset.territory_path: contract.territory_id})


def without_drafts(rows: QuerySet, meeting_path: str, contract: Contract, user) -> QuerySet:
    """The history of a meeting's papers tells what they said before they were validated: it stays with those who
    read them then."""
    if not meeting_path or reads_every_paper(user, contract):
        return rows
    followed = Q(**{f"{meeting_path}__in": Meeting.objects.read_in_full(user)})
    of_no_meeting = Q(**{f"{meeting_path.partition('__')[0]}__isnull": True})
    return rows.filter(followed | of_no_meeting)


def page_of(
    contract: Contract, followed: dict[str, type[models.Model]], *, user, kind: str, number: str | None
) -> Page:
    """The lines of one page as `user` may read them, the latest first; `kind`: a followed model, empty for all."""
    chosen = {kind: followed[kind]} if kind in followed else followed
    parts = [
        rows_of(model, contract, user)
        .annotate(journal_source=Value(name, output_field=CharField()))
        .order_by()
        .values_list("history_date", "history_id", "journal_source")
        for name, model in chosen.items()
    ]
    page = Paginator(union_of(parts).order_by("-history_date", "-history_id"), LINES_PER_PAGE).get_page(number)
    page.object_list = lines(list(page.object_list), chosen, contract, user)
    return page


def lines(found: list[tuple], followed: dict[str, type[models.Model]], contract: Contract, user) -> list[Line]:
    """Three queries, whatever the kinds: the lines before, the lines themselves, what they refer to."""
    before = previous_of(found, followed)
    wanted = defaultdict(set)
    for _date, key, source in found:
        wanted[followed[source].history.model] |= {key, before.get((source, key))} - {None}
    rows = rows_by_key(wanted)
    refer(rows.values(), contract, user)
    return [
        line_of(followed[source], row, rows.get((type(row), before.get((source, key)))))
        for _date, key, source in found
        if (row := rows.get((followed[source].history.model, key)))
    ]


def previous_of(found: list[tuple], followed: dict[str, type[models.Model]]) -> dict[tuple[str, int], int]:
    wanted = defaultdict(list)
    for _date, key, source in found:
        wanted[source].append(key)
    if not wanted:
        return {}
    parts = [previous_lines(followed[source], source, keys) for source, keys in wanted.items()]
    return {(source, key): before for key, source, before in union_of(parts)}


def previous_lines(model: type[models.Model], source: str, keys: list[int]) -> QuerySet:
    keep = model._meta.pk.attname
    earlier = model.history.filter(**{keep: OuterRef(keep)}, history_id__lt=OuterRef("history_id"))
    return (
        model.history.filter(history_id__in=keys)
        .annotate(
            journal_source=Value(source, output_field=CharField()),
            journal_previous=Subquery(earlier.order_by("-history_id").values("history_id")[:1]),
        )
        .order_by()
        .values_list("history_id", "journal_source", "journal_previous")
    )


def refer(rows: Iterable[models.Model], contract: Contract, user) -> None:
    """Give each line the records that it refers to: None for one that has gone since, words for one out of reach."""
    wanted = defaultdict(set)
    references = [(row, key) for row in rows for key in row._meta.concrete_fields if key.is_relation]
    for row, key in references:
        if getattr(row, key.attname) is not None:
            wanted[key.related_model].add(getattr(row, key.attname))
    targets = rows_by_key(wanted)
    targets |= {row: unnamed(row[0]) for row in out_of_reach(targets.values(), contract, user)}
    for row, key in references:
        row._state.fields_cache[key.name] = targets.get((key.related_model, getattr(row, key.attname)))


def line_of(model: type[models.Model], row: models.Model, before: models.Model | None) -> Line:
    kind, deed = str(model._meta.verbose_name), TYPES[row.history_type]
    return Line(row=row, kind=kind, label=label_of(row), deed=deed, changes=changes(before, row))


def label_of(row: models.Model) -> str:
    """The record as it was called at that moment; what it refers to may have gone since."""
    instance = row.instance
    own = {key.name for key in instance._meta.concrete_fields}
    instance._state.fields_cache |= {name: each for name, each in row._state.fields_cache.items() if name in own}
    try:
        return str(instance)
    except ObjectDoesNotExist:
        return ""


def changes(old: models.Model | None, new: models.Model) -> list[Change]:
    if old is None or new.history_type != "~":
        return []
    found = []
    for key in new.tracked_fields:
        if key.name not in SILENT and key.editable and getattr(old, key.attname) != getattr(new, key.attname):
            found.append(Change(str(key.verbose_name), value_of(old, key), value_of(new, key)))
    return found


def value_of(row: models.Model, key: models.Field) -> str:
    if key.is_relation:
        target = row._state.fields_cache.get(key.name)
        return str(target) if target else ""
    if key.choices:
        return str(getattr(row, f"get_{key.name}_display")())
    return in_words(getattr(row, key.attname))
