"""The forms of a fiche's own fields, one per section."""

from django import forms
from django.db.models import Q

from actions.enums import TermUsage
from actions.fiche.state import FicheState
from actions.forms.choices import PickField, PickSeveralField
from actions.models import Action
from actions.services.parts import TermChange
from cls_portal.core.forms import PortalModelForm
from contracts.enums import TermKind
from contracts.models import Commune, Contact, Objective, ReferenceTerm

KINDS = {
    TermUsage.THEME: TermKind.THEME,
    TermUsage.AUDIENCE: TermKind.AUDIENCE,
    TermUsage.RELAY_AUDIENCE: TermKind.AUDIENCE,
    TermUsage.DETERMINANT: TermKind.DETERMINANT,
    TermUsage.SETTING: TermKind.SETTING,
    TermUsage.STRATEGY: TermKind.STRATEGY,
    TermUsage.RELATED_SCHEME: TermKind.RELATED_SCHEME,
}
OWN_HINT = "Un terme propre à votre contrat\u202f; plusieurs se séparent par un point-virgule."
# The origin of a fiche stays when the person who edits it has no role on the contract it comes from.
OUT_OF_SIGHT = "Une fiche d’un contrat sur lequel vous n’avez pas de rôle"


class SectionForm(PortalModelForm):
    """`state` gives what the fiche held when its relations are not those of today (a version read earlier).

    `usages` are the lists of terms of the section: a field `terms_<usage>` to tick, and `own_<usage>` to add some.
    """

    usages: tuple[TermUsage, ...] = ()
    relations: tuple[str, ...] = ()

    class Meta:
        model = Action
        fields: list[str] = []

    def __init__(self, data=None, *, state: FicheState):
        self.state = state
        self.contract = state.contract
        initial = {f"terms_{usage}": state.term_keys(usage) for usage in self.usages}
        initial |= {name: state.related_keys(name) for name in self.relations}
        super().__init__(data, instance=state.copy_of_action(), initial=initial | self.more_initial())
        if self.usages:
            self.offer_terms()
        self.prepare()

    def more_initial(self) -> dict:
        return {}

    def prepare(self) -> None:
        """Where a section limits what may be chosen to its contract."""

    def offer_terms(self) -> None:
        available = list(ReferenceTerm.objects.available_in(self.contract))
        for usage in self.usages:
            terms = [term for term in available if term.kind == KINDS[usage]]
            self.fields[f"terms_{usage}"].among(terms, label=lambda term: term.label)

    @property
    def term_changes(self) -> list[TermChange]:
        changes = []
        for usage in self.usages:
            own = self.cleaned_data.get(f"own_{usage}") or ""
            added = [label for part in own.split(";") if (label := part.strip())]
            main = self.cleaned_data.get("main_theme") if usage == TermUsage.THEME else None
            chosen = self.cleaned_data[f"terms_{usage}"]
            changes.append(TermChange(usage, KINDS[usage], chosen, main=main, added=added))
        return changes

    @property
    def relation_changes(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.relations}

    @property
    def links(self) -> list[Action] | None:
        return None

    def save(self, commit=True):
        raise NotImplementedError("a section is saved by actions.services.parts")


def _terms(usage: TermUsage) -> PickSeveralField:
    label = usage.label
    return PickSeveralField(label=label[:1].upper() + label[1:], required=False)


def _own(label: str) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=240, help_text=OWN_HINT)


class IdentityForm(SectionForm):
    axis = PickField(label="Axe", required=False)
    objective = PickField(label="Objectif", required=False)

    class Meta(SectionForm.Meta):
        fields = ["code", "title", "axis", "objective", "kind", "origin", "priority", "entered_on"]

    def prepare(self) -> None:
        self.fields["axis"].label = self.contract.axis_label.capitalize()
        self.fields["axis"].among(self.contract.axes.all(), empty=self.contract.without_axis)
        objectives = Objective.objects.filter(axis__contract=self.contract).select_related("axis", "parent")
        self.fields["objective"].label = self.contract.objective_label.capitalize()
        self.fields["objective"].among(
            objectives.order_by("axis__position", "axis_id", "position", "pk"), label=objective_words
        )


def objective_words(objective: Objective) -> str:
    return " › ".join(str(level) for level in (objective.axis.code, objective.parent, objective) if level)


class ContextForm(SectionForm):
    class Meta(SectionForm.Meta):
        fields = ["context"]


class ObjectivesForm(SectionForm):
    class Meta(SectionForm.Meta):
        fields = ["general_objective", "specific_objectives", "operational_objectives", "expected_results"]


