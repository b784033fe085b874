"""The plan on a day: its fiches with all that a document shows of them, and its figures."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Prefetch

from actions.enums import Status
from actions.fiche.sheet import Sheet, readable
from actions.models import Action, FollowUp, FundingLine
from actions.papers.past import past_state
from actions.plan.progress import PlanState, Progress, state_of
from cls_portal.core import markdown
from cls_portal.core.dates import today
from contracts.models import Axis, Contract

NEWS_IN_PRINT = 3
HIGHLIGHT = 160
STOPPED = (Status.POSTPONED, Status.SUSPENDED, Status.DROPPED, Status.REDIRECTED)
RUNNING = (Status.IN_PROGRESS, Status.IN_PREPARATION)


@dataclass
class PlanPart:
    """The fiches of one axis; of none, when `axis` is None."""

    axis: Axis | None
    progress: Progress
    sheets: list[Sheet]


class Picture:
    def __init__(self, contract: Contract, user, on: date):
        self.contract, self.user, self.on = contract, user, on

    @cached_property
    def state(self) -> PlanState:
        """The plan of today is read from its tables, that of a past day from its history."""
        is_past = self.on < today()
        state = past_state(self.contract, self.user, self.on) if is_past else self.present_state()
        for action in state.fiches:
            action.printed_news = list(action.follow_ups.all())[:NEWS_IN_PRINT]
        return state

    def present_state(self) -> PlanState:
        newest = FollowUp.objects.order_by("-date", "-pk")
        rows = readable(self.user, self.contract).in_plan().in_plan_order()
        fiches = list(rows.prefetch_related(Prefetch("follow_ups", newest), "communes"))
        for action in fiches:
            action.contract = self.contract
        return state_of(self.contract, self.on, fiches, self.contract.axes.all())

    @property
    def fiches(self) -> list[Action]:
        return self.state.fiches

    @cached_property
    def sheets(self) -> list[Sheet]:
        return [Sheet(action, on=self.on) for action in self.fiches]

    @cached_property
    def parts(self) -> list[PlanPart]:
        by_axis = defaultdict(list)
        for sheet in self.sheets:
            by_axis[sheet.action.axis_id].append(sheet)
        return [PlanPart(part.axis, part, by_axis[part.axis.pk if part.axis else None]) for part in self.state.axes]

    def count(self, statuses) -> int:
        return sum(self.state.whole.counts[status] for status in statuses)

    @property
    def running(self) -> int:
        return self.count(RUNNING)

    @property
    def stopped(self) -> int:
        return self.count(STOPPED)

    @property
    def asking(self) -> list[Sheet]:
        """Those whose last point asks for an arbitration."""
        return [sheet for sheet in self.sheets if (last := last_point(sheet)) and last.asks_arbitration]

    @property
    def money(self) -> list[FundingLine]:
        return [line for action in self.fiches for line in action.funding_lines.all()]


def last_point(sheet: Sheet) -> FollowUp | None:
    return next(iter(sheet.action.printed_news), None)


def highlight(sheet: Sheet) -> str:
    """What is worth saying of a fiche in one line: its last news, or why it stopped."""
    point = last_point(sheet)
    said = (point.headline or markdown.plain(point.done) or point.reason) if point else ""
    return shortened(said or sheet.action.status_reason)


def shortened(text: str, length: int = HIGHLIGHT) -> str:
    """Cut between two words."""
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
