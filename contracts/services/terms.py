"""The terms that a contract adds to the reference lists."""

from typing import Any

from django.db import transaction

from cls_portal.accounts.models import User
from cls_portal.core.deletion import delete_with_way_back
from cls_portal.core.history import save_as
from cls_portal.core.models import Deletion
from cls_portal.core.ordering import last_position
from contracts.enums import TermKind
from contracts.models import Contract, ReferenceTerm
from contracts.services.contracts import lock, set_fields, trash_of


@transaction.atomic
def create_term(*, contract: Contract, user: User | None, kind: TermKind, label: str) -> ReferenceTerm:
    """A term of the contract, after the common ones."""
    lock(contract)
    position = last_position(ReferenceTerm.objects.available_in(contract).filter(kind=kind)) + 1
    term = ReferenceTerm(contract=contract, kind=kind, label=label, position=position)
    return save_as(term, user=user, reason="Création")


@transaction.atomic
def update_term(*, term: ReferenceTerm, user: User | None, **changes: Any) -> ReferenceTerm:
    return save_as(set_fields(term, changes), user=user)


def term_in(contract: Contract, term: ReferenceTerm, *, user: User | None) -> ReferenceTerm:
    """The same term for another contract: one of its lists, or one that is added to them."""
    if term.contract_id in (None, contract.pk):
        return term
    available = ReferenceTerm.objects.available_in(contract).filter(kind=term.kind, label__iexact=term.label)
    return available.first() or create_term(contract=contract, user=user, kind=term.kind, label=term.label)


def delete_term(*, term: ReferenceTerm, user: User | None) -> Deletion:
    return delete_with_way_back(term, user=user, root=trash_of(term.contract_id))
