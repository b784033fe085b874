"""Signing in by password or by a code; locked out after repeated failures; nothing tells who has an account."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from actions.enums import DraftingState
from contracts.enums import Role
from tests.factories import PASSWORD, make_action, make_membership, make_user

pytestmark = pytest.mark.django_db

WRONG = "pas le bon"
LOCKED = "la connexion est suspendue pour cinq minutes"
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value|name="csrf-token" content)="\w+"')


@pytest.fixture
def person():
    return make_user("sophie@exemple.fr")


@pytest.fixture
def disabled():
    return make_user("partie@exemple.fr", is_active=False)


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def try_password(client, email, password=WRONG, **headers):
    return client.post(reverse("account_login"), {"login": email, "password": password}, **headers)


def ask_code(client, email, **headers):
    return client.post(reverse("account_request_login_code"), {"email": email}, **headers)


def code_of(message) -> str:
    return re.search(r"^[A-Z]{4}-[A-Z]{4}$", message.body, re.MULTILINE).group()


def give_code(client, code):
    return client.post(reverse("account_confirm_login_code"), {"code": code})


def visible(response, email) -> str:
    """The page without what changes from one request to the next: the CSRF token, the address typed."""
    return TOKEN.sub("", response.content.decode()).replace(email, "ADRESSE")


def test_a_deed_sent_after_the_session_expired_ends_on_a_page_that_says_so(client, person):
    membership = make_membership(Role.COORDINATOR, person)
    action = make_action(membership.contract)

    sign_in = client.post(reverse("actions:archive", args=[membership.contract.slug, action.pk])).url
    page = client.post(sign_in, {"login": person.email, "password": PASSWORD}, follow=True).content.decode()

    action.refresh_from_db()
    assert action.drafting_state != DraftingState.ARCHIVED
    assert "votre session avait expiré, cela n’a pas été enregistré" in page
    assert f'href="{action.get_absolute_url()}">Ouvrir cette page' in page


def test_password_opens_the_session_for_twelve_hours(client, person):
    response = try_password(client, person.email, PASSWORD)

    assert response.status_code == 302
    assert is_signed_in(client)
    assert client.session.get_expiry_age() == 12 * 3600


def test_address_is_recognised_whatever_its_case(client, person):
    try_password(client, " Sophie@Exemple.FR ", PASSWORD)

    assert is_signed_in(client)


def test_code_sent_by_mail_opens_the_session(client, person):
    ask_code(client, person.email)
    [message] = mail.outbox

    assert message.to == [person.email]
    assert message.subject == "Votre code de connexion au portail CLS"
    assert not is_signed_in(client)

    give_code(client, code_of(message).lower().replace("-", " "))

    assert is_signed_in(client)
    assert client.session.get_expiry_age() == 12 * 3600


def test_code_only_serves_the_browser_that_asked_for_it(client, person):
    ask_code(client, person.email)
    elsewhere = Client()
    ask_code(elsewhere, "inconnue@exemple.fr")

    give_code(elsewhere, code_of(mail.outbox[0]))

    assert not is_signed_in(elsewhere)


def test_code_expires_after_ten_minutes(client, person, monkeypatch):
    ask_code(client, person.email)
    [message] = mail.outbox
    session = client.session
    session["account_login"]["state"]["stages"]["login_by_code"]["data"]["at"] -= timedelta(minutes=10).seconds + 1
    session.save()

    give_code(client, code_of(message))

    assert not is_signed_in(client)


def test_code_dies_after_five_wrong_tries(client, person):
    ask_code(client, person.email)
    [message] = mail.outbox

    answers = [give_code(client, "AAAA-AAAA") for _ in range(5)]
    give_code(client, code_of(message))

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 302]
    assert "Ce code ne convient pas" in answers[0].content.decode()
    assert not is_signed_in(client)


def test_new_code_replaces_the_first(client, person):
    ask_code(client, person.email)

    client.post(reverse("account_confirm_login_code"), {"action": "resend"})
    first, second = mail.outbox

    give_code(client, code_of(first))
    assert not is_signed_in(client)

    give_code(client, code_of(second))
    assert is_signed_in(client)


def test_giving_up_the_code_leads_back_to_the_sign_in_page(client, person):
    ask_code(client, person.email)

    client.post(reverse("account_logout"))

    assert client.get(reverse("account_login")).status_code == 200


def test_account_disabled_meanwhile_is_not_let_in(client, person):
    ask_code(client, person.email)
    person.is_active = False
    person.save()

    response = give_code(client, code_of(mail.outbox[0]))

    assert response.url == reverse("account_inactive")
    assert not is_signed_in(client)


def test_disabling_an_account_ends_its_open_sessions(client, person):
    client.force_login(person)
    assert client.get(reverse("account_profile")).status_code == 200
    person.is_active = False
    person.save()

    assert client.get(reverse("account_profile")).status_code == 302


def test_signing_out_takes_a_post(client, person):
    client.force_login(person)

    client.get(reverse("account_logout"))
    assert is_signed_in(client)

    client.post(reverse("account_logout"))
    assert not is_signed_in(client)


# Nobody learns which addresses have an account


def test_wrong_password_says_the_same_for_known_unknown_and_disabled(person, disabled):
    answers = [
        (response.status_code, visible(response, email))
        for email in (person.email, "inconnue@exemple.fr", disabled.email)
        for response in [try_password(Client(), email)]
    ]

    assert answers[0][0] == 200
    assert "ne convient pas" in answers[0][1]
    assert answers[1] == answers[0]
    assert answers[2] == answers[0]


def test_right_password_of_a_disabled_account_says_the_same_as_a_wrong_one(client, disabled):
    right = try_password(client, disabled.email, PASSWORD)
    wrong = try_password(Client(), disabled.email)

    assert visible(right, disabled.email) == visible(wrong, disabled.email)
    assert not is_signed_in(client)


@pytest.mark.parametrize("name", ["account_request_login_code", "account_reset_password"])
def test_asking_for_a_mail_says_the_same_and_writes_to_the_owner_only(name, person, disabled):
    answers = []
    for email in (person.email, "inconnue@exemple.fr", disabled.email):
        visitor = Client()
        response = visitor.post(reverse(name), {"email": email})
        page = visitor.get(response.url)
        answers.append((response.status_code, response.url, page.status_code, visible(page, email)))

    assert answers[0][0] == 302
    assert answers[1] == answers[0]
    assert answers[2] == answers[0]
    assert [message.to for message in mail.outbox] == [[person.email]]


def test_mail_server_down_says_the_same_as_an_unknown_address(client, person, settings, caplog):
    settings.EMAIL_BACKEND = "tests.accounts.test_sign_in.BrokenBackend"

    known = ask_code(client, person.email)
    unknown = ask_code(Client(), "inconnue@exemple.fr")

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert "Un courriel n’est pas parti" in caplog.text


class BrokenBackend:
    def __init__(self, **kwargs):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError


@pytest.mark.parametrize(
    "path", ["/compte/inscription/", "/compte/signup/", "/compte/email/", "/compte/confirm-email/"]
)
def test_nobody_signs_up(client, path):
    assert client.get(path).status_code == 404
    assert client.post(path, {"email": "nouvelle@exemple.fr"}).status_code == 404


@pytest.mark.parametrize(
    "name", ["account_signup", "account_email", "account_confirm_email", "account_reauthenticate"]
)
def test_unused_pages_of_allauth_are_absent(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


# Locked out


def test_five_failures_lock_the_account_even_with_the_right_password(client, person):
    for _ in range(5):
        assert LOCKED not in try_password(client, person.email).content.decode()

    response = try_password(client, person.email, PASSWORD)

    assert response.status_code == 200
    assert LOCKED in response.content.decode()
    assert not is_signed_in(client)


def test_unknown_address_is_locked_like_a_known_one(client, person):
    pages = []
    for email in (person.email, "inconnue@exemple.fr"):
        visitor = Client(REMOTE_ADDR="192.0.2.1")
        pages.append([visible(try_password(visitor, email), email) for _ in range(6)])

    assert pages[1] == pages[0]
    assert LOCKED in pages[0][5]


@pytest.mark.parametrize(
    "headers",
    [{"HTTP_X_FORWARDED_FOR": "203.0.113.{}"}, {"REMOTE_ADDR": "203.0.113.{}"}, {"HTTP_HOST": "h{}.exemple.fr"}],
)
def test_another_address_or_host_does_not_open_the_lock(person, headers):
    """Each visitor is another browser; the account is what counts."""
    for number in range(5):
        try_password(Client(), person.email, **{key: value.format(number) for key, value in headers.items()})

    response = try_password(Client(), person.email, PASSWORD, **{k: v.format(99) for k, v in headers.items()})

    assert LOCKED in response.content.decode()


def test_forged_forwarded_address_does_not_reset_the_limit_of_a_visitor(client, settings):
    """20 failures a minute from one place, whatever the account tried; behind one proxy, the last address is ours."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    for number in range(20):
        try_password(client, f"p{number}@exemple.fr", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}, 203.0.113.7")
    locked = try_password(client, "autre@exemple.fr", HTTP_X_FORWARDED_FOR="198.51.100.99, 203.0.113.7")
    elsewhere = try_password(client, "autre@exemple.fr", HTTP_X_FORWARDED_FOR="198.51.100.99, 203.0.113.8")

    assert LOCKED in locked.content.decode()
    assert LOCKED not in elsewhere.content.decode()


