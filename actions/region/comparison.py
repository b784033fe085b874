"""A few contracts side by side: what each line says of each of them, in a constant number of queries."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.validators import slug_re
from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst

from actions.enums import TermUsage
from actions.models import Action, ActionTerm, FundingLine
from actions.region.rows import Row, read_rows
from actions.region.table import RegionalTable
from cls_portal.core.french import euro, long_date, number
from contracts.enums import BodyKind, Capacity, OrganisationKind
from contracts.models import Axis, Contract, GoverningBody, Meeting, PerimeterCommune, Signatory

FEWEST, MOST = 2, 4
TERMS_SHOWN = 8
A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Item:
    """A text, or a text and its figure; `url` leads to the list behind it."""

    text: str
    figure: str = ""
    url: str = ""


Cell = list[Item]


@dataclass(frozen=True)
class Line:
    label: str
    cells: list[Cell]


@dataclass(frozen=True)
class Section:
    title: str
    lines: list[Line]


def one(text, url: str = "") -> Cell:
    return [Item(str(text), url=url)] if text not in (None, "") else []


def day(value) -> Cell:
    return one(long_date(value)) if value else []


class Comparison:
    def __init__(self, table: RegionalTable, slugs: Iterable[str]):
        """Of the contracts that one follows; what is asked beyond `MOST` is left out."""
        asked = [slug for slug in dict.fromkeys(slugs) if slug_re.match(slug)]
        found = dict(table.filterset.everything.filter(slug__in=asked).values_list("slug", "pk"))
        known = [slug for slug in asked if slug in found]
        self.slugs, self.left_out = known[:MOST], known[MOST:]
        self.keys = [found[slug] for slug in self.slugs]
        self.day = table.filterset.day

    @property
    def is_possible(self) -> bool:
        return len(self.keys) >= FEWEST

    @cached_property
    def rows(self) -> list[Row]:
        return read_rows(self.keys, self.day)

    def line(self, label: str, cell: Callable[[Row], Cell]) -> Line:
        return Line(label, [cell(row) for row in self.rows])

    @property
    def sections(self) -> list[Section]:
        return [
            Section("Le contrat", self.frame),
            Section("Plan d’actions", self.plan),
            Section("Thématiques et publics", self.subjects),
            Section("Financement prévu, par nature de financeur", self.money),
            Section("Gouvernance", self.governance),
        ]

    @property
    def frame(self) -> list[Line]:
        return [
            self.line("Département", lambda row: one(row.department)),
            self.line("Nature et génération", lambda row: one(kind_of(row.contract))),
            self.line("État", lambda row: one(row.contract.state_words)),
            self.line("Signature", lambda row: day(row.contract.signed_on)),
            self.line("Début", lambda row: day(row.contract.start_date)),
            self.line("Fin, avenants compris", lambda row: day(row.contract.current_end)),
            self.line("Habitants", self.inhabitants),
            self.line("Communes", lambda row: self.linked(row, self.communes, "contracts:perimeter")),
            self.line("Signataires", lambda row: self.linked(row, self.signatories, "contracts:signatories")),
            self.line("Porteurs", lambda row: [Item(name) for name in self.leads[row.contract.pk]]),
            self.line("Coordination", lambda row: [Item(name) for name in row.coordinators]),
            self.line("Alertes", lambda row: [Item(alert.said(self.day.on)) for alert in row.alerts]),
        ]

    @property
    def plan(self) -> list[Line]:
        statuses = self.rows[0].segments
        return [
            self.line("Axes", lambda row: self.axes[row.contract.pk]),
            self.line("Fiches", lambda row: one(number(row.progress.total), row.plan)),
            *(self.line(label, by_status(place)) for place, (_code, label, _count) in enumerate(statuses)),
            self.line("En retard", lambda row: figure(row.progress.late, f"{row.plan}?alerte=retard")),
            self.line("Avancement moyen déclaré", lambda row: one(row.mean)),
            self.line("Dernière nouvelle", lambda row: day(row.figures.last_news)),
        ]

    @property
    def subjects(self) -> list[Line]:
        return [
            self.line("Thématiques les plus présentes", lambda row: self.terms[row.contract.pk, TermUsage.THEME]),
            self.line("Publics les plus présents", lambda row: self.terms[row.contract.pk, TermUsage.AUDIENCE]),
        ]

    @property
    def money(self) -> list[Line]:
        """Only the kinds of funders that one of them has."""
        kinds = [*OrganisationKind, ""]
        labels = {"": "Financeur à préciser"} | {kind: capfirst(kind.label) for kind in OrganisationKind}
        used = [kind for kind in kinds if any(self.planned[pk][kind] for pk in self.keys)]
        lines = [self.line(labels[kind], self.amount_of(kind)) for kind in used]
        return [*lines, self.line("Total", lambda row: one(amount(sum(self.planned[row.contract.pk].values()))))]

    @property
    def governance(self) -> list[Line]:
        return [
            self.line("Instances et rythme", lambda row: self.bodies[row.contract.pk]),
            self.line("Réunions tenues en un an", self.meetings_held),
            self.line("Dernier COPIL", lambda row: day(self.meetings[row.contract.pk].last_copil)),
            self.line("Prochain COPIL", self.next_copil),
        ]

    # Cells

    def inhabitants(self, row: Row) -> Cell:
        contract = row.contract
        if not contract.inhabitants:
            return []
        year = f" ({contract.population_year})" if contract.population and contract.population_year else ""
        return one(f"{number(contract.inhabitants)}{year}")

    def linked(self, row: Row, numbers: Counter, page: str) -> Cell:
        return figure(numbers[row.contract.pk], reverse(page, args=[row.contract.slug]))

    def amount_of(self, kind: str) -> Callable[[Row], Cell]:
        return lambda row: one(amount(self.planned[row.contract.pk][kind]))

    def meetings_held(self, row: Row) -> Cell:
        return figure(self.meetings[row.contract.pk].held, reverse("actions:governance", args=[row.contract.slug]))

    def next_copil(self, row: Row) -> Cell:
        if not row.next_meeting:
            return []
        return one(long_date(timezone.localdate(row.contract.copil_at)), row.next_meeting[1])

    # Readings, each in one query for all the contracts

    @cached_property
    def communes(self) -> Counter:
        return counted(PerimeterCommune.objects.present().filter(contract__in=self.keys))

    @cached_property
    def parties(self) -> list[tuple[int, str, str]]:
        rows = Signatory.objects.filter(contract__in=self.keys).order_by("position", "pk")
        return list(rows.values_list("contract_id", "capacity", "organisation__name"))

    @property
    def signatories(self) -> Counter:
        return Counter(contract for contract, _capacity, _name in self.parties)

    @cached_property
    def leads(self) -> dict[int, list[str]]:
        found = defaultdict(list)
        for contract, capacity, name in self.parties:
            if capacity in (Capacity.LEAD, Capacity.CO_LEAD):
                found[contract].append(name)
        return found

    @cached_property
    def axes(self) -> dict[int, Cell]:
        fiches = Count("actions", filter=Q(actions__in=Action.objects.in_plan()))
        rows = Axis.objects.filter(contract__in=self.keys).annotate(fiches=fiches).order_by("position", "pk")
        found = defaultdict(list)
        for axis in rows.select_related("contract"):
            url = f"{reverse('actions:plan', args=[axis.contract.slug])}?axe={axis.pk}"
            found[axis.contract_id].append(Item(str(axis), number(axis.fiches), url))
        return found

    @cached_property
    def terms(self) -> dict[tuple[int, str], Cell]:
        links = ActionTerm.objects.filter(
            action__in=Action.objects.filter(contract__in=self.keys).in_plan(),
            usage__in=[TermUsage.THEME, TermUsage.AUDIENCE],
        )
        names = ("action__contract", "action__contract__slug", "usage", "term", "term__label")
        lines = links.order_by().values_list(*names).annotate(number=Count("pk"))
        found = defaultdict(list)
        for contract, slug, usage, term, label, fiches in lines.order_by("-number", "term__label", "term"):
            if len(found[contract, usage]) < TERMS_SHOWN:
                name = "theme" if usage == TermUsage.THEME else "public"
                url = f"{reverse('actions:plan', args=[slug])}?{name}={term}"
                found[contract, usage].append(Item(label, number(fiches), url))
        return found

    @cached_property
    def planned(self) -> dict[int, Counter]:
        lines = FundingLine.objects.filter(action__in=Action.objects.filter(contract__in=self.keys).in_plan())
        found = defaultdict(Counter)
        for contract, kind, total in (
            lines.order_by().values_list("action__contract", "funder__kind").annotate(total=Sum("planned"))
        ):
            found[contract][kind or ""] += total or 0
        return found

    @cached_property
    def bodies(self) -> dict[int, Cell]:
        found = defaultdict(list)
        for body in GoverningBody.objects.filter(contract__in=self.keys).active().order_by("position", "pk"):
            rhythm = f"{body.rhythm[:1].lower()}{body.rhythm[1:]}".rstrip(".")
            found[body.contract_id].append(Item("\u00a0: ".join(filter(None, [body.heading, rhythm]))))
        return found

    @cached_property
    def meetings(self) -> dict[int, "Held"]:
        found = defaultdict(Held)
        now = timezone.now()
        rows = Meeting.objects.filter(body__contract__in=self.keys, starts_at__lte=now).held()
        for contract, kind, starts_at in rows.values_list("body__contract", "body__kind", "starts_at"):
            held = found[contract]
            held.held += starts_at >= now - A_YEAR
            if kind == BodyKind.STEERING and held.last_copil is None:
                held.last_copil = timezone.localdate(starts_at)
        return found


@dataclass
class Held:
    """The meetings of one contract: in the year that ends today, and the last of its steering committee."""

    held: int = 0
    last_copil: date | None = None


def counted(rows) -> Counter:
    return Counter(dict(rows.order_by().values_list("contract").annotate(Count("pk"))))


def by_status(place: int) -> Callable[[Row], Cell]:
    def cell(row: Row) -> Cell:
        code, _label, count = row.segments[place]
        return figure(count, f"{row.plan}?statut={code}")

    return cell


def figure(value: int, url: str) -> Cell:
    return one(number(value), url if value else "")


def amount(value) -> str:
    return euro(value) if value else ""


def kind_of(contract: Contract) -> str:
    return f"{capfirst(contract.get_kind_display())}, génération {contract.generation}"
