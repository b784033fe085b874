"""What a person holds in a contract, and what goes to a successor."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from actions.models import Action, ActionPilot
from contracts.models import BodyMember, Contact, Contract, Membership


@dataclass
class Holdings:
    """Roles held on the contract itself: those of a wider scope are given and moved by the administration."""

    roles: list[Membership]
    pilots: list[ActionPilot]
    elected: list[Action]
    seats: list[BodyMember]

    def __bool__(self) -> bool:
        return bool(self.roles or self.pilots or self.elected or self.seats)


def holdings_of(person, contract: Contract) -> Holdings:
    contacts = contacts_of(person, contract)
    fiches = Action.objects.filter(contract=contract)
    return Holdings(
        roles=list(Membership.objects.filter(contract=contract, user=person).select_related("organisation", "user")),
        pilots=list(
            ActionPilot.objects.filter(action__contract=contract, contacts__in=contacts)
            .select_related("action__axis", "organisation")
            .distinct()
            .order_by("action__position", "pk")
        ),
        elected=list(fiches.filter(elected_contact__in=contacts).select_related("axis").in_plan_order()),
        seats=list(seats_of(contacts, contract).select_related("body", "organisation")),
    )


def contacts_of(person, contract: Contract) -> QuerySet[Contact]:
    """The person in the directory of the territory: by the account, or by the same address."""
    known = Contact.objects.filter(organisation__territory=contract.territory_id)
    return known.filter(Q(account=person) | Q(account=None, email__iexact=person.email))


def seats_of(contacts: QuerySet[Contact], contract: Contract) -> QuerySet[BodyMember]:
    mine = Q(representative__in=contacts) | Q(deputy__in=contacts) | Q(person__in=contacts)
    return BodyMember.objects.present().filter(mine, body__contract=contract).order_by("body__position", "pk")
