"""What the fiches of a workbook point to: found again by its key, or created once, signed with the import's reason."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max

from actions.models import ActionPilot
from actions.workbook.catalogue import Ref
from actions.workbook.line import Line
from cls_portal.accounts.models import User
from cls_portal.core.history import save_as, sign
from contracts.models import Axis, Contact, Contract, Objective, Organisation, ReferenceTerm
from contracts.models.axis import AXIS_COLORS

# Values that are not fields of the fiche itself.
APART = {"pilots", "contacts", "partners", "communes", "funding", "steps", "indicators", "news", "main_theme"}


class ImportRefusedError(Exception):
    """Nothing was written; the message says which line stopped everything."""


def sentence_of(line: Line, error: ValidationError) -> str:
    return f"Feuille «\u202f{line.sheet.name}\u202f», ligne {line.number}\u00a0: {' '.join(error.messages)}"


class References:
    def __init__(self, contract: Contract, user: User | None, reason: str) -> None:
        self.contract, self.user, self.reason = contract, user, reason
        self.made: dict[Ref, Any] = {}
        self.counts: dict[str, int] = {}
        self.axis_place = contract.axes.aggregate(last=Max("position"))["last"] or 0
        self.colours = contract.axes.count()

    def make(self, ref: Ref) -> None:
        if ref in self.made:
            return
        makers: dict[str, Callable[[Ref], Any]] = {
            "axis": self._make_axis,
            "objective": self._make_objective,
            "organisation": lambda ref: Organisation(territory=self.contract.territory, name=ref.label),
            "contact": self._make_contact,
            "term": lambda ref: ReferenceTerm(contract=self.contract, kind=ref.extra[0], label=ref.label),
        }
        made = makers[ref.kind](ref)
        try:
            self.made[ref] = save_as(made, user=self.user, reason=self.reason)
        except ValidationError as error:
            raise ImportRefusedError(
                f"«\u202f{ref.label}\u202f» ne peut pas être créé\u00a0: {' '.join(error.messages)}"
            ) from error
        self.counts[ref.kind] = self.counts.get(ref.kind, 0) + 1

    def _make_axis(self, ref: Ref) -> Axis:
        self.axis_place += 1
        self.colours += 1
        color = (self.colours - 1) % len(AXIS_COLORS) + 1
        return Axis(contract=self.contract, title=ref.label, code=ref.extra[0], position=self.axis_place, color=color)

    def _make_objective(self, ref: Ref) -> Objective:
        code, axis_ref = ref.extra
        axis = self.get(axis_ref, Axis)
        place = (axis.objectives.aggregate(last=Max("position"))["last"] or 0) + 1
        return Objective(axis=axis, title=ref.label, code=code, position=place)

    def _make_contact(self, ref: Ref) -> Contact:
        person, organisation = ref.extra
        return Contact(
            organisation=self.get(organisation, Organisation),
            first_name=person.first_name,
            last_name=person.last_name,
            email=person.email,
            phone=person.phone,
        )

    def get(self, ref: Ref, model: type) -> Any:
        if ref not in self.made:
            self.made[ref] = model.objects.get(pk=ref.pk)
        return self.made[ref]

    def key(self, ref: Ref) -> Any:
        return ref.pk if ref.pk is not None else self.made[ref].pk

    def fields(self, values: dict[str, Any]) -> dict[str, Any]:
        fields = {}
        for key, value in values.items():
            if key in ("start", "end"):
                fields[f"{key}_date"] = value.day if value else None
                if value:
                    fields[f"{key}_precision"] = value.precision
            elif key in ("axis", "objective"):
                fields[f"{key}_id"] = self.key(value) if value else None
            elif key == "elected":
                fields["elected_contact_id"] = self.key(value) if value else None
            elif key not in APART and not key.startswith("term:"):
                fields[key] = value
        return fields

    def give_contacts(self, pilots: list[ActionPilot], refs: Iterable[Ref]) -> None:
        """Each person goes with the pilot of their organisation, otherwise with the principal one."""
        contacts = [self.get(ref, Contact) for ref in refs]
        own = {pilot.organisation_id: pilot for pilot in pilots}
        for pilot in pilots:
            sign(pilot, user=self.user, reason=self.reason)
            pilot.contacts.set([c for c in contacts if own.get(c.organisation_id, pilots[0]) == pilot])
