"""What the deeds of one contract need at hand, filled as the story goes."""

from dataclasses import dataclass, field, replace
from random import Random

from actions.models import Action, Review
from cls_portal.accounts.models import User
from contracts.enums import TermKind
from contracts.models import (
    Axis,
    Contact,
    Contract,
    Decision,
    GoverningBody,
    Meeting,
    Objective,
    Organisation,
    ReferenceTerm,
    Territory,
)


@dataclass
class Stage:
    rng: Random
    users: dict[str, User]
    coordinator: User
    territory: Territory | None = None
    contract: Contract | None = None
    organisations: dict[str, Organisation] = field(default_factory=dict)
    existing: set[str] = field(default_factory=set)
    contacts: dict[str, list[Contact]] = field(default_factory=dict)
    axes: dict[str, Axis] = field(default_factory=dict)
    objectives: dict[str, Objective] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    bodies: dict[str, GoverningBody] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)
    decisions: dict[tuple[str, int], Decision] = field(default_factory=dict)
    to_postpone: list[str] = field(default_factory=list)
    review: Review | None = None
    previous: "Stage | None" = None
    _terms: dict[tuple[str, str], ReferenceTerm] = field(default_factory=dict)

    def term(self, kind: TermKind, label: str) -> ReferenceTerm:
        if not self._terms:
            common = ReferenceTerm.objects.filter(contract=None).order_by("pk")
            self._terms = {(term.kind, term.label): term for term in common}
        return self._terms[kind, label]

    def fresh(self, code: str) -> Action:
        """As stored now, since every point of follow-up changes the fiche behind our copy."""
        return Action.objects.select_related("contract").get(pk=self.actions[code].pk)

    def decisions_of(self, meeting: str) -> list[Decision]:
        return [decision for (key, _rank), decision in self.decisions.items() if key == meeting]

    def next_contract(self) -> "Stage":
        """The same people and organisations for another generation."""
        return replace(
            self,
            rng=Random(self.rng.random()),  # noqa: S311 — a story, not a secret
            contract=None,
            axes={},
            objectives={},
            actions={},
            bodies={},
            meetings={},
            decisions={},
            previous=self,
        )
