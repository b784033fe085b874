"""What the coordination does with a fiche as a whole."""

import pytest
from django.urls import reverse

from actions.enums import DraftingState
from actions.models import Action
from cls_portal.core.deletion import restore
from cls_portal.core.models import Deletion
from tests.factories import make_action, make_axis, make_full_action, make_organisation
from tests.page_forms import form_data
from tests.people import signed_in


@pytest.fixture
def client(coordinator):
    return signed_in(coordinator)


def url(name: str, action) -> str:
    return reverse(f"actions:{name}", args=[action.contract.slug, action.pk])


def test_a_fiche_is_opened_once_with_its_title_alone(client, contract):
    new = reverse("actions:create", args=[contract.slug])
    data = form_data(client.get(new), title="Former les agents d’accueil")

    first, second = client.post(new, data), client.post(new, data)

    action = contract.actions.get()
    assert first.url == second.url == action.get_absolute_url()
    assert action.title == "Former les agents d’accueil"


def test_a_fiche_is_opened_in_its_axis_with_its_pilot(client, contract):
    axis, organisation = make_axis(contract), make_organisation(contract)
    new = reverse("actions:create", args=[contract.slug])

    client.post(new, form_data(client.get(new), title="X", axis=str(axis.pk), pilot=str(organisation.pk)))

    action = contract.actions.get()
    assert (action.axis, action.pilots.get().organisation) == (axis, organisation)


def test_a_fiche_without_title_is_refused(client, contract):
    new = reverse("actions:create", args=[contract.slug])

    response = client.post(new, form_data(client.get(new)))

    assert response.status_code == 200
    assert not contract.actions.exists()


def test_a_deletion_says_what_goes_and_is_undone(client, contract):
    action = make_full_action(contract)

    html = client.get(url("delete", action)).content.decode()
    assert "indicateurs" in html
    assert "points de suivi" in html
    client.post(url("delete", action))
    assert not Action.objects.filter(pk=action.pk).exists()

    restore(Deletion.objects.get(), user=None)
    back = Action.objects.get(pk=action.pk)
    assert back.steps.count() == 3
    assert client.get(back.get_absolute_url()).status_code == 200


def test_an_archived_fiche_stays_readable_and_comes_back_as_it_was(client, contract):
    action = make_action(contract, drafting_state=DraftingState.VALIDATED)

    client.post(url("archive", action))
    assert Action.objects.get().drafting_state == DraftingState.ARCHIVED
    assert client.get(action.get_absolute_url()).status_code == 200

    client.post(url("archive", action))
    assert Action.objects.get().drafting_state == DraftingState.VALIDATED


def test_a_state_of_drafting_that_does_not_exist_is_refused(client, contract):
    action = make_action(contract)

    html = client.post(url("drafting", action), {"state": "publiée"}, follow=True).content.decode()

    assert "Cet état de rédaction n’existe pas." in html
    assert Action.objects.get().drafting_state == DraftingState.DRAFT


def test_a_fiche_moves_within_its_axis(client, contract):
    first, second = make_action(contract), make_action(contract)

    client.post(url("move", second), {"direction": "haut"})

    assert list(contract.actions.order_by("position")) == [second, first]


def test_an_archived_fiche_has_no_place_to_change(client, contract):
    action = make_action(contract, drafting_state=DraftingState.ARCHIVED)
    make_action(contract)

    response = client.post(url("move", action), {"direction": "haut"}, follow=True)

    assert response.status_code == 200
    assert "La fiche est déjà au bout de son axe." in response.content.decode()
