"""News of a fiche, given by its pilots and by the coordination."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from actions.enums import Status, StepState
from actions.models import Action, FollowUp, Measurement, Step
from cls_portal.core.dates import today
from contracts.enums import TermKind
from tests.factories import make_action, make_indicator, make_measurement, make_organisation, make_term
from tests.page_forms import form_data
from tests.people import signed_in


def url_of(action) -> str:
    return reverse("actions:follow_up_create", args=[action.contract.slug, action.pk])


@pytest.fixture
def action(contract, pilot_organisation) -> Action:
    return make_action(contract, pilot=pilot_organisation)


@pytest.fixture
def tell(pilot):
    client = signed_in(pilot)

    def send(action, **changes):
        return client.post(url_of(action), form_data(client.get(url_of(action)), **changes))

    return send


def test_a_pilot_tells_in_one_form_what_changed(tell, action, pilot):
    brake = make_term(TermKind.BRAKE)
    indicator = make_indicator(action, title="Jeunes rencontrés")
    step = Step.objects.create(action=action, title="Former")

    response = tell(
        action,
        status="en_cours",
        progress="50",
        done="Deux sessions ont eu lieu.",
        brakes=[str(brake.pk)],
        steps_done=[str(step.pk)],
        **{f"figure_{indicator.pk}": "1 180,5"},
    )

    assert response.status_code == 302
    point = action.follow_ups.get()
    assert (point.done, point.author, point.progress) == ("Deux sessions ont eu lieu.", pilot, 50)
    assert list(point.brakes.all()) == [brake]
    assert indicator.measurements.get().value == Decimal("1180.5")
    assert Step.objects.get().state == StepState.DONE
    action.refresh_from_db()
    assert (action.status, action.progress) == (Status.IN_PROGRESS, 50)


def test_a_pilot_of_another_fiche_is_told_why_not(pilot, contract):
    other = make_action(contract, pilot=make_organisation(contract))

    response = signed_in(pilot).get(url_of(other))

    assert response.status_code == 403
    assert "ne pilote pas cette fiche" in response.content.decode()


def test_news_of_a_postponed_fiche_need_not_say_again_why(tell, contract, pilot_organisation):
    postponed = {"status": Status.POSTPONED, "status_reason": "Crise sanitaire", "postponed_to": date(2031, 6, 30)}
    action = make_action(contract, pilot=pilot_organisation, **postponed)

    response = tell(action, done="Toujours en attente.")

    assert response.status_code == 302
    action.refresh_from_db()
    assert (action.status, action.status_reason, action.postponed_to) == tuple(postponed.values())


def test_a_fiche_that_starts_again_drops_its_reason(tell, contract, pilot_organisation):
    postponed = {"status": Status.POSTPONED, "status_reason": "Crise sanitaire", "postponed_to": date(2031, 6, 30)}
    action = make_action(contract, pilot=pilot_organisation, **postponed)

    assert tell(action, status="en_cours", done="L’action reprend.").status_code == 302
    assert action.follow_ups.get().reason == ""


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("reportee", "Donnez la nouvelle échéance"),
        ("abandonnee", "Dites pourquoi"),
        ("reorientee", "Choisissez la fiche qui prend la suite"),
    ],
)
def test_a_status_that_asks_something_says_so_and_keeps_the_rest(tell, action, status, sentence):
    html = tell(action, status=status, done="Texte gardé").content.decode()

    assert sentence in html
    assert "Texte gardé" in html
    assert not FollowUp.objects.exists()


def test_a_date_to_come_is_refused(tell, action):
    html = tell(action, date=(today() + timedelta(days=1)).isoformat()).content.decode()

    assert "sa date ne peut pas être à venir" in html


def test_all_that_is_wrong_is_said_at_once(tell, action):
    html = tell(action, status="reportee", beneficiaries="-5", date="2030-01-01").content.decode()

    for sentence in (
        "Dites pourquoi",
        "nouvelle échéance de la fiche",
        "ne peut pas être à venir",
        "supérieure ou égale",
    ):
        assert sentence in html
    assert not FollowUp.objects.exists()


def test_an_arbitration_is_said(tell, action):
    assert "Dites quel point est à trancher." in tell(action, asks_arbitration="on").content.decode()
    assert tell(action, arbitration="Reporter ?").status_code == 302
    assert FollowUp.objects.get().asks_arbitration


def test_sent_twice_it_makes_one_point(pilot, action):
    client = signed_in(pilot)
    data = form_data(client.get(url_of(action)), done="Une seule fois")

    first, second = client.post(url_of(action), data), client.post(url_of(action), data)

    assert first.url == second.url
    assert action.follow_ups.count() == 1


def test_a_figure_in_words_and_a_wrong_one(tell, action):
    indicator = make_indicator(action)

    assert "trop grand" in tell(action, **{f"figure_{indicator.pk}": "9" * 30}).content.decode()
    tell(action, **{f"figure_{indicator.pk}": "en nette hausse"})

    assert indicator.measurements.get().text == "en nette hausse"


def test_words_are_refused_in_a_figure_whose_target_is_a_number(tell, action):
    indicator = make_indicator(action, target=Decimal(100))

    page = tell(action, **{f"figure_{indicator.pk}": "huit cents"}).content.decode()

    assert "La cible est un nombre\xa0: écrivez un nombre." in page
    assert not indicator.measurements.exists()


def test_a_second_figure_of_the_day_corrects_the_first(tell, action):
    indicator = make_indicator(action)
    make_measurement(indicator, date=date(2024, 12, 31))

    tell(action, date="2024-12-31", **{f"figure_{indicator.pk}": "13"})

    assert [each.value for each in indicator.measurements.all()] == [Decimal(13)]
    assert Measurement.history.count() == 2


def test_news_does_not_stop_somebody_who_edits(tell, action, coordinator):
    client = signed_in(coordinator)
    edit = reverse("actions:edit", args=[action.contract.slug, action.pk, "contexte"])
    data = form_data(client.get(edit), context="Texte de la coordination")
    tell(action, status="en_cours")

    assert client.post(edit, data).status_code == 302
    action.refresh_from_db()
    assert (action.context, action.status) == ("Texte de la coordination", Status.IN_PROGRESS)
