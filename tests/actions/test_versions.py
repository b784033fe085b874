"""A frozen version: it says what the plan said that day, whatever is changed, renamed or deleted since."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from actions.enums import Occasion
from actions.models import FrozenError, PlanVersion
from actions.services.lifecycle import delete_action
from actions.versions.compare import compare
from actions.versions.reading import frozen
from contracts.services import create_amendment
from tests.factories import (
    make_action,
    make_axis,
    make_contract,
    make_full_action,
    make_signatory,
    make_user,
    make_version,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract():
    return make_contract(title="Chartres 2020-2025", presentation="Né d’une **volonté** commune.")


def test_a_version_holds_every_section_of_its_fiches_in_words(contract):
    action = make_full_action(contract, parts=1, code="2.1", title="Vacciner")
    version = make_version(contract)
    fiche = frozen(version).fiche(action.pk)
    assert str(fiche) == "2.1 Vacciner"
    assert "précoce" in fiche.fields["context"].value
    assert fiche.fields["steps"].value == "Étape 0"
    assert fiche.fields["pilots"].value.startswith("Pilote\u00a0: ")
    assert "12\u202f000,10\u00a0€" in fiche.fields["funding"].value
    assert fiche.fields["end_date"].value == "31\u00a0mars 2025"
    assert fiche.fields["title"].label == "Intitulé"


def test_a_version_does_not_move_with_the_plan(contract):
    action = make_full_action(contract, parts=1, title="Vacciner")
    version = make_version(contract)
    action.title = "Vacciner davantage"
    action.version += 1
    action.save()
    pk = action.pk
    delete_action(action=action, user=None)
    version.refresh_from_db()
    assert frozen(version).fiche(pk).fields["title"].value == "Vacciner"
    assert frozen(version).is_intact


def test_the_contract_itself_is_frozen_with_its_whole_plan_and_not_with_part_of_it(contract):
    signatory = make_signatory(contract, commitments="Financer un poste.")
    kept, left = make_action(contract), make_action(contract)
    whole, part = make_version(contract), make_version(contract, fiches=[kept])
    fields = {each.name: each.value for each in frozen(whole).contract}
    assert fields["presentation"] == contract.presentation
    assert fields[f"commitments-{signatory.pk}"] == "Financer un poste."
    assert (frozen(part).is_whole, frozen(part).contract) == (False, ())
    assert frozen(part).fiche(left.pk) is None
    assert (whole.number, part.number) == (1, 2)


def test_the_database_refuses_to_rewrite_a_version(contract):
    version = make_version(contract)
    with pytest.raises(FrozenError):
        PlanVersion.objects.filter(pk=version.pk).update(digest="0" * 64)
    version.content = {}
    with pytest.raises(DatabaseError, match="ne se modifie pas"), transaction.atomic():
        version.save()
    version.refresh_from_db()
    assert frozen(version).is_intact


def test_a_content_altered_behind_the_database_is_told_by_its_digest(contract):
    make_action(contract, title="Vacciner")
    version = make_version(contract)
    version.content["fiches"][0]["title"] = "Vacciner moins"
    assert not frozen(version).is_intact


def test_a_version_goes_with_its_contract_and_keeps_its_text_when_its_author_leaves(contract):
    author = make_user(first_name="Claire", last_name="Martin", is_superuser=True)
    version = make_version(contract, user=author)
    author.delete()
    version.refresh_from_db()
    assert (version.frozen_by, frozen(version).head["frozen_by"]) == (None, "Claire Martin")
    assert frozen(version).is_intact


class TestCompare:
    def test_fiches_added_amended_and_dropped(self, contract):
        axis = make_axis(contract, title="Prévention")
        _kept, amended, dropped = (make_action(contract, axis=axis) for _ in range(3))
        before = make_version(contract, occasion=Occasion.SIGNATURE)
        amended.general_objective = "Réduire le renoncement aux soins."
        amended.save()
        gone = dropped.pk
        delete_action(action=dropped, user=None)
        added = make_action(contract, axis=axis)
        found = compare(frozen(before), frozen(make_version(contract)))
        assert [fiche.pk for fiche in found.added] == [added.pk]
        assert [fiche.pk for fiche in found.dropped] == [gone]
        [change] = found.amended
        [field] = change.changes
        assert (field.label, field.before, field.after) == ("Objectif général", "", amended.general_objective)
        assert change.fiche.pk == amended.pk
        assert (found.unchanged, found.contract, found.axes) == (1, [], [])

    def test_the_end_and_the_signatories_that_an_avenant_moves(self, contract):
        before = make_version(contract)
        amendment = create_amendment(
            contract=contract, user=None, signed_on="2025-06-01", purpose="Prolonger", new_end_date="2027-12-31"
        )
        signatory = make_signatory(contract)
        after = make_version(contract, occasion=Occasion.AMENDMENT, amendment=amendment)
        changed = {change.name: change.after for change in compare(frozen(before), frozen(after)).contract}
        assert changed["end_date"] == "31\u00a0décembre 2027"
        assert str(signatory.organisation) in changed["signatories"]

    def test_an_axis_renamed_or_added(self, contract):
        axis = make_axis(contract, title="Prévention")
        before = make_version(contract)
        axis.title = "Prévenir"
        axis.save()
        make_axis(contract, title="Soigner")
        found = compare(frozen(before), frozen(make_version(contract)))
        assert sorted(
            change.after for _axis, changes in found.axes for change in changes if change.name == "title"
        ) == [
            str(axis),
            str(contract.axes.last()),
        ]

    def test_a_part_of_a_plan_drops_nothing_of_the_rest(self, contract):
        kept, _left = make_action(contract), make_action(contract)
        before = make_version(contract)
        found = compare(frozen(before), frozen(make_version(contract, fiches=[kept])))
        assert (found.dropped, found.unchanged, bool(found)) == ([], 1, False)


def test_freezing_takes_as_many_queries_for_one_fiche_as_for_ten(contract):
    counts = []
    for number in (1, 9):
        for _ in range(number):
            make_full_action(contract, parts=2)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            make_version(contract)
        counts.append(len(queries))
    assert counts[0] == counts[1]
