"""Who may do what on a fiche action. Outside one's scope, the views answer 404 before these are asked."""

from actions.models import Action, OpinionRequest
from cls_portal.core.permissions import ALLOWED, Permission, denied
from contracts.enums import Role
from contracts.models import Contract
from contracts.permissions import can_edit_contract, held_on, roles_on


def can_edit_plan(user, contract: Contract) -> Permission:
    """Create, import, move, edit in bulk: coordination."""
    if can_edit_contract(user, contract):
        return ALLOWED
    return denied("Seule la coordination du contrat peut modifier le plan d’actions.")


def can_edit_action(user, action: Action) -> Permission:
    """Coordination; the pilots give news, they do not rewrite the fiche."""
    if can_edit_contract(user, action.contract):
        return ALLOWED
    return denied("Seule la coordination du contrat peut modifier cette fiche.")


def organisations_led_by(user, contract: Contract) -> frozenset[int]:
    """The organisations for which this person gives news of the fiches they lead."""
    held = held_on(user, contract)
    return frozenset(organisation for role, organisation in held if role == Role.PILOT and organisation)


def can_give_news(user, action: Action) -> Permission:
    """Coordination, and those who act for an organisation that leads or co-leads the fiche."""
    if can_edit_contract(user, action.contract):
        return ALLOWED
    if Role.PILOT not in roles_on(user, action.contract):
        return denied("Seules la coordination et les structures pilotes donnent des nouvelles d’une fiche.")
    led = organisations_led_by(user, action.contract)
    if any(pilot.organisation_id in led for pilot in action.pilots.all()):
        return ALLOWED
    return denied("Votre structure ne pilote pas cette fiche\u00a0: elle ne peut pas en donner des nouvelles.")


def can_submit_review(user, contract: Contract) -> Permission:
    """Submit to the ARS, withdraw, answer the remarks: coordination."""
    if can_edit_contract(user, contract):
        return ALLOWED
    return denied("Seule la coordination du contrat le soumet à l’ARS et répond à ses remarques.")


def can_review(user, contract: Contract) -> Permission:
    """Remark, ask opinions, give the avis: the ARS alone, which the administration does not stand in for."""
    if Role.ARS_REFERENT in roles_on(user, contract):
        return ALLOWED
    return denied("Seule l’agence régionale de santé instruit ce contrat et rend un avis.")


def can_answer_opinion(user, request: OpinionRequest) -> Permission:
    """The colleague who was asked."""
    if request.expert_id == user.pk and can_review(user, request.review.contract):
        return ALLOWED
    return denied("Cet avis a été demandé à une autre personne.")
