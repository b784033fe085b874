"""The fiches of a plan between two evenings, version after version, as narrow rows of their history."""

from collections import defaultdict
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime

from django.utils import timezone

from actions.enums import CLOSED_STATUSES, DatePrecision, DraftingState, Status
from actions.models import Action
from actions.plan.as_of import in_scope, is_late_on
from actions.plan.progress import Progress
from actions.plan.rows import short_date
from cls_portal.core.dates import end_of
from cls_portal.core.french import percent
from cls_portal.core.history import records_around
from contracts.enums import STATES_OVER
from contracts.models import Contract

WITHOUT_PROGRESS = (Status.NOT_STARTED, Status.IN_PREPARATION)


@dataclass(slots=True, frozen=True)
class Version:
    """A fiche from one writing to the next; its axis is that of today, which gives the order and the colour."""

    pk: int
    written_at: datetime
    deed: str
    motive: str
    axis_id: int | None
    axis_position: int | None
    colour: int | None
    position: int
    code: str
    title: str
    drafting_state: str
    status: str
    status_reason: str
    progress: int
    postponed_to: date | None
    end_date: date | None
    end_precision: str
    successor_id: int | None
    entered_on: date | None
    is_late: bool = False

    @property
    def day(self) -> date:
        return timezone.localdate(self.written_at)

    @property
    def is_in_plan(self) -> bool:
        return self.deed != "-" and self.drafting_state != DraftingState.ARCHIVED

    @property
    def deadline(self) -> date | None:
        return self.postponed_to or self.end_date

    @property
    def deadline_words(self) -> str:
        return short_date(self.deadline, DatePrecision.DAY if self.postponed_to else self.end_precision)

    @property
    def status_label(self) -> str:
        return Status(self.status).label

    @property
    def progress_words(self) -> str:
        """Nothing where the status says it all."""
        if self.status in CLOSED_STATUSES or (self.status in WITHOUT_PROGRESS and not self.progress):
            return ""
        return percent(self.progress)

    @property
    def words(self) -> str:
        """« En cours, 75 % »"""
        return ", ".join(part for part in (self.status_label, self.progress_words) if part)

    @property
    def name(self) -> str:
        return f"{self.code} {self.title}".strip()

    @property
    def rank(self) -> tuple:
        """As `in_plan_order` of the queryset."""
        placed = self.axis_position is not None
        return (not placed, (self.axis_position, self.axis_id) if placed else (), self.position, self.pk)


COLUMNS = {"pk": "id", "written_at": "history_date", "deed": "history_type", "motive": "history_change_reason"}
COLUMNS |= {"axis_position": "axis__position", "colour": "axis__color"}
READ = [COLUMNS.get(each.name, each.name) for each in fields(Version) if each.name != "is_late"]


@dataclass
class Story:
    """`before`: the last version of each fiche on the first evening, deletions included; `since`: those written after.

    `known_since` is the day from which the portal knows the plan, when the first evening comes before it: the plan of
    that day then stands for the first evening, so that a plan taken up on the way is not told as new.
    """

    start: date
    end: date
    before: dict[int, Version] = field(default_factory=dict)
    since: dict[int, list[Version]] = field(default_factory=lambda: defaultdict(list))
    known_since: date | None = None
    was_over: bool = False
    is_over: bool = False

    def add(self, version: Version) -> None:
        if version.written_at < end_of(self.start):
            self.before[version.pk] = version
        else:
            self.since[version.pk].append(version)

    def at_start(self) -> dict[int, Version]:
        return in_plan(self.before)

    def figures_at_start(self) -> Progress:
        return figures(self.at_start(), self.start, is_over=self.was_over)

    def figures_at_end(self) -> Progress:
        return figures(self.at_end(), self.end, is_over=self.is_over)

    def at_end(self) -> dict[int, Version]:
        return in_plan(self.before | {pk: versions[-1] for pk, versions in self.since.items()})

    def latest(self, pk: int | None) -> Version | None:
        return self.since[pk][-1] if pk in self.since else self.before.get(pk)

    def run(self, pk: int, facts) -> Version | None:
        """The version by which these facts, a function of a version, became what they are at the end."""
        versions = [self.before[pk]] if pk in self.before else []
        versions += self.since.get(pk, [])
        last, first = facts(versions[-1]), None
        for version in reversed(versions):
            if facts(version) != last:
                break
            first = version
        return first


def in_plan(versions: dict[int, Version]) -> dict[int, Version]:
    return {pk: version for pk, version in versions.items() if version.is_in_plan}


def story(contract: Contract, user, start: date, end: date) -> Story:
    told = Story(start, end)
    told.was_over, told.is_over, is_known = states_of(contract, start, end)
    records = records_around(Action, end_of(start), end_of(end), **in_scope(contract, user))
    versions = [Version(*row) for row in records.values_list(*READ)]
    if versions and not is_known:
        told.known_since = told.start = versions[0].day
    for version in versions:
        told.add(version)
    return told


def states_of(contract: Contract, start: date, end: date) -> tuple[bool, bool, bool]:
    """Whether the contract was over on each evening, and whether the portal knew it on the first one."""
    records = records_around(Contract, end_of(start), end_of(end), id=contract.pk)
    rows = list(records.values_list("history_date", "state"))
    before = [state in STATES_OVER for when, state in rows if when < end_of(start)]
    over = [state in STATES_OVER for _when, state in rows] or [contract.is_over]
    return before[-1] if before else over[0], over[-1], bool(before)


def figures(versions: dict[int, Version], on: date, *, is_over: bool) -> Progress:
    progress = Progress()
    for version in versions.values():
        progress.add(replace(version, is_late=is_late_on(version, on, is_over=is_over)))
    return progress
