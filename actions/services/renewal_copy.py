"""Copies of fiches for the next contract: what they say goes along, what was done and paid stays behind."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from actions.enums import Origin
from actions.models import Action, ActionPartner, ActionPilot, ActionTerm, Indicator, Step
from cls_portal.core.history import bulk_create_as, sign
from cls_portal.core.ordering import last_position
from contracts.models import Axis, Contract, Objective
from contracts.services import term_in

# The calendar is not among them: its dates are those of the contract that ends.
TEXTS = (
    *("title", "kind", "priority", "context", "general_objective", "specific_objectives", "operational_objectives"),
    *("expected_results", "description", "deliverables", "audience_detail", "covers_whole_territory"),
    *("territory_detail", "is_recurring", "elected_contact", "human_means", "full_time_equivalents"),
    *("material_means", "in_kind", "evaluation_method", "planned_levers", "caution_points", "participation"),
    *("regional_plan_link", "schemes_detail"),
)
OF_PILOT = ("organisation", "position", "role")
OF_PARTNER = ("organisation", "position", "state", "role")
OF_STEP = ("position", "title", "organisation")
OF_INDICATOR = (
    *("position", "title", "kind", "unit", "direction", "baseline", "baseline_date"),
    *("target", "target_text", "source", "collection"),
)
PARTS = ("action_terms__term", "pilots__organisation", "pilots__contacts", "partners", "steps", "indicators")


@dataclass(frozen=True)
class Wanted:
    """A fiche to copy; `anew`: its texts are to be rewritten."""

    former: Action
    axis: Axis | None
    code: str
    anew: bool


def copy_fiches(wanted: list[Wanted], *, contract: Contract, user, reason: str) -> list[Action]:
    """In the order given, after the fiches that are there; each kind of part is written in one statement."""
    formers = [each.former for each in wanted]
    prefetch_related_objects(formers, *PARTS, "elected_contact", "communes", "objective")
    objectives = list(Objective.objects.filter(axis__contract=contract))
    position = last_position(contract.actions.all())
    copies = [
        fiche_from(each, contract, position + rank, same_objective(each, objectives))
        for rank, each in enumerate(wanted, start=1)
    ]
    bulk_create_as(copies, user=user, reason=reason)
    pairs = list(zip(formers, copies, strict=True))
    terms = [link for former, copy in pairs for link in terms_for(former, copy, user)]
    bulk_create_as(terms, user=user, reason=reason)
    for name, model, fields in (
        ("pilots", ActionPilot, OF_PILOT),
        ("partners", ActionPartner, OF_PARTNER),
        ("steps", Step, OF_STEP),
        ("indicators", Indicator, OF_INDICATOR),
    ):
        rows = [
            (row, part_for(copy, model, row, fields)) for former, copy in pairs for row in getattr(former, name).all()
        ]
        bulk_create_as([new for _row, new in rows], user=user, reason=reason)
        if model is ActionPilot:
            name_people(rows, user, reason)
    for former, copy in pairs:
        if communes := list(former.communes.all()):
            sign(copy, user=user, reason=reason)
            copy.communes.set(communes)
    return copies


def fiche_from(wanted: Wanted, contract: Contract, position: int, objective: Objective | None) -> Action:
    former = wanted.former
    return Action(
        contract=contract,
        position=position,
        axis=wanted.axis,
        objective=objective,
        code=wanted.code,
        origin=Origin.STRENGTHENED if wanted.anew else Origin.CARRIED_OVER,
        to_rewrite=wanted.anew,
        carried_from=former,
        **{name: getattr(former, name) for name in TEXTS},
    )


def same_objective(wanted: Wanted, objectives: Iterable[Objective]) -> Objective | None:
    """The one of the same words below the chosen axis."""
    old = wanted.former.objective
    if not (old and wanted.axis):
        return None
    words = (wanted.axis.pk, old.code, old.title)
    return next((each for each in objectives if (each.axis_id, each.code, each.title) == words), None)


def terms_for(former: Action, copy: Action, user) -> list[ActionTerm]:
    """Two terms of the old lists may have become one."""
    found = {}
    for link in former.action_terms.all():
        term = term_in(copy.contract, link.term, user=user)
        found.setdefault(
            (link.usage, term.pk), ActionTerm(action=copy, term=term, usage=link.usage, is_main=link.is_main)
        )
    return list(found.values())


def part_for(copy: Action, model: type, row, fields: Iterable[str]):
    return model(action=copy, **{name: getattr(row, name) for name in fields})


def name_people(rows: list[tuple[ActionPilot, ActionPilot]], user, reason: str) -> None:
    for former, pilot in rows:
        if people := list(former.contacts.all()):
            sign(pilot, user=user, reason=reason)
            pilot.contacts.set(people)
