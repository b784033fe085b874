"""What the Gouvernance tab and the overview say of the bodies, their meetings and their decisions."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, F, Prefetch, Q, QuerySet

from actions.models import DecisionFiche
from cls_portal.core.dates import today
from contracts.enums import DecisionState
from contracts.models import BodyMember, Contract, Decision, GoverningBody, Meeting

LONG_TEXTS = ("minutes", "convocation")


@dataclass
class BodyLine:
    body: GoverningBody
    next_meeting: Meeting | None = None
    last_meeting: Meeting | None = None


@dataclass
class MeetingLists:
    """`to_come` the soonest first, `held` the latest first; the day of the `unsettled` has passed, and nobody has said
    what became of them; that of the `cancelled` has not."""

    to_come: list[Meeting] = field(default_factory=list)
    cancelled: list[Meeting] = field(default_factory=list)
    unsettled: list[Meeting] = field(default_factory=list)
    held: list[Meeting] = field(default_factory=list)


@dataclass(frozen=True)
class DecisionCounts:
    total: int
    open: int
    late: int
    done: int
    dropped: int


def meetings_of(contract: Contract, user) -> MeetingLists:
    rows = Meeting.objects.visible_to(user).filter(body__contract=contract).select_related("body")
    lists = MeetingLists()
    for meeting in rows.defer(*LONG_TEXTS).order_by("-starts_at", "-pk"):
        meeting.body.contract = contract
        if meeting.is_held:
            lists.held.append(meeting)
        elif meeting.is_to_come:
            (lists.to_come if meeting.day >= today() else lists.unsettled).insert(0, meeting)
        elif meeting.day >= today():
            lists.cancelled.append(meeting)
    return lists


def past_meetings(contract: Contract, user) -> QuerySet[Meeting]:
    """`decision_count`: the decisions that the person may read."""
    readable = Decision.objects.readable_by(user).filter(meeting__body__contract=contract)
    counted = Count("decisions", filter=Q(decisions__in=readable))
    rows = Meeting.objects.visible_to(user).filter(body__contract=contract).past().select_related("body")
    return rows.defer(*LONG_TEXTS).annotate(decision_count=counted)


def next_meetings(contract: Contract, user, limit: int) -> list[Meeting]:
    """From today on, the soonest first."""
    rows = Meeting.objects.visible_to(user).filter(body__contract=contract, starts_at__date__gte=today()).to_come()
    return list(rows.select_related("body").defer(*LONG_TEXTS)[:limit])


def body_lines(contract: Contract, user, meetings: MeetingLists) -> list[BodyLine]:
    """`seat_count` of each body counts the mandates that run today."""
    seats = Count("members", filter=Q(members__in=BodyMember.objects.present()))
    bodies = GoverningBody.objects.visible_to(user).filter(contract=contract).select_related("axis", "theme")
    soonest, latest = first_by_body(meetings.to_come), first_by_body(meetings.held)
    return [
        BodyLine(body, soonest.get(body.pk), latest.get(body.pk))
        for body in bodies.annotate(seat_count=seats).order_by("position", "pk")
    ]


def first_by_body(meetings: Iterable[Meeting]) -> dict[int, Meeting]:
    found: dict[int, Meeting] = {}
    for meeting in meetings:
        found.setdefault(meeting.body_id, meeting)
    return found


def decisions_of(contract: Contract, user) -> QuerySet[Decision]:
    """Those that the person may read, with the fiches that they concern."""
    fiches = DecisionFiche.objects.select_related("action__axis").order_by("pk")
    rows = Decision.objects.readable_by(user).filter(meeting__body__contract=contract)
    return rows.select_related("meeting__body__contract", "owner").prefetch_related(Prefetch("fiches", fiches))


def by_urgency(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """The nearest date first, those without date last."""
    return decisions.order_by(F("due_on").asc(nulls_last=True), "meeting__starts_at", "meeting_id", "number")


def decision_counts(contract: Contract, user) -> DecisionCounts:
    rows = Decision.objects.readable_by(user).filter(meeting__body__contract=contract)
    is_open = Q(state=DecisionState.OPEN)
    return DecisionCounts(
        **rows.aggregate(
            total=Count("pk"),
            open=Count("pk", filter=is_open),
            late=Count("pk", filter=is_open & Q(due_on__lt=today())),
            done=Count("pk", filter=Q(state=DecisionState.DONE)),
            dropped=Count("pk", filter=Q(state=DecisionState.DROPPED)),
        )
    )
