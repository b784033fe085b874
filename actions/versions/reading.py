"""A frozen version as pages and prints read it; nothing here looks at what the plan has become."""

from collections.abc import Iterator
from dataclasses import dataclass

from actions.models import PlanVersion
from actions.versions.content import LISTS, digest_of, plan_content
from contracts.models import Contract

SHORT = 160


@dataclass(frozen=True)
class FrozenField:
    name: str
    label: str
    value: str

    @property
    def items(self) -> list[str]:
        """Of a field that holds one item per line; nothing for a text."""
        return self.value.split("\n") if self.name in LISTS and self.value else []

    @property
    def is_short(self) -> bool:
        return len(self.value) <= SHORT and "\n" not in self.value


@dataclass(frozen=True)
class FrozenSection:
    key: str
    title: str
    fields: tuple[FrozenField, ...]

    @property
    def filled(self) -> list[FrozenField]:
        return [each for each in self.fields if each.value]


@dataclass(frozen=True)
class FrozenAxis:
    pk: int | None
    code: str
    title: str
    color: int | None
    fields: tuple[FrozenField, ...] = ()

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()


@dataclass(frozen=True)
class FrozenFiche:
    pk: int
    code: str
    title: str
    axis: FrozenAxis | None
    sections: tuple[FrozenSection, ...]

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()

    @property
    def color(self) -> int | None:
        return self.axis.color if self.axis else None

    @property
    def fields(self) -> dict[str, FrozenField]:
        return {each.name: each for section in self.sections for each in section.fields}


class FrozenPlan:
    """`digest` is the one written the day the version was frozen; without one, the plan is that of today."""

    def __init__(self, content: dict, digest: str = ""):
        self.is_intact = digest_of(content) == digest
        self.head: dict = content["head"]
        self.is_whole = content["contract"] is not None
        self.contract = tuple(FrozenField(**each) for each in content["contract"] or ())
        self.axes = tuple(_axis(each) for each in content["axes"])
        self.fiches = tuple(_fiche(each) for each in content["fiches"])

    def fiche(self, pk: int) -> FrozenFiche | None:
        return next((fiche for fiche in self.fiches if fiche.pk == pk), None)

    @property
    def parts(self) -> Iterator[tuple[FrozenAxis | None, list[FrozenFiche]]]:
        """Each axis with its fiches, those without fiche included; then the fiches without axis."""
        known = {axis.pk: axis for axis in self.axes}
        for fiche in self.fiches:
            if fiche.axis:
                known.setdefault(fiche.axis.pk, fiche.axis)
        for pk, axis in known.items():
            yield axis, [fiche for fiche in self.fiches if fiche.axis and fiche.axis.pk == pk]
        if loose := [fiche for fiche in self.fiches if fiche.axis is None]:
            yield None, loose


def _axis(told: dict) -> FrozenAxis:
    fields = tuple(FrozenField(**each) for each in told.get("fields", ()))
    return FrozenAxis(told["id"], told["code"], told["title"], told["color"], fields)


def _fiche(told: dict) -> FrozenFiche:
    sections = (
        FrozenSection(each["key"], each["title"], tuple(FrozenField(**one) for one in each["fields"]))
        for each in told["sections"]
    )
    axis = _axis(told["axis"]) if told["axis"] else None
    return FrozenFiche(told["id"], told["code"], told["title"], axis, tuple(sections))


def frozen(version: PlanVersion) -> FrozenPlan:
    return FrozenPlan(version.content, version.digest)


def plan_of_today(contract: Contract, user) -> FrozenPlan:
    """The plan as it would be frozen now, to be compared with what was."""
    return FrozenPlan(plan_content(contract, user, {}))
