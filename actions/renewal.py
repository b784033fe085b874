"""What the fiches of a generation become in the next one: the page that decides it, and the chain on a fiche."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, QuerySet

from actions.enums import RenewalDecision
from actions.models import Action, RenewalChoice
from cls_portal.core.french import count_noun
from contracts.models import Contract

SAID = {
    RenewalDecision.KEEP: ("reconduite", "reconduites"),
    RenewalDecision.TRANSFORM: ("à transformer", "à transformer"),
    RenewalDecision.CLOSE: ("close", "closes"),
}
BY_HAND = ("reprise à la main", "reprises à la main")


@dataclass(frozen=True)
class Outcome:
    """What was decided for a fiche. Without choice, a fiche of the contract was said by hand to carry it on."""

    former: Action
    choice: RenewalChoice | None
    result: Action | None

    @property
    def kind(self) -> str:
        return self.choice.decision if self.choice else ""

    @property
    def words(self) -> str:
        return self.choice.get_decision_display() if self.choice else "reprise à la main"


class Renewal:
    """Read as `user` may: without role on the earlier contract, there is nothing to take from it."""

    def __init__(self, contract: Contract, user):
        self.contract, self.user = contract, user
        self.former = former_contract(contract, user)

    @cached_property
    def fiches(self) -> list[Action]:
        """Those of the earlier plan, in its order: the archived ones had left it."""
        if self.former is None:
            return []
        rows = Action.objects.visible_to(self.user).filter(contract=self.former).in_plan()
        rows = rows.with_alerts(self.former).select_related("axis").defer("context", "description")
        found = list(rows.in_plan_order())
        for former in found:
            former.contract = self.former
        return found

    @cached_property
    def choices(self) -> dict[int, RenewalChoice]:
        rows = RenewalChoice.objects.filter(contract=self.contract).with_undo()
        return {row.former_id: row for row in rows.select_related("result__axis", "decided_by")}

    @cached_property
    def by_hand(self) -> dict[int, Action]:
        rows = self.contract.actions.exclude(carried_from=None).select_related("axis").order_by("-position", "-pk")
        return {row.carried_from_id: row for row in rows}

    @cached_property
    def outcomes(self) -> list[Outcome]:
        found = []
        for former in self.fiches:
            choice = self.choices.get(former.pk)
            result = choice.result if choice else self.by_hand.get(former.pk)
            if choice or result:
                found.append(Outcome(former, choice, result))
        return found

    @cached_property
    def undecided(self) -> list[Action]:
        settled = {outcome.former.pk for outcome in self.outcomes}
        return [former for former in self.fiches if former.pk not in settled]

    @property
    def sentence(self) -> str:
        """« 12 fiches décidées sur 29 : 8 reconduites, 2 à transformer, 2 closes »"""
        counts = Counter(outcome.kind for outcome in self.outcomes)
        words = [
            f"{counts[kind]} {forms[counts[kind] > 1]}"
            for kind, forms in (SAID | {"": BY_HAND}).items()
            if counts[kind]
        ]
        head = f"{count_noun(len(self.outcomes), 'fiche décidée', 'fiches décidées')} sur {len(self.fiches)}"
        return f"{head}\u00a0: {', '.join(words)}." if words else f"{head}."


def former_contract(contract: Contract, user) -> Contract | None:
    return Contract.objects.visible_to(user).earlier_than(contract).first()


def fiches_left(contract: Contract, user) -> int:
    """How many fiches of the generation before wait for a decision, while the contract is being written."""
    former = former_contract(contract, user) if contract.is_before_signature else None
    if former is None:
        return 0
    left: QuerySet[Action] = former.actions.in_plan()
    left = left.exclude(renewal_choices__contract=contract).exclude(carried_to__contract=contract)
    return left.count()


@dataclass(frozen=True)
class Chain:
    """Where a fiche comes from and what became of it, as far as `user` reads the contracts in question.

    The reason why it stops is its own: it is told to all who read it, the other contract named or not.
    """

    former: Action | None
    later: list[Action]
    stops: list[tuple[RenewalChoice, Contract | None]]

    def __bool__(self) -> bool:
        return bool(self.former or self.later or self.stops)


def with_continuation(actions: QuerySet[Action]) -> QuerySet[Action]:
    """Annotates `is_continued`: something was decided of it, or written, in a later contract."""
    later = Exists(Action.objects.filter(carried_from=OuterRef("pk")))
    return actions.annotate(is_continued=later | Exists(RenewalChoice.objects.filter(former=OuterRef("pk"))))


def chain_of(action: Action, user) -> Chain:
    """Of a fiche that comes from `with_continuation()`: most have none, which costs nothing."""
    seen = Action.objects.visible_to(user).select_related("contract")
    former = seen.filter(pk=action.carried_from_id).first() if action.carried_from_id else None
    if not action.is_continued:
        return Chain(former, [], [])
    later = list(seen.filter(carried_from=action).order_by("contract__generation", "pk"))
    closing = RenewalChoice.objects.filter(former=action, decision=RenewalDecision.CLOSE).select_related("contract")
    choices = list(closing.order_by("contract__generation"))
    readable = Contract.objects.visible_to(user).in_bulk([each.contract_id for each in choices]) if choices else {}
    return Chain(former, later, [(each, readable.get(each.contract_id)) for each in choices])
