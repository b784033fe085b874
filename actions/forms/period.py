"""Between which evenings the plan is compared."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from actions.plan.periods import Period, period_until
from cls_portal.core.dates import today
from cls_portal.core.forms import PortalForm
from contracts.models import Contract, Meeting


def not_to_come(day: date) -> None:
    if day > today():
        raise ValidationError("Cette date est à venir\u00a0: choisissez aujourd’hui ou un jour passé.")


class PeriodForm(PortalForm):
    """Always bound: what the address does not say is filled in, so that the fields show what is compared."""

    du = forms.DateField(label="Depuis le soir du", required=False, validators=[not_to_come])
    au = forms.DateField(label="Jusqu’au soir du", required=False, validators=[not_to_come])

    def __init__(self, params: QueryDict, *, contract: Contract, meetings: list[Meeting]):
        self.meetings = meetings
        self.asked = params.get("reunion", "")
        self.chosen = next((meeting for meeting in meetings if str(meeting.pk) == self.asked), None)
        usual = period_until(contract, today(), meetings)
        start = self.chosen.day if self.chosen else usual.start
        super().__init__({"du": params.get("du") or start, "au": params.get("au") or usual.end})

    def clean(self) -> dict:
        cleaned = super().clean()
        if self.asked and not self.chosen:
            raise ValidationError("Ce comité n’est pas parmi ceux que le contrat a tenus\u00a0: choisissez une date.")
        start, end = cleaned.get("du"), cleaned.get("au")
        if start and end and start >= end:
            self.add_error("au", "La fin doit venir après le début.")
        return cleaned

    @property
    def period(self) -> Period:
        start, end = self.cleaned_data["du"], self.cleaned_data["au"]
        return Period(start, end, next((meeting for meeting in self.meetings if meeting.day == start), None))
