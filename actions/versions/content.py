"""What a version holds: the contract and its fiches in reading form, each field under its name and its label.

A field is {"name", "label", "value"}; values are texts, the long ones in Markdown, lists with one item per line.
"""

import hashlib
import json
from collections.abc import Iterable

from django.utils.text import capfirst

from actions.fiche import facts
from actions.fiche.money import STAGES, source_of
from actions.fiche.sections import SECTIONS
from actions.fiche.sheet import Sheet, partner_words, readable
from actions.measures import figure
from actions.models import Action, Indicator, Step
from actions.wording import date_words
from cls_portal.core import french
from contracts.enums import Capacity
from contracts.models import Contract

FORMAT = 1
# One item per line.
LISTS = {"signatories", "objectives", "steps", "pilots", "partners", "funding", "indicators", "documents"}
Field = dict[str, str]


def digest_of(content: dict) -> str:
    """Keys sorted, no blank, UTF-8: the same whatever database kept it."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def plan_content(contract: Contract, user, head: dict, *, fiches: Iterable[Action] | None = None) -> dict:
    """The plan as `user` reads it now, with the contract's own texts; or `fiches` alone, without them.

    `head` says who froze what and when.
    """
    contract = Contract.objects.with_current_end().select_related("territory").get(pk=contract.pk)
    plan = readable(user, contract).in_plan().in_plan_order().prefetch_related("communes")
    if is_part := fiches is not None:
        plan = plan.filter(pk__in=[fiche.pk for fiche in fiches])
    found = list(plan)
    for action in found:
        action.contract = contract
    axes = [] if is_part else contract.axes.prefetch_related("objectives")
    return {
        "format": FORMAT,
        "head": head,
        "contract": None if is_part else contract_fields(contract),
        "axes": [axis_content(axis) for axis in axes],
        "fiches": [fiche_content(Sheet(action)) for action in found],
    }


def field(name: str, label: str, value: str) -> Field:
    return {"name": name, "label": capfirst(label), "value": value}


# The contract


def contract_fields(contract: Contract) -> list[Field]:
    communes = contract.perimeter.present().select_related("commune")
    day = {"start_date": contract.start_date, "end_date": contract.end, "signed_on": contract.signed_on}
    labels = {"start_date": "début", "end_date": "fin", "signed_on": "date de signature"}
    signatories = contract.signatories.select_related("organisation", "representative")
    return [
        field("title", "intitulé", contract.title),
        field("kind", "nature", f"{contract.get_kind_display()}, génération {contract.generation}"),
        *[field(name, labels[name], date_words(value)) for name, value in day.items()],
        field("population", "population", population_words(contract)),
        field("perimeter", "périmètre", ", ".join(row.commune.name for row in communes)),
        field("signatories", "signataires", lines(map(signatory_words, signatories))),
        *[field(name, label, getattr(contract, name)) for name, label in long_texts(contract)],
        *[field(f"commitments-{row.pk}", f"engagements, {row.organisation}", row.commitments) for row in signatories],
    ]


def population_words(contract: Contract) -> str:
    if not contract.population:
        return ""
    return french.number(contract.population) + (f" en {contract.population_year}" if contract.population_year else "")


def long_texts(contract: Contract) -> list[tuple[str, str]]:
    fields = contract._meta.concrete_fields
    return [(each.name, str(each.verbose_name)) for each in fields if each.get_internal_type() == "TextField"]


def signatory_words(signatory) -> str:
    capacity = "" if signatory.capacity == Capacity.SIGNATORY else f" ({signatory.get_capacity_display()})"
    person = f", représentée par {signatory.representative}" if signatory.representative else ""
    return f"{signatory.organisation}{capacity}{person}"


def axis_content(axis) -> dict:
    objectives = lines(str(objective) for objective in axis.objectives.all())
    fields = [field("description", "présentation", axis.description), field("objectives", "objectifs", objectives)]
    return {"id": axis.pk, "code": axis.code, "title": axis.title, "color": axis.color, "fields": fields}


# The fiche


def fiche_content(sheet: Sheet) -> dict:
    action = sheet.action
    axis = action.axis
    sections = [{"key": each.key, "title": each.title, "fields": section_fields(sheet, each)} for each in SECTIONS]
    return {
        "id": action.pk,
        "code": action.code,
        "title": action.title,
        "axis": {"id": axis.pk, "code": axis.code, "title": axis.title, "color": axis.color} if axis else None,
        "sections": [section for section in sections if section["fields"]],
    }


def section_fields(sheet: Sheet, section) -> list[Field]:
    """What is written in a section, empty fields included; news, decisions and history are no part of the writing."""
    action = sheet.action
    own = {
        "identite": lambda: [*heading(action), *stated(facts.identity(action))],
        "etapes": lambda: [field("steps", "étapes", lines(map(step_words, action.steps.all())))],
        "publics": lambda: stated(facts.audience(action, sheet.terms)),
        "pilotage": lambda: piloting(sheet),
        "calendrier": lambda: stated(facts.timetable(action)),
        "moyens": lambda: [*stated(facts.means(action)), field("funding", "financement", lines(money(action)))],
        "indicateurs": lambda: [
            field("indicators", "indicateurs", lines(map(indicator_words, action.indicators.all())))
        ],
        "evaluation": lambda: [field("participation", "participation", action.get_participation_display())],
        "documents": lambda: [field("documents", "documents", lines(str(each) for each in action.documents.all()))],
    }
    texts = [field(name, sheet.label(name), getattr(action, name)) for name in section.texts]
    return texts + (own[section.key]() if section.key in own else [])


def heading(action: Action) -> list[Field]:
    return [field("code", "numéro", action.code), field("title", "intitulé", action.title)]


def stated(found: list[facts.Fact]) -> list[Field]:
    return [field(fact.name, fact.label, fact.value) for fact in found]


def piloting(sheet: Sheet) -> list[Field]:
    elected = sheet.action.elected_contact
    partners = [
        f"{each.get_state_display().capitalize()}\u00a0: {partner_words(each)}" for each in sheet.action.partners.all()
    ]
    return [
        field("pilots", "pilotes", lines(pilot_words(pilot) for pilot in sheet.pilots)),
        field("elected_contact", "élu·e référent·e", str(elected or "")),
        field("partners", "partenaires", lines(partners)),
    ]


def pilot_words(pilot) -> str:
    names = [str(pilot.organisation), *map(str, pilot.contacts.all())]
    return f"{capfirst(pilot.get_role_display())}\u00a0: {', '.join(names)}"


def step_words(step: Step) -> str:
    who = step.organisation.label if step.organisation else ""
    return ", ".join(part for part in (step.title, who, french.date_range(step.start_date, step.end_date)) if part)


def indicator_words(indicator: Indicator) -> str:
    """« Séances tenues (séances) : départ 0, cible 12 au 31 décembre 2025, source : CPAM »"""
    unit = f" ({indicator.unit})" if indicator.unit else ""
    target = figure(indicator.target, indicator.unit) or indicator.target_text
    until = f" au {french.long_date(indicator.target_date)}" if target and indicator.target_date else ""
    targets = [
        f"{figure(each.value, indicator.unit)} au {french.long_date(each.period_end)}"
        for each in indicator.targets.all()
    ]
    said = {
        "départ": figure(indicator.baseline, indicator.unit),
        "cible": target + until,
        "cibles": ", ".join(targets),
        "source": indicator.source,
        "recueil": indicator.collection,
    }
    told = "\u202f; ".join(f"{name} {value}" for name, value in said.items() if value)
    return f"{indicator.title}{unit}" + (f"\u00a0: {told}" if told else "")


def money(action: Action) -> list[str]:
    found = []
    for line in action.funding_lines.all():
        amounts = [
            f"{label.lower()} {french.euro(value)}"
            for name, label in STAGES
            if (value := getattr(line, name)) is not None
        ]
        found.append(", ".join([str(line.year), source_of(line), *amounts]))
    return found


def lines(items: Iterable[str]) -> str:
    return "\n".join(items)
