import re

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template

from cls_portal.core.templatetags.ui import ICONS


def draw(source: str, **context) -> str:
    return Template(source).render(Context(context))


def test_every_icon_is_in_the_sprite():
    sprite = draw('{% include "components/_icons.html" %}')

    assert set(re.findall(r'<symbol id="([\w-]+)"', sprite)) == set(ICONS.values())


@pytest.mark.parametrize(
    "source",
    [
        '{% icon "licorne" %}',
        '{% status_tag "terminee" "Terminée" %}',
        '{% flag "urgent" "Urgent" %}',
        "{% quarters 33 %}",
        '{% ref "1.1" 9 %}',
        '{% axis_mark "1" 0 %}',
        '{% notice "danger" "Texte" %}',
    ],
)
def test_unknown_variant_raises(source):
    with pytest.raises(ValueError, match="unknown"):
        draw(source)


def test_status_says_its_word_beside_its_icon():
    assert draw('{% status_tag "en_cours" "En cours" %}') == (
        '<span class="status status--en_cours"><svg class="ico" aria-hidden="true"><use href="#s-en_cours"/></svg>'
        "En cours</span>"
    )


@pytest.mark.parametrize("name", ICONS)
def test_printed_icon_needs_no_stylesheet(name):
    drawing = draw("{% print_icon name 'Mot' %}", name=name)

    assert "<use" not in drawing
    assert "currentColor" not in drawing
    assert re.search(r"(stroke|fill)=\"#", drawing)


@pytest.mark.parametrize(("value", "boxes", "words"), [(0, 0, "0\u00a0%"), (50, 2, "50\u00a0%"), (None, 0, "—")])
def test_quarters_draw_steps_and_say_the_figure(value, boxes, words):
    drawing = draw("{% quarters value %}", value=value)

    filled = re.search(r'class="on".*?/>', drawing)
    assert (filled.group().count("h9v7h-9z") if filled else 0) == boxes
    assert words in drawing


def test_reference_escapes_what_people_type():
    assert "<b>" not in draw("{% ref code 1 %}", code="<b>1</b>")


def test_changing_a_parameter_keeps_the_others_and_returns_to_the_first_page(rf):
    request = rf.get("/plan/?axe=1&axe=2&statut=en_cours&page=3")

    assert draw('{% url_with statut="realisee" %}', request=request) == "?axe=1&amp;axe=2&amp;statut=realisee"
    assert draw("{% url_with axe=None statut='' %}", request=request) == "/plan/"
    assert draw("{% url_with page=4 %}", request=request).endswith("page=4")


def test_pagination_keeps_filters(rf):
    page = Paginator(range(60), 20).page(2)

    html = draw("{% pagination page 'fiche' %}", request=rf.get("/plan/?axe=1&page=2"), page=page)

    assert "60\u00a0fiches, page 2 sur 3" in html
    assert 'href="?axe=1&amp;page=3"' in html
    assert html.count('aria-current="page"') == 1


def test_table_cell_leads_to_its_list():
    html = draw("{% data_table 'Fiches' head rows %}", head=["Axe", "Total"], rows=[["Un", (6, "?axe=1")]])

    assert '<td class="num"><a href="?axe=1">6</a></td>' in html


def test_chart_has_its_sentence_and_no_comma_in_its_coordinates():
    html = draw("{% stacked_bar counts 'Deux fiches' 'a' %}", counts=[("realisee", "", 1), ("reportee", "", 2)])

    assert "<title>Deux fiches</title>" in html
    assert 'width="33.33%"' in html
    assert 'fill="url(#hatch-a)"' in html
