"""The indicators of a contract, together and one by one."""

import io
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from actions.enums import IndicatorKind
from actions.models import IndicatorTarget, Measurement
from cls_portal.core.dates import today
from tests.factories import make_action, make_axis, make_indicator, make_measurement
from tests.people import signed_in
from tests.queries import assert_constant_queries, query_count_test


@pytest.fixture
def client(reader):
    return signed_in(reader)


def list_of(contract) -> str:
    return reverse("actions:indicators", args=[contract.slug])


def titles(client, contract, query: str = "") -> list[str]:
    response = client.get(list_of(contract) + query)
    assert response.status_code == 200
    return [reading.indicator.title for reading in response.context["readings"]]


def test_those_without_news_come_first(client, contract):
    action = make_action(contract)
    make_measurement(make_indicator(action, title="Suivi", position=1), date=date(2025, 12, 31))
    make_measurement(make_indicator(action, title="Perdu de vue", position=2), date=date(2021, 12, 31))
    make_indicator(action, title="Sans nouvelle", position=3)

    assert titles(client, contract) == ["Sans nouvelle", "Perdu de vue", "Suivi"]


def test_the_list_is_filtered_by_its_address(client, contract):
    axis = make_axis(contract)
    first = make_indicator(make_action(contract, axis=axis), title="Élèves formés", kind=IndicatorKind.PROCESS)
    make_indicator(make_action(contract), title="Autre")
    make_measurement(first)

    assert titles(client, contract, "?q=eleves") == ["Élèves formés"]
    assert titles(client, contract, f"?axe={axis.pk}") == ["Élèves formés"]
    assert titles(client, contract, "?axe=aucun") == ["Autre"]
    assert titles(client, contract, "?nature=processus") == ["Élèves formés"]
    assert titles(client, contract, "?releves=sans") == ["Autre"]


@pytest.mark.parametrize("query", ["?axe=99999999999999999999", "?nature=%00", "?q=%00", "?page=x", "?releves=1"])
def test_a_filter_that_cannot_be_understood_breaks_nothing(client, contract, query):
    make_indicator(make_action(contract))

    assert client.get(list_of(contract) + query).status_code == 200


def test_a_page_of_many_indicators_stays_light(client, contract):
    action = make_action(contract, axis=make_axis(contract), title="Prévenir les conduites addictives des jeunes")
    for number in range(60):
        indicator = make_indicator(action, title=f"Élèves formés dans les établissements {number}", target=Decimal(90))
        for year in (2023, 2024, 2025):
            make_measurement(indicator, date=date(year, 12, 31))

    page = client.get(list_of(contract))

    assert len(page.context["readings"]) == 50
    assert len(page.content) < 100_000


def test_the_line_of_an_indicator_is_said_under_it(client, contract):
    indicator = make_indicator(make_action(contract), unit="%", target=Decimal(80))
    make_measurement(indicator, date=date(2023, 12, 31), value=Decimal(40))
    make_measurement(indicator, date=date(2024, 12, 31), value=None, text="en hausse")
    make_measurement(indicator, date=date(2025, 12, 31), value=Decimal(62))

    page = client.get(reverse("actions:indicator", args=[contract.slug, indicator.pk])).content.decode()
    drawing = page.split("<figure")[1].split("</figure>")[0]

    assert "<text" not in drawing
    assert "De 40\xa0% le 31\xa0décembre 2023 à 62\xa0% le 31\xa0décembre 2025." in drawing
    assert "la cible, 80\xa0%." in drawing


def test_the_indicators_of_another_contract_stay_away(client, contract, other_contract):
    make_indicator(make_action(other_contract))

    assert titles(client, contract) == []


@pytest.mark.parametrize(
    ("fields", "value", "words"),
    [
        ({"target": Decimal(14)}, "9", "64\xa0% de la cible"),
        ({"target": Decimal(80)}, "86", "Cible dépassée"),
        ({"target": Decimal(80)}, "80", "Cible atteinte"),
        ({"target": Decimal(10), "direction": "baisse"}, "8", "Cible atteinte"),
        ({"target": Decimal(10), "direction": "baisse"}, "12", "Écart de 2 à la cible"),
        ({"target_text": "en hausse"}, "12", "Cible en mots"),
        ({}, "12", "Sans cible"),
    ],
)
def test_attainment_is_said_in_words(client, contract, fields, value, words):
    make_measurement(make_indicator(make_action(contract), **fields), value=Decimal(value))

    assert words in client.get(list_of(contract)).content.decode()


