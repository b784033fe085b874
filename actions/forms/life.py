"""What a passage asks: its day and a word about it; the signature also asks the dates of the contract."""

from django import forms

from actions.forms.period import not_to_come
from cls_portal.core.dates import today
from cls_portal.core.forms import PortalForm
from contracts.enums import ContractState
from contracts.models import Amendment, Contract

DAY_LABELS = {
    ContractState.IN_FORCE: "Date de signature",
    ContractState.EXPIRED: "Échu le",
    ContractState.RENEWED: "Renouvelé le",
    ContractState.CLOSED: "Clos le",
}
NOTE = 2000


class PassageForm(PortalForm):
    day = forms.DateField(label="Date du passage", validators=[not_to_come])
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=NOTE,
        widget=forms.Textarea,
        help_text="Délibération, comité, décision… Elle se lit dans la vie du contrat.",
    )

    def __init__(self, data=None, *, contract: Contract, state: ContractState):
        super().__init__(data, initial=self.initial_of(contract))
        self.fields["day"].label = DAY_LABELS.get(state, "Date du passage")

    def initial_of(self, contract: Contract) -> dict:
        return {"day": today()}


class SignatureForm(PassageForm):
    start = forms.DateField(label="Début du contrat")
    end = forms.DateField(label="Fin du contrat")
    all_signed = forms.BooleanField(label="Tous les signataires nommés ont signé ce jour-là", required=False)

    field_order = ["day", "start", "end", "all_signed", "note"]

    def initial_of(self, contract: Contract) -> dict:
        signed = contract.signed_on or today()
        return {
            "day": signed,
            "start": contract.start_date or signed,
            "end": contract.end_date,
            "all_signed": not contract.signatories.exclude(signed_on=None).exists(),
        }

    def clean(self) -> dict:
        cleaned = super().clean()
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", "La fin précède le début.")
        return cleaned


class ReturnForm(PortalForm):
    reason = forms.CharField(
        label="Motif", max_length=NOTE, widget=forms.Textarea, help_text="Il reste dans la vie du contrat."
    )


class AmendmentSignatureForm(PortalForm):
    signed_on = forms.DateField(label="Date de signature de l’avenant", validators=[not_to_come])

    def __init__(self, data=None, *, amendment: Amendment):
        super().__init__(data, initial={"signed_on": amendment.signed_on})
