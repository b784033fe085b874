"""Two versions field by field: what an avenant changes, what was corrected since a remark."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from actions.versions.reading import FrozenAxis, FrozenFiche, FrozenField, FrozenPlan
from cls_portal.core.conflicts import differences
from cls_portal.core.french import count_noun


@dataclass(frozen=True)
class FieldChange:
    name: str
    label: str
    before: str
    after: str

    @property
    def before_pieces(self) -> list[tuple[str, bool]]:
        return differences(self.after, self.before)

    @property
    def after_pieces(self) -> list[tuple[str, bool]]:
        return differences(self.before, self.after)


@dataclass(frozen=True)
class FicheChange:
    fiche: FrozenFiche
    changes: list[FieldChange]


@dataclass
class PlanChange:
    contract: list[FieldChange] = field(default_factory=list)
    axes: list[tuple[FrozenAxis, list[FieldChange]]] = field(default_factory=list)
    added: list[FrozenFiche] = field(default_factory=list)
    amended: list[FicheChange] = field(default_factory=list)
    dropped: list[FrozenFiche] = field(default_factory=list)
    unchanged: int = 0

    @property
    def summary(self) -> str:
        """« 2 fiches ajoutées, 1 fiche modifiée, 53 fiches inchangées. »"""
        counts = {
            "fiche ajoutée": len(self.added),
            "fiche modifiée": len(self.amended),
            "fiche retirée": len(self.dropped),
            "fiche inchangée": self.unchanged,
        }
        said = ", ".join(count_noun(count, noun) for noun, count in counts.items() if count)
        return f"{said}." if said else "Aucune fiche."

    def __bool__(self) -> bool:
        return bool(self.contract or self.axes or self.added or self.amended or self.dropped)


def compare(before: FrozenPlan, after: FrozenPlan) -> PlanChange:
    """Fiches are recognised by their identity, never by their code or title. Between the whole contract and part of a
    plan, only the fiches of both are compared: what the part leaves aside has not been dropped."""
    found = PlanChange()
    both_whole = before.is_whole and after.is_whole
    known = {fiche.pk: fiche for fiche in before.fiches}
    for fiche in after.fiches:
        if fiche.pk not in known:
            found.added.append(fiche)
        elif changes := changed_fields(known[fiche.pk].fields.values(), fiche.fields.values()):
            found.amended.append(FicheChange(fiche, changes))
        else:
            found.unchanged += 1
    if both_whole:
        kept = {fiche.pk for fiche in after.fiches}
        found.dropped = [fiche for fiche in before.fiches if fiche.pk not in kept]
        found.contract = changed_fields(before.contract, after.contract)
        found.axes = changed_axes(before, after)
    return found


def changed_axes(before: FrozenPlan, after: FrozenPlan) -> list[tuple[FrozenAxis, list[FieldChange]]]:
    old, new = ({axis.pk: axis for axis in plan.axes} for plan in (before, after))
    pairs = [(old.get(pk), new.get(pk)) for pk in {**new, **old}]
    found = [(now or then, changed_fields(axis_fields(then), axis_fields(now))) for then, now in pairs]
    return [(axis, changes) for axis, changes in found if changes]


def axis_fields(axis: FrozenAxis | None) -> list[FrozenField]:
    return [FrozenField("title", "Intitulé", str(axis)), *axis.fields] if axis else []


def changed_fields(before: Iterable[FrozenField], after: Iterable[FrozenField]) -> list[FieldChange]:
    """In the order of the later version, then those that it no longer has; an empty field is like none."""
    old, new = {each.name: each for each in before}, {each.name: each for each in after}
    found = []
    for name, each in {**old, **new}.items():
        then, now = (fields[name].value if name in fields else "" for fields in (old, new))
        if then != now:
            found.append(FieldChange(name, each.label, then, now))
    return found
