"""All the parts of one organisation in a contract: what it signed, where it sits, what it leads, pays and owes."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property

from actions.enums import PartnerState, PilotRole
from actions.fiche.money import STAGES, add
from actions.governance import by_urgency, decisions_of
from actions.models import Action, ActionPartner, ActionPilot, FundingLine, Step
from contracts.enums import DecisionState
from contracts.models import BodyMember, Contract, Decision, Organisation, Signatory


@dataclass(frozen=True)
class Part:
    """A fiche, and what the organisation does in it."""

    action: Action
    detail: str = ""


@dataclass(frozen=True)
class PartGroup:
    """`url` leads to the same fiches in the plan, when the plan has such a filter."""

    label: str
    url: str
    parts: list[Part]


@dataclass(frozen=True)
class MoneyLine:
    """`amounts` by stage."""

    action: Action
    amounts: dict[str, Decimal | None]


class OrganisationParts:
    def __init__(self, organisation: Organisation, contract: Contract, user):
        self.organisation, self.contract, self.user = organisation, contract, user

    @cached_property
    def signature(self) -> Signatory | None:
        mine = self.organisation.signatures.filter(contract=self.contract)
        return mine.select_related("representative", "amendment").first()

    @cached_property
    def seats(self) -> list[BodyMember]:
        """Its own and those of its contacts in their own name; the mandates that run first."""
        mine = Q(organisation=self.organisation) | Q(person__organisation=self.organisation)
        rows = BodyMember.objects.visible_to(self.user).filter(mine, body__contract=self.contract)
        related = ("body__contract", "organisation", "person", "representative", "deputy")
        rows = rows.select_related(*related).order_by("body__position", "body", "position", "pk")
        return sorted(rows, key=lambda seat: seat.is_former)

    @property
    def current_seats(self) -> list[BodyMember]:
        return [seat for seat in self.seats if not seat.is_former]

    # Fiches

    def _rows(self, model, **mine) -> QuerySet:
        return model.objects.visible_to(self.user).filter(action__contract=self.contract, **mine)

    @cached_property
    def _pilots(self) -> list[ActionPilot]:
        return list(self._rows(ActionPilot, organisation=self.organisation))

    @cached_property
    def _partners(self) -> list[ActionPartner]:
        return list(self._rows(ActionPartner, organisation=self.organisation))

    @cached_property
    def _steps(self) -> list[Step]:
        return list(self._rows(Step, organisation=self.organisation))

    @cached_property
    def _funding(self) -> list[FundingLine]:
        return list(self._rows(FundingLine, funder=self.organisation))

    @cached_property
    def _actions(self) -> dict[int, Action]:
        """Those of the plan, in its order; the archived ones have left it."""
        links = [*self._pilots, *self._partners, *self._steps, *self._funding]
        rows = Action.objects.visible_to(self.user).filter(pk__in={link.action_id for link in links})
        rows = rows.in_plan().with_lateness().select_related("axis").in_plan_order()
        return {action.pk: action for action in rows.defer("context", "description")}

    @cached_property
    def groups(self) -> list[PartGroup]:
        pilots = ((link, "copilote" if link.role == PilotRole.CO_PILOT else "") for link in self._pilots)
        groups = [
            PartGroup("Pilote ou copilote", self.led_url, self._parts(pilots)),
            PartGroup("Partenaire", self._plan(partenaire=self.organisation.pk), self._parts(_said(self._partners))),
            PartGroup("Responsable d’étapes", "", self._parts((step, step.title) for step in self._steps)),
        ]
        return [group for group in groups if group.parts]

    def _parts(self, links: Iterable[tuple]) -> list[Part]:
        details: dict[int, list[str]] = {}
        for link, detail in links:
            details.setdefault(link.action_id, []).append(detail)
        return [Part(self._actions[pk], "\u202f; ".join(details[pk])) for pk in self._actions if pk in details]

    def _plan(self, **query) -> str:
        return f"{reverse('actions:plan', args=[self.contract.slug])}?{urlencode(query)}"

    @property
    def led_count(self) -> int:
        return sum(link.action_id in self._actions for link in self._pilots)

    @property
    def led_url(self) -> str:
        return self._plan(pilote=self.organisation.pk)

    # Money

    @property
    def stages(self) -> list[str]:
        return [label for _name, label in STAGES]

    @cached_property
    def money(self) -> list[MoneyLine]:
        """One line per fiche, all years together; what is not known stays empty."""
        found = []
        for action in self._actions.values():
            lines = [line for line in self._funding if line.action_id == action.pk]
            amounts = {label: add(getattr(line, name) for line in lines) for name, label in STAGES}
            found += [MoneyLine(action, amounts)] if lines else []
        return found

    @property
    def money_total(self) -> dict[str, Decimal | None]:
        return {label: add(line.amounts[label] for line in self.money) for label in self.stages}

    @property
    def money_said(self) -> tuple[Decimal, str] | None:
        """The furthest stage that is known: what was granted, else what was asked, else what was planned."""
        total = self.money_total
        known = ((total[label], label.lower()) for label in ("Obtenu", "Demandé", "Prévu"))
        return next(((amount, label) for amount, label in known if amount is not None), None)

    @property
    def money_url(self) -> str:
        return self._plan(financeur=self.organisation.pk)

    # Decisions

    @cached_property
    def decisions(self) -> list[Decision]:
        """All that the person may read, open or settled."""
        return list(by_urgency(decisions_of(self.contract, self.user).filter(owner=self.organisation)))

    @property
    def open_decisions(self) -> list[Decision]:
        return [decision for decision in self.decisions if decision.state == DecisionState.OPEN]

    @property
    def late_count(self) -> int:
        return sum(decision.is_late for decision in self.decisions)

    @property
    def decisions_url(self) -> str:
        return f"{reverse('actions:decisions', args=[self.contract.slug])}?responsable={self.organisation.pk}"


def _said(partners: Iterable[ActionPartner]) -> Iterable[tuple[ActionPartner, str]]:
    """« opérateur, pressenti »: an agreement is what one expects, and is not said."""
    for link in partners:
        expected = link.get_state_display() if link.state == PartnerState.EXPECTED else ""
        yield link, ", ".join(word for word in (link.get_role_display(), expected) if word)
