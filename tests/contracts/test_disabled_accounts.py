"""A disabled account among the members of a contract: what is said of it, and who reopens it."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from contracts.enums import Role
from tests.factories import make_membership, make_user
from tests.people import signed_in

pytestmark = pytest.mark.django_db


def url(name, contract, *args) -> str:
    return reverse(f"contracts:{name}", args=[contract.slug, *args])


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_disabled_account_gets_the_role_but_no_mail_and_the_coordination_is_told(
    coordinator, contract, django_capture_on_commit_callbacks
):
    make_user("nadia@exemple.fr", is_active=False)
    identity = {"email": "nadia@exemple.fr", "first_name": "Nadia", "last_name": "Roche", "role": Role.READER}

    with django_capture_on_commit_callbacks(execute=True):
        page = text(signed_in(coordinator).post(url("member_invite", contract), identity, follow=True))

    assert "invitation est envoyée" not in page
    assert "Aucun courriel n’est envoyé à nadia@exemple.fr" in page
    assert "compte désactivé" in page
    assert "Réactiver le compte" not in page
    assert mail.outbox == []


def test_disabled_account_is_not_said_to_be_reminded(coordinator, contract):
    held = make_membership(Role.READER, make_user(is_active=False), contract=contract)

    page = text(signed_in(coordinator).post(url("member_remind", contract, held.pk), follow=True))

    assert "envoyée de nouveau" not in page
    assert "ce compte est désactivé" in page


def test_administrator_reactivates_an_account_who_is_then_invited(
    administrator, contract, django_capture_on_commit_callbacks
):
    held = make_membership(Role.READER, make_user("nadia@exemple.fr", is_active=False), contract=contract)
    client = signed_in(administrator)
    assert "Réactiver le compte" in text(client.get(url("members", contract)))

    with django_capture_on_commit_callbacks(execute=True):
        page = text(client.post(url("member_reactivate", contract, held.pk), follow=True))

    held.user.refresh_from_db()
    assert held.user.is_active
    assert "Une invitation est envoyée à nadia@exemple.fr." in page
    assert [message.to for message in mail.outbox] == [["nadia@exemple.fr"]]
    assert (held.history.first().history_change_reason, held.history.first().history_user) == (
        "Compte réactivé",
        administrator,
    )


def test_coordination_may_not_reopen_an_account_that_reaches_further_than_her_contract(coordinator, contract):
    held = make_membership(Role.READER, make_user(is_active=False), contract=contract)

    response = signed_in(coordinator).post(url("member_reactivate", contract, held.pk))

    assert response.status_code == 403
    assert "Seule l’administration du portail peut réactiver un compte." in response.content.decode()
