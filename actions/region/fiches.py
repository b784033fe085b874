"""The fiches of the contracts that one follows: listed, and counted by theme, public and status."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import django_filters as filters
from django.db.models import CharField, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils.functional import cached_property

from actions.enums import PilotRole, Status, TermUsage
from actions.filters import AddressFilter, choice, has_word
from actions.models import Action, ActionPilot, ActionTerm
from actions.plan.progress import Progress
from actions.region.filters import GROUPED
from actions.region.table import RegionalTable
from cls_portal.core.exports import Sheet
from cls_portal.core.forms import PortalForm
from cls_portal.core.rows import union_of
from contracts.enums import TermKind
from contracts.models import ReferenceTerm

USAGES = {"theme": TermUsage.THEME, "public": TermUsage.AUDIENCE}
KINDS = {"theme": TermKind.THEME, "public": TermKind.AUDIENCE}
# Values of these filters besides the terms common to all.
OWN, NONE = "propre", "aucun"
OWN_LABELS = {"theme": "Thématiques propres à un contrat", "public": "Publics propres à un contrat"}
NONE_LABELS = {"theme": "Sans thématique", "public": "Sans public"}
READ = [
    *("pk", "code", "title", "status", "progress", "end_date", "end_precision", "postponed_to", "is_recurring"),
    *("contract__slug", "contract__title", "contract__territory__name", "contract__territory__department__name"),
    *("axis__code", "axis__title", "axis__color"),
]


class FicheFilter(AddressFilter):
    """What narrows the fiches, besides what narrows their contracts."""

    fiche = filters.CharFilter(label="Rechercher une fiche", method="search", max_length=200)
    theme = choice("Thématique", method="by_term")
    public = choice("Public", method="by_term")
    statut = filters.MultipleChoiceFilter(label="Statut", choices=Status.choices, field_name="status", distinct=False)

    class Meta:
        model = Action
        fields: list = []
        form = PortalForm

    def __init__(self, data, *, queryset: QuerySet[Action]):
        super().__init__(data, queryset)
        for name in USAGES:
            self.filters[name].extra["choices"] = self.terms[name]

    @cached_property
    def terms(self) -> dict[str, list[tuple[str, str]]]:
        common: dict[str, list] = defaultdict(list)
        rows = ReferenceTerm.objects.filter(contract=None, kind__in=KINDS.values()).order_by("position", "label")
        for pk, kind, label in rows.values_list("pk", "kind", "label"):
            common[kind].append((str(pk), label))
        return {
            name: [*common[kind], (OWN, OWN_LABELS[name]), (NONE, NONE_LABELS[name])] for name, kind in KINDS.items()
        }

    def search(self, queryset, name, value):
        for word in value.split():
            queryset = queryset.filter(has_word(word, ["code", "title"]))
        return queryset

    def by_term(self, queryset, name, value):
        links = ActionTerm.objects.filter(action=OuterRef("pk"), usage=USAGES[name])
        if value == NONE:
            return queryset.filter(~Exists(links))
        wanted = Q(term__contract__isnull=False) if value == OWN else Q(term=value)
        return queryset.filter(Exists(links.filter(wanted)))


@dataclass
class Total:
    """The fiches of one theme or public: `key` is the value of the filter that lists them."""

    key: str
    label: str
    progress: Progress = field(default_factory=Progress)


class FollowedFiches:
    def __init__(self, user, params: QueryDict):
        self.table = RegionalTable(user, params)
        contracts = self.table.filterset.qs.order_by().values("pk")
        self.filterset = FicheFilter(params, queryset=Action.objects.filter(contract__in=contracts).in_plan())

    @property
    def faults(self) -> list[tuple[str, str]]:
        return [*self.table.filterset.faults, *self.filterset.faults]

    @property
    def in_order(self) -> QuerySet[Action]:
        """By contract as in the table, each in the order of its plan; without long texts."""
        place = [f"contract__{name}" for name in GROUPED[:2]] + ["contract__territory__name", "contract_id"]
        plan = (F("axis__position").asc(nulls_last=True), F("axis_id").asc(nulls_last=True), "position", "pk")
        pilots = ActionPilot.objects.select_related("organisation").order_by("position", "pk")
        found = self.filterset.qs.with_lateness(self.table.on).only(*READ)
        found = found.select_related("contract__territory__department", "axis")
        return found.prefetch_related(Prefetch("pilots", pilots)).order_by(*place, *plan)

    @cached_property
    def whole(self) -> Progress:
        return progress_of(self.filterset.qs.order_by().values_list("status").annotate(Count("pk")))

    def totals(self, name: str) -> list[Total]:
        """In the order of the reference list; a fiche of several terms counts in each of them."""
        fiches = self.filterset.qs.order_by()
        links = ActionTerm.objects.filter(usage=USAGES[name], action__in=fiches.values("pk"), term__contract=None)
        parts = [links.order_by().annotate(key=Cast("term", CharField())).values_list("key", "action__status")]
        for key in (OWN, NONE):
            kept = self.filterset.by_term(fiches, name, key)
            parts.append(kept.annotate(key=Value(key, CharField())).values_list("key", "status"))
        found: dict[str, Counter] = defaultdict(Counter)
        for key, status, number in union_of([part.annotate(number=Count("pk")) for part in parts]):
            found[key][status] += number
        return [Total(key, label, Progress(counts=found[key])) for key, label in self.filterset.terms[name]]


def progress_of(lines: Iterable[tuple[str, int]]) -> Progress:
    return Progress(counts=Counter(dict(lines)))


def principal(action: Action) -> str:
    pilots = sorted(action.pilots.all(), key=lambda pilot: pilot.role != PilotRole.PRINCIPAL)
    return pilots[0].organisation.label if pilots else ""


HEADINGS = [
    *("Département", "Territoire", "Contrat local de santé", "Axe", "N° de la fiche", "Intitulé de la fiche"),
    *("Pilote", "Statut", "Avancement (%)", "Échéance", "En retard"),
]


def fiche_sheet(fiches: FollowedFiches) -> Sheet:
    return Sheet("Fiches actions", HEADINGS, fiche_lines(fiches.in_order))


def fiche_lines(actions: QuerySet[Action]) -> Iterator[list]:
    for action in actions.iterator(chunk_size=1000):
        territory = action.contract.territory
        yield [
            *(territory.department.name, territory.name, action.contract.title, str(action.axis or "")),
            *(action.code, action.title, principal(action), action.get_status_display(), action.progress),
            *(action.deadline, "oui" if action.is_late else "non"),
        ]
