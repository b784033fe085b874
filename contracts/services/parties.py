"""The organisations of a territory, their contacts, and the signatories of a contract."""

from typing import Any

from django.db import transaction

from cls_portal.accounts.models import User
from cls_portal.core.deletion import delete_with_way_back
from cls_portal.core.history import save_as
from cls_portal.core.models import Deletion
from cls_portal.core.ordering import Direction, last_position, move
from contracts.models import Contact, Contract, Organisation, Signatory, Territory
from contracts.services.contracts import lock, set_fields, trash_of


@transaction.atomic
def create_organisation(*, territory: Territory, user: User | None, name: str, **fields: Any) -> Organisation:
    return save_as(Organisation(territory=territory, name=name, **fields), user=user, reason="Création")


@transaction.atomic
def update_organisation(*, organisation: Organisation, user: User | None, **changes: Any) -> Organisation:
    return save_as(set_fields(organisation, changes), user=user)


@transaction.atomic
def create_contact(*, organisation: Organisation, user: User | None, last_name: str, **fields: Any) -> Contact:
    return save_as(Contact(organisation=organisation, last_name=last_name, **fields), user=user, reason="Création")


@transaction.atomic
def update_contact(*, contact: Contact, user: User | None, **changes: Any) -> Contact:
    return save_as(set_fields(contact, changes), user=user)


@transaction.atomic
def create_signatory(*, contract: Contract, organisation: Organisation, user: User | None, **fields: Any) -> Signatory:
    """A new signatory after the others."""
    lock(contract)
    position = last_position(contract.signatories.all()) + 1
    signatory = Signatory(contract=contract, organisation=organisation, **{"position": position} | fields)
    return save_as(signatory, user=user, reason="Création")


@transaction.atomic
def update_signatory(*, signatory: Signatory, user: User | None, **changes: Any) -> Signatory:
    return save_as(set_fields(signatory, changes), user=user)


def move_signatory(*, signatory: Signatory, direction: Direction, user: User | None) -> bool:
    siblings = Signatory.objects.filter(contract=signatory.contract_id)
    return move(signatory, siblings=siblings, direction=direction, user=user)


def delete_signatory(*, signatory: Signatory, user: User | None) -> Deletion:
    return delete_with_way_back(signatory, user=user, root=trash_of(signatory.contract_id))
