from datetime import date
from decimal import Decimal

import pytest
from django.template import Context, Template

from cls_portal.core import french


def draw(source: str, **context) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("text", "forbidden"),
    [
        ("<script>alert(1)</script>", "<script"),
        ('<img src="x" onerror="a()">', "<img"),
        ("[ici](javascript:alert(1))", "href"),
        ("[ici](JAVASCRIPT:alert(1))", "href"),
        ("[ici](data:text/html;base64,AAAA)", "href"),
        ("[ici](/compte/deconnexion/)", "href"),
        ("<javascript:alert(1)>", "href"),
        ("![suivi](https://exemple.fr/pixel.png)", "<img"),
    ],
)
def test_markdown_lets_nothing_dangerous_through(text, forbidden):
    assert forbidden not in draw("{{ text|markdown }}", text=text)


@pytest.mark.parametrize("url", ["https://exemple.fr/a", "http://exemple.fr", "mailto:a@exemple.fr"])
def test_markdown_links_to_the_web_and_to_mail(url):
    assert f'<a href="{url}">ici</a>' in draw("{{ text|markdown }}", text=f"[ici]({url})")


def test_markdown_table_has_no_inline_style():
    html = draw("{{ text|markdown }}", text="| Année | Montant |\n| :-- | --: |\n| 2025 | 12 |")

    assert "<td>12</td>" in html


def test_markdown_titles_stay_below_those_of_the_page():
    assert draw("{{ text|markdown }}", text="# Un\n\n##### Cinq") == "<h3>Un</h3>\n<h6>Cinq</h6>\n"


def test_markdown_keeps_the_lines_as_typed():
    assert draw("{{ text|markdown }}", text="un\ndeux") == "<p>un<br />\ndeux</p>\n"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2025, 6, 1), date(2025, 6, 19), "du 1er au 19\u00a0juin 2025"),
        (date(2025, 6, 1), date(2025, 8, 1), "du 1er\u00a0juin au 1er\u00a0août 2025"),
        (date(2020, 2, 17), date(2025, 12, 31), "du 17\u00a0février 2020 au 31\u00a0décembre 2025"),
        (date(2025, 6, 3), date(2025, 6, 3), "le 3\u00a0juin 2025"),
        (date(2025, 6, 3), None, "depuis le 3\u00a0juin 2025"),
        (None, date(2025, 6, 3), "jusqu’au 3\u00a0juin 2025"),
        (None, None, ""),
    ],
)
def test_date_range_is_said_as_in_french(start, end, expected):
    assert draw("{% fr_date_range start end %}", start=start, end=end) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (12500, "12\u202f500\u00a0€"),
        (Decimal("0.5"), "0,50\u00a0€"),
        (Decimal("1234567.00"), "1\u202f234\u202f567\u00a0€"),
        (-3, "−3\u00a0€"),
    ],
)
def test_euro(value, expected):
    assert french.euro(value) == expected


@pytest.mark.parametrize(
    ("count", "nouns", "expected"),
    [
        (0, ("fiche",), "0\u00a0fiche"),
        (1, ("fiche action",), "1\u00a0fiche action"),
        (3, ("fiche action",), "3\u00a0fiches actions"),
        (2, ("avis",), "2\u00a0avis"),
        (1500, ("journal", "journaux"), "1\u202f500\u00a0journaux"),
    ],
)
def test_noun_agrees_with_its_number(count, nouns, expected):
    assert french.count_noun(count, *nouns) == expected


def test_months_are_abbreviated_as_in_french():
    days = [date(2026, month, 10) for month in range(1, 13)]

    said = draw("{% for day in days %}{{ day|short_month }} {% endfor %}", days=days)

    assert said.strip() == "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc."


def test_figures_in_a_template_are_french():
    assert draw("{{ n }} {{ x }}", n=136000, x=2.5) == "136\u202f000 2,5"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("comité de pilotage", "du comité de pilotage"),
        ("Assemblée plénière", "de l’Assemblée plénière"),
        ("autre instance", "de l’autre instance"),
        ("équipe projet", "de l’équipe projet"),
        ("groupe de travail", "du groupe de travail"),
        ("cellule de coordination", "de la cellule de coordination"),
        ("assises de la santé", "des assises de la santé"),
        ("le bureau", "du bureau"),
        ("La plénière", "de la plénière"),
        ("COPIL", "du COPIL"),
    ],
)
def test_a_name_follows_its_article(name, words):
    assert french.of(name) == words
