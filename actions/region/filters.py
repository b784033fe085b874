"""The filters of the contracts that one follows, in the address: table, totals, fiches and exports read the same."""

from datetime import date

import django_filters as filters
from django.db.models import Case, F, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.expressions import OuterRef
from django.db.models.functions import Coalesce

from actions.filters import AddressFilter, choice, has_word
from actions.models import FollowUp
from actions.region.alerts import ALERTS, BY_KEY, Day
from cls_portal.core.forms import PortalForm
from contracts.enums import STATES_IN_FORCE, STATES_OVER, WIDE_ROLES, ContractState
from contracts.models import Contract, Department, PerimeterCommune

SORTS = {
    "territoire": "Territoire",
    "etat": "État",
    "echeance": "Échéance",
    "nouvelle": "Dernière nouvelle",
    "habitants": "Habitants",
}
SEARCHED = ["title", "territory__name", "territory__department__name", "territory__department__region__name"]
STATE_RANKS = [When(state=state, then=Value(rank)) for rank, state in enumerate(ContractState.values)]
# In each département: in force, then to come, then over.
GROUPED = (
    "territory__department__region__name",
    "territory__department__name",
    Case(When(state__in=STATES_IN_FORCE, then=0), When(state__in=STATES_OVER, then=2), default=1),
    "territory__name",
    F("start_date").desc(nulls_last=True),
    "pk",
)


def last_news() -> Subquery:
    return Subquery(FollowUp.objects.filter(action__contract=OuterRef("pk")).order_by("-date").values("date")[:1])


def inhabitants() -> Coalesce:
    """Those that the contract declares, else those of its communes."""
    communes = PerimeterCommune.objects.present().filter(contract=OuterRef("pk")).order_by().values("contract")
    return Coalesce("population", Subquery(communes.annotate(all=Sum("commune__population")).values("all")))


SORT_KEYS = {
    "territoire": lambda: F("territory__name"),
    "etat": lambda: Case(*STATE_RANKS),
    "echeance": lambda: F("current_end"),
    "nouvelle": last_news,
    "habitants": inhabitants,
}


class RegionFilter(AddressFilter):
    """`q`… narrow the list; `region` and `departement` narrow what is counted around it too (`area`)."""

    q = filters.CharFilter(label="Rechercher un contrat", method="search", max_length=200)
    region = choice("Région", field_name="territory__department__region_id")
    departement = choice("Département", field_name="territory__department_id")
    etat = filters.MultipleChoiceFilter(
        label="État", choices=ContractState.choices, field_name="state", distinct=False
    )
    alerte = choice("Alerte", method="by_alert")
    avant = filters.DateFilter(label="Fin avant le", method="ends_before")
    tri = choice(
        "Tri", [(f"{sign}{key}", label) for key, label in SORTS.items() for sign in ("", "-")], method="unchanged"
    )

    class Meta:
        model = Contract
        fields: list = []
        form = PortalForm

    def __init__(self, data, *, user, on: date):
        self.day = Day(on)
        self.followed = list(Department.objects.followed_by(user).select_related("region"))
        self.everything = self.day.prepared(Contract.objects.visible_to(user, WIDE_ROLES))
        super().__init__(data, self.everything)
        self.filters["region"].extra["choices"] = self.region_choices
        self.filters["departement"].extra["choices"] = self.department_choices
        self.filters["alerte"].extra["choices"] = [(alert.key, alert.said(on)) for alert in ALERTS]

    def region_choices(self) -> list[tuple[str, str]]:
        regions = {department.region_id: department.region.name for department in self.followed}
        return sorted(regions.items(), key=lambda region: region[1]) if len(regions) > 1 else []

    def department_choices(self) -> list[tuple[str, str]]:
        return [(department.pk, str(department)) for department in self.followed] if len(self.followed) > 1 else []

    @property
    def area(self) -> list[Department]:
        """The départements that one looks at."""
        region, department = self.cleaned.get("region"), self.cleaned.get("departement")
        return [
            one
            for one in self.followed
            if (not region or one.region_id == region) and (not department or one.pk == department)
        ]

    @property
    def of_area(self) -> QuerySet[Contract]:
        if len(self.area) == len(self.followed):
            return self.everything
        return self.everything.filter(territory__department__in=self.area)

    def in_order(self) -> QuerySet[Contract]:
        key = SORT_KEYS.get(self.sort.removeprefix("-"))
        if not key:
            return self.qs.order_by(*GROUPED)
        ordered = self.qs.annotate(sort_key=key())
        down = self.sort.startswith("-")
        value = F("sort_key").desc(nulls_last=True) if down else F("sort_key").asc(nulls_last=True)
        return ordered.order_by(value, "territory__name", "pk")

    def search(self, queryset, name, value):
        for word in value.split():
            queryset = queryset.filter(has_word(word, SEARCHED))
        return queryset

    def by_alert(self, queryset, name, value):
        return queryset.filter(BY_KEY[value].condition(self.day))

    def ends_before(self, queryset, name, value: date):
        return queryset.filter(Q(current_end__lt=value))
