"""The two files that people change by hand, read back by their libraries: text is text, whatever it holds."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from docx import Document as WordFile
from docx.oxml.ns import qn as docx_name
from openpyxl import load_workbook
from pptx import Presentation
from pptx.oxml.ns import qn

from actions.models import FollowUp
from actions.papers.dossier import Dossier
from actions.papers.sections import SECTIONS, Choice
from actions.papers.slides import dossier_pptx
from actions.papers.word import decisions_docx
from cls_portal.core.dates import today
from cls_portal.core.office import as_label, safe
from cls_portal.core.uploads import TYPES, is_of_type
from contracts.enums import MeetingState
from tests.factories import make_action, make_agenda_item, make_axis, make_decision, make_held_meeting

pytestmark = pytest.mark.django_db

HOSTILE = '=HYPERLINK("http://x")\x00\x0b\x1b[0m\ud800\ufffe<b>&amp;\u202e\r\nsuite\ttab'
# A database refuses the first and the half of a pair; the rest may have come in by an import.
STORED = HOSTILE.replace("\x00", "").replace("\ud800", "")


def slides(meeting, user):
    choice = Choice(meeting.pk, today(), tuple(section.key for section in SECTIONS))
    content = dossier_pptx(Dossier(meeting, user, choice))
    assert is_of_type(ContentFile(content), TYPES[".pptx"])
    return Presentation(io.BytesIO(content)), content


def words(deck) -> str:
    return "\n".join(text for slide in deck.slides for shape in slide.shapes for text in texts_of(shape))


def texts_of(shape) -> list[str]:
    if shape.has_table:
        return [cell.text for row in shape.table.rows for cell in row.cells]
    return [shape.text_frame.text] if shape.has_text_frame else []


def test_the_slides_have_titles_tables_a_chart_and_french(meeting, fiche, coordinator):
    FollowUp.objects.create(
        action=fiche,
        date=today(),
        author_name="A",
        status=fiche.status,
        progress=50,
        asks_arbitration=True,
        arbitration="Reporter ?",
    )

    deck, _content = slides(meeting, coordinator)

    titles = [slide.shapes.title.text for slide in deck.slides]
    assert titles.pop(4).startswith("Depuis le")
    assert titles == [
        "Comité de pilotage n°\u00a09",
        "Ordre du jour",
        "Où en est le plan",
        "Avancement par axe",
        "Suites des décisions",
        "Arbitrages demandés",
        "Prochaines réunions",
    ]
    for expected in ("Arbitrages", "Trouver un relais.", "Reporter ?", "14\u00a0h\u00a030", "1 Prévention"):
        assert expected in words(deck)
    charts = [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert next(series.name for series in charts[0].chart.plots[0].series) == "En cours"
    frames = [shape for slide in deck.slides for shape in slide.shapes if shape.has_table or shape.has_chart]
    assert all(frame._element.nvGraphicFramePr.cNvPr.get("descr") for frame in frames)
    languages = {run.get("lang") for slide in deck.slides for run in slide._element.iter(qn("a:rPr"))}
    assert languages == {"fr-FR"}


def test_a_long_table_goes_on_to_other_slides(meeting, previous, coordinator):
    for number in range(20):
        make_decision(previous, number=number + 3, text=f"Décision longue {number:02} " + "mot " * 200)

    deck, _content = slides(meeting, coordinator)

    titles = [slide.shapes.title.text for slide in deck.slides if "Suites" in slide.shapes.title.text]
    assert titles == [f"Suites des décisions ({number}/4)" for number in range(1, 5)]
    assert [number for number in range(20) if f"Décision longue {number:02}" not in words(deck)] == []


def test_hostile_text_is_text_in_the_slides(meeting, contract, coordinator):
    axis = make_axis(contract, code="", title=STORED)
    make_action(axis=axis, title=STORED)
    make_agenda_item(meeting, title="=1+1 " + STORED[:200])

    deck, content = slides(meeting, coordinator)

    assert "HYPERLINK" in words(deck)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".xlsx")]
        workbook = load_workbook(io.BytesIO(archive.read(name)))
    cells = [cell for row in workbook.active.iter_rows() for cell in row if cell.value is not None]
    assert any("HYPERLINK" in str(cell.value) for cell in cells)
    assert [cell.value for cell in cells if cell.data_type == "f"] == []


def test_the_word_file_has_headings_and_a_header_row(body, coordinator):
    meeting = make_held_meeting(body, state=MeetingState.HELD)
    make_decision(meeting, text=f"Décider {STORED}", due_on=today() - timedelta(days=3))

    content = decisions_docx(meeting, coordinator)

    assert is_of_type(ContentFile(content), TYPES[".docx"])
    file = WordFile(io.BytesIO(content))
    headings = [
        paragraph.text for paragraph in file.paragraphs if paragraph.style.name.startswith(("Heading", "Title"))
    ]
    assert headings == ["Relevé de décisions", "Décisions"]
    [table] = file.tables
    assert [cell.text for cell in table.rows[0].cells] == [
        "N°",
        "Décision",
        "Fiches",
        "Responsable",
        "Échéance",
        "État",
    ]
    assert table.rows[0]._tr.trPr.find(docx_name("w:tblHeader")) is not None
    assert "HYPERLINK" in table.rows[1].cells[1].text
    assert "Ouverte, en retard" in table.rows[1].cells[5].text
    languages = {each.get(docx_name("w:val")) for each in file.styles.element.iter(docx_name("w:lang"))}
    assert languages == {"fr-FR"}
    assert "Projet" in "\n".join(paragraph.text for paragraph in file.paragraphs)


def test_no_file_takes_what_xml_has_no_place_for():
    assert safe(HOSTILE) == '=HYPERLINK("http://x")[0m<b>&amp;\u202e\nsuite tab'
    assert as_label("=1+1") == " =1+1"
    assert as_label("1 Prévention") == "1 Prévention"
