import re
from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template

from cls_portal.core.forms import PortalForm


def draw(source: str, **context) -> str:
    return Template(source).render(Context(context))


class Example(PortalForm):
    title = forms.CharField(label="Intitulé", help_text="Une phrase.")
    day = forms.DateField(label="Début", required=False)
    amount = forms.DecimalField(label="Montant", required=False)
    people = forms.IntegerField(label="Personnes", required=False)
    text = forms.CharField(label="Texte", widget=forms.Textarea, required=False)
    choice = forms.ChoiceField(label="Choix", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


def test_field_in_error_is_described_by_its_hint_and_its_error():
    html = draw("{% field form.title %}", form=Example({}))

    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert re.search(r'id="id_title_helptext">Une phrase\..*id="id_title_error">.*<input', html, re.S)


def test_error_summary_leads_to_each_field():
    html = draw("{% error_summary form %}", form=Example({}))

    assert "2\u00a0points à corriger" in html
    assert 'href="#id_title"' in html
    assert 'href="#id_choice_0"' in html
    assert 'id="id_choice_0"' in draw("{% field form.choice %}", form=Example({}))


def test_error_summary_of_a_sound_form_is_empty():
    assert draw("{% error_summary form %}", form=Example({"title": "Un", "choice": "a"})).strip() == ""


def test_radio_buttons_are_a_named_group():
    html = draw('{% field form.choice variant="inline" %}', form=Example())

    assert re.search(r"<fieldset[^>]*choices--inline[^>]*>\s*<legend>Choix", html)


def test_unknown_field_variant_raises():
    with pytest.raises(ValueError, match="unknown"):
        draw('{% field form.choice variant="large" %}', form=Example())


def test_date_field_is_the_browsers():
    html = draw("{% field form.day %}", form=Example(initial={"day": date(2025, 12, 31)}))

    assert 'type="date"' in html
    assert 'value="2025-12-31"' in html


@pytest.mark.parametrize("typed", ["2025-12-31", "31/12/2025"])
def test_date_is_understood_as_typed(typed):
    form = Example({"title": "Un", "choice": "a", "day": typed})

    assert form.is_valid()
    assert form.cleaned_data["day"] == date(2025, 12, 31)


@pytest.mark.parametrize("typed", ["12500,5", "12 500,5", "12\u202f500,50", "12\u00a0500.5", "12 500,5 €"])
def test_figure_is_understood_as_pasted_from_a_workbook(typed):
    form = Example({"title": "Un", "choice": "a", "amount": typed, "people": "1 200"})

    assert form.is_valid()
    assert (form.cleaned_data["amount"], form.cleaned_data["people"]) == (Decimal("12500.5"), 1200)


@pytest.mark.parametrize(("name", "value"), [("title", "un\x00deux"), ("title", "a" * 256), ("text", "a" * 20_001)])
def test_text_that_cannot_be_kept_is_refused_with_a_sentence(name, value):
    form = Example({"title": "Un", "choice": "a", name: value})

    assert not form.is_valid()
    assert list(form.errors) == [name]


def test_a_year_is_written_without_separator():
    class YearForm(PortalForm):
        year = forms.IntegerField()
        population = forms.IntegerField()

    form = YearForm(initial={"year": 2020, "population": 136000})

    assert 'value="2020"' in str(form["year"])
    assert 'value="136\u202f000"' in str(form["population"])


def test_figure_is_shown_without_the_zeros_of_its_column():
    form = Example(initial={"amount": Decimal("2400.0000")})

    assert 'value="2\u202f400"' in draw("{% field form.amount %}", form=form)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_date_without_room_around_it_is_refused(day):
    form = Example({"title": "Un", "choice": "a", "day": day})

    assert form.errors["day"] == [f"L’année {int(day[:4])} n’est pas plausible\u00a0: de 1900 à 2200."]