@pytest.mark.parametrize("forwarded", ["", "n’importe quoi", "203.0.113.7"])
def test_address_that_cannot_be_read_breaks_nothing(client, settings, forwarded):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2

    assert try_password(client, "a@exemple.fr", HTTP_X_FORWARDED_FOR=forwarded, REMOTE_ADDR="").status_code == 200


def test_lock_is_kept_where_all_the_workers_read_it(client, person, django_assert_num_queries):
    for _ in range(5):
        try_password(client, person.email)

    assert type(cache._connections[cache._alias]).__name__ == "DatabaseCache"
    assert LOCKED in try_password(Client(), person.email, PASSWORD).content.decode()


def test_many_other_addresses_do_not_push_the_lock_out_of_the_cache(client, person):
    for _ in range(5):
        try_password(client, person.email)
    cache.set_many({f"autre-{number}": number for number in range(400)})

    assert LOCKED in try_password(Client(), person.email, PASSWORD).content.decode()


def test_lock_goes_with_time(client, person, monkeypatch):
    for _ in range(5):
        try_password(client, person.email)
    import time  # what allauth reads

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 301)

    try_password(client, person.email, PASSWORD)

    assert is_signed_in(client)


def test_locked_account_may_still_ask_for_a_code(client, person):
    for _ in range(6):
        try_password(Client(), person.email)

    ask_code(client, person.email)
    give_code(client, code_of(mail.outbox[0]))

    assert is_signed_in(client)


