"""The history of a fiche and of its parts: who, when, what before, what after, in words.

The histories are as many tables; one union finds the latest lines, then each table is read for its own lines only, and
what the lines refer to is read once per kind: the number of queries does not depend on the number of lines.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import CharField, OuterRef, Q, Subquery, Value

from actions.models import (
    Action,
    ActionLink,
    ActionPartner,
    ActionPilot,
    ActionTerm,
    FollowUp,
    FundingLine,
    Indicator,
    IndicatorTarget,
    Measurement,
    Step,
)
from cls_portal.core import french
from contracts.models import Contract
from contracts.permissions import out_of_reach, unnamed

PARTS = (Step, FundingLine, Indicator, ActionPilot, ActionPartner, ActionTerm)
FIGURES = (IndicatorTarget, Measurement)
KINDS = {model._meta.model_name: model for model in (Action, *PARTS, ActionLink, *FIGURES)}
NEWS = FollowUp._meta.model_name
DEEDS = {"+": "Ajout", "~": "Modification", "-": "Suppression"}
# Counters, and what the line already says.
SILENT = {"version", "action", "indicator", "recorded_by", "recorded_at", "status_since"}


@dataclass
class Change:
    label: str
    before: str
    after: str


@dataclass
class Line:
    when: datetime
    who: str
    deed: str
    what: str
    reason: str = ""
    changes: list[Change] = field(default_factory=list)


def records_of(model: type[models.Model], action: Action) -> models.QuerySet:
    """The history rows of this kind of part, those of the parts since deleted included."""
    if model is Action:
        return model.history.filter(id=action.pk)
    if model is ActionLink:
        return model.history.filter(Q(action_id=action.pk) | Q(other_id=action.pk))
    if model in FIGURES:
        return model.history.filter(indicator_id__in=Indicator.history.filter(action_id=action.pk).values("id"))
    return model.history.filter(action_id=action.pk)


def page_of(action: Action, user, number: str | None, size: int = 40) -> Page:
    """The lines of one page as `user` may read them, the latest first."""
    parts = [_keys(records_of(model, action), "history_date", "history_id", name) for name, model in KINDS.items()]
    parts.append(_keys(FollowUp.objects.filter(action=action), "recorded_at", "pk", NEWS))
    union = parts[0].union(*parts[1:], all=True).order_by("-event_time", "-event_key")
    page = Paginator(union, size).get_page(number)
    page.object_list = lines(list(page.object_list), action.contract, user)
    return page


def _keys(queryset: models.QuerySet, when: str, key: str, source: str) -> models.QuerySet:
    named = {
        "event_time": models.F(when),
        "event_key": models.F(key),
        "event_kind": Value(source, output_field=CharField()),
    }
    return queryset.order_by().annotate(**named).values_list("event_time", "event_key", "event_kind")


def lines(found: list[tuple], contract: Contract, user) -> list[Line]:
    keys = defaultdict(list)
    for _when, key, source in found:
        keys[source].append(key)
    news = FollowUp.objects.select_related("author").in_bulk(keys.pop(NEWS, []))
    pairs = {(source, pair[0].history_id): pair for source in keys for pair in pairs_of(source, keys[source])}
    names = Names([row for pair in pairs.values() for row in pair if row], contract, user)
    read = {place: line_of(KINDS[place[0]], *pair, names) for place, pair in pairs.items()}
    read |= {(NEWS, key): news_line(point) for key, point in news.items()}
    return [line for _when, key, source in found if (line := read.get((source, key)))]


def pairs_of(source: str, keys: list[int]) -> list[tuple]:
    """Each history row with the one before it of the same object."""
    model = KINDS[source]
    earlier = model.history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    previous = Subquery(earlier.order_by("-history_id").values("history_id")[:1])
    rows = model.history.filter(history_id__in=keys).annotate(previous=previous).order_by("history_id")
    rows = list(rows.select_related("history_user"))
    before = model.history.in_bulk([row.previous for row in rows if row.previous])
    keep_several([*rows, *before.values()])
    return [(row, before.get(row.previous)) for row in rows]


def keep_several(rows: list) -> None:
    """Puts on each history row the keys of its many-to-many relations, `kept`: one query per relation."""
    by_key = defaultdict(list)
    for row in rows:
        by_key[row.history_id].append(row)
        row.kept = {each.name: [] for each in row._history_m2m_fields}
    for each in rows[0]._history_m2m_fields if rows else ():
        links = getattr(type(rows[0]), each.name).model.objects.filter(history_id__in=list(by_key))
        for history_id, key in links.values_list("history_id", f"{each.m2m_reverse_field_name()}_id"):
            for row in by_key[history_id]:
                row.kept[each.name].append(key)


class Names:
    """What the keys of some history rows refer to, read once per kind; what `user` may not read is not named."""

    def __init__(self, rows, contract: Contract, user):
        wanted = defaultdict(set)
        for row in rows:
            for key in relations(row):
                wanted[key.related_model].add(getattr(row, key.attname))
            for _name, model, keys in several_of(row):
                wanted[model] |= set(keys)
        self.found = {model: model._base_manager.in_bulk(keys - {None}) for model, keys in wanted.items()}
        every_row = [row for rows_of_kind in self.found.values() for row in rows_of_kind.values()]
        self.hidden = out_of_reach(every_row, contract, user)

    def object(self, model, key):
        return self.found.get(model, {}).get(key)

    def words(self, model, key) -> str:
        if key is None:
            return ""
        if (model, key) in self.hidden:
            return unnamed(model)
        found = self.object(model, key)
        return str(found) if found else "supprimé depuis"


def relations(row) -> list[models.ForeignKey]:
    return [key for key in row.tracked_fields if key.is_relation and key.name != "recorded_by"]


def several_of(row):
    """(name, model, keys) of the many-to-many relations kept in this history row."""
    return [(each.name, each.related_model, row.kept[each.name]) for each in row._history_m2m_fields]


def line_of(model: type[models.Model], row, before, names: Names) -> Line | None:
    """None for a change that shows nowhere: a counter, a relation that came back to the same."""
    changes = changes_of(row, before, names) if row.history_type != "-" else []
    if row.history_type == "~" and not changes:
        return None
    who = str(row.history_user) if row.history_user else ""
    kind = str(model._meta.verbose_name).capitalize()
    label = "" if model is Action else label_of(row, names)
    what = f"{kind}\u00a0: {label}" if label else kind
    return Line(row.history_date, who, DEEDS[row.history_type], what, row.history_change_reason or "", changes)


def label_of(row, names: Names) -> str:
    instance = row.instance
    for key in relations(row):
        if related := names.object(key.related_model, getattr(row, key.attname)):
            setattr(instance, key.name, related)
    try:
        if isinstance(instance, FIGURES):
            return f"{instance.indicator}, {instance}"
        return str(instance)
    except ObjectDoesNotExist:
        return ""


def changes_of(row, before, names: Names) -> list[Change]:
    found = []
    for each in row.tracked_fields:
        if each.name in SILENT or each.primary_key:
            continue
        new = value_of(row, each, names)
        old = value_of(before, each, names) if before else ""
        if new != old and (before or not is_default(row, each)):
            found.append(Change(str(each.verbose_name), old, new))
    past = {name: keys for name, _model, keys in several_of(before)} if before else {}
    for name, model, keys in several_of(row):
        old_keys = past.get(name, [])
        if set(keys) != set(old_keys):
            label = str(row.instance_type._meta.get_field(name).verbose_name)
            texts = [", ".join(sorted(names.words(model, key) for key in each)) for each in (old_keys, keys)]
            found.append(Change(label, *texts))
    return found


def is_default(row, each: models.Field) -> bool:
    """What a new row did not say is not told."""
    return getattr(row, each.attname) == each.get_default()


def value_of(row, each: models.Field, names: Names) -> str:
    value = getattr(row, each.attname)
    if each.is_relation:
        return names.words(each.related_model, value)
    if each.choices:
        return str(dict(each.flatchoices).get(value, value))
    return words(value)


def words(value) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime) or value is None:
        return "" if value is None else f"{value:%d/%m/%Y\u00a0%H:%M}"
    if isinstance(value, date):
        return french.long_date(value)
    return french.number(value) if isinstance(value, Decimal | int) else str(value)


def news_line(point: FollowUp) -> Line:
    said = f"Point de suivi du {french.long_date(point.date)}"
    text = point.headline or point.done
    what = f"{said}\u00a0: {text[:200]}" if text else said
    return Line(point.recorded_at, point.author_name, "Ajout", what)


def last_changes(action: Action, number: int = 3) -> list[tuple[datetime, str, str]]:
    """(when, who, what) of the last changes of the fiche itself, in one query."""
    rows = list(
        action.history.select_related("history_user").order_by("-history_date", "-history_id")[: number * 2 + 1]
    )
    found = []
    for row, before in zip(rows, [*rows[1:], None], strict=True):
        who = str(row.history_user) if row.history_user else ""
        if row.history_type == "+":
            found.append((row.history_date, who, "création de la fiche"))
        elif before and (names := changed_names(row, before)):
            found.append((row.history_date, who, ", ".join(names)))
    return found[:number]


def changed_names(row, before) -> list[str]:
    return [
        str(each.verbose_name)
        for each in row.tracked_fields
        if each.name not in SILENT and getattr(row, each.attname) != getattr(before, each.attname)
    ]
