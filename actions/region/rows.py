"""What the table shows of each contract of a page: read in a few queries, whatever the number of contracts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Case, Count, Max, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from actions.enums import Status
from actions.models import Action, FollowUp
from actions.plan.progress import COUNTS_IN_THE_MEAN, Progress
from actions.region.alerts import ALERTS, Alert, Day, flag_name
from actions.region.filters import inhabitants
from actions.wording import since_words
from cls_portal.core.french import percent
from contracts.enums import BodyKind, ContractKind, Role
from contracts.models import Contract, Meeting, Membership

LONG_TEXTS = ("presentation", "articulation", "evaluation_method")


@dataclass
class Figures:
    """Of the fiches of one contract."""

    progress: Progress = field(default_factory=Progress)
    declared: int = 0
    counted: int = 0
    last_news: date | None = None

    @property
    def mean(self) -> int | None:
        return round(self.declared / self.counted) if self.counted else None


@dataclass(frozen=True)
class Flag:
    icon: str
    text: str
    url: str


@dataclass
class Row:
    contract: Contract
    figures: Figures
    coordinators: list[str]
    on: date

    @property
    def progress(self) -> Progress:
        return self.figures.progress

    @property
    def department(self):
        return self.contract.territory.department

    @property
    def generation(self) -> str:
        """« CLS 2, 2020-2026 »: the heading of the page says the name in full."""
        contract = self.contract
        kind = "CLS" if contract.kind == ContractKind.CLS else capfirst(contract.get_kind_display())
        years = [str(day.year) for day in (contract.start_date, contract.current_end) if day]
        return ", ".join(filter(None, [f"{kind}\u00a0{contract.generation}", "-\u2060".join(years)]))

    @property
    def plan(self) -> str:
        return reverse("actions:plan", args=[self.contract.slug])

    @property
    def mean(self) -> str:
        return "" if self.figures.mean is None else percent(self.figures.mean)

    @property
    def segments(self) -> list[tuple[str, str, int]]:
        return self.progress.by_status()

    @property
    def time_left(self) -> str:
        """Said when the end is near, for a contract in force."""
        if not self.has("echeance"):
            return ""
        days = (self.contract.current_end - self.on).days
        return f"dans {since_words(days)}" if days > 0 else "passée"

    @property
    def news_age(self) -> str:
        return since_words((self.on - self.figures.last_news).days) if self.figures.last_news else ""

    @property
    def next_meeting(self) -> tuple[str, str] | None:
        """(day, address)"""
        starts_at: datetime | None = self.contract.copil_at
        if starts_at is None:
            return None
        url = reverse("actions:meeting", args=[self.contract.slug, self.contract.copil_pk])
        return f"{timezone.localdate(starts_at):%d/%m/%Y}", url

    @property
    def report_url(self) -> str:
        public_id = self.contract.report
        return reverse("contracts:document", args=[self.contract.slug, public_id]) if public_id else ""

    @property
    def owes_a_report(self) -> bool:
        return self.contract.owes_a_report

    def has(self, key: str) -> bool:
        return any(alert.key == key for alert in self.alerts)

    @property
    def alerts(self) -> list[Alert]:
        return [alert for alert in ALERTS if getattr(self.contract, flag_name(alert))]

    @property
    def flags(self) -> list[Flag]:
        """Those that no other column says: the end that nears is said beside its date."""
        return [self._flag(alert) for alert in self.alerts if alert.key != "echeance"]

    def _flag(self, alert: Alert) -> Flag:
        text = alert.said(self.on)
        if alert.key == "silence" and self.news_age:
            text = f"{text}, {self.news_age}"
        return Flag(alert.icon, text, reverse(alert.page, args=[self.contract.slug]) + alert.query)


def read_rows(keys: Sequence[int], day: Day) -> list[Row]:
    """In the order of the keys."""
    contracts = {contract.pk: contract for contract in _detailed(keys, day)}
    figures, people = figures_of(keys, day.on), coordinators_of(contracts.values())
    return [Row(contracts[pk], figures[pk], people[pk], day.on) for pk in keys if pk in contracts]


def _detailed(keys: Sequence[int], day: Day):
    found = day.prepared(Contract.objects.filter(pk__in=keys)).select_related("territory__department__region")
    copils = Meeting.objects.filter(
        body__contract=OuterRef("pk"), body__kind=BodyKind.STEERING, starts_at__date__gte=day.on
    ).to_come()
    reports = day.reports.filter(contract=OuterRef("pk"), meeting=None).order_by("-uploaded_at")
    flags = {flag_name(alert): _yes(alert.condition(day)) for alert in ALERTS}
    return found.defer(*LONG_TEXTS).annotate(
        copil_pk=Subquery(copils.values("pk")[:1]),
        copil_at=Subquery(copils.values("starts_at")[:1]),
        report=Subquery(reports.values("public_id")[:1]),
        owes_a_report=_yes(day.owes_a_report),
        inhabitants=inhabitants(),
        **flags,
    )


def _yes(condition: Q) -> Case:
    return Case(When(condition, then=True), default=False)


def figures_of(keys: Iterable[int], on: date) -> dict[int, Figures]:
    """One query: by contract and status, the numbers of fiches, what they declare, the last news."""
    news = FollowUp.objects.filter(action=OuterRef("pk")).order_by("-date").values("date")[:1]
    lines = (
        Action.objects.filter(contract__in=keys)
        .in_plan()
        .with_lateness(on)
        .annotate(heard_on=Subquery(news))
        .order_by()
        .values("contract_id", "status")
        .annotate(
            number=Count("pk"),
            counted=Count("pk", filter=COUNTS_IN_THE_MEAN),
            declared=Coalesce(Sum("progress", filter=COUNTS_IN_THE_MEAN & ~Q(status=Status.DROPPED)), 0),
            late=Count("pk", filter=Q(is_late=True)),
            last=Max("heard_on"),
        )
    )
    found: dict[int, Figures] = {pk: Figures() for pk in keys}
    for line in lines:
        figures = found[line["contract_id"]]
        figures.progress.counts[line["status"]] += line["number"]
        figures.progress.late += line["late"]
        figures.counted += line["counted"]
        figures.declared += line["declared"]
        figures.last_news = max(filter(None, [figures.last_news, line["last"]]), default=None)
    return found


def coordinators_of(contracts: Iterable[Contract]) -> dict[int, list[str]]:
    """Names, by contract: of the contract itself and of its territory."""
    contracts = list(contracts)
    of_territory: dict[int, list[int]] = defaultdict(list)
    for contract in contracts:
        of_territory[contract.territory_id].append(contract.pk)
    held = Membership.objects.filter(role=Role.COORDINATOR, user__is_active=True).filter(
        Q(contract__in=[contract.pk for contract in contracts]) | Q(territory__in=list(of_territory))
    )
    names: dict[int, list[str]] = defaultdict(list)
    for membership in held.select_related("user").order_by("user__last_name", "user__first_name", "pk"):
        reached = [membership.contract_id] if membership.contract_id else of_territory[membership.territory_id]
        for pk in reached:
            if str(membership.user) not in names[pk]:
                names[pk].append(str(membership.user))
    return names
