"""The levels above the fiches: axes and objectives. Their order is their position, never their code."""

from typing import Any

from django.db import transaction

from cls_portal.accounts.models import User
from cls_portal.core.deletion import delete_with_way_back
from cls_portal.core.history import save_as
from cls_portal.core.models import Deletion
from cls_portal.core.ordering import Direction, last_position, move
from contracts.models import Axis, Contract, Objective
from contracts.models.axis import AXIS_COLORS
from contracts.services.contracts import lock, set_fields, trash_of


@transaction.atomic
def create_axis(*, contract: Contract, user: User | None, title: str, **fields: Any) -> Axis:
    """A new axis after the others; its colour is the next one unless it is given."""
    lock(contract)
    position = last_position(contract.axes.all()) + 1
    axis = Axis(contract=contract, title=title, **{"position": position, "color": next_color(contract)} | fields)
    return save_as(axis, user=user, reason="Création")


def next_color(contract: Contract) -> int:
    return contract.axes.count() % len(AXIS_COLORS) + 1


@transaction.atomic
def update_axis(*, axis: Axis, user: User | None, **changes: Any) -> Axis:
    return save_as(set_fields(axis, changes), user=user)


def move_axis(*, axis: Axis, direction: Direction, user: User | None) -> bool:
    return move(axis, siblings=Axis.objects.filter(contract=axis.contract_id), direction=direction, user=user)


def delete_axis(*, axis: Axis, user: User | None) -> Deletion:
    """Its objectives go with it; its fiches stay, without axis."""
    return delete_with_way_back(axis, user=user, root=trash_of(axis.contract_id))


@transaction.atomic
def create_objective(
    *, axis: Axis, user: User | None, title: str, parent: Objective | None = None, **fields: Any
) -> Objective:
    """A new objective after its siblings, directly below the axis or below another objective."""
    lock(axis.contract)
    position = last_position(Objective.objects.filter(axis=axis, parent=parent)) + 1
    objective = Objective(axis=axis, parent=parent, title=title, **{"position": position} | fields)
    return save_as(objective, user=user, reason="Création")


@transaction.atomic
def update_objective(*, objective: Objective, user: User | None, **changes: Any) -> Objective:
    return save_as(set_fields(objective, changes), user=user)


def move_objective(*, objective: Objective, direction: Direction, user: User | None) -> bool:
    siblings = Objective.objects.filter(axis=objective.axis_id, parent=objective.parent_id)
    return move(objective, siblings=siblings, direction=direction, user=user)


def delete_objective(*, objective: Objective, user: User | None) -> Deletion:
    return delete_with_way_back(objective, user=user, root=trash_of(objective.axis.contract_id))
