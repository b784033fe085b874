"""The fiches as they were on the evening of a day, with the parts that a document shows.

`as_of.py` tells the fiches and their alerts; what is filled in here are their lists, in the caches where Django looks
for what was read ahead, as `readable()` does for today.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db import models
from django.db.models import prefetch_related_objects

from actions.journal import keep_several
from actions.models import (
    Action,
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
from actions.plan.as_of import deleted_points, plan_state_on, rows_at
from actions.plan.progress import PlanState
from cls_portal.core.dates import end_of
from cls_portal.core.history import last_records
from contracts.models import Commune, Contact, Contract, Organisation, ReferenceTerm

# Name of the list on the fiche, its rows, and those of their columns that name an organisation.
PARTS: tuple[tuple[str, type[models.Model], tuple[str, ...]], ...] = (
    ("action_terms", ActionTerm, ()),
    ("steps", Step, ("organisation",)),
    ("funding_lines", FundingLine, ("funder",)),
    ("partners", ActionPartner, ("organisation",)),
    ("indicators", Indicator, ()),
)


def past_state(contract: Contract, user, on: date) -> PlanState:
    state = plan_state_on(contract, user, on)
    fiches, before = state.fiches, end_of(on)
    organisations = {row.pk: row for row in rows_at(Organisation, before, territory=contract.territory_id)}
    keys = [action.pk for action in fiches]
    for name, model, parties in PARTS:
        rows = in_model_order(rows_at(model, before, action_id__in=keys))
        for party in parties:
            attach(rows, party, organisations)
        give(fiches, name, rows, "action_id")
    fill_terms(fiches)
    fill_pilots(fiches, organisations, before)
    fill_figures(fiches, before)
    fill_several(fiches)
    fill_news(contract, fiches, before)
    return state


def attach(rows: Iterable[models.Model], name: str, found: dict) -> None:
    """What a column names, as it was; nothing when it is not known any more."""
    for row in rows:
        key = getattr(row, f"{name}_id")
        row._state.fields_cache[name] = found.get(key)


def in_model_order(rows: list[models.Model]) -> list[models.Model]:
    """By its own columns; the terms are put in their order once they are known."""
    names = [name for name in (rows[0]._meta.ordering if rows else ()) if hasattr(rows[0], name)]
    return sorted(rows, key=lambda row: (*(getattr(row, name) for name in names), row.pk))


def give(owners: Iterable[models.Model], name: str, rows: Iterable[models.Model], key: str) -> None:
    """Each owner finds its rows under `name`, as if they had been prefetched."""
    by_owner = defaultdict(list)
    for row in rows:
        by_owner[getattr(row, key)].append(row)
    for owner in owners:
        keep(owner, name, by_owner[owner.pk])


def keep(owner: models.Model, name: str, rows: list[models.Model]) -> None:
    found = getattr(owner, name).none()
    found._result_cache, found._prefetch_done = rows, True
    owner.__dict__.setdefault("_prefetched_objects_cache", {})[name] = found


def fill_terms(fiches: list[Action]) -> None:
    links = [link for action in fiches for link in action.action_terms.all()]
    lines = [line for action in fiches for line in action.funding_lines.all()]
    keys = {link.term_id for link in links} | {line.scheme_id for line in lines}
    terms = ReferenceTerm.objects.in_bulk(keys - {None})
    attach(links, "term", terms)
    attach(lines, "scheme", terms)
    for action in fiches:
        known = [link for link in action.action_terms.all() if link.term_id in terms]
        keep(action, "action_terms", sorted(known, key=term_rank))


def term_rank(link: ActionTerm) -> tuple:
    return not link.is_main, link.term.position, link.pk


def fill_pilots(fiches: list[Action], organisations: dict[int, Organisation], before: datetime) -> None:
    records = last_records(ActionPilot, before, action_id__in=[action.pk for action in fiches])
    present = [record for record in records if record.history_type != "-" and record.organisation_id in organisations]
    pilots = [record.instance for record in present]
    keep_named(pilots, present, "contacts", Contact)
    attach(pilots, "organisation", organisations)
    give(fiches, "pilots", in_model_order(pilots), "action_id")


def fill_figures(fiches: list[Action], before: datetime) -> None:
    indicators = [indicator for action in fiches for indicator in action.indicators.all()]
    own = {"indicator_id__in": [indicator.pk for indicator in indicators]}
    for name, model in (("measurements", Measurement), ("targets", IndicatorTarget)):
        give(indicators, name, in_model_order(rows_at(model, before, **own)), "indicator_id")


def fill_several(fiches: list[Action]) -> None:
    """The relations whose history is kept with that of the fiche, and the persons it names."""
    keep_named(fiches, [action._history for action in fiches], "communes", Commune)
    prefetch_related_objects(fiches, "elected_contact__organisation", "objective__parent")


def keep_named(rows: list[models.Model], records: list, name: str, model: type[models.Model]) -> None:
    """What a relation held, whose keys are kept with the history of the row."""
    keep_several(records)
    found = model.objects.in_bulk({key for record in records for key in record.kept[name]})
    for row, record in zip(rows, records, strict=True):
        keep(row, name, [found[key] for key in record.kept[name] if key in found])


def fill_news(contract: Contract, fiches: list[Action], before: datetime) -> None:
    """The newest first, those that went with a fiche deleted since included."""
    present = FollowUp.objects.filter(action__in=[action.pk for action in fiches], recorded_at__lt=before)
    points = [*present, *deleted_points(contract, before)]
    points.sort(key=lambda point: (point.date, point.pk), reverse=True)
    give(fiches, "follow_ups", points, "action_id")
