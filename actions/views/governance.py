"""The Gouvernance tab: the bodies, their meetings, and the decisions to follow."""

from collections.abc import Iterator
from operator import attrgetter

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from actions.forms.governance import LATE, DecisionFilterForm, MeetingFilterForm
from actions.governance import body_lines, by_urgency, decision_counts, decisions_of, meetings_of, past_meetings
from cls_portal.core.dates import today
from cls_portal.core.exports import FORMATS, Sheet, export_response
from cls_portal.core.views import ListBase
from contracts.enums import DecisionState
from contracts.models import Decision, Meeting
from contracts.permissions import can_edit_contract
from contracts.views.base import ContractMixin, get_contract

DECISIONS_SHOWN = 10
MEETINGS_SHOWN = 8
HEADINGS = [
    *("Instance", "Réunion du", "N°", "Nature", "Décision", "Fiches", "Responsable", "Échéance", "État"),
    *("Appliquée ou close le", "Suite donnée"),
]


@require_safe
def governance(request: HttpRequest, slug: str) -> HttpResponse:
    contract = get_contract(request, slug)
    meetings = meetings_of(contract, request.user)
    lines = body_lines(contract, request.user, meetings)
    counts = decision_counts(contract, request.user)
    context = {
        "contract": contract,
        "lines": [line for line in lines if not line.body.is_closed],
        "closed": [line for line in lines if line.body.is_closed],
        "next_meeting": next(iter(meetings.to_come), None),
        "to_come": sorted([*meetings.to_come, *meetings.cancelled], key=attrgetter("starts_at")),
        "unsettled": meetings.unsettled,
        "held": meetings.held[:MEETINGS_SHOWN],
        "held_count": len(meetings.held),
        "counts": counts,
        "decisions": by_urgency(decisions_of(contract, request.user).open())[:DECISIONS_SHOWN] if counts.open else [],
        "may_edit": can_edit_contract(request.user, contract),
    }
    return render(request, "actions/governance/overview.html", context)


class PastMeetingList(ContractMixin, ListBase):
    model = Meeting
    template_name = "actions/governance/past_meetings.html"
    title = "Réunions passées"

    def get_queryset(self) -> QuerySet[Meeting]:
        self.form = MeetingFilterForm(self.request.GET, contract=self.contract)
        return self.form.apply(past_meetings(self.contract, self.request.user))

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [("Gouvernance", reverse("actions:governance", args=[self.contract.slug]))]

    def get_context_data(self, **kwargs) -> dict:
        is_filtered = bool(self.form.cleaned_data.get("instance"))
        return super().get_context_data(form=self.form, is_filtered=is_filtered, **kwargs)


class DecisionList(ContractMixin, ListBase):
    model = Decision
    template_name = "actions/governance/decisions.html"
    title = "Décisions"

    def get_queryset(self) -> QuerySet[Decision]:
        self.form = DecisionFilterForm(self.request.GET, contract=self.contract, user=self.request.user)
        return self.form.apply(decisions_of(self.contract, self.request.user))

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [("Gouvernance", reverse("actions:governance", args=[self.contract.slug]))]

    def get_context_data(self, **kwargs) -> dict:
        counts = decision_counts(self.contract, self.request.user)
        wanted = self.form.cleaned_data
        return super().get_context_data(
            form=self.form,
            counts=counts,
            quick=quick_lists(counts, wanted.get("etat") or ""),
            is_filtered=any(wanted.values()),
            formats=list(FORMATS),
            **kwargs,
        )


def quick_lists(counts, chosen: str) -> list[tuple[str, str, int, bool]]:
    """(value of the filter, label, number, whether it is the one shown)."""
    lists = [
        (DecisionState.OPEN.value, "Ouvertes", counts.open),
        (LATE, "En retard", counts.late),
        (DecisionState.DONE.value, "Appliquées", counts.done),
        (DecisionState.DROPPED.value, "Sans suite", counts.dropped),
        ("", "Toutes", counts.total),
    ]
    return [(value, label, count, value == chosen) for value, label, count in lists if count or value == chosen]


@require_safe
def decisions_export(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The decisions that the page shows, all pages together."""
    contract = get_contract(request, slug)
    kind = request.GET.get("format", "xlsx")
    if kind not in FORMATS:
        raise Http404("Ce format d’export n’existe pas.")
    form = DecisionFilterForm(request.GET, contract=contract, user=request.user)
    found = form.apply(decisions_of(contract, request.user))
    return export_response(kind, f"decisions-{contract.slug}-{today():%Y-%m-%d}", [decision_sheet(found)])


def decision_sheet(decisions: QuerySet[Decision]) -> Sheet:
    return Sheet("Décisions", HEADINGS, decision_rows(decisions))


def decision_rows(decisions: QuerySet[Decision]) -> Iterator[list]:
    for decision in decisions:
        fiches = ", ".join(link.short_name for link in decision.fiches.all())
        meeting = decision.meeting
        yield [
            *(str(meeting.body), meeting.day, decision.reference, decision.get_kind_display(), decision.text),
            *(fiches, decision.owner_label, decision.due_on, decision.get_state_display()),
            *(decision.settled_on, decision.outcome),
        ]
