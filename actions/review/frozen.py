"""A part of a round as it was frozen: the fiche, or the contract with its axes, in sections of named fields."""

from dataclasses import dataclass
from functools import cached_property

from actions.models import ReviewedPart
from actions.versions.compare import FieldChange, changed_fields
from actions.versions.reading import FrozenAxis, FrozenField, FrozenSection, frozen


@dataclass(frozen=True)
class FrozenPart:
    title: str
    sections: tuple[FrozenSection, ...]
    axis: FrozenAxis | None = None

    @property
    def fields(self) -> list[FrozenField]:
        return [field for section in self.sections for field in section.fields]

    def find(self, name: str) -> tuple[FrozenSection, FrozenField] | None:
        pairs = ((section, field) for section in self.sections for field in section.fields)
        return next(((section, field) for section, field in pairs if field.name == name), None)

    def changes_since(self, before: "FrozenPart | None") -> dict[str, FieldChange]:
        if before is None:
            return {}
        return {change.name: change for change in changed_fields(before.fields, self.fields)}


class Frozen:
    """The parts of one version; `None` stands for the contract."""

    def __init__(self, version):
        self.plan = frozen(version)

    @cached_property
    def fiches(self) -> dict[int, FrozenPart]:
        return {fiche.pk: FrozenPart(str(fiche), fiche.sections, fiche.axis) for fiche in self.plan.fiches}

    @cached_property
    def contract(self) -> FrozenPart | None:
        if not self.plan.is_whole:
            return None
        own = [FrozenSection("contrat", "Le contrat", self.plan.contract)]
        return FrozenPart("Le contrat", (*own, *map(axis_section, self.plan.axes)))

    def part(self, fiche: int | None) -> FrozenPart | None:
        return self.contract if fiche is None else self.fiches.get(fiche)


def axis_section(axis: FrozenAxis) -> FrozenSection:
    """The fields of an axis under names of their own: all the axes have the same ones."""
    fields = tuple(FrozenField(f"axis-{axis.pk}-{each.name}", each.label, each.value) for each in axis.fields)
    return FrozenSection(f"axe-{axis.pk}", str(axis), fields)


def frozen_part(part: ReviewedPart) -> FrozenPart:
    return Frozen(part.review.version).part(part.fiche)
