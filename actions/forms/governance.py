"""The filters of the decisions and of the past meetings, all in the address."""

from django import forms
from django.db.models import Q, QuerySet

from actions.governance import by_urgency
from actions.models import Action
from cls_portal.core.forms import PortalForm
from contracts.enums import DecisionState
from contracts.models import Contract, Decision, Meeting, Organisation

LATE = "retard"
STATES = [
    ("", "Tous"),
    (DecisionState.OPEN.value, "Ouverte"),
    (LATE, "Ouverte et en retard"),
    (DecisionState.DONE.value, DecisionState.DONE.label),
    (DecisionState.DROPPED.value, DecisionState.DROPPED.label),
]


class MeetingFilterForm(PortalForm):
    instance = forms.ModelChoiceField(None, label="Instance", required=False, empty_label="Toutes")

    def __init__(self, data, *, contract: Contract):
        super().__init__(data)
        self.fields["instance"].queryset = contract.bodies.all()

    def apply(self, meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
        self.is_valid()
        body = self.cleaned_data.get("instance")
        return meetings.filter(body=body) if body else meetings


class DecisionFilterForm(PortalForm):
    q = forms.CharField(label="Décision ou responsable", required=False, max_length=200)
    etat = forms.ChoiceField(label="État", required=False, choices=STATES)
    instance = forms.ModelChoiceField(None, label="Instance", required=False, empty_label="Toutes")
    responsable = forms.ModelChoiceField(None, label="Structure responsable", required=False, empty_label="Toutes")
    fiche = forms.ModelChoiceField(None, label="Fiche", required=False, empty_label="Toutes")

    def __init__(self, data, *, contract: Contract, user):
        super().__init__(data)
        readable = Decision.objects.readable_by(user).filter(meeting__body__contract=contract)
        self.fields["instance"].queryset = contract.bodies.all()
        self.fields["responsable"].queryset = Organisation.objects.filter(decisions__in=readable).distinct()
        concerned = Action.objects.filter(contract=contract, decision_fiches__decision__in=readable).distinct()
        self.fields["fiche"].queryset = concerned.select_related("axis").in_plan_order()

    def apply(self, decisions: QuerySet[Decision]) -> QuerySet[Decision]:
        """A value that cannot be understood filters nothing; the form says which."""
        self.is_valid()
        wanted = self.cleaned_data
        for word in wanted.get("q", "").split():
            in_owner = Q(owner__name__contains_folded=word) | Q(owner__short_name__contains_folded=word)
            decisions = decisions.filter(
                Q(text__contains_folded=word) | Q(owner_detail__contains_folded=word) | in_owner
            )
        if body := wanted.get("instance"):
            decisions = decisions.filter(meeting__body=body)
        if owner := wanted.get("responsable"):
            decisions = decisions.filter(owner=owner)
        if fiche := wanted.get("fiche"):
            decisions = decisions.filter(fiches__action=fiche)
        return self.in_state(decisions, wanted.get("etat") or "")

    @staticmethod
    def in_state(decisions: QuerySet[Decision], state: str) -> QuerySet[Decision]:
        """What is open by urgency; what is settled, the latest meeting first."""
        if state == LATE:
            return by_urgency(decisions.late())
        if state == DecisionState.OPEN:
            return by_urgency(decisions.open())
        decisions = decisions.filter(state=state) if state else decisions
        return decisions.order_by("-meeting__starts_at", "-meeting_id", "number")
