"""Writing the fiches: creating them, saving a section, setting their pilots, terms and order."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from actions.enums import Occasion, PilotRole, TermUsage
from actions.models import Action, ActionPilot, ActionTerm, PlanVersion
from cls_portal.core.dates import today
from cls_portal.core.history import save_as, sign
from cls_portal.core.ordering import last_position
from cls_portal.core.versioning import save_if_current
from contracts.models import Contract, Organisation, ReferenceTerm
from contracts.services import lock

REWRITTEN = ("context", "general_objective", "specific_objectives", "operational_objectives", "description")


@transaction.atomic
def create_action(*, contract: Contract, user, title: str, **fields: Any) -> Action:
    """A new fiche at the end of the plan; raises ValidationError."""
    lock(contract)
    if "entered_on" not in fields and is_signed_here(contract):
        fields["entered_on"] = today()
    position = last_position(contract.actions.all()) + 1
    return save_as(Action(contract=contract, title=title, position=position, **fields), user=user, reason="Création")


def is_signed_here(contract: Contract) -> bool:
    """Its signed plan is frozen: what comes after was not in it."""
    return PlanVersion.objects.filter(contract=contract, occasion=Occasion.SIGNATURE).exists()


@transaction.atomic
def save_section(*, action: Action, read_version: int, user, reason: str = "") -> Action:
    """Save the fields changed on `action` unless someone saved it since `read_version`: StaleVersionError."""
    action.full_clean()
    action.to_rewrite = action.to_rewrite and not is_rewritten(action)
    sign(action, user=user, reason=reason)
    save_if_current(action, read_version=read_version)
    return action


def is_rewritten(action: Action) -> bool:
    """What it is, why and how: one of these texts is no longer the one that was taken again."""
    stored = Action.objects.filter(pk=action.pk).values(*REWRITTEN).get()
    return any(getattr(action, name) != text for name, text in stored.items())


@transaction.atomic
def set_terms(
    *,
    action: Action,
    usage: TermUsage,
    terms: Iterable[ReferenceTerm],
    user,
    main: ReferenceTerm | None = None,
    reason: str = "",
) -> None:
    """Make `terms` the terms of this usage, touching only the rows that change."""
    wanted = {term.pk: term for term in terms}
    if main:
        wanted[main.pk] = main
    for link in action.action_terms.filter(usage=usage):
        term = wanted.pop(link.term_id, None)
        if term is None:
            sign(link, user=user, reason=reason)
            link.delete()
        elif link.is_main and term != main:
            link.is_main = False
            save_as(link, user=user, reason=reason)
    for term in wanted.values():
        save_as(ActionTerm(action=action, usage=usage, term=term), user=user, reason=reason)
    if main:
        link = action.action_terms.get(usage=usage, term=main)
        if not link.is_main:
            link.is_main = True
            save_as(link, user=user, reason=reason)


@transaction.atomic
def set_pilots(
    *,
    action: Action,
    user,
    principal: Organisation | None,
    co_pilots: Iterable[Organisation] = (),
    reason: str = "",
) -> None:
    """Make these organisations lead the fiche, in this order; the persons named for those that stay are kept."""
    wanted = [(principal, PilotRole.PRINCIPAL)] if principal else []
    wanted += [(organisation, PilotRole.CO_PILOT) for organisation in co_pilots if organisation != principal]
    present = {pilot.organisation_id: pilot for pilot in action.pilots.all()}
    kept = {organisation.pk for organisation, _role in wanted}
    for pilot in present.values():
        if pilot.organisation_id not in kept:
            sign(pilot, user=user, reason=reason)
            pilot.delete()
        elif pilot.role == PilotRole.PRINCIPAL and (not principal or pilot.organisation_id != principal.pk):
            pilot.role = PilotRole.CO_PILOT
            save_as(pilot, user=user, reason=reason)
    for position, (organisation, role) in enumerate(wanted):
        pilot = present.get(organisation.pk) or ActionPilot(action=action, organisation=organisation)
        if pilot.pk and (pilot.role, pilot.position) == (role, position):
            continue
        pilot.role, pilot.position = role, position
        save_as(pilot, user=user, reason=reason)
