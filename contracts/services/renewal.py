"""The next generation of a contract: opened from the last one, whose frame is taken again in one gesture."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from cls_portal.accounts.models import User
from cls_portal.core.history import save_as, sign
from cls_portal.core.versioning import save_if_current
from contracts.enums import ContractState, Role
from contracts.models import (
    Axis,
    BodyMember,
    Contract,
    GoverningBody,
    Membership,
    Objective,
    PerimeterCommune,
    Signatory,
)
from contracts.models.axis import AXIS_COLORS
from contracts.permissions import ALREADY_RENEWED
from contracts.services.axes import create_axis
from contracts.services.contracts import create_contract, lock
from contracts.services.terms import term_in

REASON = "Renouvellement"
KEPT_FACTS = (
    *("axis_label", "objective_label", "sub_objective_label", "silent_after_months"),
    *("population", "population_year"),
)


@dataclass(frozen=True)
class AxisChoice:
    """An axis of the next contract; `former` is the one that it takes up, None for a new one."""

    title: str
    code: str = ""
    is_transversal: bool = False
    former: Axis | None = None


@transaction.atomic
def renew_contract(
    *,
    contract: Contract,
    user: User | None,
    title: str,
    axes: Iterable[AxisChoice] = (),
    bodies: Iterable[GoverningBody] = (),
    perimeter: bool = True,
    signatories: bool = True,
    objectives: bool = True,
    **facts: Any,
) -> Contract:
    """A contract being drafted, of the next generation. Of the old one, only the flag changes. Raises ValidationError.

    The old contract is held meanwhile: two persons who renew it at the same moment open one next generation.
    """
    former = lock(contract)
    if Contract.objects.later_than(former).exists():
        raise ValidationError(ALREADY_RENEWED)
    kept = {name: getattr(former, name) for name in KEPT_FACTS}
    following = create_contract(
        user=user,
        territory=former.territory,
        title=title,
        generation=former.generation + 1,
        state=ContractState.DRAFTING,
        **kept | facts,
    )
    carried = {}
    for choice, color in coloured(list(axes)):
        copy = carry_axis(following, choice, color, user)
        if choice.former:
            carried[choice.former.pk] = copy
        if choice.former and objectives:
            carry_objectives(choice.former, copy, user)
    if perimeter:
        carry_perimeter(former, following, user)
    if signatories:
        carry_signatories(former, following, user)
    for body in bodies:
        carry_body(body, following, carried.get(body.axis_id), user)
    carry_coordination(former, following, user)
    say_in_renewal(former, user)
    return following


def coloured(axes: list[AxisChoice]) -> list[tuple[AxisChoice, int]]:
    """An axis that is taken up keeps its colour; the new ones take those that are left, then begin again."""
    kept = {choice.former.color for choice in axes if choice.former}
    numbers = [number for number, _label in AXIS_COLORS]
    left = cycle([number for number in numbers if number not in kept] or numbers)
    return [(choice, choice.former.color if choice.former else next(left)) for choice in axes]


def carry_axis(following: Contract, choice: AxisChoice, color: int, user: User | None) -> Axis:
    facts = {"title": choice.title, "code": choice.code, "is_transversal": choice.is_transversal, "color": color}
    if choice.former:
        facts |= {"carried_from": choice.former, "description": choice.former.description}
    return create_axis(contract=following, user=user, **facts)


def carry_objectives(axis: Axis, copy: Axis, user: User | None) -> None:
    """Both levels, those directly below the axis first."""
    below: dict[int | None, Objective | None] = {None: None}
    for objective in sorted(axis.objectives.all(), key=lambda row: row.parent_id is not None):
        facts = {name: getattr(objective, name) for name in ("code", "title", "position")}
        new = Objective(axis=copy, parent=below[objective.parent_id], **facts)
        below[objective.pk] = save_as(new, user=user, reason=REASON)


def carry_perimeter(former: Contract, following: Contract, user: User | None) -> None:
    for link in former.perimeter.present().select_related("commune"):
        save_as(PerimeterCommune(contract=following, commune=link.commune), user=user, reason=REASON)


def carry_signatories(former: Contract, following: Contract, user: User | None) -> None:
    """They have not signed yet, whatever brought them into the old contract."""
    for signatory in former.signatories.select_related("organisation", "representative"):
        names = ("organisation", "capacity", "representative", "commitments", "position")
        facts = {name: getattr(signatory, name) for name in names}
        save_as(Signatory(contract=following, **facts), user=user, reason=REASON)


def carry_body(body: GoverningBody, following: Contract, axis: Axis | None, user: User | None) -> None:
    """With the seats of today, whose mandates begin anew; its meetings and decisions stay where they were held."""
    names = ("kind", "name", "rhythm", "mission", "shared_with", "shared_name", "position")
    theme = term_in(following, body.theme, user=user) if body.theme else None
    facts = {name: getattr(body, name) for name in names}
    copy = GoverningBody(contract=following, axis=axis, theme=theme, **facts)
    save_as(copy, user=user, reason=REASON)
    for seat in body.members.present().select_related("organisation", "representative", "deputy", "person"):
        names = ("organisation", "representative", "deputy", "person", "role", "position")
        facts = {name: getattr(seat, name) for name in names}
        save_as(BodyMember(body=copy, **facts), user=user, reason=REASON)


def carry_coordination(former: Contract, following: Contract, user: User | None) -> None:
    """Who coordinates the old contract alone; the coordination of the territory reaches the next one already."""
    held = former.memberships.filter(role=Role.COORDINATOR, user__is_active=True).select_related("user")
    for membership in held:
        copy = Membership(
            user=membership.user, role=Role.COORDINATOR, contract=following, organisation=membership.organisation
        )
        save_as(copy, user=user, reason=REASON)


def say_in_renewal(contract: Contract, user: User | None) -> None:
    if not contract.in_renewal:
        contract.in_renewal = True
        sign(contract, user=user, reason="Renouvellement en préparation")
        save_if_current(contract, read_version=contract.version)
