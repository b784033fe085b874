"""Mails of development and demonstration, and the page that shows them."""

import threading

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.urls import reverse

from cls_portal.core.mail import received_mails, send_mail

CONTEXT = {"code": "ABCD-EFGH"}


@pytest.fixture
def folder(settings, tmp_path):
    settings.MAIL_FOLDER = tmp_path / "mails"
    settings.EMAIL_BACKEND = "cls_portal.core.mail.ConsoleAndFolderBackend"
    return settings.MAIL_FOLDER


def test_mail_is_written_on_the_console_and_in_the_folder(folder, capsys):
    EmailMessage("Réunion d’été", "Bonjour à tous", to=["à@exemple.fr"]).send()

    [received] = received_mails()
    assert (received.to, received.subject, received.body.strip()) == (
        "à@exemple.fr",
        "Réunion d’été",
        "Bonjour à tous",
    )
    assert "Subject" in capsys.readouterr().out


def test_page_is_absent_from_a_real_site(client, db, folder):
    EmailMessage("Code", "ABCD-EFGH", to=["a@exemple.fr"]).send()

    assert client.get(reverse("mails")).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("flag", ["DEBUG", "DEMO"])
def test_page_shows_the_mails_newest_first_without_signing_in(client, folder, settings, flag):
    setattr(settings, flag, True)
    for subject in ("Premier", "Deuxième", "Troisième"):
        EmailMessage(subject, "Texte", to=["a@exemple.fr"]).send()

    html = client.get(reverse("mails")).content.decode()

    assert html.index("Troisième") < html.index("Deuxième") < html.index("Premier")


def test_page_says_when_there_is_no_mail(client, db, folder, settings):
    settings.DEMO = True

    assert "Aucun courriel" in client.get(reverse("mails")).content.decode()


def test_page_shows_a_mail_as_text(client, db, folder, settings):
    settings.DEMO = True
    attack = "<script>alert(1)</script> javascript:alert(1) https://exemple.fr/<b>"
    EmailMessage(attack, attack, to=['"<img src=x>" <a@exemple.fr>']).send()

    html = client.get(reverse("mails")).content.decode()

    assert "<script>alert" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="https://exemple.fr/' in html


def test_mail_goes_in_another_thread_on_a_real_site(settings):
    settings.MAIL_IN_BACKGROUND = True
    before = set(threading.enumerate())

    send_mail("account/email/login_code", "a@exemple.fr", CONTEXT)
    for thread in set(threading.enumerate()) - before:
        thread.join()

    assert [message.to for message in mail.outbox] == [["a@exemple.fr"]]
    assert "ABCD-EFGH" in mail.outbox[0].body
