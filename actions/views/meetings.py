"""A meeting: its page, and what the coordination does with it as a whole."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST

from actions.meeting.sheet import MeetingSheet, notes_in_one
from actions.papers.shelf import Shelf
from cls_portal.core.dates import today
from cls_portal.core.models import Deletion
from cls_portal.core.permissions import require
from cls_portal.core.views import CreateBase, DeleteBase, DetailBase, UpdateBase
from contracts.enums import MeetingState
from contracts.forms.meetings import MeetingForm, MinutesForm, NewMeetingForm, ValidationForm
from contracts.models import Contract, GoverningBody, Meeting
from contracts.permissions import can_edit_meeting
from contracts.services import (
    create_meeting,
    delete_meeting,
    hold_meeting,
    reopen_meeting,
    update_meeting,
    validate_minutes,
    write_minutes,
)
from contracts.views.base import (
    ContractMixin,
    EditFormMixin,
    EditMixin,
    editable,
    get_contract,
    meeting_or_404,
    of_contract,
    within,
)

TELLS_CHANGES = (
    "Cette réunion est convoquée\u00a0: un changement de date, d’heure ou de lieu part aussitôt par courriel à ceux "
    "qui ont été convoqués."
)
TELLS_CANCELLATION = "Cette réunion est convoquée\u00a0: ceux qui l’ont été recevront une annulation par courriel."


def meeting_to_edit(request: HttpRequest, slug: str, pk: int) -> Meeting:
    """404 outside the scope, 403 for those who do not edit it."""
    meeting = meeting_or_404(request, get_contract(request, slug), pk)
    require(can_edit_meeting(request.user, meeting))
    return meeting


def governance_url(contract: Contract) -> str:
    return reverse("actions:governance", args=[contract.slug])


def meeting_crumbs(meeting: Meeting, *, here: bool = False) -> list[tuple[str, str]]:
    """Body, meeting; `here`: the page is the meeting's own."""
    number = f"N°\u00a0{meeting.number}", "" if here else meeting.get_absolute_url()
    body = meeting.body
    return [("Gouvernance", governance_url(body.contract)), (body.heading, body.get_absolute_url()), number]


class MeetingUrls:
    """The pages below « Gouvernance »: where their forms come back to, and how a deletion is undone."""

    def get_crumbs(self) -> list[tuple[str, str]]:
        found = getattr(self, "object", None)
        return meeting_crumbs(found) if found else [("Gouvernance", governance_url(self.contract))]

    def get_restore_url(self, deletion: Deletion) -> str:
        return reverse("contracts:restore", args=[self.contract.slug, deletion.public_id])

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class OfMeetings(MeetingUrls):
    model = Meeting
    context_object_name = "meeting"

    def get_queryset(self) -> QuerySet[Meeting]:
        return super().get_queryset().select_related("body")

    def get_object(self, queryset=None) -> Meeting:
        return of_contract(super().get_object(queryset), self.contract)


class MeetingDetail(OfMeetings, ContractMixin, DetailBase):
    template_name = "actions/meeting/detail.html"

    def get_crumbs(self) -> list[tuple[str, str]]:
        return []

    def get_context_data(self, **kwargs) -> dict:
        sheet = MeetingSheet(self.object, self.request.user)
        return super().get_context_data(
            sheet=sheet,
            shelf=Shelf(self.object, self.request.user),
            editable=can_edit_meeting(self.request.user, self.object),
            **kwargs | {"crumbs": meeting_crumbs(self.object, here=True)},
        )


class MeetingCreate(MeetingUrls, EditFormMixin, CreateBase):
    """Of the body of the address (`?instance=12`), or of one to be chosen."""

    model = Meeting
    form_class = NewMeetingForm
    title = "Prévoir une réunion"
    submit = "Prévoir la réunion"
    success_message = "La réunion est prévue. Composez son ordre du jour."

    def get_initial(self) -> dict:
        asked = self.request.GET.get("instance", "")
        bodies = within(self.contract, GoverningBody.objects.active())
        return {"body": bodies.filter(pk=asked).first()} if asked.isdecimal() and len(asked) < 10 else {}

    def get_cancel_url(self) -> str:
        return governance_url(self.contract)

    def save(self, form: NewMeetingForm) -> Meeting:
        fields = {name: form.cleaned_data[name] for name in ("body", "number", "place", "video_url")}
        moments = {"starts_at": form.instance.starts_at, "ends_at": form.instance.ends_at}
        return create_meeting(user=self.request.user, **fields, **moments)


