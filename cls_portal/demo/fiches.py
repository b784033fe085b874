"""A fiche as the working group wrote it: texts, terms, pilots, partners, steps, funding, indicators."""

from datetime import date
from typing import Any

from actions.enums import DraftingState, Origin, PartnerState, RenewalDecision, TermUsage
from actions.models import Action, ActionLink, ActionPartner, Indicator, Step
from actions.services.fiches import create_action, save_section, set_pilots, set_terms
from actions.services.renewal import Choice, decide_fiches
from cls_portal.core.history import bulk_create_as, save_as, sign
from cls_portal.demo.money import create_funding
from cls_portal.demo.stage import Stage
from contracts.enums import TermKind

USAGES = [
    ("themes", TermUsage.THEME, TermKind.THEME),
    ("audiences", TermUsage.AUDIENCE, TermKind.AUDIENCE),
    ("relays", TermUsage.RELAY_AUDIENCE, TermKind.AUDIENCE),
    ("settings", TermUsage.SETTING, TermKind.SETTING),
    ("determinants", TermUsage.DETERMINANT, TermKind.DETERMINANT),
    ("strategies", TermUsage.STRATEGY, TermKind.STRATEGY),
    ("schemes", TermUsage.RELATED_SCHEME, TermKind.RELATED_SCHEME),
]


def write_fiche(*, stage: Stage, data: dict[str, Any], drafting_state: str = DraftingState.PROPOSED) -> None:
    facts = {"title": data["title"]} | facts_of(stage, data, drafting_state)
    if "carried" in data:
        action = take_up(stage, data, facts)
    else:
        origin = data.get("origin", Origin.NEW)
        action = create_action(contract=stage.contract, user=stage.coordinator, origin=origin, **facts)
    stage.actions[data["code"]] = action
    for key, usage, kind in USAGES:
        terms = [stage.term(kind, label) for label in data.get(key, [])]
        if terms or "carried" in data:
            main = terms[0] if terms and usage == TermUsage.THEME else None
            set_terms(action=action, usage=usage, terms=terms, main=main, user=stage.coordinator)
    name_parties(stage, action, data)
    create_steps(stage, action, data)
    create_funding(stage, action, data)
    create_indicators(stage, action, data)


def take_up(stage: Stage, data: dict[str, Any], facts: dict[str, Any]) -> Action:
    """The fiche of the contract before, copied by the renewal, then rewritten by the working group."""
    decision = RenewalDecision.TRANSFORM if data.get("anew") else RenewalDecision.KEEP
    choice = Choice(stage.previous.fresh(data["carried"]), decision, axis=facts["axis"], code=facts["code"])
    [row] = decide_fiches(contract=stage.contract, user=stage.coordinator, choices=[choice])
    action = row.result
    for name, value in facts.items():
        setattr(action, name, value)
    save_section(action=action, read_version=action.version, user=stage.coordinator, reason="Réécriture")
    for rows in (action.partners, action.steps, action.indicators):
        for part in rows.all():
            sign(part, user=stage.coordinator, reason="Réécriture")
            part.delete()
    return action


def close_fiches(*, stage: Stage, reasons: dict[str, str]) -> None:
    """Those of the contract before that have no continuation, by number."""
    choices = [
        Choice(stage.previous.fresh(code), RenewalDecision.CLOSE, reason=reason) for code, reason in reasons.items()
    ]
    decide_fiches(contract=stage.contract, user=stage.coordinator, choices=choices)


def facts_of(stage: Stage, data: dict[str, Any], drafting_state: str) -> dict[str, Any]:
    end = first_deadline(stage, data)
    return {
        "code": data["code"],
        "axis": stage.axes[data["axis"]],
        "objective": stage.objectives.get(data.get("under", "")),
        "kind": data.get("kind", "thematique"),
        "priority": data.get("priority", ""),
        "entered_on": data.get("entered"),
        "drafting_state": drafting_state,
        "start_date": data.get("start"),
        "end_date": end,
        "is_recurring": data.get("recurring", False),
        "context": data.get("context", ""),
        "general_objective": data.get("objective", ""),
        "operational_objectives": "\n".join(data.get("operational", [])),
        "description": data.get("description", ""),
        "expected_results": expected_results(data),
        "evaluation_method": EVALUATION if data.get("indicators") else "",
        "regional_plan_link": data.get("regional_plan", ""),
    }


EVALUATION = "Les indicateurs sont relevés à la fin de chaque année et commentés en groupe de travail."


def first_deadline(stage: Stage, data: dict[str, Any]) -> date | None:
    """A fiche written before the signature ends with the contract at the latest, whatever an avenant moved later."""
    if data.get("incomplete"):
        return None
    return min(data.get("end", stage.contract.end_date), stage.contract.end_date)


def expected_results(data: dict[str, Any]) -> str:
    targets = [item for item in data.get("indicators", []) if "target" in item]
    return "\n".join(f"{item['title']}\u00a0: {item['target']}\u00a0{item['unit']}." for item in targets)


def name_parties(stage: Stage, action: Action, data: dict[str, Any]) -> None:
    """A partner written with a question mark is expected, the others have agreed."""
    if "pilot" in data:
        co_pilots = [stage.organisations[key] for key in data.get("co_pilots", [])]
        principal = stage.organisations[data["pilot"]]
        set_pilots(action=action, principal=principal, co_pilots=co_pilots, user=stage.coordinator)
        for pilot in action.pilots.select_related("organisation").order_by("position"):
            key = next(key for key, organisation in stage.organisations.items() if organisation == pilot.organisation)
            pilot.contacts.set(stage.contacts.get(key, [])[:1])
    for position, key in enumerate(data.get("partners", [])):
        state = PartnerState.EXPECTED if key.endswith("?") else PartnerState.AGREED
        organisation = stage.organisations[key.rstrip("?")]
        save_as(
            ActionPartner(action=action, organisation=organisation, state=state, position=position),
            user=stage.coordinator,
        )


def create_steps(stage: Stage, action: Action, data: dict[str, Any]) -> None:
    titles = data.get("steps", [])
    start, end = action.start_date, action.end_date
    steps = [
        Step(
            action=action,
            position=number,
            title=title,
            organisation=stage.organisations.get(data.get("pilot", "")),
            end_date=start + (end - start) * number / len(titles) if start and end else None,
        )
        for number, title in enumerate(titles, start=1)
    ]
    bulk_create_as(steps, user=stage.coordinator)


def create_indicators(stage: Stage, action: Action, data: dict[str, Any]) -> None:
    indicators = [
        Indicator(
            action=action,
            position=number,
            title=item["title"],
            kind=item.get("kind", "suivi"),
            unit=item.get("unit", ""),
            direction=item.get("direction", "hausse"),
            baseline=item.get("base"),
            baseline_date=action.start_date if "base" in item else None,
            target=item.get("target"),
            target_text=item.get("target_text", ""),
            target_date=action.end_date if "target" in item else None,
            source="Bilan de la structure pilote (donnée de démonstration)",
        )
        for number, item in enumerate(data.get("indicators", []), start=1)
    ]
    bulk_create_as(indicators, user=stage.coordinator)


def annex_fiches(*, stage: Stage) -> None:
    """On the day of the signature, the fiches written so far become the annex of the contract."""
    for code in stage.actions:
        action = stage.fresh(code)
        action.drafting_state = DraftingState.ANNEXED
        save_section(action=action, read_version=action.version, user=stage.coordinator)


def link_fiches(*, stage: Stage, pairs: list[list[str]]) -> None:
    for code, other in pairs:
        save_as(ActionLink(action=stage.actions[code], other=stage.actions[other]), user=stage.coordinator)
