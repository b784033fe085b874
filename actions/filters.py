"""The filters of the plan, all of them in the address: the page, the calendar and the export read the same ones."""

from datetime import date

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import cached_property

from actions.enums import DRAFTING_STATES, DraftingState, Origin, Priority, Status, TermUsage
from actions.models import Action, ActionPartner, ActionPilot, ActionTerm, FundingLine
from actions.models.querysets import core_gaps
from actions.vocabulary import Vocabulary
from cls_portal.core.dates import months_before, today
from cls_portal.core.forms import PortalForm
from contracts.models import Contract

ALERTS = [
    ("retard", "En retard"),
    ("silence", "Sans nouvelle"),
    ("incomplete", "À compléter"),
    ("arbitrage", "Arbitrage demandé"),
]
MISSING = {
    "pilote": ("Pilote", "pilot"),
    "indicateur": ("Indicateur", "indicator"),
    "echeance": ("Échéance", "deadline"),
    "contexte": ("Contexte", "context"),
    "objectif": ("Objectif", "objective"),
    "description": ("Description", "description"),
    "public": ("Public", "audience"),
    "thematique": ("Thématique", "theme"),
    "axe": ("Axe", "axis"),
    "reecriture": ("Réécriture", "rewriting"),
    "financement": ("Financement", "funding"),
}
# Drafts, proposed and reviewed together.
UNFINISHED = "en_redaction"
SORTS = {
    "numero": "N°",
    "intitule": "Intitulé",
    "pilote": "Pilote",
    "statut": "Statut",
    "avancement": "Avancement",
    "echeance": "Échéance",
    "point": "Dernier point",
    "alertes": "Alertes",
}
SORT_CHOICES = [(f"{sign}{key}", label) for key, label in SORTS.items() for sign in ("", "-")]
# A word is searched in each of them.
SEARCHED = ["code", "title", "context", "description", "general_objective", "operational_objectives"]
SEARCHED_IN_PARTIES = ["organisation__name", "organisation__short_name"]


def has_word(word: str, names: list[str]) -> Q:
    found = Q()
    for name in names:
        found |= Q(**{f"{name}__contains_folded": word})
    return found


def choice(label: str, choices=(), **options) -> filters.ChoiceFilter:
    return filters.ChoiceFilter(label=label, choices=choices, **options)


class AddressFilter(filters.FilterSet):
    """Invalid values are left out of the query and told by `faults`; the valid ones apply."""

    def choices(self, name: str) -> list[tuple[str, str]]:
        """Read now for those that depend on the data: a list that nobody opens costs no query."""
        declared = self.filters[name].extra.get("choices", [])
        return declared() if callable(declared) else declared

    @cached_property
    def cleaned(self) -> dict:
        """The valid values; an address without parameters costs no form."""
        if not self.data:
            return {}
        self.form.is_valid()
        return self.form.cleaned_data

    @property
    def active(self) -> dict:
        """The valid values that narrow the list, by name."""
        return {name: value for name, value in self.cleaned.items() if name != "tri" and value not in (None, "", [])}

    @property
    def sort(self) -> str:
        return self.cleaned.get("tri", "")

    @property
    def faults(self) -> list[tuple[str, str]]:
        """(label of the filter, sentence) of the values left out."""
        if not self.data:
            return []
        return [(self.filters[name].label, text) for name, texts in self.form.errors.items() for text in texts]

    def unchanged(self, queryset, name, value):
        """The order is given once the rest is known."""
        return queryset


