"""The further sheets of the export come back: steps, funding, indicators, measurements."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.enums import StepState
from actions.models import FundingLine, Indicator, IndicatorTarget, Measurement, Step
from tests.actions.test_import_round_trip import WRITTEN
from tests.actions.workbooks import (
    add,
    choose,
    confirmed,
    exported,
    imported,
    preview_of,
    previewed,
    problems,
    put,
    saved,
    sent,
)
from tests.factories import make_action, make_indicator, make_measurement
from tests.people import signed_in

REASON = "Import du classeur «\u202fplan.xlsx\u202f»"


@pytest.fixture
def client(coordinator):
    return signed_in(coordinator)


def told(preview, outcome: str) -> list[tuple]:
    return [
        (line.part.title, [(change.label, change.before, change.after) for change in line.changes])
        for line in preview.parts
        if line.outcome == outcome
    ]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_an_export_sent_back_changes_nothing(contract, full_fiche, kind):
    preview = preview_of(contract, exported(contract, kind))

    assert dict(preview.part_counts) == {"same": 10}
    assert [line.interpretations for line in preview.parts if line.interpretations] == []
    assert (preview.changing(), preview.problems, preview.notices) == ([], [], [])


AMOUNTS = st.none() | st.decimals(0, 9_999_999_999, places=2)
FIGURES = st.none() | st.decimals(-999_999_999_999, 999_999_999_999, places=4)
DAYS = st.none() | st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    drawn=st.tuples(
        st.lists(WRITTEN, min_size=1, max_size=3),
        st.tuples(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS),
        st.tuples(FIGURES, FIGURES),
        st.tuples(DAYS, DAYS),
        st.dates(date(1990, 1, 1), date(2025, 12, 31)),
    )
)
def test_any_amount_date_and_text_comes_back_the_same(contract, kind, drawn):
    titles, amounts, figures, days, measured = drawn
    contract.actions.all().delete()
    action = make_action(contract)
    for title in titles:
        Step.objects.create(action=action, title=title, end_date=days[0], done_on=days[1])
    named = dict(zip(("planned", "requested", "granted", "spent"), amounts, strict=True))
    FundingLine.objects.create(action=action, year=2024, **named)
    indicator = make_indicator(
        action, title=titles[0], baseline=figures[0], target_text=titles[-1], unit=titles[0][:40], target_date=days[0]
    )
    make_measurement(indicator, date=measured, value=figures[1], text=titles[0], comment=titles[-1])

    preview = preview_of(contract, exported(contract, kind))

    assert [(line.changes, line.problems) for line in preview.parts if line.outcome != "same"] == []
    assert preview.part_counts["same"] == len(titles) + 3


def test_an_older_export_shows_what_changed_since(contract, full_fiche):
    content = exported(contract, "xlsx")
    Step.objects.filter(title="=Recruter").update(title="Recruter", end_date=date(2025, 9, 1))
    FundingLine.objects.filter(planned__isnull=False).update(planned=2000)
    Indicator.objects.filter(title="Ressenti").delete()
    Measurement.objects.filter(date=date(2024, 12, 31)).update(value=13)
    Step.objects.create(action=full_fiche, title="Évaluer")

    preview = preview_of(contract, content)

    assert told(preview, "change") == [
        ("Étapes", [("Étape", "Recruter", "=Recruter"), ("Échéance", "01/09/2025", "vide")]),
        ("Financement", [("Prévu (€)", "2\u202f000", "1\u202f234,5")]),
        ("Relevés", [("Valeur", "13", "12,5")]),
    ]
    assert [line.title for line in preview.parts if line.outcome == "create"] == [
        "Former les aidants, indicateur «\u202fRessenti\u202f»"
    ]
    assert [notice for notice in preview.notices if "Étapes" in notice] == [
        "Feuille «\u202fÉtapes\u202f»\u00a0: 1\u00a0étape du plan n’y figure pas et ne change pas."
    ]


def test_what_is_corrected_and_added_is_written_with_the_name_of_the_workbook(client, contract, full_fiche, full_book):
    put(full_book, "Étapes", 2, {"Étape": "Recruter", "Responsable": "Mutualité", "Échéance": "fin 2025"})
    put(full_book, "Financement", 2, {"Obtenu (€)": "1 000 €", "Dispositif": None})
    put(full_book, "Indicateurs", 2, {"Cible": 40})
    put(full_book, "Relevés", 2, {"Date": date(2024, 11, 30)})
    known = {"Identifiant de la fiche": full_fiche.pk}
    add(full_book, "Étapes", known | {"Étape": "Évaluer", "État": "en cours"})
    add(full_book, "Indicateurs", known | {"Indicateur": "Inscrits", "Nature": "résultat"})
    add(full_book, "Relevés", known | {"Indicateur": "Inscrits", "Date": date(2025, 1, 31), "Valeur": 7})

    address, page = previewed(client, contract, saved(full_book))
    assert dict(page.context["preview"].part_counts) == {"same": 6, "change": 4, "create": 3}
    assert "3\u00a0lignes à ajouter, 4\u00a0lignes à changer" in page.content.decode()
    page = client.get(confirmed(client, address).url)

    assert "1\u00a0ligne ajoutée, 1\u00a0ligne changée" in page.content.decode()
    recruit, evaluate = full_fiche.steps.get(title="Recruter"), full_fiche.steps.get(title="Évaluer")
    assert (recruit.organisation.name, recruit.end_date) == ("Mutualité", date(2025, 12, 31))
    assert (evaluate.state, evaluate.position) == (StepState.DOING, 4)
    money = full_fiche.funding_lines.get(planned__isnull=False)
    assert (money.granted, money.planned, money.scheme) == (1000, Decimal("1234.50"), None)
    assert full_fiche.indicators.get(title="Séances").target == 40
    assert [each.date for each in full_fiche.indicators.get(title="Séances").measurements.all()] == [
        date(2024, 11, 30),
        date(2025, 6, 30),
    ]
    measurement = full_fiche.indicators.get(title="Inscrits", kind="resultat").measurements.get()
    assert (measurement.value, measurement.recorded_by.memberships.get().role) == (7, "coordinator")
    for record in (recruit, evaluate, money, measurement, measurement.indicator, full_fiche):
        assert record.history.latest().history_change_reason == REASON
    assert full_fiche.steps.count() == 4


def test_the_order_of_the_lines_and_the_targets_of_each_period_go_out_and_come_back(client, contract, full_fiche):
    counted = full_fiche.indicators.get(title="Séances")
    for year, value in ((2025, 10), (2026, 20)):
        IndicatorTarget.objects.create(indicator=counted, period_end=date(year, 12, 31), value=value)
    content = exported(contract, "xlsx")
    assert dict(preview_of(contract, content).part_counts) == {"same": 12}

    book = openpyxl.load_workbook(io.BytesIO(content))
    put(book, "Étapes", 2, {"Rang de l’étape": 9})
    put(book, "Indicateurs", 2, {"Rang de l’indicateur": 7})
    put(book, "Cibles par période", 3, {"Cible à cette date": 25})
    known = {"Identifiant de la fiche": full_fiche.pk, "Indicateur": "Séances"}
    add(book, "Cibles par période", known | {"Fin de la période": date(2027, 12, 31), "Cible à cette date": 30})
    imported(client, contract, saved(book))

    assert [step.title for step in full_fiche.steps.all()] == ["Réunir", "Réunir", "=Recruter"]
    assert [indicator.title for indicator in full_fiche.indicators.all()] == ["Ressenti", "Séances"]
    assert [(each.period_end.year, each.value) for each in counted.targets.all()] == [
        (2025, 10),
        (2026, 25),
        (2027, 30),
    ]
    assert counted.targets.last().history.latest().history_change_reason == REASON


@pytest.mark.parametrize("rank", ["-1", "deux", "1,5", "99999999999"])
def test_a_rank_that_is_no_rank_is_told(contract, full_fiche, full_book, rank):
    put(full_book, "Étapes", 2, {"Rang de l’étape": rank})

    assert [text for _sheet, _cell, text in problems(preview_of(contract, saved(full_book)))] == [
        "Ce n’est pas un rang. Écrivez un nombre entier, par exemple 3."
    ]


def test_the_same_target_twice_is_told(contract, full_fiche, full_book):
    known = {
        "Identifiant de la fiche": full_fiche.pk,
        "Indicateur": "Séances",
        "Fin de la période": date(2027, 12, 31),
    }
    add(full_book, "Cibles par période", known | {"Cible à cette date": 30})
    add(full_book, "Cibles par période", known | {"Cible à cette date": 31})

    found = [text for _sheet, _cell, text in problems(preview_of(contract, saved(full_book)))]

    assert found == ["Cet indicateur a déjà une cible à cette date."]


def test_the_same_workbook_sent_again_changes_nothing(client, contract, full_fiche, full_book):
    """Without the identifiers of the lines that it added: they are known by what they say."""
    known = {"N° de la fiche": "1.1", "Intitulé de la fiche": "Former les aidants"}
    add(full_book, "Étapes", known | {"Étape": "Évaluer", "Responsable": "Mutualité"})
    add(full_book, "Étapes", known | {"Étape": "Évaluer"})
    add(full_book, "Financement", known | {"Année": 2026, "Financeur": "Mutualité", "Prévu (€)": 100})
    add(full_book, "Indicateurs", known | {"Indicateur": "Inscrits"})
    add(full_book, "Relevés", known | {"Indicateur": "Inscrits", "Date": date(2025, 1, 31), "Valeur": 7})
    imported(client, contract, saved(full_book))

    _address, page = previewed(client, contract, saved(full_book))

    assert dict(page.context["preview"].part_counts) == {"same": 15}


def test_a_new_fiche_comes_with_its_lines(client, contract, full_fiche, full_book):
    known = {"N° de la fiche": "9", "Intitulé de la fiche": "Toute neuve"}
    put(full_book, "Plan d’actions", 3, known | {"Identifiant": None})
    add(full_book, "Étapes", known | {"Étape": "Lancer"})
    add(full_book, "Indicateurs", known | {"Indicateur": "Inscrits"})
    add(
        full_book,
        "Relevés",
        known | {"Indicateur": "Inscrits", "Date": date(2025, 1, 31), "Valeur en mots": "beaucoup"},
    )

    imported(client, contract, saved(full_book))

    action = contract.actions.get(title="Toute neuve")
    assert [step.title for step in action.steps.all()] == ["Lancer"]
    assert action.indicators.get().measurements.get().text == "beaucoup"


def test_what_depends_on_a_line_to_correct_waits_for_it(client, contract, full_fiche, full_book):
    put(
        full_book,
        "Plan d’actions",
        3,
        {"Identifiant": None, "Intitulé de la fiche": "Toute neuve", "Statut": "peut-être"},
    )
    add(full_book, "Étapes", {"Intitulé de la fiche": "Toute neuve", "Étape": "Lancer"})
    add(full_book, "Étapes", {"Identifiant de la fiche": full_fiche.pk, "Étape": "Évaluer"})

    address, page = previewed(client, contract, saved(full_book))
    sentence = "Cette ligne dépend de «\u202fPlan d’actions\u202f», ligne 3, qui est à corriger d’abord."
    assert ("Étapes", "C5", sentence) in problems(page.context["preview"])
    confirmed(client, address, mode="bonnes")

    assert list(Step.objects.filter(title__in=["Lancer", "Évaluer"])) == [full_fiche.steps.get(title="Évaluer")]


def test_a_further_sheet_may_be_left_aside(client, contract, full_fiche, full_book):
    put(full_book, "Étapes", 2, {"Étape": "Recruter"})
    response = sent(client, contract, saved(full_book))
    number = full_book.sheetnames.index("Étapes")
    page = choose(client, choose(client, response.url, data={f"use{number}": None}).url).url

    preview = client.get(page).context["preview"]

    assert [line.part.title for line in preview.parts if line.part.title == "Étapes"] == []
    assert "Feuilles laissées de côté\u00a0: Étapes." in preview.notices


def test_a_further_sheet_alone_is_enough(client, contract, full_fiche, full_book):
    put(full_book, "Financement", 2, {"Réalisé (€)": 50})
    for title in [title for title in full_book.sheetnames if title != "Financement"]:
        del full_book[title]
    response = choose(client, sent(client, contract, saved(full_book)).url)

    confirmed(client, response.url)

    assert full_fiche.funding_lines.get(planned__isnull=False).spent == 50


def test_a_column_taken_away_leaves_its_field_alone_and_an_added_one_is_told(contract, full_fiche, full_book):
    sheet = full_book["Étapes"]
    headings = [cell.value for cell in sheet[1]]
    sheet.delete_cols(headings.index("Responsable") + 1)
    sheet.cell(1, len(headings)).value = "Mon avis"

    preview = preview_of(contract, saved(full_book))

    assert dict(preview.part_counts) == {"same": 10}
    assert [notice for notice in preview.notices if "Mon avis" in notice]


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_number_of_queries_does_not_follow_the_number_of_lines(contract, count, django_assert_max_num_queries):
    for number in range(count):
        action = make_action(contract, title=f"Fiche {number}")
        Step.objects.create(action=action, title="Recruter")
        make_measurement(make_indicator(action))
    content = exported(contract, "xlsx")

    with django_assert_max_num_queries(32):
        assert dict(preview_of(contract, content).part_counts) == {"same": 3 * count}
