import re

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

INFORMATION = ["accessibility", "sitemap", "legal", "privacy", "help", "contact"]


def titles(html: str) -> tuple[str, int]:
    return re.search(r"<title>(.*?)</title>", html, re.S).group(1), len(re.findall(r"<h1[ >]", html))


@pytest.mark.django_db
@pytest.mark.parametrize("name", INFORMATION)
def test_information_page_is_open_to_everybody_with_one_h1(client, name):
    response = client.get(reverse(name))

    title, headings = titles(response.content.decode())
    assert (response.status_code, headings) == (200, 1)
    assert title.endswith(" — Portail CLS")


@pytest.mark.django_db
def test_information_pages_have_unique_titles(client):
    pages = [titles(client.get(reverse(name)).content.decode())[0] for name in INFORMATION]

    assert len(set(pages)) == len(INFORMATION)


@pytest.mark.django_db
def test_page_names_the_contrat_local_de_sante_in_full(client):
    assert "contrats locaux de santé" in client.get(reverse("help")).content.decode()


@pytest.mark.django_db
def test_contact_without_address_says_so(client, settings):
    settings.OPERATOR = dict.fromkeys(settings.OPERATOR, "")

    assert "n’a pas encore indiqué d’adresse" in client.get(reverse("contact")).content.decode()


@pytest.mark.django_db
def test_contact_with_address_gives_it(client, settings):
    settings.OPERATOR = {**settings.OPERATOR, "email": "aide@exemple.fr"}

    assert 'href="mailto:aide@exemple.fr"' in client.get(reverse("contact")).content.decode()


@pytest.mark.django_db
def test_a_page_sent_like_a_deed_is_answered_by_a_page_that_leads_back(client):
    answer = client.post(reverse("legal"))

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert titles(answer.content.decode()) == ("Rien n’a été fait — Portail CLS", 1)
    assert f'href="{reverse("legal")}"' in answer.content.decode().split("<main")[1].split("</main>")[0]


ACCOUNT = {
    "account_login": "Se connecter",
    "account_request_login_code": "Recevoir un code de connexion",
    "account_reset_password": "Mot de passe oublié",
    "account_reset_password_done": "Regardez votre messagerie",
    "account_reset_password_from_key_done": "Mot de passe changé",
    "account_inactive": "Compte désactivé",
}


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "heading"), ACCOUNT.items())
def test_account_page_has_our_look(client, name, heading):
    html = client.get(reverse(name)).content.decode()

    assert f"<h1>{heading}</h1>" in html
    assert 'class="masthead' in html


@pytest.mark.django_db
def test_expired_reset_link_says_what_to_do(client):
    html = client.get(reverse("account_reset_password_from_key", args=["1", "abc-def"])).content.decode()

    assert "Ce lien n’est plus valable" in html
    assert reverse("account_reset_password") in html


@pytest.mark.django_db
def test_wrong_password_is_listed_above_the_form(client):
    html = client.post(reverse("account_login"), {"login": "personne@exemple.fr", "password": "faux"}).content.decode()

    assert "Vous n’êtes pas connecté\u00a0: 1\u00a0point à corriger" in html


@pytest.mark.django_db
def test_unknown_address_is_a_page_of_the_portal(client):
    response = client.get("/nulle-part/")

    assert response.status_code == 404
    assert "<h1>Page introuvable</h1>" in response.content.decode()


def test_refusal_shows_its_reason(rf):
    html = render_to_string("403.html", {"exception": "Seule la coordination modifie un contrat signé."})

    assert "Seule la coordination modifie un contrat signé." in html


@pytest.mark.parametrize(("template", "heading"), [("400.html", "Demande incomprise"), ("500.html", "une erreur")])
def test_error_page_needs_no_context(template, heading):
    html = render_to_string(template)

    assert heading in html
    assert "contrats locaux de santé" in html


def test_gallery_is_closed_on_a_real_site(client, db):
    assert client.get("/composants/").status_code == 404
