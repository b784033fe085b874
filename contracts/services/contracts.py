"""Opening a contract and changing its facts; `services/closing.py` deletes it."""

from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.text import slugify

from cls_portal.accounts.models import User
from cls_portal.core.dates import today
from cls_portal.core.history import save_as, sign
from cls_portal.core.versioning import save_if_current
from contracts.enums import STATES_IN_FORCE, STATES_OVER
from contracts.models import Contract, Department, Territory

SLUG_LENGTH = 100
# Addresses of pages that stand beside the contracts.
RESERVED_SLUGS = {"nouveau", "suppressions"}
M = TypeVar("M", bound=models.Model)


@transaction.atomic
def create_territory(*, user: User | None, name: str, department: Department, **fields: Any) -> Territory:
    """Raises ValidationError, also when the name is taken."""
    return save_as(Territory(name=name, department=department, **fields), user=user, reason="Création")


@transaction.atomic
def create_contract(*, user: User | None, territory: Territory, title: str, **fields: Any) -> Contract:
    """A contract whose address is made from its title, for good: links to it do not break when it is renamed."""
    contract = Contract(territory=territory, title=title, **fields)
    contract.state_since = contract.state_since or first_day(contract)
    contract.slug = free_slug(title)
    return save_as(contract, user=user, reason="Création")


def first_day(contract: Contract) -> date | None:
    """Since when a contract recorded at this stage has been there, as far as its own dates tell."""
    if contract.state in STATES_OVER:
        return contract.end_date
    if contract.state in STATES_IN_FORCE:
        return contract.signed_on or contract.start_date
    return today()


def free_slug(title: str) -> str:
    base = slugify(title)[: SLUG_LENGTH - 4].strip("-") or "contrat"
    taken = set(Contract.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = [base, *(f"{base}-{number}" for number in range(2, 1000))]
    slug = next((slug for slug in candidates if slug not in taken | RESERVED_SLUGS), None)
    if slug is None:
        raise ValidationError({"title": "Trop de contrats portent déjà cet intitulé\u00a0: précisez-le."})
    return slug


@transaction.atomic
def update_contract(
    *, contract: Contract, read_version: int, user: User | None, reason: str = "", **changes: Any
) -> Contract:
    """Save the facts changed on `contract`; StaleVersionError when someone saved it since `read_version`."""
    if changes.get("state", contract.state) != contract.state:
        changes.setdefault("state_since", today())
    set_fields(contract, changes)
    contract.full_clean()
    sign(contract, user=user, reason=reason)
    save_if_current(contract, read_version=read_version)
    return contract


def lock(contract: Contract) -> Contract:
    """Hold the contract until the end of the transaction: those who add to its lists do so one after the other."""
    return Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)


def set_fields(obj: M, changes: dict[str, Any]) -> M:
    for name, value in changes.items():
        setattr(obj, name, value)
    return obj


def trash_of(contract_id: int) -> str:
    """What groups the deletions of a contract on its page « Suppressions »."""
    return f"contract:{contract_id}"
