"""The lists that the pages offer ready-made: each of their figures leads to its contracts, or to its fiches."""

from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse

from actions.plan import filter_bar
from actions.plan.progress import Progress
from actions.region.fiches import FollowedFiches
from actions.region.table import RegionalTable
from cls_portal.core.french import NBSP, number
from contracts.enums import STATES_IN_FORCE

PLACE = {"region", "departement"}
# Key of the alert → how one contract, and several, are said to have it.
WORDS = {
    "echeance": ("arrive à échéance dans les douze mois", "arrivent à échéance dans les douze mois"),
    "bilan": ("n’a pas rendu son bilan {year}", "n’ont pas rendu leur bilan {year}"),
    "silence": ("est sans nouvelle", "sont sans nouvelle"),
}


class AreaLists:
    """Of the place that one looks at: the other filters give way."""

    def __init__(self, table: RegionalTable, params: QueryDict, path: str):
        self.table, self.path = table, path
        self.place = QueryDict(mutable=True)
        for name in params:
            if name in PLACE | {"tri"}:
                self.place.setlist(name, params.getlist(name))

    def url(self, name: str = "", values: tuple[str, ...] = ()) -> str:
        params = self.place.copy()
        if values:
            params.setlist(name, values)
        return filter_bar.address(self.path, params)

    @property
    def quick(self) -> list[tuple[str, str, int, bool]]:
        """(label, address, number, whether it is the one shown)"""
        active = self.table.filterset.active
        chosen = active.get("alerte") if not set(active) - PLACE - {"alerte"} else None
        lists = [("Tous", self.url(), self.table.covered.contracts, not set(active) - PLACE)]
        for alert, label, count in self.table.alerted:
            if count or chosen == alert.key:
                lists.append((label, self.url("alerte", (alert.key,)), count, chosen == alert.key))
        return lists

    @property
    def in_force_url(self) -> str:
        return self.url("etat", STATES_IN_FORCE)

    @property
    def worries(self) -> list[tuple[str, str]]:
        """(words, address)"""
        found = []
        for alert, _label, count in self.table.alerted:
            if count and alert.key in WORDS:
                words = WORDS[alert.key][count > 1].format(year=self.table.filterset.day.reported_year)
                found.append((f"{number(count)}{NBSP}{words}", self.url("alerte", (alert.key,))))
        return found


@dataclass(frozen=True)
class TotalLine:
    label: str
    total: int
    url: str
    counts: list[tuple[str, str, int, str]]


class FicheLists:
    """The totals of the fiches, under the filters of their contracts."""

    def __init__(self, fiches: FollowedFiches, params: QueryDict):
        self.fiches, self.params, self.path = fiches, params, reverse("actions:region_fiches")

    def line(self, label: str, progress: Progress, **scope: str) -> TotalLine:
        def url(**more: str) -> str:
            params = self.params.copy()
            for name, value in (scope | more).items():
                params[name] = value
            return filter_bar.address(self.path, params)

        counts = [(code, name, count, url(statut=code)) for code, name, count in progress.by_status()]
        return TotalLine(label, progress.total, url(), counts)

    @property
    def whole(self) -> TotalLine:
        return self.line("Ensemble des fiches", self.fiches.whole)

    @property
    def parts(self) -> list[tuple[str, list[TotalLine], list[str]]]:
        """(title, lines that count something, names of what no fiche has)"""
        found = []
        for name, title in (("theme", "Thématique"), ("public", "Public")):
            totals = self.fiches.totals(name)
            lines = [self.line(one.label, one.progress, **{name: one.key}) for one in totals if one.progress.total]
            unused = [one.label for one in totals if not one.progress.total and one.key.isdigit()]
            found.append((title, lines, unused))
        return found
