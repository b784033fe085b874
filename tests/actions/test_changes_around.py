"""« Depuis le dernier COPIL »: the measurements that came in, the decisions, and who reads what."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from actions.enums import Status
from actions.models import DecisionFiche
from actions.services.indicators import record_measurement
from cls_portal.core.history import save_as
from cls_portal.demo.diary import as_of
from contracts.enums import BodyKind, DecisionState, MeetingState
from contracts.models import Decision
from tests.actions.past import Story, day
from tests.factories import (
    make_body,
    make_contract,
    make_held_meeting,
    make_indicator,
    make_membership,
)

pytestmark = pytest.mark.django_db


def measure(number, indicator, user, value, *, dated):
    with as_of(day(number)):
        return record_measurement(indicator=indicator, user=user, on=day(dated), value=Decimal(value))


def test_measurements_received_new_or_corrected(story, between, coordinator):
    with as_of(day(1)):
        indicator = make_indicator(story.create(1), title="Séances", target=Decimal(80))
    measure(5, indicator, coordinator, 10, dated=4)
    measure(6, indicator, coordinator, 20, dated=5)
    measure(20, indicator, coordinator, 12, dated=4)
    measure(21, indicator, coordinator, 30, dated=7)

    received = between(10, 40).received

    assert [(each.value_words, each.previous_words, each.measurement.date) for each in received] == [
        ("12", "10", day(4)),
        ("30", "", day(7)),
    ]
    assert {each.target_words for each in received} == {"80"}
    assert [(each.value_words, others) for each, others in between(10, 40).received_lines] == [("30", 1)]


def test_a_measurement_taken_back_or_put_right_again_was_not_received(story, between, coordinator):
    with as_of(day(1)):
        indicator = make_indicator(story.create(1))
    kept = measure(5, indicator, coordinator, 10, dated=4)
    measure(20, indicator, coordinator, 12, dated=4)
    measure(21, indicator, coordinator, 10, dated=4)
    with as_of(day(22)):
        passing = record_measurement(indicator=indicator, user=coordinator, on=day(8), value=Decimal(5))
    with as_of(day(23)):
        passing.delete()

    assert between(10, 40).received == []
    assert kept.value == 10


def test_measurements_put_back_with_their_fiche_have_not_come_in_again(story, between, coordinator):
    fiche = story.create(1)
    with as_of(day(1)):
        indicator = make_indicator(fiche)
    measure(5, indicator, coordinator, 10, dated=4)
    story.restore(20, story.delete(8, fiche))

    changes = between(10, 40)

    assert [each.how for each in changes.added] == ["Rétablie"]
    assert changes.received == []


@pytest.fixture
def copil(contract):
    body = make_body(contract, kind=BodyKind.STEERING)
    return make_held_meeting(body, state=MeetingState.VALIDATED, starts_at=datetime(2025, 1, 4, 9, tzinfo=UTC))


def decide(number, meeting, user, **fields):
    with as_of(day(number)):
        rank = meeting.decisions.count() + 1
        return save_as(Decision(meeting=meeting, number=rank, text=f"Décision du jour {number}", **fields), user=user)


def settle(number, decision, user, state):
    with as_of(day(number)):
        decision.state = state
        decision.settled_on = None if state == DecisionState.OPEN else day(number)
        save_as(decision, user=user)


def test_decisions_settled_since_and_those_still_open(story, between, copil, coordinator):
    fiche = story.create(1, code="1.2")
    earlier, done, late, reopened = (decide(3, copil, coordinator, due_on=day(30)) for _ in range(4))
    DecisionFiche.objects.create(decision=late, action=fiche)
    settle(5, earlier, coordinator, DecisionState.DONE)
    settle(20, done, coordinator, DecisionState.DONE)
    settle(20, reopened, coordinator, DecisionState.DONE)
    settle(21, reopened, coordinator, DecisionState.OPEN)
    DecisionFiche.history.update(history_date=datetime(2025, 1, 4, 9, tzinfo=UTC))

    changes = between(10, 40)

    assert [(each.decision.reference, each.date) for each in changes.settled] == [("1.2", day(20))]
    assert [(each.decision.reference, each.is_late) for each in changes.pending] == [("1.3", True), ("1.4", True)]
    assert [fiche.code for fiche in changes.pending[0].fiches] == ["1.2"]
    assert [each.is_late for each in between(10, 25).pending] == [False, False]


def test_a_reader_does_not_learn_the_decisions_of_minutes_not_validated(story, between, contract, coordinator, reader):
    draft = make_held_meeting(make_body(contract), starts_at=datetime(2025, 1, 4, 9, tzinfo=UTC))
    open_one = decide(15, draft, coordinator, owner_detail="canari")
    done = decide(15, draft, coordinator, owner_detail="canari")
    settle(20, done, coordinator, DecisionState.DONE)

    seen = between(10, 40)
    hidden = between(10, 40, reader)

    assert [each.decision.pk for each in [*seen.settled, *seen.pending]] == [done.pk, open_one.pk]
    assert (hidden.settled, hidden.pending) == ([], [])


def test_nothing_shows_to_a_person_of_another_contract(story, between, copil, coordinator):
    fiche = story.create(1)
    decide(15, copil, coordinator)
    story.news(20, fiche, Status.DONE)

    changes = between(10, 40, make_membership().user)

    assert changes.is_empty
    assert (changes.before.total, changes.after.total, changes.pending) == (0, 0, [])


def test_nothing_comes_from_another_contract(story, between, coordinator):
    other = Story(make_contract(), coordinator)
    fiche = other.create(1)
    other.news(20, fiche, Status.DONE)
    decide(15, make_held_meeting(make_body(other.contract), state=MeetingState.VALIDATED), coordinator)

    changes = between(10, 40)

    assert changes.is_empty
    assert changes.pending == []


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_number_of_queries_does_not_depend_on_the_number_of_fiches(
    story, between, copil, count, django_assert_num_queries
):
    for _ in range(count):
        fiche = story.create(1, end_date=day(100))
        story.news(20, fiche, Status.POSTPONED, new_date=day(200))
        with as_of(day(2)):
            indicator = make_indicator(fiche)
        measure(20, indicator, story.user, 4, dated=3)
        DecisionFiche.objects.create(decision=decide(15, copil, story.user), action=fiche)
    story.delete(30, story.create(5))

    with django_assert_num_queries(9):
        changes = between(10, 40)

    assert len(changes.postponed) == len(changes.received) == len(changes.pending) == count
    assert len(changes.removed) == 1