def test_a_value_in_words_hides_no_figure_of_before(client, contract):
    indicator = make_indicator(make_action(contract), target=Decimal(100))
    make_measurement(indicator, date=date(2024, 12, 31), value=Decimal(51))
    make_measurement(indicator, date=date(2025, 12, 31), value=None, text="huit cents")

    page = client.get(list_of(contract)).content.decode()

    assert "Dernier relevé en mots" in page
    assert "de la cible" not in page.split("<tbody")[1]


def test_the_target_of_the_period_comes_before_the_general_one(client, contract):
    indicator = make_indicator(make_action(contract), target=Decimal(100))
    IndicatorTarget.objects.create(indicator=indicator, period_end=today() + timedelta(days=30), value=Decimal(20))
    make_measurement(indicator, value=Decimal(10))

    assert "50\xa0% de la cible" in client.get(list_of(contract)).content.decode()


@query_count_test("actions:indicators")
def test_the_list_costs_the_same_whatever_it_holds(client, contract):
    def add(number):
        for _ in range(number):
            indicator = make_indicator(make_action(contract, axis=make_axis(contract)))
            for year in range(2020, 2023):
                make_measurement(indicator, date=date(year, 1, 1))

    assert_constant_queries(client, list_of(contract), add)


def test_the_list_is_exported_as_seen(client, contract):
    make_indicator(make_action(contract), title="=1+1")
    make_indicator(make_action(contract), title="Autre")

    address = reverse("actions:indicators_export", args=[contract.slug])
    content = b"".join(client.get(f"{address}?q=1%2B1&format=xlsx").streaming_content)

    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet.max_row == 2
    assert (sheet["D2"].value, sheet["D2"].data_type) == ("=1+1", "s")
    assert client.get(f"{address}?format=exe").status_code == 404


def test_a_pilot_adds_a_measurement_and_its_correction_shows(pilot, contract, pilot_organisation):
    indicator = make_indicator(make_action(contract, pilot=pilot_organisation))
    client = signed_in(pilot)
    add = reverse("actions:measurement_create", args=[contract.slug, indicator.pk])

    client.post(add, {"date": "2025-01-31", "value": "1 180,5"})
    client.post(add, {"date": "2025-01-31", "value": "1 190"})

    assert Measurement.objects.get().value == Decimal(1190)
    html = client.get(reverse("actions:indicator", args=[contract.slug, indicator.pk])).content.decode()
    assert "a corrigé le relevé du 31/01/2025" in html


def test_words_are_refused_where_the_target_is_a_number(coordinator, contract):
    indicator = make_indicator(make_action(contract), target=Decimal(100))
    add = reverse("actions:measurement_create", args=[contract.slug, indicator.pk])
    client = signed_in(coordinator)

    page = client.post(add, {"date": "2025-01-31", "value": "huit cents"}).content.decode()
    assert "La cible est un nombre\xa0: écrivez un nombre. Les mots vont dans le commentaire." in page
    assert 'value="huit cents"' in page
    client.post(add, {"date": "2025-01-31", "value": "800", "comment": "huit cents"})

    assert [(each.value, each.text) for each in Measurement.objects.all()] == [(Decimal(800), "")]


@pytest.mark.parametrize("value", ["", " ", "9" * 40, "1,123456", "x" * 500, "a\x00b"])
def test_a_wrong_value_is_said_in_a_sentence(coordinator, contract, value):
    indicator = make_indicator(make_action(contract))
    add = reverse("actions:measurement_create", args=[contract.slug, indicator.pk])

    response = signed_in(coordinator).post(add, {"date": "2025-01-31", "value": value})

    assert response.status_code == 200
    assert "Le relevé n’est pas enregistré" in response.content.decode()
    assert not Measurement.objects.exists()
