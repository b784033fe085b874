"""The decisions of a meeting: taken, corrected before the minutes are validated, and followed afterwards."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property

from actions.enums import DecisionEffect
from actions.forms.meetings import DecisionForm
from actions.services.decisions import Outcome, change_decision, name_of, record_decision
from actions.views.agenda import MeetingPart, NewMeetingPart
from actions.views.meetings import MeetingUrls, meeting_crumbs
from cls_portal.core.dates import today
from cls_portal.core.models import Deletion
from cls_portal.core.views import DeleteBase, UpdateBase
from contracts.forms.meetings import SettleForm
from contracts.models import AgendaItem, Contract, Decision
from contracts.services import delete_decision, settle_decision
from contracts.views.base import EditFormMixin, EditMixin, of_contract

DATED_TODAY = (
    "Des nouvelles plus récentes que la réunion existaient pour {fiches}\u00a0: le changement y est daté "
    "d’aujourd’hui, pour ne pas passer dessous."
)

STAYS_CHANGED = (
    "Cette décision a changé des fiches\u00a0: {fiches}. La supprimer ne défait rien de cela\u00a0: pour revenir en "
    "arrière, changez le statut de chaque fiche, ou son état de rédaction."
)


def point_asked(request: HttpRequest, points: QuerySet[AgendaItem]) -> AgendaItem | None:
    """That of the address (`?point=12`)."""
    asked = request.GET.get("point", "")
    return points.filter(pk=asked).first() if asked.isdecimal() and len(asked) < 10 else None


def place_in_session(contract: Contract, point: AgendaItem) -> str:
    return f"{reverse('actions:session', args=[contract.slug, point.meeting_id])}#point-{point.pk}"


class OfDecisions:
    model = Decision
    form_class = DecisionForm
    template_name = "actions/meeting/decision.html"
    context_object_name = "decision"

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"meeting": self.meeting}

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(meeting_to_come=self.meeting.day > today(), **kwargs)

    def get_success_url(self) -> str:
        return f"{self.meeting.get_absolute_url()}#t-decisions"

    def told(self, outcome: Outcome) -> Decision:
        """What the person would not have guessed."""
        if outcome.dated_today:
            fiches = ", ".join(name_of(action) for action in outcome.dated_today)
            messages.warning(self.request, DATED_TODAY.format(fiches=fiches))
        return outcome.decision


class DecisionCreate(OfDecisions, NewMeetingPart):
    """Taken at the point of the address, during the meeting: one then goes back to it."""

    heading = "Ajouter une décision"
    submit = "Enregistrer la décision"
    success_message = "La décision est enregistrée."

    @cached_property
    def point(self) -> AgendaItem | None:
        return point_asked(self.request, self.meeting.agenda.all())

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"point": self.point}

    def get_success_url(self) -> str:
        return place_in_session(self.contract, self.point) if self.point else super().get_success_url()

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(point=self.point, **kwargs)

    def save(self, form: DecisionForm) -> Decision:
        return self.told(
            record_decision(meeting=self.meeting, user=self.request.user, changes=form.changes, **form.said)
        )


class DecisionEdit(OfDecisions, MeetingPart, UpdateBase):
    success_message = "La décision est enregistrée."

    def get_title(self) -> str:
        return f"Modifier la décision {self.object.reference}"

    def get_context_data(self, **kwargs) -> dict:
        done = self.object.fiches.exclude(effect=DecisionEffect.NONE, action__isnull=False).select_related("action")
        return super().get_context_data(done=done, **kwargs)

    def save(self, form: DecisionForm) -> Decision:
        return self.told(
            change_decision(
                decision=form.instance,
                read_version=self.read_version,
                user=self.request.user,
                changes=form.changes,
            )
        )


class DecisionDelete(MeetingPart, DeleteBase):
    model = Decision

    def get_context_data(self, **kwargs) -> dict:
        changed = [link for link in self.object.fiches.select_related("action") if link.done]
        fiches = ", ".join(f"{link} ({link.done})" for link in changed)
        return super().get_context_data(warning=STAYS_CHANGED.format(fiches=fiches) if changed else "", **kwargs)

    def get_success_url(self) -> str:
        return f"{self.meeting.get_absolute_url()}#t-decisions"

    def delete_object(self) -> Deletion:
        return delete_decision(decision=self.object, user=self.request.user)


class DecisionSettle(MeetingUrls, EditFormMixin, EditMixin, UpdateBase):
    """What came of it: also long after the minutes were validated. Told at a point that follows it, one goes back to
    the notes of that meeting."""

    model = Decision
    form_class = SettleForm
    success_message = "La suite de la décision est enregistrée."

    def get_queryset(self) -> QuerySet[Decision]:
        return super().get_queryset().select_related("meeting__body")

    def get_object(self, queryset=None) -> Decision:
        decision = super().get_object(queryset)
        of_contract(decision.meeting, self.contract)
        return decision

    def get_crumbs(self) -> list[tuple[str, str]]:
        return meeting_crumbs(self.object.meeting)

    def get_success_url(self) -> str:
        point = point_asked(self.request, self.object.followed_in.all())
        return place_in_session(self.contract, point) if point else super().get_success_url()

    def get_title(self) -> str:
        return f"Suite de la décision {self.object.reference}"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**{"intro": self.object.text} | kwargs)

    def save(self, form: SettleForm) -> Decision:
        return settle_decision(
            decision=form.instance, read_version=self.read_version, user=self.request.user, **form.cleaned_data
        )
