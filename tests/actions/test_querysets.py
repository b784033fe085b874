"""The computed flags of the plan: late, silent, to be completed."""

from datetime import date

import pytest

from actions.enums import Status
from actions.models import Action, FollowUp
from contracts.enums import ContractState
from tests.factories import make_action, make_contract

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 15)


def flags(action: Action) -> tuple[bool, bool]:
    row = Action.objects.with_alerts(action.contract, DAY).get(pk=action.pk)
    return bool(row.is_late), bool(row.is_silent)


@pytest.mark.parametrize(
    ("fields", "late"),
    [
        ({"end_date": date(2026, 6, 14)}, True),
        ({"end_date": date(2026, 6, 15)}, False),
        ({"end_date": None}, False),
        ({"end_date": date(2026, 6, 1), "status": Status.DONE}, False),
        ({"end_date": date(2026, 6, 1), "status": Status.DROPPED, "status_reason": "sans objet"}, False),
        (
            {
                "end_date": date(2026, 6, 1),
                "status": Status.POSTPONED,
                "status_reason": "crise",
                "postponed_to": date(2026, 9, 1),
            },
            False,
        ),
        (
            {
                "end_date": date(2025, 6, 1),
                "status": Status.POSTPONED,
                "status_reason": "crise",
                "postponed_to": date(2026, 6, 1),
            },
            True,
        ),
    ],
)
def test_late_follows_the_last_deadline_announced(fields, late):
    assert flags(make_action(**fields))[0] is late


@pytest.mark.parametrize(("news", "silent"), [(date(2025, 12, 14), True), (date(2025, 12, 15), False)])
def test_silent_counts_the_months_of_the_contract(news, silent):
    action = make_action(status=Status.IN_PROGRESS)
    FollowUp.objects.create(action=action, date=news, status=Status.IN_PROGRESS, progress=25, author_name="Alix")

    assert flags(action)[1] is silent


def test_silent_never_concerns_a_fiche_not_started_or_closed():
    contract = make_contract(signed_on=date(2020, 1, 1))

    assert flags(make_action(contract, status=Status.NOT_STARTED))[1] is False
    assert flags(make_action(contract, status=Status.DONE))[1] is False
    assert flags(make_action(contract, status=Status.IN_PROGRESS))[1] is True


@pytest.mark.parametrize("state", [ContractState.EXPIRED, ContractState.RENEWED, ContractState.CLOSED])
def test_nothing_is_late_nor_silent_in_a_contract_that_is_over(state):
    contract = make_contract(signed_on=date(2020, 1, 1))
    action = make_action(contract, status=Status.IN_PROGRESS, end_date=date(2025, 6, 1))
    assert flags(action) == (True, True)

    contract.state = state
    contract.save()

    assert flags(action) == (False, False)
    assert not Action.objects.late(contract, DAY).exists()
    assert not Action.objects.silent(contract, DAY).exists()


def test_gaps_of_an_empty_fiche_are_all_of_the_core():
    action = make_action()

    assert Action.objects.with_gaps().get(pk=action.pk).gap_count == 9
