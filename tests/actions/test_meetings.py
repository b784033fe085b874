"""What a meeting makes of the plan: the agenda it proposes, the decisions that change fiches."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from actions.enums import DecisionEffect, DraftingState, Status
from actions.meeting.proposal import propose
from actions.models import Action, DecisionFiche, FollowUp
from actions.services.agenda import add_to_agenda, propose_agenda
from actions.services.decisions import Change, change_decision, record_decision
from actions.services.news import record_follow_up
from cls_portal.core.dates import today
from cls_portal.core.ordering import Direction
from contracts.enums import AgendaKind, DecisionKind, DecisionState, MeetingState
from contracts.models import Decision
from contracts.services import move_agenda_item
from tests.actions.meeting_pages import LAST_JUNE
from tests.factories import (
    make_action,
    make_axis,
    make_body,
    make_decision,
    make_held_meeting,
    make_meeting,
    make_organisation,
    make_user,
)

pytestmark = pytest.mark.django_db

JUNE_12 = date(2025, 6, 12)


def give_news(action, **point):
    return record_follow_up(action=action, user=make_user(), status=Status.IN_PROGRESS, **point)


def proposed(meeting) -> dict[str, list]:
    return {heading.title: [each.object for each in heading.candidates] for heading in propose(meeting)}


def keys(meeting) -> list[str]:
    return [each.key for heading in propose(meeting) for each in heading.candidates]


# The agenda that the plan proposes


def test_a_fresh_plan_proposes_nothing(meeting, contract):
    make_action(contract)

    assert propose(meeting) == []


def test_each_state_of_the_plan_has_its_heading(meeting, contract):
    asked = make_action(contract, title="Arbitrage")
    give_news(asked, asks_arbitration=True, arbitration="Qui\u202f?")
    to_validate = make_action(contract, drafting_state=DraftingState.UNDER_REVIEW)
    late = make_action(contract, end_date=date(2020, 1, 1), status=Status.IN_PROGRESS)
    give_news(late)
    silent = make_action(contract, status=Status.IN_PROGRESS, start_date=date(2019, 1, 1))
    halted = make_action(contract, status=Status.SUSPENDED, status_reason="Congé", end_date=date(2020, 1, 1))
    make_action(contract, drafting_state=DraftingState.ARCHIVED, end_date=date(2020, 1, 1))

    assert proposed(meeting) == {
        "Arbitrages demandés": [asked],
        "Fiches à valider": [to_validate],
        "Fiches suspendues ou reportées": [halted],
        "Fiches en retard": [late],
        "Fiches sans nouvelle": [silent],
    }
    words = next(heading for heading in propose(meeting) if heading.title.startswith("Fiches susp")).candidates[0].why
    assert words.startswith("suspendue\u202f; en retard, ")


def test_open_decisions_of_the_same_body_come_back(meeting, contract):
    earlier = make_held_meeting(meeting.body, number=7, starts_at=LAST_JUNE - timedelta(days=200))
    still_open = make_decision(earlier, due_on=date(2025, 1, 1))
    make_decision(earlier, state=DecisionState.DONE)
    make_decision(meeting)
    make_decision(make_held_meeting(make_body(contract), starts_at=LAST_JUNE - timedelta(days=200)))

    assert proposed(meeting) == {"Suites des décisions": [still_open]}


def test_a_working_group_is_offered_the_fiches_of_its_axis(contract):
    axis = make_axis(contract)
    group = make_body(contract, axis=axis)
    own = make_action(contract, axis=axis, drafting_state=DraftingState.PROPOSED)
    make_action(contract, drafting_state=DraftingState.PROPOSED)

    assert proposed(make_meeting(group)) == {"Fiches à valider": [own]}


def test_what_is_chosen_comes_on_the_agenda_once(meeting, contract):
    earlier = make_held_meeting(meeting.body, number=7, starts_at=LAST_JUNE - timedelta(days=200))
    decision = make_decision(earlier)
    add_to_agenda(meeting=meeting, user=None, title="Ouverture")
    first, second = (make_action(contract, drafting_state=DraftingState.PROPOSED) for _ in "12")

    chosen = keys(meeting)
    propose_agenda(meeting=meeting, user=None, chosen=chosen[:2])
    propose_agenda(meeting=meeting, user=None, chosen=chosen)

    follow_up, opening, to_validate = meeting.agenda.all()
    assert (follow_up.kind, list(follow_up.decisions.all())) == (AgendaKind.DECISIONS, [decision])
    assert opening.title == "Ouverture"
    assert [link.action for link in to_validate.fiches.all()] == [first, second]
    assert propose(meeting) == []
    assert propose_agenda(meeting=meeting, user=None, chosen=chosen) == []


def test_a_point_keeps_its_fiches_when_it_is_moved(meeting, contract):
    add_to_agenda(meeting=meeting, user=None, title="Ouverture")
    item = add_to_agenda(meeting=meeting, user=None, title="Focus", fiches=[make_action(contract)])

    move_agenda_item(item=item, direction=Direction.UP, user=None)

    assert [(each.title, each.kind, each.fiches.count()) for each in meeting.agenda.all()] == [
        ("Focus", AgendaKind.FICHES, 1),
        ("Ouverture", AgendaKind.FREE, 0),
    ]


def test_a_fiche_of_another_contract_is_refused(meeting, other_contract):
    with pytest.raises(ValidationError, match="autre contrat"):
        add_to_agenda(meeting=meeting, user=None, title="Focus", fiches=[make_action(other_contract)])
    with pytest.raises(ValidationError, match="autre contrat"):
        decide(meeting, Change(make_action(other_contract)))


# Decisions that change fiches


def decide(meeting, *changes, user=None, kind=DecisionKind.ARBITRATION, text="Attendre le recrutement.", **fields):
    return record_decision(meeting=meeting, user=user or make_user(), kind=kind, text=text, changes=changes, **fields)


@pytest.mark.parametrize(
    ("effect", "status"),
    [
        (DecisionEffect.POSTPONE, Status.POSTPONED),
        (DecisionEffect.SUSPEND, Status.SUSPENDED),
        (DecisionEffect.DROP, Status.DROPPED),
    ],
)
def test_a_decision_changes_a_fiche_on_the_day_of_the_meeting(meeting, contract, coordinator, effect, status):
    action = make_action(contract, progress=25)

    outcome = decide(meeting, Change(action, effect, date(2027, 3, 31)), user=coordinator)

    action.refresh_from_db()
    point = FollowUp.objects.get()
    assert (action.status, action.status_since, action.progress) == (status, JUNE_12, 25)
    assert action.postponed_to == (date(2027, 3, 31) if effect == DecisionEffect.POSTPONE else None)
    assert action.status_reason == "Décision 8.1 (comité de pilotage)\u00a0: Attendre le recrutement."
    assert (point.date, point.author) == (JUNE_12, coordinator)
    assert DecisionFiche.objects.get().follow_up == point
    assert (outcome.decision.state, outcome.decision.settled_on) == (DecisionState.DONE, JUNE_12)
    assert outcome.dated_today == []


def test_a_decision_with_an_owner_stays_open_though_the_fiche_has_changed(meeting, contract):
    owner = make_organisation(contract)
    outcome = decide(meeting, Change(make_action(contract), DecisionEffect.SUSPEND), owner=owner)

    assert outcome.decision.state == DecisionState.OPEN
    assert decide(meeting, kind=DecisionKind.INFORMATION).decision.state == DecisionState.DONE
    assert decide(meeting).decision.state == DecisionState.OPEN


def test_a_fiche_with_later_news_is_changed_today_and_it_is_said(meeting, contract):
    action = make_action(contract)
    give_news(action, on=date(2025, 9, 1))

    outcome = decide(meeting, Change(action, DecisionEffect.SUSPEND))

    action.refresh_from_db()
    assert (action.status, action.status_since) == (Status.SUSPENDED, today())
    assert outcome.dated_today == [action]


@pytest.mark.parametrize("effect", [DecisionEffect.DROP, DecisionEffect.VALIDATE])
def test_a_meeting_to_come_changes_no_fiche_but_prepares_its_decisions(contract, effect):
    tomorrow = timezone.now() + timedelta(days=1)
    meeting, action = make_meeting(make_body(contract), starts_at=tomorrow), make_action(contract)

    with pytest.raises(ValidationError) as refused:
        decide(meeting, Change(action, effect))
    prepared = decide(meeting, Change(action)).decision
    with pytest.raises(ValidationError, match="n’a pas encore eu lieu"):
        change_decision(decision=prepared, read_version=1, user=make_user(), changes=[Change(action, effect)])

    assert "La réunion n’a pas encore eu lieu" in refused.value.message_dict["effect"][0]
    assert Action.objects.get(pk=action.pk).version == action.version
    assert not FollowUp.objects.exists()
    assert Decision.objects.get() == prepared


@pytest.mark.parametrize("state", [DraftingState.DRAFT, DraftingState.PROPOSED, DraftingState.UNDER_REVIEW])
def test_a_decision_validates_a_fiche(meeting, contract, state):
    action = make_action(contract, drafting_state=state)

    decide(meeting, Change(action, DecisionEffect.VALIDATE))

    action.refresh_from_db()
    assert action.drafting_state == DraftingState.VALIDATED
    assert not FollowUp.objects.exists()


def test_an_annexed_fiche_does_not_go_back_to_validated(meeting, contract):
    action = make_action(contract, drafting_state=DraftingState.ANNEXED)

    decide(meeting, Change(action, DecisionEffect.VALIDATE))

    action.refresh_from_db()
    assert action.drafting_state == DraftingState.ANNEXED


def test_a_refusal_leaves_nothing_behind(meeting, contract):
    good, archived = make_action(contract), make_action(contract, drafting_state=DraftingState.ARCHIVED)
    changes = [Change(good, DecisionEffect.DROP), Change(archived, DecisionEffect.VALIDATE)]

    with pytest.raises(ValidationError, match="est archivée"):
        decide(meeting, *changes)
    with pytest.raises(ValidationError, match="nouvelle échéance"):
        decide(meeting, Change(good, DecisionEffect.POSTPONE))

    assert not Decision.objects.exists()
    assert Action.objects.get(pk=good.pk).status == good.status


def test_a_long_decision_still_makes_a_reason(meeting, contract):
    action = make_action(contract)
    decide(meeting, Change(action, DecisionEffect.DROP), text="Mot " * 1200)

    assert FollowUp.objects.get().reason.endswith("…")


def test_rewriting_a_decision_does_not_undo_what_it_has_done(meeting, contract):
    changed, concerned, added = (make_action(contract) for _ in "123")
    decision = decide(meeting, Change(changed, DecisionEffect.DROP)).decision
    DecisionFiche.objects.create(decision=decision, action=concerned)

    change_decision(decision=decision, read_version=1, user=None, changes=[Change(added)], text="Autrement.")

    assert {link.action for link in decision.fiches.all()} == {changed, added}
    assert Action.objects.get(pk=changed.pk).status == Status.DROPPED


def test_a_fiche_that_a_decision_only_concerned_is_changed_by_rewriting_it(meeting, contract):
    action = make_action(contract)
    decision = decide(meeting, Change(action)).decision
    later = Change(action, DecisionEffect.POSTPONE, date(2027, 3, 31))

    for effect in (later, Change(action), Change(action, DecisionEffect.DROP)):
        change_decision(decision=decision, read_version=decision.version, user=make_user(), changes=[effect])

    action.refresh_from_db()
    assert (action.status, action.postponed_to) == (Status.POSTPONED, date(2027, 3, 31))
    link = decision.fiches.get()
    assert (link.effect, link.follow_up) == (DecisionEffect.POSTPONE, FollowUp.objects.get())


def test_validated_minutes_take_no_more_decision(meeting, contract):
    meeting.state, meeting.validated_on = MeetingState.VALIDATED, today()
    meeting.save()

    with pytest.raises(ValidationError, match="rouvrez-le"):
        decide(meeting, Change(make_action(contract), DecisionEffect.DROP))
