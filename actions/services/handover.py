"""Moving to a successor what somebody who leaves holds in a contract; what this person wrote stays theirs."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from actions.handover.ars import ars_holdings
from actions.handover.holdings import contacts_of, holdings_of
from actions.models import Action
from actions.services.review_notices import tell_asked, tell_handed_over
from cls_portal.accounts.models import User
from cls_portal.accounts.services import open_account
from cls_portal.core.dates import today
from cls_portal.core.history import save_as, sign
from cls_portal.core.versioning import save_if_current
from contracts.models import BodyMember, Contact, Contract, Membership
from contracts.services import lock
from contracts.services.bodies import add_member, end_mandate
from contracts.services.members import CONTRACT_ROLES, change_role, invite_member, withdraw_role

SAME_PERSON = "C’est la personne qui part\u00a0: indiquez l’adresse de celle qui lui succède."

OTHER_ORGANISATION = "{person} pilote déjà sur ce contrat des fiches pour {organisation} : changez d’abord ce rôle."


@transaction.atomic
def hand_over(*, contract: Contract, leaver: User, email: str, user: User, **identity: Any) -> User:
    """Roles, fiches where the person is named as pilot or élu, and seats go to the person at this address.

    Raises ValidationError. The account of the successor is opened if need be; a signature that was given stays in the
    name of who gave it, and a seat held in one's own name ends today.
    """
    lock(contract)
    successor = open_account(email=email, **identity)
    _refuse(successor, leaver)
    held = holdings_of(leaver, contract)
    reason = f"Passation de {leaver} à {successor}"
    heirs = Heirs(contract, leaver, successor, user)
    for pilot in held.pilots:
        sign(pilot, user=user, reason=reason)
        pilot.contacts.set([heirs.instead_of(contact) for contact in pilot.contacts.all()])
    for action in held.elected:
        _name_elected(action, heirs, user=user, reason=reason)
    for seat in held.seats:
        _give_seat(seat, heirs, user=user, reason=reason)
    for role in held.roles:
        _give_role(role, successor, user=user)
    return successor


class Heirs:
    """The contact of the successor that takes the place of each contact of the leaver, in the same organisation."""

    def __init__(self, contract: Contract, leaver: User, successor: User, user: User):
        self.successor, self.user = successor, user
        self.leaving = {contact.pk: contact for contact in contacts_of(leaver, contract)}
        self.present = {contact.organisation_id: contact for contact in contacts_of(successor, contract)}

    def instead_of(self, contact: Contact | None) -> Contact | None:
        if contact is None or contact.pk not in self.leaving:
            return contact
        if contact.organisation_id not in self.present:
            self.present[contact.organisation_id] = self._new(contact)
        return self.present[contact.organisation_id]

    def _new(self, contact: Contact) -> Contact:
        person = self.successor
        named = Contact(
            organisation=contact.organisation,
            first_name=person.first_name,
            last_name=person.last_name or person.email,
            job_title=person.job_title or contact.job_title,
            email=person.email,
            account=person,
        )
        return save_as(named, user=self.user, reason="Création")


def _name_elected(action: Action, heirs: Heirs, *, user: User, reason: str) -> None:
    action.elected_contact = heirs.instead_of(action.elected_contact)
    sign(action, user=user, reason=reason)
    save_if_current(action, read_version=action.version)


def _give_seat(seat: BodyMember, heirs: Heirs, *, user: User, reason: str) -> None:
    """An organisation keeps its seat and changes who speaks for it; a personal mandate ends and another begins."""
    if seat.person_id:
        heir, role = heirs.instead_of(seat.person), seat.role
        end_mandate(member=seat, ended_on=today(), user=user)
        add_member(body=seat.body, user=user, person=heir, role=role, started_on=today())
        return
    seat.representative, seat.deputy = heirs.instead_of(seat.representative), heirs.instead_of(seat.deputy)
    save_as(seat, user=user, reason=reason)


def _give_role(membership: Membership, successor: User, *, user: User) -> None:
    """Given before it is withdrawn: the contract is never without coordination. The wider of two roles is kept."""
    contract, role, organisation = membership.contract, membership.role, membership.organisation
    held = Membership.objects.filter(contract=contract, user=successor).first()
    if held is None:
        invite_member(contract=contract, user=user, email=successor.email, role=role, organisation=organisation)
    elif CONTRACT_ROLES.index(role) < CONTRACT_ROLES.index(held.role):
        change_role(membership=held, user=user, role=role, organisation=organisation or held.organisation)
    elif held.role == role and organisation and held.organisation_id != organisation.pk:
        raise ValidationError({"email": OTHER_ORGANISATION.format(person=successor, organisation=held.organisation)})
    withdraw_role(membership=membership, user=user)


@transaction.atomic
def hand_over_ars(*, membership: Membership, email: str, user: User, **identity: Any) -> User:
    """The role on the département or the région, the reviews in charge with the remarks that wait in them, and the
    opinions owed go to the person at this address. Raises ValidationError."""
    leaver = membership.user
    successor = open_account(email=email, **identity)
    _refuse(successor, leaver)
    held = ars_holdings(membership)
    reason = f"Passation de {leaver} à {successor}"
    scope = {"department": membership.department, "region": membership.region}
    if not Membership.objects.filter(user=successor, role=membership.role, **scope).exists():
        save_as(Membership(user=successor, role=membership.role, **scope), user=user, reason=reason)
    for each in held.reviews:
        each.review.referent = successor
        save_as(each.review, user=user, reason=reason)
        tell_handed_over(each.review, leaver, successor)
    for request in held.requests:
        request.expert = successor
        save_as(request, user=user, reason=reason)
        tell_asked(request, leaver)
    sign(membership, user=user, reason=reason)
    membership.delete()
    return successor


def _refuse(successor: User, leaver: User) -> None:
    if successor == leaver:
        raise ValidationError({"email": SAME_PERSON})
    if not successor.is_active:
        raise ValidationError({"email": "Ce compte est désactivé\u00a0: l’administration du portail peut le rouvrir."})