class EditMeeting(OfMeetings, EditFormMixin, UpdateBase):
    """A change of the meeting itself, refused once its minutes are validated."""

    success_message = "La réunion est enregistrée."

    def get_object(self, queryset=None) -> Meeting:
        meeting = super().get_object(queryset)
        require(can_edit_meeting(self.request.user, meeting))
        return meeting


class MeetingEdit(EditMeeting):
    form_class = MeetingForm

    @property
    def intro(self) -> str:
        return TELLS_CHANGES if self.object.state == MeetingState.CONVENED else ""

    def get_title(self) -> str:
        return f"Modifier la réunion\u00a0: {self.object}"

    def save(self, form: MeetingForm) -> Meeting:
        return update_meeting(meeting=form.instance, read_version=self.read_version, user=self.request.user)


class MinutesEdit(EditMeeting):
    """Empty minutes may begin with the notes taken during the meeting (`?notes=1`): nothing is saved by that."""

    form_class = MinutesForm
    template_name = "actions/meeting/minutes.html"
    success_message = "Le compte rendu est enregistré."

    def get_title(self) -> str:
        return f"Compte rendu\u00a0: {self.object}"

    @cached_property
    def notes(self) -> str:
        return "" if self.object.minutes else notes_in_one(self.object.agenda.all())

    def get_initial(self) -> dict:
        begins = self.request.method == "GET" and "notes" in self.request.GET and self.notes
        return {"minutes": self.notes} if begins else {}

    def get_context_data(self, **kwargs) -> dict:
        offers = bool(self.notes) and "notes" not in self.request.GET
        return super().get_context_data(offers_notes=offers, **kwargs)

    def save(self, form: MinutesForm) -> Meeting:
        return write_minutes(
            meeting=form.instance,
            read_version=self.read_version,
            user=self.request.user,
            minutes=form.cleaned_data["minutes"],
        )


class MeetingDelete(OfMeetings, EditMixin, DeleteBase):
    def get_success_url(self) -> str:
        return self.object.body.get_absolute_url()

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()

    def get_context_data(self, **kwargs) -> dict:
        warning = TELLS_CANCELLATION if self.object.state == MeetingState.CONVENED else ""
        return super().get_context_data(warning=warning, **kwargs)

    def delete_object(self) -> Deletion:
        return delete_meeting(meeting=self.object, user=self.request.user)


DEEDS: dict[str, tuple[Callable, str]] = {
    "tenue": (hold_meeting, "La réunion est dite tenue."),
    "rouverte": (reopen_meeting, "La réunion revient à l’état\u00a0: {state}."),
}


@require_POST
def meeting_state(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    meeting = meeting_or_404(request, editable(request, slug), pk)
    deed, said = DEEDS.get(request.POST.get("geste", ""), (None, "Dites ce que devient cette réunion."))
    if deed is None:
        messages.error(request, said)
        return redirect(meeting)
    try:
        meeting = deed(meeting=meeting, user=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said.format(state=meeting.get_state_display().lower()))
    return redirect(meeting)


class MeetingValidate(OfMeetings, EditMixin, UpdateBase):
    """What was read before the last change of the minutes is not what is validated: the version is checked."""

    form_class = ValidationForm
    submit = "Valider le compte rendu"
    success_message = "Le compte rendu est validé\u00a0: tous ceux qui lisent le contrat peuvent le lire."
    intro = (
        "Les notes, les décisions, les présences et le compte rendu ne changeront plus, et tous ceux qui lisent le "
        "contrat les liront. Une erreur se corrige en rouvrant le compte rendu."
    )

    def get_title(self) -> str:
        return f"Valider le compte rendu\u00a0: {self.object}"

    def get_initial(self) -> dict:
        return {"validated_on": today()}

    def get_form_kwargs(self) -> dict:
        return {name: value for name, value in super().get_form_kwargs().items() if name != "instance"}

    def save(self, form: ValidationForm) -> Meeting:
        return validate_minutes(
            meeting=self.object,
            read_version=self.read_version,
            user=self.request.user,
            on=form.cleaned_data["validated_on"],
        )

    def form_stale(self, form: ValidationForm) -> HttpResponse:
        form.add_error(None, "Le compte rendu a changé depuis que vous l’avez lu\u00a0: relisez-le, puis validez-le.")
        self.object = self.get_object()
        self.read_version = self.object.version
        return self.form_invalid(form)
