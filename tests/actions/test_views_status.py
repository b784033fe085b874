"""Changing a status from the plan: the same rules with a page of its own and inside the line."""

from datetime import date
from functools import partial

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from actions.enums import Status
from actions.services.news import record_follow_up
from cls_portal.core.versioning import StaleVersionError
from tests.factories import make_action
from tests.people import signed_in

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def action(contract, pilot_organisation):
    return make_action(contract, code="1.1", pilot=pilot_organisation, status=Status.NOT_STARTED)


def post(user, action, *, htmx=False, **values):
    url = reverse("actions:status", args=[action.contract.slug, action.pk])
    given = {"status": Status.IN_PROGRESS, "progress": 25, "version": action.version} | values
    data = {f"s{action.pk}-{name}": value for name, value in given.items()}
    return signed_in(user).post(url, data, **(HTMX if htmx else {}))


def test_a_change_becomes_a_point_of_follow_up(action, coordinator):
    response = post(coordinator, action)

    point = action.follow_ups.get()
    action.refresh_from_db()
    assert response.status_code == 302
    assert (action.status, action.progress, action.version) == (Status.IN_PROGRESS, 25, 2)
    assert (point.status, point.author, point.date) == (Status.IN_PROGRESS, coordinator, date.today())
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "Fiche 1.1\u00a0: En cours, 25\u00a0%."
    ]


def test_a_pilot_changes_the_status_of_their_own_fiche(action, pilot):
    assert post(pilot, action).status_code == 302
    assert action.follow_ups.get().author == pilot


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (Status.POSTPONED, "Donnez la nouvelle échéance de la fiche reportée."),
        (Status.SUSPENDED, "Dites pourquoi la fiche passe à «\u202fSuspendue\u202f»."),
        (Status.REDIRECTED, "Une fiche réorientée demande la fiche qui prend la suite."),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_what_a_status_asks_for_is_said_next_to_its_field(action, coordinator, status, sentence, htmx):
    reason = "" if status == Status.SUSPENDED else "Crise sanitaire"
    response = post(coordinator, action, status=status, reason=reason, htmx=htmx)

    assert response.status_code == (422 if htmx else 200)
    assert sentence in response.content.decode()
    assert not action.follow_ups.exists()


def test_a_postponement_keeps_its_reason_and_its_date(action, coordinator):
    post(coordinator, action, status=Status.POSTPONED, reason="Crise sanitaire", new_date="2027-06-30")

    action.refresh_from_db()
    assert (action.status_reason, action.postponed_to) == ("Crise sanitaire", date(2027, 6, 30))


def test_what_the_status_does_not_ask_for_is_ignored(action, coordinator):
    post(coordinator, action, reason="resté d’un essai", new_date="2027-06-30")

    action.refresh_from_db()
    assert (action.status_reason, action.postponed_to) == ("", None)


def test_a_redirected_fiche_names_its_successor_in_the_same_contract(action, coordinator, other_contract):
    successor, foreign = make_action(action.contract), make_action(other_contract)
    values = {"status": Status.REDIRECTED, "reason": "Fusion"}

    assert post(coordinator, action, successor=foreign.pk, **values).status_code == 200
    assert post(coordinator, action, successor=successor.pk, **values).status_code == 302
    action.refresh_from_db()
    assert action.successor == successor


def test_a_change_made_meanwhile_is_told_and_a_second_submission_records_nothing(action, coordinator):
    assert post(coordinator, action).status_code == 302
    again = post(coordinator, action)

    assert "a changé pendant que vous la lisiez" in again.content.decode()
    assert action.follow_ups.count() == 1


def test_htmx_gets_the_line_back_with_the_focus_and_the_news(action, coordinator):
    text = post(coordinator, action, htmx=True).content.decode()

    assert f'id="f-{action.pk}"' in text
    assert "autofocus" in text
    assert 'id="annonce"' in text
    assert "Fiche 1.1\u00a0: En cours, 25\u00a0%." in text
    assert "<html" not in text


def test_giving_up_gives_the_line_back_unchanged(action, coordinator):
    url = reverse("actions:status", args=[action.contract.slug, action.pk])

    text = signed_in(coordinator).get(f"{url}?ligne=1", **HTMX).content.decode()

    assert "Non démarrée" in text
    assert "<form" not in text


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/contrats/x/plan/?statut=en_cours", "/contrats/x/plan/?statut=en_cours"),
        ("http://ailleurs.example/contrats/x/plan/", ""),
        ("", ""),
    ],
)
def test_one_goes_back_where_one_came_from(action, coordinator, referer, back):
    url = reverse("actions:status", args=[action.contract.slug, action.pk])
    plan = f"{reverse('actions:plan', args=[action.contract.slug])}#f-{action.pk}"

    page = signed_in(coordinator).get(url, HTTP_REFERER=referer)

    assert page.context["back"] == (back or plan)
    assert post(coordinator, action, back=back).url == (back or plan)


@pytest.mark.parametrize("address", ["//ailleurs.example/", "https://ailleurs.example/", "javascript:alert(1)"])
def test_no_address_of_another_site_is_followed(action, coordinator, address):
    assert post(coordinator, action, back=address).url.startswith(f"/contrats/{action.contract.slug}/")


def test_the_version_read_is_compared_under_the_lock_of_the_writing(action, coordinator):
    """Two sendings of one form both find the fiche as they read it; the second one writes nothing."""
    record = partial(record_follow_up, action=action, user=coordinator, status=Status.IN_PROGRESS, read_version=1)
    record()

    with pytest.raises(StaleVersionError):
        record()

    assert action.follow_ups.count() == 1


def test_what_takes_over_is_only_kept_for_a_redirected_fiche(action, coordinator):
    record_follow_up(
        action=action, user=coordinator, status=Status.IN_PROGRESS, successor=make_action(action.contract)
    )

    action.refresh_from_db()
    assert action.successor is None


@pytest.mark.parametrize(("day", "sentence"), [("2020-01-01", "est déjà passé"), ("2030-01-01", "ne commence que")])
def test_a_fiche_is_postponed_neither_to_the_past_nor_before_its_start(action, coordinator, day, sentence):
    action.start_date = date(2031, 1, 1)
    action.save()
    response = post(coordinator, action, status=Status.POSTPONED, reason="Faute de local", new_date=day)
    assert sentence in response.content.decode()
    action.refresh_from_db()
    assert action.status != Status.POSTPONED


def test_htmx_leaves_the_address_of_the_plan_alone(action, coordinator):
    url = reverse("actions:status", args=[action.contract.slug, action.pk])
    response = signed_in(coordinator).get(url, **HTMX)
    assert response["HX-Push-Url"] == "false"
