"""What the template of the plan shows of each line, as plain text: nothing is left to be computed inside the loop."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from actions.enums import ACHIEVED_STATUSES, DatePrecision, Status
from actions.plan.progress import Progress
from actions.plan.reading import Group, Line, Plan
from actions.wording import since_words
from cls_portal.core.dates import quarter_of
from cls_portal.core.french import NBSP, count_noun, percent
from contracts.models import Contract

LABELS = dict(Status.choices)
PERCENTS = {value: percent(value) for value in (0, 25, 50, 75, 100)}


@dataclass(slots=True)
class Row:
    pk: str
    code: str
    name: str
    colour: str
    title: str
    url: str
    pilot: str
    more_pilots: str
    status: str
    status_label: str
    status_url: str
    progress: str
    progress_label: str
    due: str
    is_late: bool
    last: str
    flags: list[tuple[str, str]]


@dataclass
class RowGroup:
    key: str
    code: str
    colour: str
    title: str
    meta: str
    rows: list[Row]


def short_date(day: date | None, precision: str = DatePrecision.DAY) -> str:
    """As exactly as it is known, in the width of a column: 31/12/2025, 12/2025, T4 2025, 2025."""
    if day is None:
        return ""
    if precision == DatePrecision.YEAR:
        return str(day.year)
    if precision == DatePrecision.QUARTER:
        return f"T{quarter_of(day)}{NBSP}{day.year}"
    return f"{day:%m/%Y}" if precision == DatePrecision.MONTH else f"{day:%d/%m/%Y}"


def deadline(line: Line) -> str:
    return short_date(line.deadline, DatePrecision.DAY if line.postponed_to else line.end_precision)


def alerts(line, on: date) -> list[tuple[str, str]]:
    """(icon, words) of what is computed about a fiche that has the columns of the alerts."""
    found = []
    if line.is_late:
        found.append(("retard", f"En retard, {since_words((on - line.deadline).days)}"))
    if line.is_silent:
        days = (on - line.news_since).days if line.news_since else 0
        found.append(("muette", f"Sans nouvelle, {since_words(days)}" if days else "Sans nouvelle"))
    return found


class Addresses:
    """The addresses of the fiches of one contract: reversed once, then filled in."""

    def __init__(self, contract: Contract):
        self.detail = self.frame("actions:detail", contract)
        self.status = self.frame("actions:status", contract)

    @staticmethod
    def frame(name: str, contract: Contract) -> tuple[str, str]:
        before, _zero, after = reverse(name, args=[contract.slug, 0]).rpartition("/0/")
        return f"{before}/", f"/{after}"


class Presenter:
    """`may_edit`: gives news of every fiche; `led`: organisations for which the person gives news."""

    def __init__(self, contract: Contract, on: date, *, may_edit: bool, led: frozenset[int]):
        self.on = on
        self.may_edit = may_edit
        self.led = led
        self.addresses = Addresses(contract)

    def row(self, line: Line, colour: int | None) -> Row:
        pk = str(line.pk)
        before, after = self.addresses.detail
        return Row(
            pk=pk,
            code=line.code,
            name=line.code or line.title,
            colour=str(colour or ""),
            title=line.title,
            url=f"{before}{pk}{after}",
            pilot=line.pilots[0][1] if line.pilots else "",
            more_pilots=str(len(line.pilots) - 1) if len(line.pilots) > 1 else "",
            status=line.status,
            status_label=LABELS[line.status],
            status_url=self.status_url(line, pk),
            progress=str(line.progress),
            progress_label=PERCENTS[line.progress],
            due=deadline(line),
            is_late=line.is_late,
            last=short_date(line.last_news),
            flags=self.flags(line),
        )

    def status_url(self, line: Line, pk: str) -> str:
        """Empty for those who may not give news of this fiche."""
        if not (self.may_edit or any(organisation in self.led for organisation, _name in line.pilots)):
            return ""
        before, after = self.addresses.status
        return f"{before}{pk}{after}"

    def flags(self, line: Line) -> list[tuple[str, str]]:
        found = alerts(line, self.on)
        if line.gaps:
            found.append(("manque", f"{len(line.gaps)}{NBSP}à compléter"))
        return found

    def groups(self, plan: Plan) -> list[RowGroup]:
        """One group without a head when the lines are sorted: the list then has no axes."""
        if plan.sort:
            colours = {head.pk: head.color for head in plan.vocabulary.heads}
            rows = [self.row(line, colours.get(line.axis_id)) for line in plan.lines]
            return [RowGroup("", "", "", "", "", rows)] if rows else []
        return [self.group(group, plan.contract.without_axis) for group in plan.groups()]

    def group(self, group: Group, without: str) -> RowGroup:
        head = group.head
        rows = [self.row(line, head.color if head else None) for line in group.lines]
        if head is None:
            return RowGroup("aucun", "", "", without, group_meta(group.lines), rows)
        return RowGroup(str(head.pk), head.code, str(head.color), head.title, group_meta(group.lines), rows)


def group_meta(lines: list[Line]) -> str:
    """The mean is that of the overview."""
    if not lines:
        return "aucune fiche"
    state = Progress()
    for line in lines:
        state.add(line)
    parts = [count_noun(len(lines), "fiche")]
    if state.achieved:
        parts.append(count_noun(state.achieved, "réalisée"))
    if state.mean is not None:
        parts.append(f"{percent(state.mean)} en moyenne")
    return ", ".join(parts)


def sentence(plan: Plan) -> str:
    """« 4 axes, 56 fiches : 18 réalisées, 25 en cours, 6 en retard. »"""
    lines = plan.whole
    achieved = sum(line.status in ACHIEVED_STATUSES for line in lines)
    running = sum(line.status == Status.IN_PROGRESS for line in lines)
    late = sum(line.is_late for line in lines)
    counts = [
        count_noun(achieved, "réalisée"),
        f"{running}{NBSP}en cours",
        f"{late}{NBSP}en retard",
    ]
    axes = count_noun(len(plan.vocabulary.heads), plan.contract.axis_label)
    return f"{axes}, {count_noun(len(lines), 'fiche')}\u00a0: {', '.join(counts)}."


# Label, icon, parameter and value of the address, and which lines it counts. The first resets the filters.
QUICK = [
    ("Toutes", "", "", "", lambda line: True),
    ("En retard", "retard", "alerte", "retard", lambda line: line.is_late),
    ("Sans nouvelle", "muette", "alerte", "silence", lambda line: line.is_silent),
    ("À compléter", "manque", "alerte", "incomplete", lambda line: bool(line.gaps)),
    ("Sans pilote", "", "manque", "pilote", lambda line: "no_pilot" in line.gaps),
    ("Sans indicateur", "", "manque", "indicateur", lambda line: "no_indicator" in line.gaps),
    ("Sans échéance", "", "manque", "echeance", lambda line: "no_deadline" in line.gaps),
]


@dataclass(frozen=True)
class QuickList:
    label: str
    icon: str
    url: str
    count: str
    current: bool


def quick_lists(lines: Iterable[Line], active: dict, url: str, led: frozenset[int]) -> list[QuickList]:
    """« Vos fiches » comes second, for who acts for an organisation that may lead some."""

    def is_own(line: Line) -> bool:
        return any(organisation in led for organisation, _name in line.pilots)

    lists, own = [], [("Vos fiches", "", "miennes", "oui", is_own)] if led else []
    for label, icon, name, value, counts in [*QUICK[:1], *own, *QUICK[1:]]:
        wanted = {name: value} if name else {}
        count = str(sum(map(counts, lines)))
        lists.append(QuickList(label, icon, f"{url}?{name}={value}" if name else url, count, active == wanted))
    return lists
