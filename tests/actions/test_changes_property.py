"""Whatever was done and undone, in any order: the histories tell what each evening showed."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.enums import CLOSED_STATUSES, STARTED_STATUSES, DraftingState, Status
from actions.models import Action, FollowUp, Measurement
from actions.plan.as_of import plan_state_on
from actions.plan.changes import STOPPED, Changes, changes_between
from actions.plan.progress import plan_state
from actions.services.indicators import record_measurement
from cls_portal.demo.diary import as_of
from contracts.enums import Role
from tests.actions.past import Story, day
from tests.factories import make_contract, make_indicator, make_membership

pytestmark = pytest.mark.django_db
LAST = 9
CHOSEN = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
STATUSES = [Status.IN_PROGRESS, Status.DONE, Status.POSTPONED, Status.SUSPENDED, Status.DROPPED]
NAMES = [
    "create",
    "news",
    "news",
    "news",
    "edit",
    "archive",
    "unarchive",
    "delete",
    "restore",
    *["measure", "unmeasure"] * 2,
]
DEEDS = st.lists(
    st.tuples(st.integers(1, LAST), st.sampled_from(NAMES), st.integers(0, 3), st.integers(0, 11)),
    min_size=6,
    max_size=18,
)


@dataclass(frozen=True)
class Seen:
    """A fiche as the pages showed it one evening."""

    status: str
    progress: int
    deadline: date | None
    is_late: bool
    news: frozenset[int]
    measures: frozenset[tuple]


class Teller:
    """Does the deeds drawn, those that make no sense at that moment left out."""

    def __init__(self, story: Story):
        self.story = story
        self.deletions = []

    def tell(self, number: int, name: str, which: int, value: int) -> None:
        present = list(self.story.contract.actions.order_by("pk"))
        if name == "create" or not present:
            action = self.story.create(number, end_date=day(value) if value % 2 else None)
            with as_of(day(number)):
                make_indicator(action)
        elif name == "restore":
            if self.deletions:
                self.story.restore(number, self.deletions.pop(which % len(self.deletions)))
        else:
            getattr(self, name)(number, present[which % len(present)], value)

    def news(self, number, action, value):
        status = STATUSES[value % len(STATUSES)]
        facts = {"new_date": day(value + 5)} if status == Status.POSTPONED else {}
        progress = None if status == Status.DONE else 25 * (value % 4)
        self.story.news(number, action, status, dated=number - value % 3, progress=progress, **facts)

    def edit(self, number, action, value):
        self.story.edit(number, action, title=f"Intitulé {value}", end_date=day(value))

    def archive(self, number, action, value):
        self.story.archive(number, action)

    def unarchive(self, number, action, value):
        if action.drafting_state == DraftingState.ARCHIVED:
            self.story.unarchive(number, action)

    def delete(self, number, action, value):
        self.deletions.append(self.story.delete(number, action))

    def measure(self, number, action, value):
        with as_of(day(number)):
            indicator = action.indicators.get()
            record_measurement(indicator=indicator, user=self.story.user, on=day(number - value % 3), value=value)

    def unmeasure(self, number, action, value):
        with as_of(day(number)):
            for measurement in Measurement.objects.filter(indicator__action=action)[:1]:
                measurement.delete()


def look(contract, on: date) -> dict[int, Seen]:
    """Read in the tables of the present, on the evening itself."""
    seen = {}
    for action in Action.objects.filter(contract=contract).exclude(drafting_state=DraftingState.ARCHIVED):
        deadline = action.postponed_to or action.end_date
        measures = Measurement.objects.filter(indicator__action=action).values_list("pk", "date", "value")
        seen[action.pk] = Seen(
            status=action.status,
            progress=action.progress,
            deadline=deadline,
            is_late=deadline is not None and deadline < on and action.status not in CLOSED_STATUSES,
            news=frozenset(FollowUp.objects.filter(action=action).values_list("pk", flat=True)),
            measures=frozenset(measures),
        )
    return seen


def naively(before: dict[int, Seen], after: dict[int, Seen]) -> dict[str, set]:
    both = {pk: (before[pk], after[pk]) for pk in before.keys() & after.keys()}
    new_status = {pk for pk, (old, new) in both.items() if old.status != new.status}
    stopped = {pk for pk in new_status if after[pk].status in STOPPED}
    became_postponed = {pk for pk in new_status if after[pk].status == Status.POSTPONED}
    moved = {pk for pk, (old, new) in both.items() if (old.status, old.progress) != (new.status, new.progress)}
    delayed = {pk for pk, (old, new) in both.items() if old.deadline and old.deadline != new.deadline}
    return {
        "added": after.keys() - before.keys(),
        "removed": before.keys() - after.keys(),
        "stopped": stopped,
        "moved": moved - stopped - became_postponed,
        "postponed": delayed | became_postponed,
        "silent": {pk for pk, (old, new) in both.items() if new.status in STARTED_STATUSES and old.news == new.news},
        "received": {(pk, *new) for pk, (old, seen) in both.items() for new in seen.measures - old.measures},
        "figures": figures(before) | {(f"{key} après", value) for key, value in figures(after)},
    }


def figures(seen: dict[int, Seen]) -> set:
    counts = {(status, sum(row.status == status for row in seen.values())) for status in Status.values}
    return counts | {("late", sum(row.is_late for row in seen.values())), ("total", len(seen))}


def told(changes: Changes) -> dict[str, set]:
    found = {name: {move.after.pk for move in getattr(changes, name)} for name in ("stopped", "moved", "postponed")}
    for name in ("added", "removed", "silent"):
        found[name] = {each.fiche.pk for each in getattr(changes, name)}
    stayed = found["added"]
    found["received"] = {
        (each.fiche.pk, each.measurement.pk, each.measurement.date, each.measurement.value)
        for each in changes.received
        if each.fiche.pk not in stayed
    }
    found["figures"] = counted(changes.before) | {(f"{key} après", value) for key, value in counted(changes.after)}
    return found


def counted(progress) -> set:
    counts = {(code, count) for code, _label, count in progress.by_status()}
    return counts | {("late", progress.late), ("total", progress.total)}


@pytest.fixture
def undone():
    """Each example finds the tables as they were, even when the one before it failed."""

    @contextmanager
    def undo():
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    return undo


@CHOSEN
@given(deeds=DEEDS, start=st.integers(0, LAST), length=st.integers(1, LAST))
def test_two_evenings_compared_are_what_they_showed(undone, deeds, start, length):
    with undone():
        check(deeds, start, min(start + length, LAST))


def check(deeds, start: int, end: int) -> None:
    contract = make_contract(signed_on=day(0), silent_after_months=1)
    user = make_membership(Role.COORDINATOR, contract=contract).user
    teller, seen, states = Teller(Story(contract, user)), {}, {}
    for number in range(LAST + 1):
        for deed in deeds:
            if deed[0] == number:
                teller.tell(*deed)
        if number in (start, end):
            with as_of(day(number)):
                seen[number], states[number] = look(contract, day(number)), plan_state(contract, user)

    changes = changes_between(contract, user, day(start), day(end))

    assert told(changes) == naively(seen[start], seen[end])
    again = plan_state_on(contract, user, day(start))
    assert lines(again) == lines(states[start])


def lines(state) -> list[tuple]:
    return [
        (
            row.pk,
            row.title,
            row.status,
            row.progress,
            row.deadline,
            row.last_news,
            row.is_late,
            row.is_silent,
            row.gap_count,
        )
        for row in state.fiches
    ]
