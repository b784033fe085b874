"""The figures of the overview."""

from datetime import date

import pytest

from actions.enums import DraftingState, Status
from actions.plan.progress import arbitrations_asked, figures_of, latest_news, plan_state
from actions.services.news import record_follow_up
from contracts.enums import ContractState
from contracts.models import Amendment
from tests.factories import make_action, make_axis, make_contract, make_membership

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 15)


@pytest.fixture
def contract():
    return make_contract(end_date=date(2026, 12, 31))


@pytest.fixture
def reader(contract):
    return make_membership("reader", contract=contract).user


def test_the_mean_counts_an_abandoned_fiche_for_zero(contract, reader):
    axis = make_axis(contract)
    make_action(axis=axis, status=Status.DONE, progress=100)
    make_action(axis=axis, status=Status.IN_PROGRESS, progress=50)
    make_action(axis=axis, status=Status.DROPPED, progress=75, status_reason="sans objet")

    state = plan_state(contract, reader, DAY)

    assert (state.whole.total, state.whole.achieved, state.whole.mean) == (3, 1, 50)


def test_a_fiche_being_written_counts_in_the_mean_once_it_has_begun(contract, reader):
    make_action(contract, drafting_state=DraftingState.ANNEXED, status=Status.IN_PROGRESS, progress=50)
    make_action(contract, drafting_state=DraftingState.VALIDATED)
    for state in (DraftingState.DRAFT, DraftingState.PROPOSED, DraftingState.UNDER_REVIEW):
        make_action(contract, drafting_state=state)

    state = plan_state(contract, reader, DAY)
    assert (state.whole.total, state.whole.mean, state.drafts) == (5, 25, 3)

    make_action(contract, drafting_state=DraftingState.DRAFT, status=Status.IN_PROGRESS, progress=100)
    assert plan_state(contract, reader, DAY).whole.mean == 50


def test_a_plan_that_is_only_written_has_no_mean(contract, reader):
    make_action(contract, drafting_state=DraftingState.DRAFT)

    assert plan_state(contract, reader, DAY).whole.mean is None
    assert figures_of([contract])[contract.pk].mean is None


def test_an_axis_without_fiche_is_shown_and_fiches_without_axis_come_last(contract, reader):
    empty = make_axis(contract)
    make_action(contract)

    axes = plan_state(contract, reader, DAY).axes

    assert [(part.axis, part.total) for part in axes] == [(empty, 0), (None, 1)]


def test_archived_fiches_leave_the_figures(contract, reader):
    make_action(contract, drafting_state=DraftingState.ARCHIVED)

    assert plan_state(contract, reader, DAY).whole.total == 0


def test_alerts_are_listed_with_the_oldest_deadline(contract, reader):
    make_action(contract, end_date=date(2026, 3, 1))
    oldest = make_action(contract, end_date=date(2026, 1, 1))
    make_action(contract, end_date=date(2026, 8, 1))

    state = plan_state(contract, reader, DAY)

    assert {row.pk for row in state.late} > {oldest.pk}
    assert len(state.late) == 2
    assert state.oldest_deadline == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("end", "months"),
    [(date(2026, 12, 31), 6), (date(2026, 7, 15), 1), (date(2026, 7, 14), 0), (date(2026, 6, 14), -1), (None, None)],
)
def test_months_left_are_whole_months(contract, reader, end, months):
    contract.end_date = end

    assert plan_state(contract, reader, DAY).months_left == months


def test_an_avenant_moves_the_end(contract, reader):
    Amendment.objects.create(
        contract=contract, number=1, signed_on=DAY, purpose="Prorogation", new_end_date=date(2027, 12, 31)
    )

    assert plan_state(contract, reader, DAY).months_left == 18


def test_nothing_shows_to_a_person_of_another_contract(contract):
    make_action(contract, end_date=date(2026, 1, 1))
    outsider = make_membership().user

    assert plan_state(contract, outsider, DAY).whole.total == 0
    assert latest_news(contract, outsider) == []


def test_only_the_last_point_of_follow_up_asks_for_an_arbitration(contract, reader):
    answered, asking = make_action(contract), make_action(contract)
    for action, day, asks in [
        (answered, date(2026, 1, 10), True),
        (answered, date(2026, 2, 10), False),
        (asking, date(2026, 1, 10), False),
        (asking, date(2026, 2, 10), True),
    ]:
        record_follow_up(
            action=action,
            user=reader,
            status=Status.IN_PROGRESS,
            on=day,
            asks_arbitration=asks,
            arbitration="Choisir un lieu" if asks else "",
        )

    assert arbitrations_asked(contract, reader) == [asking]


def test_a_contract_that_is_over_has_no_late_fiche(contract, reader):
    make_action(contract, status=Status.IN_PROGRESS, end_date=date(2026, 1, 1))
    contract.state = ContractState.RENEWED
    contract.save()

    state = plan_state(contract, reader, DAY)

    assert (state.whole.late, state.late, state.silent) == (0, [], [])
    assert figures_of([contract], DAY)[contract.pk].late == 0


def test_figures_of_several_contracts_take_one_query(django_assert_num_queries):
    contracts = [make_contract() for _ in range(3)]
    for contract in contracts:
        make_action(contract, status=Status.IN_PROGRESS, progress=25, end_date=date(2026, 1, 1))

    with django_assert_num_queries(1):
        figures = figures_of(contracts, DAY)

    assert [(figures[c.pk].total, figures[c.pk].late, figures[c.pk].mean) for c in contracts] == [(1, 1, 25)] * 3
