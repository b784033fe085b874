"""The forms of a meeting."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django import forms
from django.utils import timezone

from cls_portal.core.forms import PortalForm, dress
from contracts.enums import Presence
from contracts.forms.contract import ContractPartForm
from contracts.models import Attendance, BodyMember, Decision, GoverningBody, Meeting
from contracts.services import Guest, Seat

TIMES = ("day", "start_time", "end_time")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


class MeetingForm(ContractPartForm):
    """When it takes place is asked as people say it: a day, and hours of Paris."""

    day = forms.DateField(label="Date")
    start_time = forms.TimeField(label="Heure de début", widget=TimeInput)
    end_time = forms.TimeField(label="Heure de fin", required=False, widget=TimeInput)
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


class SettleForm(ContractPartForm):
    class Meta:
        model = Decision
        fields = ["state", "settled_on", "outcome"]
        widgets = {"state": forms.RadioSelect}
        help_texts = {
            "settled_on": "Vide\u00a0: aujourd’hui, si elle est appliquée ou sans suite.",
            "outcome": "Ce qui a été fait, ou pourquoi rien ne l’a été.",
        }


PRESENCES = [*Presence.choices, ("", "non renseigné")]
BLANK_GUESTS = 3


def short_text(label: str, initial: str) -> forms.CharField:
    field = forms.CharField(label=label, required=False, max_length=200, initial=initial)
    dress(field)
    return field


def who_comes(seat: BodyMember) -> str:
    if seat.person:
        return seat.person.organisation.label
    deputy = f"suppléance\u00a0: {seat.deputy}" if seat.deputy else ""
    return ", ".join(part for part in (str(seat.representative or ""), deputy) if part)


class AttendanceForm(PortalForm):
    """The sheet of a meeting: a line per seat, a line per guest, and some blank ones."""

    def __init__(self, data=None, *, seats: list[BodyMember], lines: Iterable[Attendance]):
        lines = list(lines)
        self.seats = seats
        self.by_seat = {line.member_id: line for line in lines if line.member_id}
        self.guest_lines = [line for line in lines if not line.member_id]
        super().__init__(data)
        for seat in seats:
            self.add_seat(seat, self.by_seat.get(seat.pk))
        for key, line in self.guest_keys():
            self.add_guest(key, line)

    def guest_keys(self) -> list[tuple[str, Attendance | None]]:
        known = [(f"guest_{line.pk}", line) for line in self.guest_lines]
        return known + [(f"new_{rank}", None) for rank in range(BLANK_GUESTS)]

    def add_seat(self, seat: BodyMember, line: Attendance | None) -> None:
        self.fields[f"presence_{seat.pk}"] = forms.ChoiceField(
            label=str(seat),
            choices=PRESENCES,
            required=False,
            widget=forms.RadioSelect,
            initial=line.presence if line else "",
            help_text=who_comes(seat),
        )
        self.fields[f"by_{seat.pk}"] = forms.CharField(
            label=f"Représenté par ({seat})",
            required=False,
            max_length=200,
            initial=(line.represented_by if line else "") or str(seat.deputy or ""),
        )

    def add_guest(self, key: str, line: Attendance | None) -> None:
        who = f" ({self.guest(key, line)})"
        texts = {"name": "Personne", "organisation_name": "Structure"}
        for name, label in texts.items():
            self.fields[f"{name}_{key}"] = short_text(label + who, getattr(line, name) if line else "")
        self.fields[f"presence_{key}"] = forms.ChoiceField(
            label=f"Présence{who}",
            choices=PRESENCES,
            required=False,
            initial=line.presence if line else "",
        )

    @property
    def seat_rows(self) -> list[tuple]:
        return [(seat, self[f"presence_{seat.pk}"], self[f"by_{seat.pk}"]) for seat in self.seats]

    @property
    def guest_rows(self) -> list[tuple]:
        """(who, name, organisation, presence)"""
        return [
            (self.guest(key, line), *map(self.__getitem__, self.guest_names(key))) for key, line in self.guest_keys()
        ]

    @staticmethod
    def guest(key: str, line: Attendance | None) -> str:
        return str(line) if line else f"Nouvel invité {int(key.rpartition('_')[2]) + 1}"

    @staticmethod
    def guest_names(key: str) -> list[str]:
        return [f"{name}_{key}" for name in ("name", "organisation_name", "presence")]

    def guest_words(self, line: Attendance, read: Callable) -> str:
        """The line of a guest as a sentence; `read` says which state of its fields."""
        return ", ".join(filter(None, (read(self, name) for name in self.guest_names(f"guest_{line.pk}"))))

    def is_sent(self, key: str) -> bool:
        """Whether the page that was sent had this line: others may have been added since."""
        return f"presence_{key}" in self.data

    @property
    def not_sent(self) -> set[str]:
        keys = [*(str(seat.pk) for seat in self.seats), *(key for key, _line in self.guest_keys())]
        gone = [key for key in keys if not self.is_sent(key)]
        return {f"{name}_{key}" for key in gone for name in ("presence", "by", "name", "organisation_name")}

    def clean(self) -> dict:
        data = super().clean()
        for key, line in self.guest_keys():
            named = data.get(f"name_{key}") or data.get(f"organisation_name_{key}")
            if data.get(f"presence_{key}") and not named:
                self.add_error(f"name_{key}", "Nommez la personne ou la structure.")
            elif named and not line and not data.get(f"presence_{key}"):
                data[f"presence_{key}"] = Presence.PRESENT
        return data

    @property
    def seats_said(self) -> list[Seat]:
        data = self.cleaned_data
        sent = [seat for seat in self.seats if self.is_sent(str(seat.pk))]
        return [self.seat_said(seat, data[f"presence_{seat.pk}"], data[f"by_{seat.pk}"]) for seat in sent]

    @staticmethod
    def seat_said(seat: BodyMember, presence: str, represented_by: str) -> Seat:
        if presence != Presence.REPRESENTED:
            represented_by = ""
        elif not represented_by:
            represented_by = str(seat.deputy or "")
        return Seat(seat, presence, represented_by=represented_by)

    @property
    def guests_said(self) -> list[Guest]:
        data = self.cleaned_data
        guests = [
            Guest(data[f"presence_{key}"], data[f"name_{key}"], data[f"organisation_name_{key}"], line and line.pk)
            for key, line in self.guest_keys()
            if self.is_sent(key)
        ]
        return [guest for guest in guests if guest.presence or guest.pk]
