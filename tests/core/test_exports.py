"""The files are read again as a spreadsheet would: what was written comes back, and no text becomes a formula."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from cls_portal.core.exports import WRITERS, Sheet, clean_text, guard, unguard

DANGEROUS = ["=1+1", "==2", "+33 6", "-12", "@SUM(A1)", "\t=1", "'=1", "=cmd|' /C calc'!A0", "#N/A"]


def written(kind: str, *sheets: Sheet) -> io.BytesIO:
    file = io.BytesIO()
    WRITERS[kind](sheets, file)
    file.seek(0)
    return file


def read_csv(file: io.BytesIO) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("text", DANGEROUS)
def test_xlsx_text_is_never_a_formula(text):
    sheet = load_workbook(written("xlsx", Sheet("A", [text], [[text]]))).active

    assert [(cell.value, cell.data_type) for cell in (sheet["A1"], sheet["A2"])] == [(text, "s")] * 2


@pytest.mark.parametrize("text", DANGEROUS)
def test_ods_text_is_never_a_formula(text):
    rows = CalamineWorkbook.from_filelike(written("ods", Sheet("A", ["Titre"], [[text]]))).get_sheet_by_index(0)

    assert rows.to_python()[1] == [text]


@pytest.mark.parametrize("text", DANGEROUS)
def test_csv_text_that_would_be_computed_is_guarded(text):
    cell = read_csv(written("csv", Sheet("A", ["Titre"], [[text]])))[1][0]

    assert cell[0] not in "=+-@\t\r"
    assert unguard(cell) == text


@given(st.text())
def test_the_guard_is_undone_exactly_and_always_disarms(text):
    assert unguard(guard(text)) == text
    assert not guard(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_types_come_back_as_they_were(kind):
    row = ["É « là »\n  deux  espaces ", date(2024, 2, 29), 12, Decimal("0.5000"), -3, None, "<&>\u00a0’"]
    book = CalamineWorkbook.from_filelike(written(kind, Sheet("A", list("abcdefg"), [row]), Sheet("B", ["x"], [[1]])))

    back = book.get_sheet_by_name("A").to_python()[1]
    assert book.sheet_names == ["A", "B"]
    assert back == [row[0], date(2024, 2, 29), 12, 0.5, -3, "", row[6]]


def test_csv_speaks_french_and_keeps_numbers_numbers():
    file = written("csv", Sheet("A", ["a", "b", "c"], [[date(2024, 2, 29), Decimal("-1234.50"), 'x;"y"']]))

    assert file.getvalue().startswith(b"\xef\xbb\xbfa;b;c\r\n")
    assert read_csv(file)[1] == ["29/02/2024", "-1234,5", 'x;"y"']


@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv"])
@given(text=st.text())
def test_any_text_can_be_written(kind, text):
    assert written(kind, Sheet("A", ["Titre"], [[text]])).getvalue()


@given(st.text())
def test_a_cleaned_text_stays_as_it_is(text):
    assert clean_text(clean_text(text)) == clean_text(text)
