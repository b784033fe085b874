"""How many inhabitants the contracts in force cover, by département: a commune of two contracts counts once."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet, Sum

from cls_portal.core.rows import union_of
from contracts.enums import STATES_IN_FORCE
from contracts.models import Commune, Contract, Department, PerimeterCommune


def covered_inhabitants(contracts: QuerySet[Contract], departments: Iterable[Department]) -> Counter[str]:
    """By code of the département. A contract whose communes have no known population counts for what it declares."""
    in_force = contracts.filter(state__in=STATES_IN_FORCE)
    perimeters = PerimeterCommune.objects.present()
    covering = perimeters.filter(commune=OuterRef("pk"), contract__in=in_force.values("pk"))
    communes = Commune.objects.filter(Exists(covering), department__in=departments)
    counted = perimeters.filter(contract=OuterRef("pk"), commune__population__isnull=False)
    declared = in_force.filter(~Exists(counted), population__isnull=False)
    found: Counter[str] = Counter()
    for department, inhabitants in union_of(
        [_by_department(communes, "department"), _by_department(declared, "territory__department")]
    ):
        found[department] += inhabitants or 0
    return found


def _by_department(rows: QuerySet, path: str) -> QuerySet:
    return rows.order_by().values_list(path).annotate(inhabitants=Sum("population"))


def inhabitants_of(departments: Iterable[Department]) -> int | None:
    """None as long as one of them is not known."""
    known = [department.population for department in departments]
    return None if None in known or not known else sum(known)
