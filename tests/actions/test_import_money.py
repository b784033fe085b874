"""Money in a workbook: by year, by funder, in total, and ranges that are no amount."""

import pytest

from tests.actions.workbooks import as_xlsx, confirmed, imported, meanings, preview_of, previewed
from tests.people import signed_in

ALONE = ["Intitulé", "Budget", "Financeurs"]
YEARS = ["Intitulé", "Budget 2024", "Budget 2025", "Financeurs"]
TOTAL = ["Intitulé", "Coût total", "Budget 2024", "Budget 2025"]
BY_FUNDER = {("ARS", 2024, 10000), ("ARS", 2025, 5000)}
BY_YEAR = {("", 2024, 10000), ("", 2025, 5000)}


@pytest.fixture
def client(coordinator):
    return signed_in(coordinator)


@pytest.mark.parametrize(
    ("written", "money"),
    [
        ("ARS 10 000 € ; Département 5 000 €", {("ARS", 2024, 10000), ("Département", 2024, 5000)}),
        ("ARS : 10 000 €, Département (5 k€)", {("ARS", 2024, 10000), ("Département", 2024, 5000)}),
        (
            "10 000 € ARS (DT 28), 5 000 € en 2025 Département",
            {("ARS (DT 28)", 2024, 10000), ("Département", 2025, 5000)},
        ),
        ("ARS 10 000 € en 2023\n- ARS 5 000 € (2025)", {("ARS", 2023, 10000), ("ARS", 2025, 5000)}),
        ("10 000 €", {("", 2024, 10000)}),
    ],
)
def test_an_amount_beside_a_funder_is_a_line_of_money_and_no_part_of_a_name(client, contract, written, money):
    rows = [["Intitulé", "Début", "Financeurs"], ["Ouvrir", "01/03/2024", written]]
    content = as_xlsx(rows)
    imported(client, contract, content)

    lines = contract.actions.get().funding_lines.select_related("funder")
    assert {(line.funder.name if line.funder else "", line.year, int(line.planned)) for line in lines} == money

    _address, page = previewed(client, contract, content)
    assert page.context["preview"].counts == {"same": 1}


@pytest.mark.parametrize(
    ("budget", "rest"), [("15 000 €", None), (18000, 3000), (12000, None)], ids=["equal", "more", "less"]
)
def test_a_budget_is_not_counted_on_top_of_what_its_funders_bring(client, contract, budget, rest):
    rows = [["Intitulé", "Coût total", "Financeurs"], ["Ouvrir", budget, "ARS 10 000 € ; Département 5 000 €, Région"]]
    address, page = previewed(client, contract, as_xlsx(rows))
    assert page.context["preview"].problems == []
    assert "B2" in meanings(page.context["preview"])

    confirmed(client, address)

    action = contract.actions.get()
    assert {line.funder and line.funder.name: line.planned for line in action.funding_lines.all()} == {
        "ARS": 10000,
        "Département": 5000,
        **({None: rest} if rest else {}),
    }
    assert [partner.organisation.name for partner in action.partners.all()] == ["Région"]


@pytest.mark.parametrize(
    ("headings", "cells", "money"),
    [
        (YEARS, [10000, 5000, "ARS"], BY_FUNDER),
        (YEARS, [10000, 5000, "ARS 10 000 € en 2024 ; ARS 5 000 € en 2025"], BY_FUNDER),
        (YEARS, [10000, 5000, "ARS 2024 : 10 000 €, 2025 : 5 000 €"], BY_FUNDER),
        (YEARS, [10000, 5000, "ARS 15 000 €"], BY_FUNDER),
        (YEARS, [10000, 5000, "ARS 10 000 € en 2024"], {("ARS", 2024, 10000), ("", 2025, 5000)}),
        (YEARS, [10000, 5000, "ARS 4 000 € en 2024"], {("ARS", 2024, 4000), ("", 2024, 6000), ("", 2025, 5000)}),
        (ALONE, [15000, "ARS 10 000 € en 2024 ; ARS 5 000 € en 2025"], BY_FUNDER),
        (["Intitulé", "Budget 2025", "Financeurs"], [5000, "ARS 5 000 €"], {("ARS", 2025, 5000)}),
        (
            ["Intitulé", "Budget 2024", "Financeur 2024", "Budget 2025", "Financeur 2025"],
            [10000, "ARS", 5000, "CPAM"],
            {("ARS", 2024, 10000), ("CPAM", 2025, 5000)},
        ),
        (TOTAL, [15000, 10000, 5000], BY_YEAR),
        (TOTAL, [12000, 10000, 5000], BY_YEAR),
        (TOTAL, [18000, 10000, 5000], {("", 2024, 13000), ("", 2025, 5000)}),
    ],
)
def test_budgets_by_year_are_reconciled_with_their_funders_and_their_total(client, contract, headings, cells, money):
    content = as_xlsx([headings, ["Ouvrir", *cells]])
    imported(client, contract, content)

    lines = contract.actions.get().funding_lines.select_related("funder")
    assert {(line.funder.name if line.funder else "", line.year, int(line.planned)) for line in lines} == money
    assert preview_of(contract, content, erase=False).counts == {"same": 1}


def test_shares_that_do_not_say_their_year_beside_several_budgets_are_said_not_to_be_taken(client, contract):
    rows = [YEARS, ["Ouvrir", 10000, 5000, "ARS 10 000 € ; Département 5 000 €"]]
    address, page = previewed(client, contract, as_xlsx(rows))
    assert "leurs montants ne sont pas repris" in meanings(page.context["preview"])["D2"]

    confirmed(client, address)

    action = contract.actions.get()
    assert [(line.funder, line.year, int(line.planned)) for line in action.funding_lines.order_by("year")] == [
        (None, 2024, 10000),
        (None, 2025, 5000),
    ]
    assert [partner.organisation.name for partner in action.partners.all()] == ["ARS", "Département"]


RANGES = [
    *("10 à 15 k€", "10-15 k€", "10k€-15k€", "5 à 10 000 €", "5 000 € à 8 000 €", "10/15 k€", "10 000 € ou 12 000 €"),
    *(
        "entre 5 000 et 8 000 €",
        "entre 5 et 8 k€",
        "de 5 000 à 8 000 €",
        "5 000 … 8 000 €",
        "10 → 15 k€",
        "2000-3000 €",
        "10 000 - 15 000 €",
    ),
]


@pytest.mark.parametrize("written", RANGES)
@pytest.mark.parametrize("column", [1, 2])
def test_a_range_is_no_amount(contract, column, written):
    row = ["Ouvrir", None, None]
    row[column] = written if column == 1 else f"ARS {written}"

    preview = preview_of(contract, as_xlsx([ALONE, row]))

    assert [(problem.column, "Cette fourchette" in problem.sentence) for problem in preview.problems] == [
        (column, True)
    ]


@pytest.mark.parametrize("written", ["10 000 € (2024-2025)", "10 000 € / an", "10 000 € / 2024", "env. 10 000 €"])
def test_years_and_small_words_beside_an_amount_make_no_range(contract, written):
    preview = preview_of(contract, as_xlsx([ALONE, ["Ouvrir", written, None]]))

    assert preview.problems == []
    assert meanings(preview)["B2"].startswith("10\u202f000\u00a0€ prévus")
