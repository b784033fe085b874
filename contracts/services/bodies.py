"""The bodies of a contract and who sits in them."""

from datetime import date
from typing import Any

from django.db import transaction

from cls_portal.accounts.models import User
from cls_portal.core.deletion import delete_with_way_back
from cls_portal.core.history import save_as, sign
from cls_portal.core.models import Deletion
from cls_portal.core.ordering import Direction, last_position, move
from cls_portal.core.versioning import save_if_current
from contracts.models import BodyMember, Contract, GoverningBody
from contracts.services.contracts import lock, set_fields, trash_of
from contracts.services.meetings import cancel_awaited


@transaction.atomic
def create_body(*, contract: Contract, user: User | None, name: str, **fields: Any) -> GoverningBody:
    """A new body after the others."""
    lock(contract)
    position = last_position(contract.bodies.all()) + 1
    body = GoverningBody(contract=contract, name=name, **{"position": position} | fields)
    return save_as(body, user=user, reason="Création")


@transaction.atomic
def update_body(*, body: GoverningBody, read_version: int, user: User | None, **changes: Any) -> GoverningBody:
    """StaleVersionError when someone saved it since `read_version`."""
    lock(body.contract)
    set_fields(body, changes).full_clean()
    sign(body, user=user)
    save_if_current(body, read_version=read_version)
    return body


def move_body(*, body: GoverningBody, direction: Direction, user: User | None) -> bool:
    siblings = GoverningBody.objects.filter(contract=body.contract_id)
    return move(body, siblings=siblings, direction=direction, user=user)


@transaction.atomic
def delete_body(*, body: GoverningBody, user: User | None) -> Deletion:
    """With its members, its meetings and their papers; those convened learn first that they are not awaited."""
    cancel_awaited(body.meetings, user=user)
    return delete_with_way_back(body, user=user, root=trash_of(body.contract_id))


@transaction.atomic
def add_member(*, body: GoverningBody, user: User | None, **fields: Any) -> BodyMember:
    """A seat after the others, of an `organisation` or of a `person`; refused while the same seat is held."""
    lock(body.contract)
    position = last_position(body.members.all()) + 1
    return save_as(BodyMember(body=body, **{"position": position} | fields), user=user, reason="Création")


@transaction.atomic
def update_member(*, member: BodyMember, user: User | None, **changes: Any) -> BodyMember:
    lock(member.body.contract)
    return save_as(set_fields(member, changes), user=user)


@transaction.atomic
def end_mandate(*, member: BodyMember, ended_on: date, user: User | None) -> BodyMember:
    """The seat stays among the former ones: the meetings of that time still name it."""
    member.ended_on = ended_on
    return save_as(member, user=user, reason="Fin du mandat")


def delete_member(*, member: BodyMember, user: User | None) -> Deletion:
    return delete_with_way_back(member, user=user, root=trash_of(member.body.contract_id))
