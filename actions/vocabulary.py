"""What the filters of a plan offer: only what its fiches use, each list read when something asks for it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Model, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.functional import cached_property

from actions.enums import PilotRole
from actions.models import ActionPartner, ActionPilot, ActionTerm, FundingLine
from cls_portal.core.search import fold
from contracts.models import Axis, Contract

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class AxisHead:
    pk: int
    code: str
    title: str
    color: int


def label(code: str, title: str) -> str:
    return f"{code} {title}".strip()


class Vocabulary:
    def __init__(self, contract: Contract):
        self.contract = contract

    @cached_property
    def _levels(self) -> tuple[list[AxisHead], Choices]:
        """The axes, those without objective included, and the objectives of each, in one join."""
        rows = Axis.objects.filter(contract=self.contract).order_by(
            "position", "pk", "objectives__position", "objectives__pk"
        )
        heads, objectives = [], []
        for pk, code, title, color, objective, objective_code, objective_title in rows.values_list(
            *("pk", "code", "title", "color", "objectives__pk", "objectives__code", "objectives__title")
        ):
            if not heads or heads[-1].pk != pk:
                heads.append(AxisHead(pk, code, title, color))
            if objective:
                objectives.append((str(objective), label(objective_code, objective_title)))
        return heads, objectives

    @property
    def heads(self) -> list[AxisHead]:
        return self._levels[0]

    @property
    def objectives(self) -> Choices:
        return self._levels[1]

    @property
    def axes(self) -> Choices:
        return [(str(head.pk), label(head.code, head.title)) for head in self.heads]

    @cached_property
    def pilots_by_action(self) -> dict[int, list[tuple[int, str]]]:
        """(organisation, name), the principal first."""
        rows = ActionPilot.objects.filter(action__contract=self.contract).order_by("position", "pk")
        pilots: dict[int, list] = defaultdict(list)
        for action, organisation, name, short_name, role in rows.values_list(
            *("action_id", "organisation_id", "organisation__name", "organisation__short_name", "role")
        ):
            place = 0 if role == PilotRole.PRINCIPAL else len(pilots[action])
            pilots[action].insert(place, (organisation, short_name or name))
        return pilots

    @property
    def pilots(self) -> Choices:
        return by_name((str(pk), name) for pilots in self.pilots_by_action.values() for pk, name in pilots)

    @property
    def partners(self) -> Choices:
        return self._parties["partner"]

    @property
    def funders(self) -> Choices:
        return self._parties["funder"]

    @cached_property
    def _parties(self) -> dict[str, Choices]:
        """Who takes part and who funds, in one union."""
        partners = self._named(ActionPartner, "organisation", "partner")
        rows = list(partners.union(self._named(FundingLine, "funder", "funder")))
        return {
            role: by_name((str(pk), name) for of_role, pk, name in rows if of_role == role)
            for role in ("partner", "funder")
        }

    def _named(self, model: type[Model], path: str, role: str) -> QuerySet:
        name = Coalesce(NullIf(f"{path}__short_name", Value("")), F(f"{path}__name"))
        rows = model._default_manager.filter(action__contract=self.contract, **{f"{path}__isnull": False}).order_by()
        return rows.annotate(of_role=Value(role), shown=name).values_list("of_role", f"{path}_id", "shown")

    def terms(self, usage: str) -> Choices:
        return self._terms[usage]

    @cached_property
    def _terms(self) -> dict[str, Choices]:
        used = ActionTerm.objects.filter(action__contract=self.contract).order_by()
        terms: dict[str, Choices] = defaultdict(list)
        rows = used.values_list("usage", "term_id", "term__label").distinct()
        for usage, pk, text in sorted(rows, key=lambda row: fold(row[2])):
            terms[usage].append((str(pk), text))
        return terms


def by_name(choices: Iterable[tuple[str, str]]) -> Choices:
    return sorted(set(choices), key=lambda choice: fold(choice[1]))
