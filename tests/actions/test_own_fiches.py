"""« Vos fiches »: what a pilot finds at once, on the front pages and in the plan."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from actions.enums import DraftingState, PilotRole, Status
from actions.models import ActionPilot, FollowUp
from actions.plan.own import SHOWN
from cls_portal.core.dates import today
from contracts.enums import ContractState, Role
from tests.factories import make_action, make_contract, make_membership, make_organisation
from tests.people import signed_in
from tests.queries import assert_constant_queries

HOME = reverse("home")


def html_of(user, url: str = HOME) -> str:
    return signed_in(user).get(url).content.decode()


def links(html: str) -> list[int]:
    """The fiches on which news may be given, in the order of the page."""
    return [int(pk) for pk in re.findall(r'<a class="btn btn--small" href="[^"]*/fiches/(\d+)/nouvelles/">', html)]


def news(action, days_ago: int) -> None:
    FollowUp.objects.create(
        action=action, date=today() - timedelta(days_ago), status=action.status, progress=25, author_name="Alix"
    )


def test_a_pilot_finds_her_fiches_those_without_recent_news_first(pilot, contract, pilot_organisation):
    started = {"pilot": pilot_organisation, "status": Status.IN_PROGRESS, "start_date": date(2020, 1, 1)}
    fresh, done = make_action(contract, **started), make_action(contract, **started | {"status": Status.DONE})
    silent, older, co_led = make_action(contract, **started), make_action(contract, **started), make_action(contract)
    ActionPilot.objects.create(action=co_led, organisation=pilot_organisation, role=PilotRole.CO_PILOT)
    make_action(contract, pilot=make_organisation(contract))
    make_action(contract, **started, drafting_state=DraftingState.ARCHIVED)
    news(fresh, 3), news(silent, 400), news(older, 30)

    for url in (HOME, contract.get_absolute_url()):
        html = html_of(pilot, url)
        assert links(html) == [silent.pk, co_led.pk, older.pk, fresh.pk, done.pk]
        assert "Sans nouvelle," in html
        assert "Vos fiches" in html


def test_each_link_opens_the_form_of_news(pilot, contract, pilot_organisation):
    make_action(contract, pilot=pilot_organisation)

    [pk] = links(html_of(pilot))

    assert signed_in(pilot).get(reverse("actions:follow_up_create", args=[contract.slug, pk])).status_code == 200


@pytest.mark.parametrize("person", ["coordinator", "reader", "ars_referent", "administrator"])
def test_who_pilots_nothing_is_not_shown_the_list(request, contract, pilot_organisation, person):
    make_action(contract, pilot=pilot_organisation)
    user = request.getfixturevalue(person)

    assert "Vos fiches" not in html_of(user)
    assert "Vos fiches" not in html_of(user, contract.get_absolute_url())
    assert "Vos fiches" not in html_of(user, reverse("actions:plan", args=[contract.slug]))


def test_a_pilot_of_no_fiche_is_told_so(pilot, contract):
    make_action(contract)

    assert "Votre structure ne pilote aucune fiche pour l’instant." in html_of(pilot)


def test_a_contract_that_is_over_asks_for_no_news(pilot, contract, pilot_organisation):
    make_action(contract, pilot=pilot_organisation)
    contract.state = ContractState.CLOSED
    contract.save()

    assert links(html_of(pilot)) == []


def test_the_plan_has_the_list_ready_made(pilot, contract, pilot_organisation):
    own, _other = (
        make_action(contract, pilot=pilot_organisation, title="La nôtre"),
        make_action(contract, title="Autre"),
    )
    plan = reverse("actions:plan", args=[contract.slug])

    [(address, count)] = re.findall(r'<a href="([^"]+)"[^>]*>Vos fiches <b>(\d+)</b>', html_of(pilot, plan))
    html = html_of(pilot, address)

    assert (address, count) == (f"{plan}?miennes=oui", "1")
    assert f'id="f-{own.pk}"' in html
    assert "Autre" not in html.split("<tbody")[1]
    assert "Vos fiches\u00a0: celles que votre structure pilote" in html


def test_a_long_list_leads_to_the_plan(pilot, contract, pilot_organisation):
    for _time in range(SHOWN + 1):
        make_action(contract, pilot=pilot_organisation)

    html = html_of(pilot)

    assert len(links(html)) == SHOWN
    assert f'href="{reverse("actions:plan", args=[contract.slug])}?miennes=oui"' in html


def test_the_front_page_of_a_pilot_costs_the_same_whatever_her_contracts(pilot, contract, pilot_organisation):
    def add(number):
        for _time in range(number):
            later = make_contract(territory=contract.territory, generation=contract.territory.contracts.count() + 1)
            make_membership(Role.PILOT, pilot, contract=later, organisation=pilot_organisation)
            make_action(later, pilot=pilot_organisation)

    assert_constant_queries(signed_in(pilot), HOME, add)
