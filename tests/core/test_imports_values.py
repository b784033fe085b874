"""Dates, percentages, amounts and likeness, as people write them in their plans."""

import contextlib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cls_portal.core.imports.amounts import read_amount, read_number, read_percentage, to_quarters
from cls_portal.core.imports.dates import read_date
from cls_portal.core.imports.errors import ValueProblem
from cls_portal.core.imports.likeness import find, is_blank_word


@pytest.mark.parametrize(
    ("written", "first", "last", "precision"),
    [
        ("01/09/2014", "2014-09-01", "2014-09-01", "day"),
        ("1/9/14", "2014-09-01", "2014-09-01", "day"),
        ("12.03.2014", "2014-03-12", "2014-03-12", "day"),
        ("2014-09-01", "2014-09-01", "2014-09-01", "day"),
        ("2014/03/01", "2014-03-01", "2014-03-01", "day"),
        ("1er sept 2014", "2014-09-01", "2014-09-01", "day"),
        ("vendredi 12 mars 2021", "2021-03-12", "2021-03-12", "day"),
        (41730, "2014-04-01", "2014-04-01", "day"),
        ("sept. 2015", "2015-09-01", "2015-09-30", "month"),
        ("mars-14", "2014-03-01", "2014-03-31", "month"),
        ("09/2015", "2015-09-01", "2015-09-30", "month"),
        ("rentrée 2015", "2015-09-01", "2015-09-30", "month"),
        ("2e trimestre 2014", "2014-04-01", "2014-06-30", "quarter"),
        ("T3 2020", "2020-07-01", "2020-09-30", "quarter"),
        ("3T2020", "2020-07-01", "2020-09-30", "quarter"),
        ("2020-T3", "2020-07-01", "2020-09-30", "quarter"),
        ("dernier trimestre 2015", "2015-10-01", "2015-12-31", "quarter"),
        ("1er semestre 2015", "2015-01-01", "2015-06-30", "quarter"),
        ("fin 2017", "2017-10-01", "2017-12-31", "quarter"),
        ("début 2015", "2015-01-01", "2015-03-31", "quarter"),
        ("été 2015", "2015-07-01", "2015-09-30", "quarter"),
        ("courant 2016", "2016-01-01", "2016-12-31", "year"),
        (2016, "2016-01-01", "2016-12-31", "year"),
        ("2014-2016", "2014-01-01", "2016-12-31", "year"),
        ("2014, 2015 et 2016", "2014-01-01", "2016-12-31", "year"),
        ("2025-26", "2025-01-01", "2026-12-31", "year"),
        ("de mars 2014 à juin 2015", "2014-03-01", "2015-06-30", "month"),
        ("mars-juin 2015", "2015-03-01", "2015-06-30", "month"),
        ("du 1er mars 2014 au 30 juin 2015", "2014-03-01", "2015-06-30", "day"),
    ],
)
def test_a_date_is_understood_with_its_precision(written, first, last, precision):
    reading = read_date(written)

    assert (reading.first.isoformat(), reading.last.isoformat(), reading.precision) == (first, last, precision)


def test_the_dates_of_an_old_mac_count_from_1904():
    assert read_date(40268, date_1904=True).first == date(2014, 4, 1)


@pytest.mark.parametrize(
    "written", ["13/25/2014", "31/02/2015", "bientôt", "T5 2020", 7, "0012-01-01", True, "2016-2014 ?"]
)
def test_what_is_no_date_is_refused_in_a_sentence(written):
    with pytest.raises(ValueProblem, match=r"\.$"):
        read_date("juin 2016 à mars 2014" if written == "2016-2014 ?" else written)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("50 %", 50),
        (0.5, 50),
        (50, 50),
        ("50", 50),
        ("0,5", 50),
        ("100%", 100),
        ("1/2", 50),
        ("33,3 %", Decimal("33.3")),
    ],
)
def test_a_percentage_is_understood(written, value):
    assert read_percentage(written).value == value


def test_one_is_a_hundred_per_cent_only_among_shares():
    assert read_percentage(1, as_fraction=True).value == 100
    assert read_percentage(1).value == 1


@pytest.mark.parametrize(
    ("number", "step"), [(0, 0), (12, 0), (13, 25), (30, 25), (60, 50), (63, 75), (99, 75), (100, 100)]
)
def test_progress_goes_to_the_nearest_quarter_and_only_the_end_is_the_end(number, step):
    assert to_quarters(Decimal(number)) == step


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (8500, "8500"),
        (3200.5, "3200.50"),
        ("12 000 €", "12000"),
        ("12\u202f000\u00a0€", "12000"),
        ("1000 000 €", "1000000"),
        ("12 k€", "12000"),
        ("1,2 M€", "1200000"),
        ("12.000,50", "12000.50"),
        ("12,000.50", "12000.50"),
        ("12.000 €", "12000"),
        ("env. 12 000 € TTC", "12000"),
        ("15 000 €/an", "15000"),
        ("12 000 € (2015)", "12000"),
        ("10 000 € + 5000 €", "15000"),
        ("gratuit", "0"),
    ],
)
def test_an_amount_is_understood(written, value):
    assert read_amount(written).value == Decimal(value)


@pytest.mark.parametrize("written", ["beaucoup", "-5", "10 à 15 000 €", "ARS 10 000 €, CPAM 5 000 €", "1e9", 1e300])
def test_what_is_no_amount_is_refused_in_a_sentence(written):
    with pytest.raises(ValueProblem, match=r"\.$"):
        read_amount(written)


@pytest.mark.parametrize("written", ["à définir", "–", "?", "NC", "n/a", "Sans objet"])
def test_a_cell_may_say_that_it_is_empty(written):
    assert is_blank_word(written)


CHOICES = [("Accès aux soins", 1), ("Accès aux droits", 2), ("Axe 1", 3), ("Axe 2", 4)]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("ACCES AUX SOINS", 1),
        ("Accès au soin", 1),
        ("Accés aux driots", 2),
        ("axe 1", 3),
        ("Axe 3", None),
        ("Soins", None),
    ],
)
def test_likeness_forgives_slips_but_not_numbers(written, value):
    match = find(written, CHOICES)

    assert (match.value if match else None) == value


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.dates(), st.none()))
def test_no_value_breaks_a_reading(value):
    for read in (read_date, read_percentage, read_amount):
        with contextlib.suppress(ValueProblem):
            read(value)


@pytest.mark.parametrize("read", [read_amount, read_number])
@pytest.mark.parametrize("written", ["9" * 40, 10.0**300, -(10.0**300)])
def test_a_number_beyond_measure_is_refused_in_a_sentence(read, written):
    with pytest.raises(ValueProblem, match=r"trop grand|négatif"):
        read(written)
