"""The forms of a meeting."""

from datetime import datetime

from django import forms
from django.utils import timezone

from cls_portal.core.forms import PortalForm
from contracts.forms.contract import ContractPartForm
from contracts.models import GoverningBody, Meeting

TIMES = ("day", "start_time", "end_time")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


class MeetingForm(ContractPartForm):
    """When it takes place is asked as people say it: a day, and hours of Paris."""

    day = forms.DateField(label="Date")
    start_time = forms.TimeField(label="De", widget=TimeInput)
    end_time = forms.TimeField(label="À", required=False, widget=TimeInput)
    video_url = forms.URLField(
        label="Lien de la visioconférence", required=False, max_length=500, assume_scheme="https"
    )

    class Meta:
        model = Meeting
        fields = ["number", "place", "video_url"]

    field_order = ["number", *TIMES, "place", "video_url"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.starts_at:
            start, end = (moment and timezone.localtime(moment) for moment in self.moments)
            self.initial |= {"day": start.date(), "start_time": start.time(), "end_time": end and end.time()}

    @property
    def moments(self) -> tuple[datetime, datetime | None]:
        return self.instance.starts_at, self.instance.ends_at

    def clean(self) -> dict:
        data = super().clean()
        day, start, end = (data.get(name) for name in TIMES)
        if day and start:
            self.instance.starts_at = timezone.make_aware(datetime.combine(day, start))
            self.instance.ends_at = timezone.make_aware(datetime.combine(day, end)) if end else None
        if start and end and end <= start:
            self.add_error("end_time", "La fin précède le début.")
        return data


class NewMeetingForm(MeetingForm):
    class Meta(MeetingForm.Meta):
        fields = ["body", *MeetingForm.Meta.fields]

    field_order = ["body", *MeetingForm.field_order]

    def limit_choices(self) -> None:
        self.fields["body"].queryset = GoverningBody.objects.filter(contract=self.contract).active()
        self.fields["body"].empty_label = "Choisir une instance"
        self.fields["number"].required = False
        self.fields["number"].help_text = "Vide\u00a0: le suivant dans cette instance."


class MinutesForm(ContractPartForm):
    class Meta:
        model = Meeting
        fields = ["minutes"]
        help_texts = {"minutes": "Aucune donnée de santé nominative. Une liste s’écrit avec un tiret par ligne."}
        widgets = {"minutes": forms.Textarea(attrs={"rows": 18})}


class ValidationForm(PortalForm):
    validated_on = forms.DateField(label="Validé le")
