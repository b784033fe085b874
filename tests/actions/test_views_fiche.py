"""The page of a fiche, as each person reads it."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from actions.fiche.sections import EDITABLE
from actions.models import FundingLine, Step
from contracts.enums import ContractState
from tests.factories import add_parts, make_action, make_full_action, make_organisation
from tests.people import signed_in
from tests.queries import assert_constant_queries, query_count_test


def url_of(action) -> str:
    return reverse("actions:detail", args=[action.contract.slug, action.pk])


def page(user, action, query: str = "") -> str:
    response = signed_in(user).get(url_of(action) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_title_and_every_filled_section_are_read_on_one_page(reader, contract):
    html = page(reader, make_full_action(contract, title="Prévenir les conduites addictives"))

    for expected in (
        "Prévenir les conduites addictives",
        "Retarder l’entrée dans les consommations.",
        "<strong>précoce</strong>",
        "Questionnaire en fin de cycle.",
        "Étape 2",
        "Point 1",
        "31\xa0mars 2025",
    ):
        assert expected in html


def test_a_reader_sees_no_empty_optional_section_and_core_ones_to_be_completed(reader, contract):
    html = page(reader, make_action(contract))

    assert 'id="t-etapes"' not in html
    assert 'id="t-moyens"' not in html
    assert 'id="t-contexte"' in html
    assert "À compléter" in html


def test_the_coordinator_is_told_what_is_missing(coordinator, contract):
    html = page(coordinator, make_action(contract))

    assert "9\xa0éléments</b>" in html or "9\xa0éléments à compléter" in html
    assert 'id="t-etapes"' in html


def test_the_coordinator_alone_is_led_to_the_edit_of_each_section(coordinator, reader, contract):
    action = make_action(contract)
    links = [reverse("actions:edit", args=[contract.slug, action.pk, section.key]) for section in EDITABLE]

    assert all(f'href="{link}">Modifier' in page(coordinator, action) for link in links)
    assert not any(link in page(reader, action) for link in links)


def test_sums_of_money_are_exact_and_unknown_is_not_zero(reader, contract):
    action = make_action(contract)
    funder = make_organisation(contract, short_name="ARS")
    for year, amount in ((2024, "0.10"), (2025, "0.20"), (2026, None)):
        FundingLine.objects.create(
            action=action, year=year, funder=funder, planned=Decimal(amount) if amount else None
        )

    html = page(reader, action)

    assert '<td class="num">0,30</td>' in html
    assert "0,30000000000000004" not in html
    assert '<td class="num">—</td>' in html


def test_fiches_before_and_after_follow_the_order_of_the_plan(reader, contract):
    first, second, third = (make_action(contract, code=code) for code in ("Z", "B", "A"))

    html = page(reader, second)

    assert f'href="{url_of(first)}" rel="prev"' in html
    assert f'href="{url_of(third)}" rel="next"' in html


def test_a_fiche_is_not_read_through_another_contract(administrator, contract, other_contract):
    action = make_action(contract)

    response = signed_in(administrator).get(reverse("actions:detail", args=[other_contract.slug, action.pk]))

    assert response.status_code == 404


def test_a_former_fiche_of_a_contract_out_of_reach_is_not_named(reader, contract, other_contract):
    former = make_action(other_contract, title="Fiche d’un autre territoire")

    assert "Fiche d’un autre territoire" not in page(reader, make_action(contract, carried_from=former))


def test_a_fiche_belongs_to_the_tab_of_the_plan(reader, contract):
    tabs = page(reader, make_action(contract)).split("<main")[0]

    assert f'href="{reverse("actions:plan", args=[contract.slug])}" aria-current' in tabs


def test_a_late_fiche_says_since_when(reader, contract):
    action = make_action(contract, end_date=date(2020, 1, 31))

    assert "En retard," in page(reader, action)


def test_neither_a_fiche_nor_its_steps_are_late_once_the_contract_is_over(reader, contract):
    action = make_action(contract, end_date=date(2020, 1, 31))
    Step.objects.create(action=action, title="Recruter", end_date=date(2020, 1, 31))
    assert page(reader, action).count("is-late") == 1

    contract.state = ContractState.CLOSED
    contract.save()

    html = page(reader, action)
    assert "En retard," not in html
    assert "is-late" not in html


@pytest.mark.parametrize("role", ["coordinator", "pilot"])
@query_count_test("actions:detail")
def test_the_page_costs_the_same_whatever_the_fiche_holds(request, contract, role):
    action = make_full_action(contract, parts=0)

    def add(number):
        add_parts(action, [make_organisation(contract) for _ in range(number)], number)

    assert_constant_queries(signed_in(request.getfixturevalue(role)), url_of(action), add, maximum=23)
