"""Deleting with a way back: what is announced, what goes, what comes back, and what cannot."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models.deletion import ProtectedError

from actions.models import Action, ActionPilot
from cls_portal.core.deletion import delete_with_way_back, losses, restore
from contracts.models import Axis, Document, Objective, Organisation, Signatory
from tests.factories import (
    make_action,
    make_axis,
    make_commune,
    make_contact,
    make_contract,
    make_document,
    make_indicator,
    make_measurement,
    make_objective,
    make_organisation,
    make_signatory,
    make_user,
)

pytestmark = pytest.mark.django_db


def delete(obj, user=None, root=""):
    """A copy of it, since Django takes the key away from the object that it deletes."""
    return delete_with_way_back(type(obj).objects.get(pk=obj.pk), user=user, root=root)


def test_losses_say_what_goes_and_what_stays_without_link():
    axis = make_axis()
    objective = make_objective(axis, parent=make_objective(axis))
    make_action(axis=axis, objective=objective)
    make_action(axis=axis)

    found = losses(axis)

    assert (found.gone, found.unlinked) == ({"objectifs": 2}, {"fiches actions": 2})
    assert found.is_possible


def test_losses_name_who_still_needs_the_object():
    contract = make_contract()
    organisation = make_organisation(contract)
    signatory = make_signatory(contract, organisation=organisation)

    assert losses(organisation).protectors == [signatory]
    with pytest.raises(ProtectedError):
        delete(organisation, user=None)


def test_an_axis_comes_back_with_its_objectives_its_keys_and_its_fiches():
    user = make_user()
    axis = make_axis(title="Prévention")
    parent = make_objective(axis)
    child = make_objective(axis, parent=parent)
    action = make_action(axis=axis, objective=child)
    before = [Axis.objects.values().get(), list(Objective.objects.values())]

    deletion = delete(axis, user=user, root="contract:1")
    action.refresh_from_db()
    assert (Axis.objects.count(), Objective.objects.count(), action.axis_id, action.objective_id) == (0, 0, None, None)

    restore(deletion, user=user)
    action.refresh_from_db()
    assert [Axis.objects.values().get(), list(Objective.objects.values())] == before
    assert (action.axis_id, action.objective_id) == (axis.pk, child.pk)


def test_a_deletion_and_its_undoing_are_signed_in_the_history():
    user = make_user()
    axis = make_axis()
    objective = make_objective(axis)
    action = make_action(axis=axis)

    restore(delete(axis, user=user), user=user)

    rows = [(row.history_type, row.history_user) for row in Objective.history.filter(id=objective.pk)[:2]]
    assert rows == [("~", user), ("-", user)]
    assert Objective.history.filter(id=objective.pk).first().history_change_reason == "Rétabli"
    assert [row.axis_id for row in action.history.all()] == [axis.pk, None, axis.pk]
    action.refresh_from_db()
    assert action.version == 3


def test_a_link_that_somebody_set_otherwise_is_left_alone():
    axis = make_axis()
    action = make_action(axis=axis)
    deletion = delete(axis, user=None)
    other = make_axis(axis.contract)
    Action.objects.update(axis=other)

    restore(deletion, user=None)

    action.refresh_from_db()
    assert action.axis_id == other.pk


def test_a_fiche_comes_back_whole():
    contract = make_contract()
    action = make_action(contract, pilot=make_organisation(contract), title="Dépister")
    action.communes.add(make_commune(), make_commune())
    action.documents.add(make_document(contract))
    measurement = make_measurement(make_indicator(action))

    announced = losses(action).gone
    deletion = delete(action, user=None)
    restore(deletion, user=None)

    back = Action.objects.get(pk=action.pk)
    assert (back.title, back.communes.count(), back.documents.count(), back.pilots.count()) == ("Dépister", 2, 1, 1)
    assert announced == {"pilotes": 1, "indicateurs": 1, "relevés": 1}
    stored = back.indicators.get().measurements.get()
    assert (stored.pk, stored.value) == (measurement.pk, measurement.value)


def test_a_document_comes_back_with_its_file_and_its_fiches():
    action = make_action()
    document = make_document(action.contract, content="Ça y est".encode())
    action.documents.add(document)

    deletion = delete(document, user=None)
    assert (Document.objects.count(), action.documents.count()) == (0, 0)
    restore(deletion, user=None)

    back = Document.objects.get()
    with back.file.open() as file:
        assert file.read().decode() == "Ça y est"
    assert (list(action.documents.all()), back.uploaded_at) == ([document], document.uploaded_at)


def test_the_next_record_takes_a_new_key():
    axis = make_axis()
    restore(delete(axis, user=None), user=None)

    assert make_axis(axis.contract).pk > axis.pk


def test_what_was_created_in_its_place_is_told():
    organisation = make_organisation(name="CPAM")
    deletion = delete(organisation, user=None)
    make_organisation(territory=organisation.territory, name="cpam")

    with pytest.raises(ValidationError, match="a pris sa place"):
        restore(deletion, user=None)

    assert Organisation.objects.count() == 1
    deletion.refresh_from_db()
    assert deletion.restored_at is None


def test_what_it_depends_on_must_come_back_first():
    signatory = make_signatory()
    first = delete(signatory, user=None)
    second = delete(signatory.organisation, user=None)

    with pytest.raises(ValidationError, match="Rétablissez d’abord"):
        restore(first, user=None)
    restore(second, user=None)
    restore(first, user=None)

    assert Signatory.objects.get().organisation == signatory.organisation


def test_a_link_to_what_has_gone_meanwhile_stays_empty():
    contract = make_contract()
    organisation = make_organisation(contract)
    contact = make_contact(organisation)
    signatory = make_signatory(contract, organisation=organisation, representative=contact)
    deletion = delete(signatory, user=None)
    contact.delete()

    restore(deletion, user=None)

    assert Signatory.objects.get().representative is None


def test_a_deletion_is_restored_once():
    deletion = delete(make_axis(), user=None)
    restore(deletion, user=None)

    with pytest.raises(ValidationError, match="déjà été rétabli"):
        restore(deletion, user=None)


def test_a_row_shared_with_what_has_gone_is_not_invented():
    action = make_action()
    commune = make_commune()
    action.communes.add(commune)
    deletion = delete(action, user=None)
    commune.delete()

    restore(deletion, user=None)

    assert Action.objects.get().communes.count() == 0
    assert ActionPilot.objects.count() == 0
