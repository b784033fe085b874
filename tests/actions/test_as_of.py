"""The plan as of a date: the same as it was shown that day."""

from datetime import date

import pytest

from actions.enums import PilotRole, Status, TermUsage
from actions.models import Action, ActionPilot, ActionTerm
from actions.plan.as_of import plan_state_on
from actions.plan.progress import PlanState, plan_state
from actions.services.fiches import set_pilots, set_terms
from cls_portal.core.history import save_as
from cls_portal.demo.diary import as_of
from contracts.enums import ContractState
from contracts.models import Amendment
from tests.actions.past import day
from tests.factories import make_axis, make_indicator, make_membership, make_organisation, make_term

pytestmark = pytest.mark.django_db


def shown(state: PlanState) -> dict:
    """What the overview and the printed tables say of a state."""
    lines = [(row.pk, row.title, row.status, row.progress, row.deadline, row.last_news) for row in state.fiches]
    alerts = [[row.pk for row in rows] for rows in (state.late, state.silent, state.incomplete)]
    axes = [(part.axis and part.axis.title, part.said, part.mean, part.late) for part in [*state.axes, state.whole]]
    rest = (state.without_pilot, state.drafts, state.months_left, state.oldest_deadline)
    return {"lines": lines, "alerts": alerts, "axes": axes, "rest": rest}


def test_what_was_shown_is_shown_again_whatever_came_after(story, contract, coordinator):
    with as_of(day(1)):
        axis, empty = make_axis(contract, title="Prévention"), make_axis(contract, title="Vide")
    late = story.create(2, "Tardive", axis=axis, end_date=day(10))
    silent = story.create(2, "Muette", start_date=day(2))
    full = story.create(2, "Pleine", axis=axis, context="x", description="x", general_objective="x", is_recurring=True)
    with as_of(day(3)):
        set_pilots(action=full, principal=make_organisation(contract), user=coordinator)
        set_terms(action=full, usage=TermUsage.THEME, terms=[make_term()], user=coordinator)
        set_terms(action=full, usage=TermUsage.AUDIENCE, terms=[make_term()], user=coordinator)
        make_indicator(full)
    story.news(4, late, progress=25)
    story.news(4, silent, progress=25)
    story.news(250, full, Status.DONE)
    with as_of(day(260)):
        before = shown(plan_state(contract, coordinator))

    story.news(270, silent, Status.DONE, dated=255)
    story.edit(271, late, title="Autre", axis=None, end_date=day(900))
    story.delete(272, full)
    with as_of(day(273)):
        save_as(
            Amendment(contract=contract, number=1, signed_on=day(1), purpose="Plus", new_end_date=date(2040, 1, 1)),
            user=None,
        )
        axis.title = "Autre axe"
        save_as(axis, user=None)
        empty.delete()
    story.create(274)

    assert shown(plan_state_on(contract, coordinator, day(260))) == before
    assert before["alerts"] == [[late.pk], [late.pk, silent.pk], [late.pk, silent.pk]]
    assert [name for name, *_rest in before["axes"]] == ["Prévention", "Vide", None, None]


def test_pilots_are_those_of_the_day_under_their_name_of_then(story, contract, coordinator):
    with as_of(day(1)):
        first, second = make_organisation(contract, name="CPAM"), make_organisation(contract, name="Hôpital")
    action = story.create(2)
    with as_of(day(3)):
        set_pilots(action=action, principal=second, co_pilots=[first], user=coordinator)
    with as_of(day(20)):
        set_pilots(action=action, principal=first, user=coordinator)
        second.name = "Centre hospitalier"
        save_as(second, user=coordinator)

    def led_by(number):
        return [row.led_by for row in plan_state_on(contract, coordinator, day(number)).fiches]

    assert led_by(2) == [[]]
    assert led_by(10) == [["Hôpital", "CPAM"]]
    assert led_by(20) == [["CPAM"]]


def test_archived_deleted_and_unborn_fiches_are_not_in_the_plan(story, contract, coordinator):
    archived, deleted = story.create(1, "Archivée"), story.create(1, "Supprimée")
    story.archive(10, archived)
    deletion = story.delete(10, deleted)
    story.restore(30, deletion)
    story.create(20, "Nouvelle")

    def titles(number):
        return [row.title for row in plan_state_on(contract, coordinator, day(number)).fiches]

    assert titles(0) == []
    assert titles(5) == ["Archivée", "Supprimée"]
    assert titles(15) == []
    assert titles(25) == ["Nouvelle"]
    assert titles(30) == ["Supprimée", "Nouvelle"]


def test_nothing_shows_to_a_person_of_another_contract(story, contract):
    story.create(1)

    assert plan_state_on(contract, make_membership().user, day(5)).fiches == []


def test_a_contract_that_was_over_that_day_had_nothing_late_nor_silent(story, contract, coordinator):
    with as_of(day(1)):
        save_as(contract, user=coordinator)
    fiche = story.create(2, "Tardive", start_date=day(2), end_date=day(10))
    story.news(4, fiche, progress=25)
    with as_of(day(300)):
        contract.state = ContractState.CLOSED
        save_as(contract, user=coordinator)

    before, after = (plan_state_on(contract, coordinator, day(number)) for number in (299, 300))

    assert [(state.whole.late, len(state.late), len(state.silent)) for state in (before, after)] == [
        (1, 1, 1),
        (0, 0, 0),
    ]


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_number_of_queries_does_not_depend_on_the_number_of_fiches(
    story, contract, coordinator, count, django_assert_num_queries
):
    with as_of(day(1)):
        Action.objects.bulk_create(Action(contract=contract, title=f"Fiche {n}") for n in range(count))
        for action in Action.objects.order_by("pk"):
            action.save()
            ActionPilot.objects.create(
                action=action, organisation=make_organisation(contract), role=PilotRole.PRINCIPAL
            )
            ActionTerm.objects.create(action=action, term=make_term(), usage=TermUsage.THEME)

    with django_assert_num_queries(10):
        state = plan_state_on(contract, coordinator, day(5))

    assert len(state.fiches) == count
