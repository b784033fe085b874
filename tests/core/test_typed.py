"""A form that cannot be handled gives back what was typed: signed out, signed in again elsewhere, record deleted."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from contracts.models import Organisation
from tests.factories import make_action, make_organisation
from tests.people import signed_in

pytestmark = pytest.mark.django_db
TYPED = {"name": "Maison de santé", "short_name": "MSP", "kind": "autre", "website": ""}
ORIGIN = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture
def address(contract) -> str:
    return reverse("contracts:organisation_create", args=[contract.slug])


def hidden(page: str) -> dict:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))


def test_what_was_typed_by_somebody_signed_out_is_shown_and_sent_again(contract, coordinator, address):
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("account_login"))
    token = client.cookies["csrftoken"].value

    page = client.post(address, TYPED | {"csrfmiddlewaretoken": token}, **ORIGIN)
    assert page.status_code == 403
    assert "<dd>Maison de santé</dd>" in page.content.decode()

    client.force_login(coordinator)
    client.cookies["csrftoken"] = "x" * 32  # a sign-in changes it
    again = client.post(address, hidden(page.content.decode()), **ORIGIN)
    assert "Envoyer de nouveau" in again.content.decode()
    assert not Organisation.objects.exists()

    client.post(address, hidden(again.content.decode()), **ORIGIN)
    assert Organisation.objects.get().name == "Maison de santé"


@pytest.mark.parametrize("data", [{}, {"sens": "haut"}, {"name": "Camille", "password": "un secret bien gardé"}])
def test_what_is_secret_or_was_not_typed_is_not_shown(client, address, data):
    response = client.post(address, data)

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_a_form_from_another_site_is_not_taken_up(coordinator, address):
    client = Client(enforce_csrf_checks=True)
    client.force_login(coordinator)

    page = client.post(address, TYPED, HTTP_ORIGIN="https://ailleurs.exemple").content.decode()

    assert "Maison de santé" not in page
    assert "Cette page a expiré" in page


def test_what_was_typed_for_a_record_deleted_meanwhile_is_shown(contract, coordinator):
    organisation = make_organisation(contract)
    address = reverse("contracts:organisation_edit", args=[contract.slug, organisation.pk])
    organisation.delete()

    response = signed_in(coordinator).post(address, TYPED | {"name": "<b>Nouveau</b> nom"})

    page = response.content.decode()
    assert response.status_code == 404
    assert "<dd>&lt;b&gt;Nouveau&lt;/b&gt; nom</dd>" in page
    assert reverse("contracts:deletions", args=[contract.slug]) in page


def test_what_was_typed_for_a_fiche_deleted_meanwhile_is_shown(contract, coordinator):
    action = make_action(contract)
    address = reverse("actions:follow_up_create", args=[contract.slug, action.pk])
    action.delete()

    page = signed_in(coordinator).post(address, {"done": "Deux séances\nont eu lieu", "status": "en_cours"})

    assert "Deux séances<br>ont eu lieu" in page.content.decode()
    assert "<dd>en_cours" not in page.content.decode()
