"""The form that opens the next generation of a contract."""

from django import forms

from cls_portal.core.forms import PortalModelForm, SeveralField, dress
from contracts.models import Axis, Contract, GoverningBody
from contracts.services import AxisChoice

BLANK_AXES = 3


def tick(label: str, *, initial: bool) -> forms.BooleanField:
    """A box of a table, named by its column and its row."""
    widget = forms.CheckboxInput(attrs={"aria-label": label})
    return forms.BooleanField(label=label, required=False, initial=initial, widget=widget)


class RenewalForm(PortalModelForm):
    """What the next contract is and takes from the old one; its axes, a row for each old one, then blank ones.

    Row fields are named after the key of the old axis, or « new_0 » for a blank row.
    """

    perimeter = forms.BooleanField(label="Le périmètre d’aujourd’hui", required=False, initial=True)
    signatories = forms.BooleanField(label="Les signataires, sans date de signature", required=False, initial=True)
    objectives = forms.BooleanField(label="Les objectifs des axes gardés", required=False, initial=True)
    bodies = SeveralField(
        label="Instances à reprendre, avec leurs membres",
        queryset=GoverningBody.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Contract
        fields = ["title", "kind", "start_date", "end_date"]

    def __init__(self, *args, contract: Contract, **kwargs):
        super().__init__(*args, **kwargs)
        self.axes = list(contract.axes.all())
        self.fields["perimeter"].label += f" ({contract.perimeter.present().count()} communes)"
        self.fields["objectives"].label = f"Les objectifs, sous chaque {contract.axis_label} gardé"
        self.offer_bodies(contract)
        for key, axis in self.rows:
            self.add_row(key, axis, contract.axis_label)

    def offer_bodies(self, contract: Contract) -> None:
        field = self.fields["bodies"]
        field.queryset = contract.bodies.active()
        field.initial = [body.pk for body in field.queryset]
        field.label_from_instance = lambda body: body.heading
        if not field.initial:
            del self.fields["bodies"]

    @property
    def rows(self) -> list[tuple[str, Axis | None]]:
        return [(str(axis.pk), axis) for axis in self.axes] + [(f"new_{rank}", None) for rank in range(BLANK_AXES)]

    def add_row(self, key: str, axis: Axis | None, level: str) -> None:
        who = str(axis) if axis else f"{level} à ajouter {int(key.rpartition('_')[2]) + 1}"
        told = {name: getattr(axis, name) for name in ("code", "title", "is_transversal")} if axis else {}
        if axis:
            self.fields[f"keep_{key}"] = tick(f"Garder {who}", initial=True)
        self.fields[f"is_transversal_{key}"] = tick(f"Transversal, {who}", initial=told.get("is_transversal", False))
        for name, label in (("code", "Numéro"), ("title", "Intitulé")):
            field = Axis._meta.get_field(name).formfield(
                label=f"{label}, {who}", required=False, initial=told.get(name), help_text=""
            )
            dress(field)
            self.fields[f"{name}_{key}"] = field

    @property
    def frame_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.Meta.fields]

    @property
    def taken_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("perimeter", "signatories", "objectives", "bodies") if name in self.fields]

    @property
    def axis_rows(self) -> list[tuple]:
        names = ("code", "title", "is_transversal")
        return [
            (axis, self[f"keep_{key}"] if axis else None, *(self[f"{name}_{key}"] for name in names))
            for key, axis in self.rows
        ]

    def clean(self) -> dict:
        data = super().clean()
        for key, axis in self.rows:
            kept = data.get(f"keep_{key}") if axis else data.get(f"code_{key}")
            if kept and not data.get(f"title_{key}") and not self.has_error(f"title_{key}"):
                self.add_error(f"title_{key}", "Donnez un intitulé.")
        return data

    @property
    def axes_said(self) -> list[AxisChoice]:
        data = self.cleaned_data
        return [
            AxisChoice(
                title=data[f"title_{key}"],
                code=data[f"code_{key}"],
                is_transversal=data[f"is_transversal_{key}"],
                former=axis,
            )
            for key, axis in self.rows
            if (data[f"keep_{key}"] if axis else data[f"title_{key}"])
        ]