def test_codes_asked_in_a_row_are_limited(person):
    answers = [ask_code(Client(), person.email) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 200]
    assert LOCKED in answers[3].content.decode()
    assert len(mail.outbox) == 3


def test_too_many_requests_from_one_place_get_a_page_in_french(client):
    for number in range(31):
        response = try_password(client, f"p{number}@exemple.fr")

    assert response.status_code == 429
    assert "Attendez une minute" in response.content.decode()


def test_signing_in_changes_the_key_of_the_session_and_signing_out_kills_it(client, person):
    ask_code(client, person.email)
    before = client.session.session_key

    give_code(client, code_of(mail.outbox[0]))
    during = client.session.session_key
    stolen = Client()
    stolen.cookies = client.cookies.copy()
    assert stolen.get(reverse("account_profile")).status_code == 200
    client.post(reverse("account_logout"))

    assert before != during
    assert stolen.get(reverse("account_profile")).status_code == 302


@pytest.mark.parametrize("field", ["login", "password"])
@pytest.mark.parametrize(
    "value", ["\x00", "é" * 5000, "' OR 1=1 --", "a@b", "\ud800".encode("utf-8", "replace").decode()]
)
def test_odd_input_gets_a_sentence(client, field, value):
    data = {"login": "a@exemple.fr", "password": "faux"} | {field: value}

    response = client.post(reverse("account_login"), data)

    assert response.status_code == 200
    assert "point" in response.content.decode()
