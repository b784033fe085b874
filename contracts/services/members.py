"""Giving, changing and withdrawing the roles held on a contract."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction

from cls_portal.accounts.models import User
from cls_portal.accounts.services import open_account, reopen_account
from cls_portal.core.history import save_as, sign
from cls_portal.core.mail import send_mail
from contracts.enums import Role
from contracts.models import Contract, Membership, Organisation
from contracts.services.contracts import lock

# What a contract gives, the widest first. The référence ARS covers a département or a région, the lecture nationale
# all the contracts: the administration gives them.
CONTRACT_ROLES = (Role.COORDINATOR, Role.PILOT, Role.READER)


@transaction.atomic
def invite_member(
    *,
    contract: Contract,
    user: User | None,
    email: str,
    role: str,
    organisation: Organisation | None = None,
    **identity: Any,
) -> Membership:
    """Give the role to the person at this address, whose account is opened if need be, and write to them.

    Raises ValidationError, keyed by field.
    """
    lock(contract)
    person = open_account(email=email, **identity)
    membership = Membership(user=person, contract=contract, role=role, organisation=organisation)
    _save(membership, user=user, reason="Invitation")
    send_invitation(membership=membership, user=user)
    return membership


@transaction.atomic
def change_role(
    *, membership: Membership, user: User | None, role: str, organisation: Organisation | None = None
) -> Membership:
    """One change of roles at a time on a contract, so that two of them cannot leave it without coordination.

    Raises ValidationError: last coordination, pilotage without its organisation.
    """
    lock(membership.contract)
    if role != Role.COORDINATOR:
        _keep_a_coordinator(membership, user)
    membership.role, membership.organisation = role, organisation
    return _save(membership, user=user, reason="Changement de rôle")


@transaction.atomic
def withdraw_role(*, membership: Membership, user: User | None) -> None:
    """Holds at the person's next request. Raises ValidationError for the last coordination."""
    lock(membership.contract)
    _keep_a_coordinator(membership, user)
    sign(membership, user=user, reason="Retrait")
    membership.delete()


@transaction.atomic
def reactivate_member(*, membership: Membership, user: User | None) -> None:
    """Reopen the account of this person, and write to them; the journal of the contract tells who did."""
    reopen_account(membership.user)
    save_as(membership, user=user, reason="Compte réactivé")
    send_invitation(membership=membership, user=user)


def send_invitation(*, membership: Membership, user: User | None) -> bool:
    """Whether a mail goes: none to a disabled account, which could not sign in.

    The link opens the sign-in page and nothing else: the mail may be read by others, it gives no access.
    """
    if membership.user.is_active:
        context = {"membership": membership, "contract": membership.contract, "inviter": user}
        transaction.on_commit(lambda: send_mail("emails/contracts/invitation", membership.user.email, context))
    return membership.user.is_active


def _save(membership: Membership, *, user: User | None, reason: str) -> Membership:
    if membership.role not in CONTRACT_ROLES:
        raise ValidationError({"role": "Ce rôle ne se donne pas sur un contrat."})
    try:
        return save_as(membership, user=user, reason=reason)
    except ValidationError as error:
        errors = error.message_dict
        if NON_FIELD_ERRORS in errors:
            errors["role"] = errors.get("role", []) + errors.pop(NON_FIELD_ERRORS)
        raise ValidationError(errors) from error


def _keep_a_coordinator(membership: Membership, user: User | None) -> None:
    """The administration alone may leave a contract without coordination."""
    if membership.role != Role.COORDINATOR or (user and user.is_superuser):
        return
    others = Membership.objects.reaching(membership.contract).exclude(pk=membership.pk)
    if not others.filter(role=Role.COORDINATOR, user__is_active=True).exclude(user=membership.user_id).exists():
        raise ValidationError(
            "Ce contrat n’aurait plus de coordination. Donnez d’abord ce rôle à une autre personne, "
            "ou demandez à l’administration du portail."
        )
