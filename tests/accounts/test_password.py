"""Choosing, changing and recovering a password; the profile."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cls_portal.accounts import forms
from tests.accounts.test_sign_in import is_signed_in, try_password
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

NEW = "trois ponts et une gare"


@pytest.fixture
def person():
    return make_user("sophie@exemple.fr")


def reset_link(client, email, **headers) -> str:
    client.post(reverse("account_reset_password"), {"email": email}, **headers)
    return re.search(r"https?://\S+nouveau\S+", mail.outbox[-1].body).group()


def test_reset_link_is_built_from_the_settings_whatever_the_host(client, person, settings):
    settings.SITE_URL = "https://portail.exemple.fr"

    link = reset_link(client, person.email, HTTP_HOST="pirate.exemple.com")

    assert link.startswith("https://portail.exemple.fr/compte/mot-de-passe/nouveau/")
    assert "pirate" not in mail.outbox[0].body
    assert mail.outbox[0].subject == "Choisir un nouveau mot de passe"
    assert mail.outbox[0].extra_headers["Auto-Submitted"] == "auto-generated"


def test_the_answer_waits_for_nothing_that_only_a_known_address_needs(client, person, monkeypatch):
    later = []
    monkeypatch.setattr(forms, "after_the_answer", later.append)
    url = reverse("account_reset_password")

    with CaptureQueriesContext(connection) as for_a_stranger:
        client.post(url, {"email": "inconnue@exemple.fr"})
    with CaptureQueriesContext(connection) as for_a_person:
        client.post(url, {"email": person.email})
    for work in later:
        work()

    assert len(for_a_person) == len(for_a_stranger)
    assert [message.to for message in mail.outbox] == [[person.email]]


def test_reset_link_sets_a_new_password_once(client, person, settings):
    link = reset_link(client, person.email).removeprefix(settings.SITE_URL)

    form_url = client.get(link).url
    client.post(form_url, {"password1": NEW, "password2": NEW})
    again = client.get(link)

    assert "Ce lien n’est plus valable" in again.content.decode()
    try_password(client, person.email, NEW)
    assert is_signed_in(client)


def test_reset_ends_the_sessions_opened_before(client, person, settings):
    elsewhere = type(client)()
    elsewhere.force_login(person)
    link = reset_link(client, person.email).removeprefix(settings.SITE_URL)

    client.post(client.get(link).url, {"password1": NEW, "password2": NEW})

    assert elsewhere.get(reverse("account_profile")).status_code == 302


def test_person_invited_without_password_may_choose_one_from_a_code_session(client):
    person = make_user("invitee@exemple.fr")
    person.set_unusable_password()
    person.save()
    client.force_login(person)

    assert "Un mot de passe n’est pas nécessaire" in client.get(reverse("account_profile")).content.decode()
    response = client.post(reverse("account_set_password"), {"password1": NEW, "password2": NEW}, follow=True)

    assert "Votre nouveau mot de passe est enregistré." in response.content.decode()
    assert client.get(reverse("account_profile")).status_code == 200


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"oldpassword": "faux"}, "Ce n’est pas votre mot de passe actuel."),
        ({"password1": "court", "password2": "court"}, "trop court"),
        ({"password1": "q1w2e3r4t5y6", "password2": "q1w2e3r4t5y6"}, "trop courant"),
        ({"password2": "autre chose encore"}, "même mot de passe"),
    ],
)
def test_weak_or_mistaken_password_is_refused_with_its_reason(client, person, data, sentence):
    client.force_login(person)

    response = client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW} | data
    )

    assert response.status_code == 200
    assert sentence in response.content.decode()
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_changing_the_password_keeps_this_session(client, person):
    client.force_login(person)

    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    assert client.get(reverse("account_profile")).status_code == 200
    person.refresh_from_db()
    assert person.check_password(NEW)


def test_profile_changes_name_and_job_but_neither_address_nor_powers(client, person):
    client.force_login(person)

    client.post(
        reverse("account_profile"),
        {
            "first_name": "Sophie",
            "last_name": "Martin",
            "job_title": "Coordinatrice",
            "email": "autre@exemple.fr",
            "is_superuser": "on",
            "is_staff": "on",
        },
    )

    person.refresh_from_db()
    assert (person.first_name, person.last_name, person.job_title) == ("Sophie", "Martin", "Coordinatrice")
    assert person.email == "sophie@exemple.fr"
    assert not person.is_superuser
    assert not person.is_staff


def test_menu_of_the_account_leads_to_the_profile_and_signs_out(client, person):
    client.force_login(person)

    html = client.get(reverse("account_profile")).content.decode()

    assert f'href="{reverse("account_profile")}"' in html
    assert f'<form method="post" action="{reverse("account_logout")}">' in html
    assert reverse("admin:index") not in html