class ActionFilter(AddressFilter):
    q = filters.CharFilter(label="Rechercher dans le plan", method="search", max_length=200)
    axe = choice("Axe", field_name="axis_id")
    statut = filters.MultipleChoiceFilter(label="Statut", choices=Status.choices, field_name="status", distinct=False)
    pilote = choice("Pilote", field_name="pilots__organisation_id")
    public = choice("Public", method="by_term")
    echeance = choice("Échéance", method="by_deadline")
    manque = choice("Il manque", method="by_gap")
    alerte = choice("Alerte", ALERTS, method="by_alert")
    objectif = choice("Objectif", field_name="objective_id")
    redaction = choice("Rédaction", [*DraftingState.choices, (UNFINISHED, "Pas encore validée")], method="by_drafting")
    partenaire = choice("Partenaire", field_name="partners__organisation_id")
    theme = choice("Thématique", method="by_term")
    milieu = choice("Milieu d’intervention", method="by_term")
    financeur = choice("Financeur", method="by_funder")
    priorite = choice("Priorité", Priority.choices, field_name="priority")
    miennes = choice("Vos fiches", method="by_own")
    origine = choice("Origine", Origin.choices, field_name="origin")
    du = filters.DateFilter(label="Échéance à partir du", method="from_day")
    au = filters.DateFilter(label="Échéance jusqu’au", method="to_day")
    tri = choice("Tri", SORT_CHOICES, method="unchanged")

    class Meta:
        model = Action
        fields: list = []
        form = PortalForm

    def __init__(
        self, data, *, contract: Contract, vocabulary: Vocabulary, queryset: QuerySet[Action], led=frozenset()
    ):
        """`led`: the organisations for which the person gives news."""
        super().__init__(data, queryset)
        self.contract, self.led = contract, led
        self.filters["axe"].label = contract.axis_label.capitalize()
        self.filters["objectif"].label = contract.objective_label.capitalize()
        for name, choices in {
            "axe": lambda: vocabulary.axes,
            "objectif": lambda: vocabulary.objectives,
            "pilote": lambda: vocabulary.pilots,
            "partenaire": lambda: vocabulary.partners,
            "financeur": lambda: vocabulary.funders,
            "theme": lambda: vocabulary.terms(TermUsage.THEME),
            "public": lambda: vocabulary.terms(TermUsage.AUDIENCE),
            "manque": lambda: [
                (key, contract.axis_label.capitalize() if key == "axe" else label)
                for key, (label, _gap) in MISSING.items()
            ],
            "milieu": lambda: vocabulary.terms(TermUsage.SETTING),
            "echeance": lambda: deadline_choices(contract),
            "miennes": lambda: [("oui", "celles que votre structure pilote")] if led else [],
        }.items():
            self.filters[name].extra["choices"] = choices

    def search(self, queryset, name, value):
        """Every word must be found, each anywhere: in the fiche or in the name of an organisation that takes part."""
        for word in value.split():
            in_parties = Q()
            for model in (ActionPilot, ActionPartner):
                in_parties |= Q(
                    Exists(model.objects.filter(has_word(word, SEARCHED_IN_PARTIES), action=OuterRef("pk")))
                )
            queryset = queryset.filter(has_word(word, SEARCHED) | in_parties)
        return queryset

    def by_term(self, queryset, name, value):
        usage = {"theme": TermUsage.THEME, "public": TermUsage.AUDIENCE, "milieu": TermUsage.SETTING}[name]
        return queryset.filter(Exists(ActionTerm.objects.filter(action=OuterRef("pk"), usage=usage, term_id=value)))

    def by_drafting(self, queryset, name, value):
        return queryset.filter(drafting_state__in=DRAFTING_STATES if value == UNFINISHED else [value])

    def by_own(self, queryset, name, value):
        return queryset.led_by(self.led)

    def by_funder(self, queryset, name, value):
        return queryset.filter(Exists(FundingLine.objects.filter(action=OuterRef("pk"), funder_id=value)))

    def by_deadline(self, queryset, name, value):
        if value == "depassee":
            return queryset.late(self.contract)
        if value == "bientot":
            return queryset.with_deadline().filter(deadline__range=(today(), months_before(today(), -3)))
        return queryset.with_deadline().filter(deadline__year=int(value))

    def from_day(self, queryset, name, value: date):
        return queryset.with_deadline().filter(deadline__gte=value)

    def to_day(self, queryset, name, value: date):
        return queryset.with_deadline().filter(deadline__lte=value)

    def by_gap(self, queryset, name, value):
        gap = MISSING[value][1]
        if gap == "funding":
            return queryset.filter(~Exists(FundingLine.objects.filter(action=OuterRef("pk"))))
        return queryset.filter(core_gaps()[gap])

    def by_alert(self, queryset, name, value):
        if value in ("retard", "silence"):
            return queryset.late(self.contract) if value == "retard" else queryset.silent(self.contract)
        return queryset.incomplete() if value == "incomplete" else queryset.asking_for_arbitration()


def deadline_choices(contract: Contract) -> list[tuple[str, str]]:
    first, last = contract.start_date or today(), contract.end or today()
    years = range(first.year, max(first.year, last.year) + 2)
    return [
        ("depassee", "Dépassée"),
        ("bientot", "Dans les trois mois"),
        *((str(year), f"En {year}") for year in years),
    ]
