"""What is asked for each change of many fiches."""

from django import forms
from django.core.exceptions import ValidationError

from actions.enums import PROGRESS_STEPS, STATUSES_WITH_REASON, DraftingState, Status
from actions.services.bulk import AxisChange, Change, DatesChange, DraftingChange, PilotChange, StatusChange
from cls_portal.core.dates import today
from cls_portal.core.forms import PortalForm
from contracts.models import Axis, Contract, Objective, Organisation

SHIFT = {"label": "Décaler de (mois)", "required": False, "min_value": -60, "max_value": 60}
REASON = {"label": "Motif", "required": False, "max_length": 2000, "widget": forms.Textarea(attrs={"rows": 2})}
KEPT = "Gardé dans l’historique de chaque fiche."


class BulkForm(PortalForm):
    def __init__(self, *args, contract: Contract, **kwargs):
        super().__init__(*args, **kwargs)
        self.contract = contract

    def change(self) -> Change:
        raise NotImplementedError


class StatusBulkForm(BulkForm):
    """« Réorientée » is left out: each fiche has a successor of its own."""

    status = forms.ChoiceField(
        label="Nouveau statut",
        choices=[("", "—"), *(choice for choice in Status.choices if choice[0] != Status.REDIRECTED)],
    )
    on = forms.DateField(label="Date d’effet", initial=today)
    progress = forms.TypedChoiceField(
        label="Avancement",
        choices=[("", "inchangé"), *PROGRESS_STEPS],
        coerce=int,
        empty_value=None,
        required=False,
    )
    new_date = forms.DateField(label="Nouvelle échéance", required=False, help_text="La même pour toutes.")
    shift = forms.IntegerField(**SHIFT, help_text="Pour un report\u00a0: autant de mois de plus pour chacune.")
    reason = forms.CharField(**REASON, help_text=f"Demandé pour reporter, suspendre ou abandonner. {KEPT}")

    def clean(self) -> dict:
        cleaned = super().clean()
        status, day = cleaned.get("status"), cleaned.get("on")
        if status in STATUSES_WITH_REASON and not cleaned.get("reason", "").strip():
            self.add_error("reason", f"Dites pourquoi les fiches passent à «\u202f{Status(status).label}\u202f».")
        if day and day > today():
            self.add_error("on", "Un point de suivi raconte ce qui a eu lieu\u00a0: sa date ne peut pas être à venir.")
        if status == Status.POSTPONED and bool(cleaned.get("new_date")) == bool(cleaned.get("shift")):
            self.add_error("new_date", "Donnez une nouvelle échéance, ou un nombre de mois\u00a0: l’un des deux.")
        return cleaned

    def change(self) -> StatusChange:
        return StatusChange(**self.cleaned_data)


class DatesBulkForm(BulkForm):
    start = forms.DateField(label="Début", required=False)
    end = forms.DateField(label="Échéance", required=False)
    shift = forms.IntegerField(**SHIFT, help_text="Autant de mois de plus pour chacune\u202f; -3 pour avancer.")
    reason = forms.CharField(**REASON, help_text=KEPT)

    def clean(self) -> dict:
        cleaned = super().clean()
        start, end, shift = (cleaned.get(name) for name in ("start", "end", "shift"))
        if not self.errors and not (start or end or shift):
            raise ValidationError("Donnez un début, une échéance, ou un nombre de mois.")
        if end and shift:
            self.add_error("shift", "Donnez une échéance ou un nombre de mois, pas les deux.")
        if start and end and end < start:
            self.add_error("end", "L’échéance précède le début.")
        return cleaned

    def change(self) -> DatesChange:
        return DatesChange(**self.cleaned_data)


class PilotBulkForm(BulkForm):
    organisation = forms.ModelChoiceField(
        label="Nouveau pilote",
        queryset=Organisation.objects.none(),
        help_text="Les copilotes restent\u00a0; l’ancien pilote quitte la fiche.",
    )
    reason = forms.CharField(**REASON, help_text=KEPT)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(
            territory=self.contract.territory_id
        ).order_by("name")

    def change(self) -> PilotChange:
        return PilotChange(**self.cleaned_data)


class AxisBulkForm(BulkForm):
    axis = forms.ModelChoiceField(label="Axe", queryset=Axis.objects.none(), required=False)
    objective = forms.ModelChoiceField(
        label="Objectif", queryset=Objective.objects.none(), required=False, empty_label="—"
    )
    reason = forms.CharField(**REASON, help_text=KEPT)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["axis"].label = self.contract.axis_label.capitalize()
        self.fields["axis"].empty_label = self.contract.without_axis
        self.fields["axis"].queryset = Axis.objects.filter(contract=self.contract).order_by("position", "pk")
        self.fields["objective"].label = self.contract.objective_label.capitalize()
        self.fields["objective"].queryset = Objective.objects.filter(axis__contract=self.contract).order_by(
            "axis__position", "axis_id", "position", "pk"
        )

    def clean(self) -> dict:
        cleaned = super().clean()
        axis, objective = cleaned.get("axis"), cleaned.get("objective")
        if objective and objective.axis_id != (axis and axis.pk):
            self.add_error("objective", "L’un n’est pas sous l’autre\u00a0: choisissez-les ensemble.")
        return cleaned

    def change(self) -> AxisChange:
        return AxisChange(**self.cleaned_data)


class DraftingBulkForm(BulkForm):
    state = forms.ChoiceField(label="Rédaction", choices=[("", "—"), *DraftingState.choices])
    reason = forms.CharField(**REASON, help_text=KEPT)

    def change(self) -> DraftingChange:
        return DraftingChange(**self.cleaned_data)


# The deeds of the bar under the plan: title of the page, form.
DEEDS = {
    "statut": ("Changer le statut de plusieurs fiches", StatusBulkForm),
    "dates": ("Changer les dates de plusieurs fiches", DatesBulkForm),
    "pilote": ("Changer le pilote de plusieurs fiches", PilotBulkForm),
    "redaction": ("Changer la rédaction de plusieurs fiches", DraftingBulkForm),
    "axe": ("Déplacer plusieurs fiches", AxisBulkForm),
}
