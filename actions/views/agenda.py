"""The agenda of a meeting: its points one by one, and what the state of the plan proposes."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions.forms.meetings import AgendaItemForm
from actions.meeting.proposal import open_decisions, propose
from actions.meeting.sheet import MeetingSheet
from actions.services.agenda import add_to_agenda, change_agenda_item, propose_agenda
from actions.views.meetings import MeetingUrls, meeting_crumbs, meeting_to_edit
from cls_portal.core.french import count_noun
from cls_portal.core.models import Deletion
from cls_portal.core.ordering import Direction
from cls_portal.core.permissions import require
from cls_portal.core.submissions import ALREADY_SENT, first_result, key_sent, new_key, once
from cls_portal.core.views import CreateBase, DeleteBase, UpdateBase
from contracts.models import AgendaItem, Meeting
from contracts.permissions import can_edit_meeting
from contracts.services import delete_agenda_item, move_agenda_item
from contracts.views.base import EditMixin, meeting_or_404, of_contract

UNKNOWN_DIRECTION = "Dites dans quel sens déplacer\u00a0: vers le haut ou vers le bas."


def agenda_url(meeting: Meeting) -> str:
    return reverse("actions:agenda", args=[meeting.body.contract.slug, meeting.pk])


@require_safe
def agenda(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The points with what is done to each."""
    meeting = meeting_to_edit(request, slug, pk)
    context = {
        "contract": request.contract,
        "meeting": meeting,
        "sheet": MeetingSheet(meeting, request.user),
        "crumbs": [*meeting_crumbs(meeting), ("Ordre du jour", "")],
    }
    return render(request, "actions/meeting/agenda.html", context)


class MeetingPart(MeetingUrls, EditMixin):
    """A part of a meeting, which its coordination changes until the minutes are validated."""

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().select_related("meeting__body")

    def get_object(self, queryset=None):
        part = super().get_object(queryset)
        of_contract(part.meeting, self.contract)
        require(can_edit_meeting(self.request.user, part.meeting))
        return part

    @property
    def meeting(self) -> Meeting:
        return self.object.meeting

    def get_crumbs(self) -> list[tuple[str, str]]:
        return meeting_crumbs(self.meeting)

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**{"heading": self.get_title()} | kwargs)


class NewMeetingPart(MeetingUrls, EditMixin, CreateBase):
    """Added to the meeting of the address; `heading` says what, the title adds to which one."""

    heading = ""

    def setup(self, request, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.meeting = meeting_or_404(request, self.contract, kwargs["pk"])

    def dispatch(self, request, *args, **kwargs):
        require(can_edit_meeting(request.user, self.meeting))
        return super().dispatch(request, *args, **kwargs)

    def get_title(self) -> str:
        return f"{self.heading}\u00a0: {self.meeting}"

    def get_context_data(self, **kwargs) -> dict:
        crumbs = [*meeting_crumbs(self.meeting), (self.heading, "")]
        return super().get_context_data(**{"heading": self.heading, "crumbs": crumbs} | kwargs)


class OfAgenda:
    model = AgendaItem
    form_class = AgendaItemForm
    template_name = "actions/meeting/agenda_item.html"

    def get_success_url(self) -> str:
        return agenda_url(self.meeting)

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {
            "meeting": self.meeting,
            "open_decisions": open_decisions(self.meeting),
        }


class AgendaItemCreate(OfAgenda, NewMeetingPart):
    heading = "Ajouter un point"
    submit = "Ajouter à l’ordre du jour"
    success_message = "Le point est ajouté à l’ordre du jour."

    def save(self, form: AgendaItemForm) -> AgendaItem:
        return add_to_agenda(meeting=self.meeting, user=self.request.user, **form.cleaned_data)


class AgendaItemEdit(OfAgenda, MeetingPart, UpdateBase):
    success_message = "Le point est enregistré."

    def get_title(self) -> str:
        return f"Modifier le point «\u202f{self.object}\u202f»"

    def save(self, form: AgendaItemForm) -> AgendaItem:
        return change_agenda_item(item=form.instance, user=self.request.user, **form.cleaned_data)


class AgendaItemDelete(MeetingPart, DeleteBase):
    model = AgendaItem

    def get_success_url(self) -> str:
        return agenda_url(self.meeting)

    def delete_object(self) -> Deletion:
        return delete_agenda_item(item=self.object, user=self.request.user)


@require_POST
def agenda_item_move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    item = get_object_or_404(AgendaItem.objects.visible_to(request.user), pk=pk, meeting__body__contract__slug=slug)
    meeting = meeting_to_edit(request, slug, item.meeting_id)
    line = f"point-{item.pk}"
    if request.POST.get("sens") not in list(Direction):
        messages.error(request, UNKNOWN_DIRECTION)
    else:
        line += f"-{request.POST['sens']}"
        try:
            move_agenda_item(item=item, direction=Direction(request.POST["sens"]), user=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return redirect(f"{agenda_url(meeting)}#{line}")


@require_http_methods(["GET", "HEAD", "POST"])
def agenda_proposal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    meeting = meeting_to_edit(request, slug, pk)
    if url := first_result(request):
        messages.info(request, ALREADY_SENT)
        return redirect(url)
    if request.method == "POST":
        return put_on_agenda(request, meeting)
    context = {
        "contract": request.contract,
        "meeting": meeting,
        "headings": propose(meeting),
        "submission": key_sent(request) or new_key(),
        "crumbs": [*meeting_crumbs(meeting), ("Ordre du jour", agenda_url(meeting)), ("Proposition", "")],
    }
    return render(request, "actions/meeting/proposal.html", context)


def put_on_agenda(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    added = []

    def write() -> str:
        added.extend(propose_agenda(meeting=meeting, user=request.user, chosen=request.POST.getlist("choix")))
        return agenda_url(meeting)

    try:
        url, written = once(request, write)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(meeting)
    if not written:
        messages.info(request, ALREADY_SENT)
    elif added:
        said = count_noun(len(added), "point de l’ordre du jour est prêt", "points de l’ordre du jour sont prêts")
        messages.success(request, f"{said}. Donnez-leur une durée, changez leur ordre.")
    else:
        messages.info(request, "Rien n’était coché\u00a0: l’ordre du jour n’a pas changé.")
    return redirect(url)
