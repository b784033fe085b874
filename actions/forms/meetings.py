"""The forms of an agenda and of its decisions: they choose among the fiches of the contract."""

from collections.abc import Iterable

from django import forms
from django.db.models import Q, QuerySet

from actions.enums import DecisionEffect, DraftingState
from actions.forms.choices import PickSeveralField
from actions.meeting.past import decisions_read, fiches_read
from actions.models import Action
from actions.services.decisions import Change
from cls_portal.core.forms import PortalForm, PortalModelForm, dress
from contracts.models import AgendaItem, Decision, Meeting, Organisation

NOT_NAMED = "Aucune donnée de santé nominative."


class FichesField(PickSeveralField):
    """Fiches of the plan, under their axis."""

    def among_fiches(self, actions: QuerySet[Action]) -> None:
        fiches = list(actions.select_related("axis", "contract"))
        self.among(fiches)
        groups: dict[str, list] = {}
        for action in fiches:
            groups.setdefault(str(action.axis or action.contract.without_axis), []).append(
                (str(action.pk), str(action))
            )
        self.choices = list(groups.items())


def plan_of(meeting: Meeting, also: Iterable[int] = ()) -> QuerySet[Action]:
    """The fiches of the plan, and those chosen before they were archived."""
    everything = Action.objects.filter(contract=meeting.body.contract_id)
    return everything.filter(~Q(drafting_state=DraftingState.ARCHIVED) | Q(pk__in=also)).in_plan_order()


class AgendaItemForm(PortalModelForm):
    fiches = FichesField(label="Fiches de ce point", required=False)
    decisions = PickSeveralField(label="Décisions dont on dit la suite", required=False)

    class Meta:
        model = AgendaItem
        fields = ["title", "detail", "presenter", "expected", "duration"]
        help_texts = {"duration": "L’heure de chaque point se calcule d’après les durées."}

    def __init__(self, *args, meeting: Meeting, open_decisions: Iterable[Decision], **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.meeting = meeting
        item = self.instance
        followed = list(decisions_read(item)) if item.pk else []
        offered = {decision.pk: decision for decision in (*open_decisions, *followed)}
        self.fields["decisions"].among(offered.values(), label=lambda each: f"{each.reference} {each.text}"[:160])
        links = fiches_read(item) if item.pk else []
        self.fields["fiches"].among_fiches(plan_of(meeting, links))
        self.initial |= {"fiches": links, "decisions": [each.pk for each in followed]}


class DecisionForm(PortalModelForm):
    """`point`: the fiches of the point of the agenda at which it is taken come first."""

    fiches = PickSeveralField(label="Fiches concernées", required=False)
    other_fiches = FichesField(label="Autres fiches du plan", required=False)
    effect = forms.ChoiceField(
        label="Ce que la décision change aux fiches cochées",
        choices=DecisionEffect,
        widget=forms.RadioSelect,
        initial=DecisionEffect.NONE,
        help_text="Le texte de la décision devient le motif du changement, lu par tous ceux qui lisent le plan.",
    )
    new_date = forms.DateField(
        label="Nouvelle échéance des fiches", required=False, help_text="Nécessaire pour les reporter."
    )

    class Meta:
        model = Decision
        fields = ["kind", "text", "owner", "owner_detail", "due_on"]
        widgets = {"kind": forms.RadioSelect, "text": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"text": NOT_NAMED}

    def __init__(self, *args, meeting: Meeting, point: AgendaItem | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.meeting = meeting
        self.fields["owner"].queryset = Organisation.objects.filter(territory=meeting.body.contract.territory_id)
        self.fields["owner"].empty_label = "Aucune"
        linked = fiches_read(self.instance) if self.instance.pk else []
        near = linked + ([link.action_id for link in point.fiches.exclude(action=None)] if point else [])
        settled = self.settled()
        self.fields["fiches"].among(plan_of(meeting, near).filter(pk__in=near).exclude(pk__in=settled))
        # What somebody else has linked since the page was read may still be sent.
        shown = [] if self.is_bound else [*near, *settled]
        self.fields["other_fiches"].among_fiches(plan_of(meeting).exclude(pk__in=shown))
        self.initial["fiches"] = [pk for pk in linked if pk not in settled]

    def settled(self) -> list[int]:
        """The fiches that this decision has changed: that is done."""
        links = self.instance.fiches.exclude(action=None) if self.instance.pk else []
        return [link.action_id for link in links if link.effect != DecisionEffect.NONE]

    def clean(self) -> dict:
        data = super().clean()
        effect, ticked = data.get("effect"), self.ticked
        if effect and effect != DecisionEffect.NONE and not ticked:
            self.add_error("effect", "Cochez les fiches que cette décision change.")
        if effect == DecisionEffect.POSTPONE and not data.get("new_date") and not self.has_error("new_date"):
            self.add_error("new_date", "Donnez la nouvelle échéance des fiches reportées.")
        return data

    @property
    def ticked(self) -> list[Action]:
        data = self.cleaned_data
        return list(dict.fromkeys([*data.get("fiches", []), *data.get("other_fiches", [])]))

    @property
    def changes(self) -> list[Change]:
        data = self.cleaned_data
        return [Change(action, data["effect"], data["new_date"]) for action in self.ticked]

    @property
    def said(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


def notes_name(item: AgendaItem) -> str:
    return f"notes_{item.pk}"


class NotesForm(PortalForm):
    """The notes of all the points of a meeting, on one page."""

    def __init__(self, data=None, *, items: Iterable[AgendaItem]):
        self.items = list(items)
        super().__init__(data, initial={notes_name(item): item.notes for item in self.items})
        for item in self.items:
            self.fields[notes_name(item)] = notes_field(item)

    def notes_of(self, item: AgendaItem) -> str:
        return self.cleaned_data[notes_name(item)].replace("\r\n", "\n")


def notes_field(item: AgendaItem) -> forms.CharField:
    field = forms.CharField(
        label=f"Notes\u00a0: {item.title}",
        required=False,
        max_length=AgendaItem._meta.get_field("notes").max_length,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    dress(field)
    return field
