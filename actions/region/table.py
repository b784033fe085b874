"""The regional table under the filters and the sort of an address."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.functional import cached_property

from actions.region.alerts import ALERTS, Alert, flag_name
from actions.region.coverage import covered_inhabitants, inhabitants_of
from actions.region.filters import RegionFilter
from actions.region.rows import Row, read_rows
from cls_portal.core.dates import today
from contracts.enums import STATES_IN_FORCE
from contracts.models import Department

ROWS_PER_PAGE = 50
# Beyond, a sentence that names them says nothing any more.
NAMED_DEPARTMENTS = 12


@dataclass(frozen=True)
class Covered:
    """The contracts of some départements, and the inhabitants that those in force cover."""

    contracts: int
    in_force: int
    inhabitants: int
    population: int | None

    @property
    def share(self) -> float | None:
        return 100 * self.inhabitants / self.population if self.population else None


@dataclass(frozen=True)
class Group:
    """The lines of one département; all of them, when `department` is None."""

    department: Department | None
    covered: Covered | None
    rows: list[Row]


class RegionalTable:
    def __init__(self, user, params: QueryDict, on: date | None = None):
        self.on = on or today()
        self.filterset = RegionFilter(params, user=user, on=self.on)
        self.params = params

    @property
    def area(self) -> list[Department]:
        return self.filterset.area

    @property
    def sort(self) -> str:
        return self.filterset.sort

    @property
    def area_name(self) -> str:
        regions = {department.region_id: department.region.name for department in self.area}
        if len(self.area) <= 1:
            return ", ".join(map(str, self.area))
        return next(iter(regions.values())) if len(regions) == 1 else "Toutes les régions suivies"

    @cached_property
    def keys(self) -> list[int]:
        return list(self.filterset.in_order().values_list("pk", flat=True))

    @cached_property
    def page(self) -> Page:
        return Paginator(self.keys, ROWS_PER_PAGE).get_page(self.params.get("page"))

    @cached_property
    def rows(self) -> list[Row]:
        return read_rows(self.page.object_list, self.filterset.day)

    @property
    def groups(self) -> list[Group]:
        if self.sort:
            return [Group(None, None, self.rows)]
        parts = groupby(self.rows, key=lambda row: row.department)
        return [Group(department, self.covered_in([department]), list(rows)) for department, rows in parts]

    @cached_property
    def counts(self) -> dict[str, Counter]:
        """By département: contracts, those in force, those of each alert. One query for the whole area."""
        conditions = {"in_force": Q(state__in=STATES_IN_FORCE)}
        conditions |= {flag_name(alert): alert.condition(self.filterset.day) for alert in ALERTS}
        counted = {name: Count("pk", filter=condition) for name, condition in conditions.items()}
        lines = (
            self.filterset.of_area.order_by().values("territory__department").annotate(total=Count("pk"), **counted)
        )
        return {line.pop("territory__department"): Counter(line) for line in lines}

    @cached_property
    def covered_by_department(self) -> Counter[str]:
        return covered_inhabitants(self.filterset.of_area, self.area)

    def covered_in(self, departments: list[Department]) -> Covered:
        figures = [self.counts.get(department.pk, Counter()) for department in departments]
        return Covered(
            sum(one["total"] for one in figures),
            sum(one["in_force"] for one in figures),
            sum(self.covered_by_department[department.pk] for department in departments),
            inhabitants_of(departments),
        )

    @cached_property
    def covered(self) -> Covered:
        return self.covered_in(self.area)

    @cached_property
    def alerted(self) -> list[tuple[Alert, str, int]]:
        """(alert, words, number of contracts), those of the area, whatever the other filters."""
        totals = sum(self.counts.values(), Counter())
        return [(alert, alert.said(self.on), totals[flag_name(alert)]) for alert in ALERTS]

    @property
    def uncovered(self) -> list[Department]:
        """The départements without a contract in force; none when there are too many to be named."""
        found = [one for one in self.area if not self.counts.get(one.pk, Counter())["in_force"]]
        return found if 0 < len(found) <= NAMED_DEPARTMENTS and len(self.area) > 1 else []
