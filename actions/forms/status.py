"""The small form that changes a status and a progress; the rules are those of the service."""

from django import forms

from actions.enums import PROGRESS_STEPS, STATUSES_WITH_REASON, Status
from actions.models import Action
from cls_portal.core.forms import PortalForm


def drop_what_is_not_asked(cleaned: dict) -> dict:
    """The fields that the chosen status does not ask for are hidden: what they hold from before goes."""
    status = cleaned.get("status")
    if status not in STATUSES_WITH_REASON:
        cleaned["reason"] = ""
    if status != Status.POSTPONED:
        cleaned["new_date"] = None
    if status != Status.REDIRECTED:
        cleaned["successor"] = None
    return cleaned


class StatusForm(PortalForm):
    """The fields that the chosen status does not ask for are ignored: the page hides them."""

    status = forms.ChoiceField(label="Statut", choices=Status.choices)
    progress = forms.TypedChoiceField(label="Avancement", choices=PROGRESS_STEPS, coerce=int)
    reason = forms.CharField(
        label="Motif",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Demandé pour une fiche reportée, suspendue, abandonnée ou réorientée.",
    )
    new_date = forms.DateField(
        label="Nouvelle échéance", required=False, help_text="Demandée pour une fiche reportée."
    )
    successor = forms.ModelChoiceField(
        label="Fiche qui prend la suite",
        queryset=Action.objects.none(),
        required=False,
        empty_label="—",
        help_text="Demandée pour une fiche réorientée.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    back = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)

    def __init__(self, *args, action: Action, **kwargs):
        super().__init__(*args, prefix=f"s{action.pk}", **kwargs)
        self.action = action
        self.fields["status"].widget.attrs["autofocus"] = True
        others = Action.objects.filter(contract=action.contract).in_plan().exclude(pk=action.pk)
        self.fields["successor"].queryset = others.only("code", "title", "position").order_by("position", "pk")

    def clean(self) -> dict:
        return drop_what_is_not_asked(super().clean())

    def change(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("status", "progress", "reason", "new_date", "successor")}
