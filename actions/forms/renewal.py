"""What becomes of each fiche of the earlier contract: a row each, and one choice for those that are ticked."""

from django import forms
from django.utils.text import Truncator

from actions.enums import RenewalDecision
from actions.models import Action, RenewalChoice
from actions.models.renewal import NO_REASON
from actions.services.renewal import Choice
from cls_portal.core.forms import PortalForm, dress
from contracts.models import Contract

DECISIONS = [("", "à décider"), *RenewalDecision.choices]
# The same short list of axes stands in every row.
AXIS_WORDS = 40


class RenewalForm(PortalForm):
    """`former` are the fiches left to decide. A row without a choice of its own takes the common one when ticked."""

    common = forms.ChoiceField(label="Pour les fiches cochées", choices=DECISIONS, required=False)
    common_reason = forms.CharField(label="Motif commun, pour clore", max_length=2000, required=False)

    def __init__(self, data=None, *, contract: Contract, former: list[Action]):
        super().__init__(data)
        self.former = former
        axes = list(contract.axes.all())
        self.axes = {str(axis.pk): axis for axis in axes}
        self.carried = {axis.carried_from_id: axis.pk for axis in axes if axis.carried_from_id}
        words = [(key, Truncator(str(axis)).chars(AXIS_WORDS)) for key, axis in self.axes.items()]
        for action in former:
            self.add_row(action, [("", f"sans {contract.axis_label}"), *words], contract.axis_label)

    def add_row(self, action: Action, axes: list[tuple[str, str]], level: str) -> None:
        who, code = action.code or action.title, Action._meta.get_field("code")
        reason = RenewalChoice._meta.get_field("reason")
        fields = {
            "tick": forms.BooleanField(required=False),
            "decision": forms.ChoiceField(choices=DECISIONS, required=False),
            "axis": forms.ChoiceField(choices=axes, required=False, initial=self.carried.get(action.axis_id, "")),
            "code": forms.CharField(max_length=code.max_length, required=False, initial=action.code),
            "reason": forms.CharField(max_length=reason.max_length, required=False),
        }
        labels = {
            "tick": "Cocher",
            "decision": "Choix",
            "axis": level.capitalize(),
            "code": "Numéro",
            "reason": "Motif",
        }
        for name, field in fields.items():
            field.label = f"{labels[name]}, {who}"
            field.widget.attrs["aria-label"] = field.label
            dress(field)
            self.fields[f"{name}_{action.pk}"] = field

    @property
    def rows(self) -> list[tuple]:
        names = ("tick", "decision", "axis", "code", "reason")
        return [(action, *(self[f"{name}_{action.pk}"] for name in names)) for action in self.former]

    def said(self, action: Action) -> dict:
        names = ("tick", "decision", "axis", "code", "reason")
        said = {name: self.cleaned_data.get(f"{name}_{action.pk}") for name in names}
        if said["tick"] and not said["decision"]:
            said["decision"] = self.cleaned_data.get("common", "")
            said["reason"] = said["reason"] or self.cleaned_data.get("common_reason", "")
        return said

    def clean(self) -> dict:
        data = super().clean()
        for action in self.former:
            said = self.said(action)
            if said["decision"] == RenewalDecision.CLOSE and not said["reason"]:
                name = f"reason_{action.pk}"
                if not self.has_error(name):
                    self.add_error(name, NO_REASON)
        return data

    @property
    def choices(self) -> list[Choice]:
        found = [(action, self.said(action)) for action in self.former]
        return [
            Choice(
                former=action,
                decision=RenewalDecision(said["decision"]),
                axis=self.axes.get(said["axis"]),
                code=said["code"],
                reason=said["reason"] if said["decision"] == RenewalDecision.CLOSE else "",
            )
            for action, said in found
            if said["decision"]
        ]
