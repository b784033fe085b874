"""When, as workbooks say it: a month beside its year, years that are ticked, a sheet for each year."""

import io
from datetime import date

import openpyxl
import pytest

from actions.enums import DatePrecision
from actions.workbook.preview import build_preview
from cls_portal.core.imports.reading import read_workbook
from contracts.models import Contract
from tests.actions.workbooks import (
    as_xlsx,
    confirmed,
    guessed_choices,
    imported,
    meanings,
    preview_of,
    previewed,
    saved,
)
from tests.factories import make_action
from tests.people import signed_in

MARCH, JUNE, SEPTEMBER, YEAR_END = date(2025, 3, 1), date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31)


@pytest.fixture
def client(coordinator):
    return signed_in(coordinator)


def dates(preview) -> tuple[date | None, date | None]:
    values = preview.lines[0].values
    return tuple(values[side].day if side in values else None for side in ("start", "end"))


@pytest.mark.parametrize(
    ("headings", "cells", "expected"),
    [
        (["Début 2025", "Fin 2025"], ["mars", "septembre"], (MARCH, SEPTEMBER)),
        (["Année", "Début", "Fin"], [2025, "mars", "T3"], (MARCH, SEPTEMBER)),
        (["Années", "Début", "Fin"], ["2024-2025", "mars", "fin juin"], (date(2024, 3, 1), JUNE)),
        (["Calendrier 2025"], ["mars à juin"], (MARCH, JUNE)),
        (["2024", "2025", "Début"], [None, "x", "15 mars"], (date(2025, 3, 15), YEAR_END)),
    ],
)
def test_a_month_takes_the_year_that_stands_beside(contract, headings, cells, expected):
    preview = preview_of(contract, as_xlsx([["Intitulé", *headings], ["Ouvrir", *cells]]))

    assert dates(preview) == expected
    assert any("année" in meaning for meaning in meanings(preview).values())


def test_a_month_takes_the_year_of_its_sheet_or_of_a_contract_of_one_year(contract):
    rows = [["Intitulé", "Début"], ["Ouvrir", "mars"]]
    assert dates(preview_of(contract, as_xlsx(rows, title="Suivi 2025"))) == (MARCH, None)

    Contract.objects.filter(pk=contract.pk).update(start_date=date(2025, 1, 1), end_date=YEAR_END)
    contract.refresh_from_db()

    assert dates(preview_of(contract, as_xlsx(rows))) == (MARCH, None)


@pytest.mark.parametrize("written", ["mars", "septembre", "15 mars", "T2", "29 février", "mars à juin"])
@pytest.mark.parametrize("heading", ["Début", "Échéance", "Calendrier"])
def test_a_month_whose_year_is_nowhere_stays_in_words_and_says_so(contract, heading, written):
    preview = preview_of(contract, as_xlsx([["Intitulé", heading], ["Ouvrir", written]]))

    assert (preview.problems, dates(preview)) == ([], (None, None))
    assert meanings(preview)["B2"].startswith("sans année")
    assert written in preview.lines[0].values["calendar_detail"]


def test_years_that_are_ticked_make_a_calendar(client, contract):
    rows = [
        ["Intitulé", "2024", "2025", "2026", "2027"],
        ["Ouvrir", "X", "X", None, None],
        ["Former", None, "x", None, "✓"],
        ["Dire", None, "lancement", "x", None],
    ]
    address, page = previewed(client, contract, as_xlsx(rows))
    preview = page.context["preview"]
    assert (preview.problems, preview.unused) == ([], [])
    assert meanings(preview)["B2"] == "années cochées\u00a0: du 01/01/2024 au 31/12/2025"

    confirmed(client, address)

    opened, trained, told = contract.actions.order_by("position")
    assert (opened.start_date, opened.end_date) == (date(2024, 1, 1), YEAR_END)
    assert {opened.start_precision, opened.end_precision} == {DatePrecision.YEAR}
    assert (trained.start_date.year, trained.end_date.year) == (2025, 2027)
    assert trained.calendar_detail == "Années cochées\u00a0: 2025, 2027"
    assert (told.start_date.year, told.calendar_detail) == (2026, "2025\u00a0: lancement")


def test_ticked_years_may_stand_under_a_banner_and_beside_dates(client, contract):
    rows = [
        ["Intitulé", "Calendrier", None, None, "Début"],
        [None, 2024, 2025, 2026, None],
        ["Ouvrir", "X", "X", None, "15/03/2024"],
    ]
    imported(client, contract, as_xlsx(rows, merged=("B1:D1",)))

    action = contract.actions.get()
    assert (action.start_date, action.end_date) == (date(2024, 3, 15), YEAR_END)


def test_ticked_years_stand_beside_money_of_a_year(client, contract):
    rows = [
        ["Intitulé", "Calendrier", None, None, "Financement ARS"],
        [None, 2024, 2025, 2026, 2025],
        ["Ouvrir", "x", "x", None, 12000],
    ]
    imported(client, contract, as_xlsx(rows, merged=("B1:D1",)))

    action = contract.actions.get()
    assert (action.start_date, action.end_date) == (date(2024, 1, 1), YEAR_END)
    assert action.funding_lines.get().planned == 12000


def test_a_year_that_is_ticked_does_not_blur_a_date_that_is_known(contract):
    make_action(contract, title="Ouvrir", start_date=date(2024, 3, 15), end_date=JUNE)

    preview = preview_of(contract, as_xlsx([["Intitulé", "2024", "2025"], ["Ouvrir", "x", "x"]]))

    assert preview.counts == {"same": 1}


def test_amounts_under_years_are_no_crosses(contract):
    preview = preview_of(contract, as_xlsx([["Intitulé", "2024", "2025"], ["Ouvrir", 1000, 2000]]))

    assert [column.heading.label for column in preview.unused] == ["2024", "2025"]


def sheets_by_year(*titles: list[str]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for year, names in enumerate(titles, start=2024):
        sheet = book.create_sheet(f"Suivi {year}")
        sheet.append(["Intitulé", "Statut"])
        for name in names:
            sheet.append([name, "en cours"])
    return saved(book)


def test_of_the_same_fiches_year_by_year_the_latest_sheet_is_proposed(client, contract):
    _address, page = previewed(client, contract, sheets_by_year(["Ouvrir", "Former"], ["Ouvrir", "Former", "Dire"]))

    preview = page.context["preview"]
    assert [(line.sheet.name, line.title) for line in preview.lines] == [
        *(("Suivi 2025", "Ouvrir"), ("Suivi 2025", "Former"), ("Suivi 2025", "Dire")),
    ]
    assert "Feuilles laissées de côté\u00a0: Suivi 2024." in preview.notices


def test_other_fiches_in_another_year_are_all_proposed(contract):
    preview = preview_of(contract, sheets_by_year(["Ouvrir"], ["Former"]))

    assert [line.title for line in preview.lines] == ["Ouvrir", "Former"]


def test_one_fiche_in_two_sheets_says_to_take_one_of_them(contract):
    with_all = read_workbook(io.BytesIO(sheets_by_year(["Ouvrir"], ["Ouvrir"])))
    choices = guessed_choices(with_all, contract)
    choices.sheets = {sheet.name: choices.sheets["Suivi 2025"] for sheet in with_all.sheets}

    preview = build_preview(with_all, choices, contract, "plan.xlsx")

    (problem,) = preview.problems
    assert "déjà décrite ligne 2 de «\u202fSuivi 2024\u202f»" in problem.sentence
    assert "n’en reprenez qu’une, à l’étape Feuilles" in problem.sentence
