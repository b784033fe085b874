"""The avenants: they may move the end of the contract, and say so in its state."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from cls_portal.accounts.models import User
from cls_portal.core.deletion import delete_with_way_back
from cls_portal.core.history import save_as
from cls_portal.core.models import Deletion
from contracts.enums import STATES_IN_FORCE
from contracts.models import Amendment, Contract
from contracts.services.contracts import lock, set_fields, trash_of


@transaction.atomic
def create_amendment(
    *,
    contract: Contract,
    user: User | None,
    purpose: str,
    signed_on: date | None = None,
    number: int | None = None,
    **fields: Any,
) -> Amendment:
    """The next avenant, unless a number is given; once signed, its `new_end_date` extends the contract."""
    lock(contract)
    number = number or next_number(contract)
    amendment = Amendment(contract=contract, number=number, signed_on=signed_on, purpose=purpose, **fields)
    save_as(amendment, user=user, reason="Création")
    bring_state_to_amendments(contract=contract, user=user)
    return amendment


def next_number(contract: Contract) -> int:
    return (contract.amendments.aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def update_amendment(*, amendment: Amendment, user: User | None, **changes: Any) -> Amendment:
    save_as(set_fields(amendment, changes), user=user)
    bring_state_to_amendments(contract=amendment.contract, user=user)
    return amendment


@transaction.atomic
def delete_amendment(*, amendment: Amendment, user: User | None) -> Deletion:
    contract = amendment.contract
    deletion = delete_with_way_back(amendment, user=user, root=trash_of(contract.pk))
    bring_state_to_amendments(contract=contract, user=user)
    return deletion


def since_amendments(contract: Contract) -> date | None:
    """Extended since the first avenant that moved its end; else in force since its signature."""
    first = contract.amendments.moving_the_end().last()
    return first.signed_on if first else contract.signed_on or contract.start_date


@transaction.atomic
def bring_state_to_amendments(*, contract: Contract, user: User | None) -> None:
    """A contract in force with an avenant that moves its end is extended; without any, it is simply in force.

    The other states (being written, expired, closed…) are chosen by a person and left alone.
    """
    current = lock(contract)
    if current.state in STATES_IN_FORCE and current.state != current.state_in_force:
        current.state = current.state_in_force
        current.state_since = since_amendments(current)
        current.version += 1
        save_as(current, user=user, reason="Suit les avenants")
        contract.state, contract.state_since = current.state, current.state_since
        contract.version = current.version
