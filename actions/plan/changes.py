"""« Depuis le dernier COPIL »: what differs between the plan of one evening and that of another.

Both evenings are told as they were known (`as_of.py`), and compared: what moved and came back has not moved, what came
and went was never there. The date shown beside a change is that of the point of follow-up which tells it; where none
does, the day when it was written.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from actions.enums import STARTED_STATUSES, Status
from actions.plan.as_of import Point, points_before
from actions.plan.change_words import Figure, by_status, signed, summary
from actions.plan.progress import Progress
from actions.plan.received import Received, last_of_each_indicator, measurements_received
from actions.plan.settled import FollowedDecision, decisions_followed
from actions.plan.versions import Story, Version, story
from cls_portal.core import french
from cls_portal.core.dates import end_of
from contracts.enums import BodyKind
from contracts.models import Contract, Meeting

STOPPED = (Status.SUSPENDED, Status.DROPPED, Status.REDIRECTED)


@dataclass
class Move:
    """A fiche that is in the plan on both evenings."""

    before: Version
    after: Version
    date: date
    reason: str = ""
    successor: Version | None = None


@dataclass
class Entry:
    """A fiche that is in the plan on one of the two evenings."""

    fiche: Version
    date: date
    how: str
    is_deleted: bool = False


@dataclass
class Silence:
    fiche: Version
    last_news: date | None


@dataclass
class Changes:
    """`start` and `end` are evenings. `meeting` is the one since which one looks, when there is one.

    `moved` holds neither the fiches that became postponed nor those of `stopped`; a fiche may be in `moved` and in
    `postponed`. `settled` and `pending` are the decisions that the person may read.
    """

    contract: Contract
    start: date
    end: date
    known_since: date | None
    meeting: Meeting | None
    before: Progress
    after: Progress
    moved: list[Move] = field(default_factory=list)
    postponed: list[Move] = field(default_factory=list)
    stopped: list[Move] = field(default_factory=list)
    added: list[Entry] = field(default_factory=list)
    removed: list[Entry] = field(default_factory=list)
    silent: list[Silence] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    settled: list[FollowedDecision] = field(default_factory=list)
    pending: list[FollowedDecision] = field(default_factory=list)

    @property
    def heading(self) -> str:
        day = french.long_date(self.start)
        if self.meeting is None:
            return f"Depuis le {day}"
        is_steering = self.meeting.body.kind == BodyKind.STEERING
        return f"Depuis {'le comité' if is_steering else 'la réunion'} du {day}"

    @property
    def figures(self) -> list[Figure]:
        return summary(self.before, self.after, self.start, self.end)

    @property
    def by_status(self) -> list[tuple[str, int, int, str]]:
        return by_status(self.before, self.after)

    @property
    def is_empty(self) -> bool:
        lists = (self.moved, self.postponed, self.stopped, self.added, self.removed, self.received, self.settled)
        return not any(lists)

    @property
    def total_difference(self) -> str:
        return signed(self.after.total - self.before.total)

    @property
    def entries(self) -> list[Entry]:
        return [*self.added, *self.removed]

    @property
    def entry_count(self) -> str:
        """« 2 ajoutées, 1 supprimée »"""
        counts = Counter(entry.how for entry in self.entries)
        return ", ".join(french.count_noun(number, how.lower()) for how, number in counts.items())

    @property
    def received_lines(self) -> list[tuple[Received, int]]:
        return last_of_each_indicator(self.received)

    @property
    def decisions(self) -> list[FollowedDecision]:
        return [*self.settled, *self.pending]

    @property
    def decision_words(self) -> str:
        """« 4 closes depuis, 3 ouvertes, dont 1 en retard »"""
        late = sum(each.is_late for each in self.pending)
        closed = french.count_noun(len(self.settled), "close depuis", "closes depuis")
        said = f"{closed}, {french.count_noun(len(self.pending), 'ouverte')}"
        return f"{said}, dont {late} en retard" if late else said


def changes_between(contract: Contract, user, start: date, end: date, *, meeting: Meeting | None = None) -> Changes:
    told = story(contract, user, start, end)
    before, after = told.at_start(), told.at_end()
    points = Points(points_before(contract, end_of(end)), told.start)
    changes = Changes(
        contract=contract,
        start=told.start,
        end=end,
        known_since=told.known_since,
        meeting=None if told.known_since else meeting,
        before=told.figures_at_start(),
        after=told.figures_at_end(),
    )
    for pk in sorted(before.keys() & after.keys(), key=lambda pk: after[pk].rank):
        compare(changes, told, points, before[pk], after[pk])
    changes.added = [entry(told, after[pk]) for pk in ordered(after, without=before)]
    changes.removed = [departure(told, before[pk]) for pk in ordered(before, without=after)]
    changes.received = measurements_received(after, told.start, end)
    changes.settled, changes.pending = decisions_followed(contract, user, after, told.start, end)
    return changes


def ordered(versions: dict[int, Version], *, without: dict[int, Version]) -> list[int]:
    return sorted(versions.keys() - without.keys(), key=lambda pk: versions[pk].rank)


class Points:
    """The points of follow-up told by the second evening; `since`: those told after the first one."""

    def __init__(self, known: list[Point], start: date):
        self.since: dict[int, list[Point]] = defaultdict(list)
        self.last: dict[int, date] = {}
        for point in known:
            self.last[point.action_id] = max(point.date, self.last.get(point.action_id, date.min))
            if point.recorded_at >= end_of(start):
                self.since[point.action_id].append(point)

    def telling(self, version: Version, fact) -> Point | None:
        """The last point, told no later than this version, of which `fact` holds."""
        told = [each for each in self.since[version.pk] if each.recorded_at <= version.written_at and fact(each)]
        return told[-1] if told else None


def compare(changes: Changes, told: Story, points: Points, before: Version, after: Version) -> None:
    """A fiche that is in the plan on both evenings."""
    has_moved = (before.status, before.progress) != (after.status, after.progress)
    has_new_status = before.status != after.status
    if has_new_status and after.status in STOPPED:
        changes.stopped.append(progress_move(told, points, before, after))
    elif has_moved and not (has_new_status and after.status == Status.POSTPONED):
        changes.moved.append(progress_move(told, points, before, after))
    is_delayed = before.deadline is not None and before.deadline != after.deadline
    if is_delayed or (has_new_status and after.status == Status.POSTPONED):
        changes.postponed.append(deadline_move(told, points, before, after))
    if after.status in STARTED_STATUSES and not told.is_over and not points.since[after.pk]:
        changes.silent.append(Silence(after, points.last.get(after.pk)))


def progress_move(told: Story, points: Points, before: Version, after: Version) -> Move:
    version = told.run(after.pk, lambda each: (each.status, each.progress))
    point = points.telling(version, lambda each: (each.status, each.progress) == (after.status, after.progress))
    successor = told.latest(after.successor_id) if after.status == Status.REDIRECTED else None
    return Move(before, after, point.date if point else version.day, after.status_reason, successor)


def deadline_move(told: Story, points: Points, before: Version, after: Version) -> Move:
    """The reason given in the point that tells the new date, else for the writing that set it."""
    version = told.run(after.pk, lambda each: each.deadline)
    point = points.telling(version, lambda each: each.new_date and each.new_date == after.postponed_to)
    if point:
        return Move(before, after, point.date, point.reason or point.headline)
    return Move(before, after, version.day, version.motive or "")


def entry(told: Story, fiche: Version) -> Entry:
    version = told.run(fiche.pk, lambda each: each.is_in_plan)
    known = told.before.get(fiche.pk)
    if known is None:
        is_dated = fiche.entered_on is not None and fiche.entered_on <= told.end
        return Entry(fiche, fiche.entered_on if is_dated else version.day, "Ajoutée")
    return Entry(fiche, version.day, "Rétablie" if known.deed == "-" else "Sortie des archives")


def departure(told: Story, fiche: Version) -> Entry:
    last = told.latest(fiche.pk)
    if last.deed == "-":
        return Entry(fiche, last.day, "Supprimée", is_deleted=True)
    return Entry(fiche, told.run(fiche.pk, lambda each: each.is_in_plan).day, "Archivée")
