from datetime import date
from decimal import Decimal
from itertools import count

from actions.enums import Occasion, PilotRole, RenewalDecision
from actions.models import Action, ActionPilot, Indicator, Measurement, PlanVersion, RenewalChoice
from actions.services.versions import freeze
from contracts.models import Contract
from tests.factories.contracts import make_contract
from tests.factories.people import make_user

_numbers = count(1)


def make_action(contract: Contract | None = None, *, pilot=None, **fields) -> Action:
    """A fiche with its title and its place; `pilot` is the organisation that leads it."""
    number = next(_numbers)
    if contract is None:
        contract = fields["axis"].contract if fields.get("axis") else make_contract()
    action = Action.objects.create(
        contract=contract, **{"title": f"Fiche {number}", "code": str(number), "position": number} | fields
    )
    if pilot:
        ActionPilot.objects.create(action=action, organisation=pilot, role=PilotRole.PRINCIPAL)
    return action


def make_indicator(action: Action | None = None, **fields) -> Indicator:
    return Indicator.objects.create(
        action=action or make_action(), **{"title": f"Indicateur {next(_numbers)}", "unit": "personnes"} | fields
    )


def make_measurement(indicator: Indicator | None = None, **fields) -> Measurement:
    defaults = {"date": date(2024, 12, 31), "value": Decimal("12")}
    return Measurement.objects.create(indicator=indicator or make_indicator(), **defaults | fields)


def make_version(contract: Contract | None = None, **fields) -> PlanVersion:
    """The plan of the contract as it is, frozen by the administration."""
    fields = {"occasion": Occasion.SUBMISSION, "user": make_user(is_superuser=True)} | fields
    return freeze(contract=contract or make_contract(), **fields)


def make_renewal_choice(contract: Contract | None = None, former: Action | None = None, **fields) -> RenewalChoice:
    """A fiche of an earlier generation of the territory, closed unless a decision is given."""
    contract = contract or make_contract(generation=2)
    if former is None:
        earlier = make_contract(territory=contract.territory, kind="accord_cadre", generation=1)
        former = make_action(earlier)
    facts = {"decision": RenewalDecision.CLOSE, "reason": "Objectif atteint."} | fields
    return RenewalChoice.objects.create(contract=contract, former=former, **facts)
