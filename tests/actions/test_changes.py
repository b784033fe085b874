"""« Depuis le dernier COPIL »: the fiches of two evenings compared, read from the histories."""

from datetime import UTC, datetime

import pytest

from actions.enums import Status
from cls_portal.demo.diary import as_of
from contracts.enums import ContractState
from tests.actions.past import day
from tests.factories import (
    make_axis,
)

pytestmark = pytest.mark.django_db


def told(moves) -> list[tuple[str, str, object]]:
    return [(move.before.words, move.after.words, move.date) for move in moves]


def test_a_fiche_that_moved_tells_before_after_and_the_day(story, between):
    fiche = story.create(1)
    story.news(5, fiche, progress=25)
    story.news(20, fiche, progress=75)
    story.news(30, fiche, Status.DONE)

    assert told(between(10, 40).moved) == [("En cours, 25\u00a0%", "Réalisée", day(30))]


def test_twice_in_the_period_is_told_once_from_the_first_to_the_last(story, between):
    fiche = story.create(1)
    story.news(20, fiche, progress=25)
    story.news(30, fiche, progress=50)
    story.edit(35, fiche, title="Autre titre")

    changes = between(10, 40)

    assert told(changes.moved) == [("Non démarrée", "En cours, 50\u00a0%", day(30))]
    assert changes.moved[0].after.title == "Autre titre"


def test_what_moved_and_came_back_has_not_moved(story, between):
    fiche = story.create(1)
    story.news(5, fiche, progress=25)
    story.news(20, fiche, Status.SUSPENDED)
    story.news(30, fiche, progress=25)

    changes = between(10, 40)

    assert changes.is_empty
    assert told(between(10, 25).stopped) == [("En cours, 25\u00a0%", "Suspendue, 25\u00a0%", day(20))]


def test_the_days_themselves_are_evenings(story, between):
    fiche = story.create(1)
    story.news(10, fiche, progress=25)
    story.news(40, fiche, progress=50)

    assert told(between(10, 40).moved) == [("En cours, 25\u00a0%", "En cours, 50\u00a0%", day(40))]
    assert between(10, 39).is_empty


def test_news_told_after_the_committee_count_from_the_day_when_they_were_told(story, between):
    """Nobody knew of them in the room; their own date is shown."""
    fiche = story.create(1)
    story.news(20, fiche, Status.DONE, dated=5)

    assert between(2, 10).is_empty
    assert told(between(10, 40).moved) == [("Non démarrée", "Réalisée", day(5))]


def test_news_older_than_the_last_ones_move_nothing_but_break_the_silence(story, between):
    fiche = story.create(1)
    story.news(5, fiche, progress=50)
    story.news(20, fiche, progress=25, dated=3)

    changes = between(10, 40)

    assert (changes.moved, changes.silent) == ([], [])


def test_a_deleted_fiche_has_left_the_plan(story, between):
    fiche = story.create(1, "Ville marchable")
    story.news(5, fiche, progress=25)
    story.delete(20, fiche)

    changes = between(10, 40)

    assert [(each.fiche.title, each.how, each.date) for each in changes.removed] == [
        ("Ville marchable", "Supprimée", day(20))
    ]
    assert (changes.before.total, changes.after.total) == (1, 0)
    assert changes.moved == []


def test_a_fiche_deleted_then_restored_has_not_left_it(story, between):
    fiche = story.create(1)
    deletion = story.delete(20, fiche)
    story.restore(30, deletion)

    assert between(10, 40).is_empty
    assert [each.how for each in between(10, 25).removed] == ["Supprimée"]
    assert [(each.how, each.date) for each in between(25, 40).added] == [("Rétablie", day(30))]


def test_a_fiche_created_and_deleted_in_between_was_never_there(story, between):
    story.delete(30, story.create(20))

    assert between(10, 40).is_empty


def test_a_new_fiche_is_told_with_the_day_when_it_entered_the_plan(story, between):
    story.create(1)
    story.create(20, "Enregistrée")
    story.create(25, "Datée", entered_on=day(15))

    assert [(each.fiche.title, each.date) for each in between(10, 40).added] == [
        ("Enregistrée", day(20)),
        ("Datée", day(15)),
    ]


def test_an_archived_fiche_leaves_the_plan_and_comes_back(story, between):
    fiche = story.create(1)
    story.archive(20, fiche)
    story.edit(22, fiche, title="Relue")
    story.unarchive(30, fiche)

    assert [(each.how, each.date) for each in between(10, 25).removed] == [("Archivée", day(20))]
    assert [(each.how, each.date) for each in between(25, 40).added] == [("Sortie des archives", day(30))]
    assert between(10, 40).is_empty