class DescriptionForm(SectionForm):
    class Meta(SectionForm.Meta):
        fields = ["description", "deliverables"]


class AudienceForm(SectionForm):
    usages = (
        TermUsage.AUDIENCE,
        TermUsage.RELAY_AUDIENCE,
        TermUsage.THEME,
        TermUsage.SETTING,
        TermUsage.DETERMINANT,
        TermUsage.STRATEGY,
    )
    relations = ("communes",)
    terms_public = _terms(TermUsage.AUDIENCE)
    own_public = _own("Autres publics")
    terms_relais = _terms(TermUsage.RELAY_AUDIENCE)
    communes = PickSeveralField(label="Communes concernées", required=False)
    terms_theme = _terms(TermUsage.THEME)
    own_theme = _own("Autres thématiques")
    main_theme = PickField(label="Thématique principale", required=False)
    terms_milieu = _terms(TermUsage.SETTING)
    own_milieu = _own("Autres milieux")
    terms_determinant = _terms(TermUsage.DETERMINANT)
    terms_strategie = _terms(TermUsage.STRATEGY)
    field_order = [
        *("terms_public", "own_public", "terms_relais", "audience_detail"),
        *("covers_whole_territory", "communes", "territory_detail"),
        *("terms_theme", "own_theme", "main_theme", "terms_milieu", "own_milieu", "terms_determinant"),
    ]

    class Meta(SectionForm.Meta):
        fields = ["audience_detail", "covers_whole_territory", "territory_detail"]

    def more_initial(self) -> dict:
        return {"main_theme": self.state.main_theme}

    def prepare(self) -> None:
        self.fields["main_theme"].among(self.fields["terms_theme"].objects.values(), label=lambda term: term.label)
        near = Q(pk__in=self.contract.perimeter.values("commune")) | Q(pk__in=self.state.related_keys("communes"))
        self.fields["communes"].among(Commune.objects.filter(near))


class PilotingForm(SectionForm):
    elected_contact = PickField(label="Élu·e référent·e", required=False)

    class Meta(SectionForm.Meta):
        fields = ["elected_contact"]

    def prepare(self) -> None:
        contacts = Contact.objects.filter(organisation__territory=self.contract.territory_id)
        self.fields["elected_contact"].among(
            contacts.select_related("organisation").order_by("-is_elected", "last_name", "first_name", "pk"),
            label=lambda contact: f"{contact}, {contact.organisation.label}",
        )


class CalendarForm(SectionForm):
    class Meta(SectionForm.Meta):
        fields = ["start_date", "start_precision", "end_date", "end_precision", "is_recurring", "calendar_detail"]
        help_texts = {"is_recurring": "Elle se répète d’année en année."}


class MeansForm(SectionForm):
    class Meta(SectionForm.Meta):
        fields = ["human_means", "full_time_equivalents", "material_means", "in_kind"]


class EvaluationForm(SectionForm):
    usages = (TermUsage.RELATED_SCHEME,)
    terms_demarche = _terms(TermUsage.RELATED_SCHEME)
    own_demarche = _own("Autres démarches")

    class Meta(SectionForm.Meta):
        fields = [
            *("evaluation_method", "planned_levers", "caution_points", "participation"),
            *("regional_plan_link", "schemes_detail"),
        ]


class LinksForm(SectionForm):
    linked = PickSeveralField(label="Fiches liées", required=False)
    carried_from = PickField(label="Reconduite de", required=False)

    class Meta(SectionForm.Meta):
        fields = ["carried_from"]

    def more_initial(self) -> dict:
        return {"linked": self.state.linked_keys}

    def prepare(self) -> None:
        others = Action.objects.filter(contract=self.contract).exclude(pk=self.instance.pk)
        self.fields["linked"].among(others.in_plan_order())
        former = Action.objects.filter(contract__territory=self.contract.territory_id).exclude(contract=self.contract)
        seen = former.visible_to(self.state.user).select_related("contract")
        labels = {
            action: f"{action.contract}\u00a0: {action}"
            for action in seen.order_by("contract__generation", "position", "pk")
        }
        for kept in Action.objects.filter(pk=self.instance.carried_from_id).exclude(
            pk__in=[each.pk for each in labels]
        ):
            labels[kept] = OUT_OF_SIGHT
        self.fields["carried_from"].among(labels, label=labels.get)

    @property
    def links(self) -> list[Action]:
        return self.cleaned_data["linked"]


class DocumentsForm(SectionForm):
    relations = ("documents",)
    documents = PickSeveralField(label="Documents du contrat qui concernent la fiche", required=False)

    def prepare(self) -> None:
        self.fields["documents"].among(self.contract.documents.all())
