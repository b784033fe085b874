"""What a successor finds: what is late, stopped or silent, what was promised, decided and not done yet."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import F, OuterRef, Subquery

from actions.enums import CLOSED_STATUSES, Status, StepState
from actions.governance import by_urgency, decisions_of, next_meetings
from actions.models import Action, FollowUp, Step
from actions.plan.progress import PlanState, arbitrations_asked, plan_state
from cls_portal.core.dates import today
from contracts.enums import DecisionState
from contracts.models import Contract, Decision, Meeting

SOON = timedelta(days=90)
MEETINGS_SHOWN = 10


@dataclass
class HandoverState:
    """As `user` may read it, today."""

    contract: Contract
    user: object
    on: date = field(default_factory=today)

    def __post_init__(self) -> None:
        self.plan: PlanState = plan_state(self.contract, self.user, self.on)
        self.arbitrations: list[Action] = arbitrations_asked(self.contract, self.user)
        self.promised = promised(self.contract, self.user)
        self.steps = steps_expected(self.contract, self.user, self.on + SOON)
        self.decisions: list[Decision] = list(
            by_urgency(decisions_of(self.contract, self.user).filter(state=DecisionState.OPEN))
        )
        self.meetings: list[Meeting] = next_meetings(self.contract, self.user, MEETINGS_SHOWN)

    @property
    def stopped(self) -> list[Action]:
        return [row for row in self.plan.fiches if row.status in (Status.POSTPONED, Status.SUSPENDED)]

    @property
    def late_decisions(self) -> int:
        return sum(decision.is_late for decision in self.decisions)


def promised(contract: Contract, user) -> list[FollowUp]:
    """What the last point of each open fiche says will come next."""
    last = FollowUp.objects.filter(action=OuterRef("action")).order_by("-date", "-pk").values("pk")[:1]
    points = FollowUp.objects.visible_to(user).filter(action__contract=contract, pk=Subquery(last))
    told = points.filter(action__in=Action.objects.in_plan()).exclude(action__status__in=CLOSED_STATUSES)
    rows = told.exclude(next_steps="").select_related("action__axis")
    place = (F("action__axis__position").asc(nulls_last=True), "action__position", "action_id")
    return list(rows.order_by(*place))


def steps_expected(contract: Contract, user, until: date) -> list[Step]:
    """Not done, and due by then, those that are late included."""
    fiches = Action.objects.visible_to(user).filter(contract=contract).in_plan().exclude(status__in=CLOSED_STATUSES)
    steps = Step.objects.filter(action__in=fiches, end_date__lte=until).exclude(state=StepState.DONE)
    return list(steps.select_related("action__axis", "organisation").order_by("end_date", "pk"))