def test_a_fiche_postponed_twice_is_told_from_its_first_deadline_to_the_last(story, between):
    fiche = story.create(1, end_date=day(100))
    story.news(20, fiche, Status.POSTPONED, new_date=day(200), reason="Crise")
    story.news(30, fiche, Status.POSTPONED, new_date=day(300), reason="Marché infructueux")

    changes = between(10, 40)

    moves = [(each.before.deadline, each.after.deadline, each.reason, each.date) for each in changes.postponed]
    assert moves == [(day(100), day(300), "Marché infructueux", day(30))]
    assert changes.moved == []


def test_a_deadline_moved_and_moved_back_is_not_postponed(story, between):
    fiche = story.create(1, end_date=day(100))
    story.edit(20, fiche, end_date=day(200))
    story.edit(30, fiche, end_date=day(100))

    assert between(10, 40).is_empty
    assert [each.date for each in between(10, 25).postponed] == [day(20)]


def test_a_postponed_fiche_that_resumes_has_moved(story, between):
    fiche = story.create(1, end_date=day(100))
    story.news(5, fiche, Status.POSTPONED, new_date=day(200))
    story.news(20, fiche, progress=50)

    changes = between(10, 40)

    assert told(changes.moved) == [("Reportée, 0\u00a0%", "En cours, 50\u00a0%", day(20))]
    assert changes.postponed == []


def test_stopped_fiches_are_told_with_their_reason_or_their_successor(story, between):
    dropped, redirected, successor = (story.create(1, title) for title in ("Une", "Deux", "Trois"))
    story.news(20, dropped, Status.DROPPED, reason="Sans financement")
    story.news(21, redirected, Status.REDIRECTED, reason="Doublon", successor=successor)

    stopped = between(10, 40).stopped

    assert [(each.after.title, each.reason) for each in stopped] == [("Une", "Sans financement"), ("Deux", "Doublon")]
    assert [each.successor and each.successor.title for each in stopped] == [None, "Trois"]


def test_the_fiches_without_news_are_those_begun_of_which_nothing_was_told(story, between):
    silent, heard = story.create(1, "Muette"), story.create(1, "Entendue")
    not_begun, closed = story.create(1), story.create(1)
    for fiche in (silent, heard):
        story.news(5, fiche, progress=25)
    story.news(6, closed, Status.DONE)
    story.news(20, heard, progress=25)

    assert [(each.fiche.title, each.last_news) for each in between(10, 40).silent] == [("Muette", day(5))]
    assert not_begun.status == Status.NOT_STARTED


def test_a_past_period_forgets_what_came_after_even_for_a_fiche_since_deleted(story, between):
    fiche = story.create(1)
    story.news(5, fiche, progress=25)
    story.news(15, fiche, progress=50)
    story.news(45, fiche, progress=75, dated=30)
    story.delete(50, fiche)

    changes = between(10, 20)

    assert told(changes.moved) == [("En cours, 25\u00a0%", "En cours, 50\u00a0%", day(15))]
    assert changes.silent == []
    assert [each.last_news for each in between(20, 40).silent] == [day(15)]


def test_figures_compare_the_two_evenings(story, between):
    late, done = story.create(1, end_date=day(15)), story.create(1)
    story.news(5, late, progress=25)
    story.news(20, done, Status.DONE)

    changes = between(10, 40)

    assert (changes.before.achieved, changes.after.achieved) == (0, 1)
    assert (changes.before.late, changes.after.late) == (0, 1)
    assert (changes.before.mean, changes.after.mean) == (12, 62)


def test_a_plan_taken_up_on_the_way_is_not_told_as_new(story, between, contract):
    story.contract.history.update(history_date=datetime(2025, 1, 20, 9, tzinfo=UTC))
    fiche = story.create(20)
    story.news(30, fiche, progress=25)

    changes = between(5, 40)

    assert (changes.known_since, changes.start, changes.added) == (day(20), day(20), [])
    assert told(changes.moved) == [("Non démarrée", "En cours, 25\u00a0%", day(30))]


def test_lines_follow_the_order_of_the_plan(story, between, contract):
    second, first = make_axis(contract, position=2), make_axis(contract, position=1)
    for axis, title in ((None, "C"), (second, "B"), (first, "A")):
        story.create(20, title, axis=axis)

    assert [each.fiche.title for each in between(10, 40).added] == ["A", "B", "C"]


def test_nothing_more_is_expected_of_the_fiches_of_a_contract_that_is_over(story, between, contract):
    story.news(5, story.create(1, end_date=day(8)), progress=25)
    with as_of(day(20)):
        contract.state = ContractState.CLOSED
        contract.save()

    changes = between(10, 40)

    assert (changes.before.late, changes.after.late, changes.silent) == (1, 0, [])
    assert len(between(10, 15).silent) == 1
