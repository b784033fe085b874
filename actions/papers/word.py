"""The list of decisions as a Word file that people finish by hand: real headings, a table with its header row."""

import io

from docx import Document as WordFile
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from actions.papers.agenda import when_words
from actions.papers.people import attendance_of
from actions.papers.quotes import Quote
from actions.papers.sitting import decisions_of
from cls_portal.core import french
from cls_portal.core.office import LANGUAGE, safe
from contracts.enums import MeetingState
from contracts.models import Meeting

HEADS = (("N°", 1.4), ("Décision", 6.6), ("Fiches", 1.8), ("Responsable", 3.2), ("Échéance", 2.2), ("État", 2.2))


def decisions_docx(meeting: Meeting, user) -> bytes:
    file = WordFile()
    dress(file)
    tell_meeting(file, meeting)
    file.add_heading("Décisions", level=1)
    found = decisions_of(meeting)
    if found:
        add_table(file, found)
    else:
        file.add_paragraph("Aucune décision n’a été enregistrée pour cette réunion.")
    groups = attendance_of(meeting)
    if groups:
        file.add_heading("Participation", level=1)
    for heading, names in groups:
        listed = "\u202f; ".join(names)
        file.add_paragraph(safe(f"{heading} ({len(names)})\u00a0: {listed}"))
    written = io.BytesIO()
    file.save(written)
    return written.getvalue()


def dress(file: WordFile) -> None:
    style = file.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(10.5)
    for language in file.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    for section in file.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(1.8)
    file.core_properties.language = LANGUAGE
    file.core_properties.author = ""


def tell_meeting(file: WordFile, meeting: Meeting) -> None:
    contract = meeting.body.contract
    title = f"Relevé de décisions, {meeting}"
    file.core_properties.title = safe(title)[:255]
    file.add_paragraph(safe(f"Contrat local de santé, {contract}"))
    file.add_heading("Relevé de décisions", level=0)
    place = f"\n{meeting.place}" if meeting.place else ""
    day = french.long_date(meeting.day)
    file.add_paragraph(safe(f"{meeting.heading}\nLe {day}, {when_words(meeting)}{place}"))
    if meeting.state != MeetingState.VALIDATED:
        file.add_paragraph("Projet\u00a0: le compte rendu de cette réunion n’est pas encore validé.")


def add_table(file: WordFile, found: list[Quote]) -> None:
    table = file.add_table(rows=1, cols=len(HEADS), style="Table Grid")
    table.autofit = False
    fill(table.rows[0], [head for head, _width in HEADS], bold=True)
    repeat_on_each_page(table.rows[0])
    for quote in found:
        fill(table.add_row(), cells_of(quote))
    for row in table.rows:
        for cell, (_head, width) in zip(row.cells, HEADS, strict=True):
            cell.width = Cm(width)


def cells_of(quote: Quote) -> list[str]:
    decision = quote.decision
    state = decision.get_state_display() + (", en retard" if quote.is_late else "")
    due = f"{decision.due_on:%d/%m/%Y}" if decision.due_on else "—"
    text = "\n".join([decision.text, decision.get_kind_display().capitalize(), *quote.effects])
    return [decision.reference, text, quote.fiche_names or "—", decision.owner_label or "—", due, state]


def fill(row, texts: list[str], *, bold: bool = False) -> None:
    for cell, text in zip(row.cells, texts, strict=True):
        paragraph = cell.paragraphs[0]
        run = paragraph.add_run(safe(text))
        run.bold, run.font.size = bold, Pt(9)
        paragraph.paragraph_format.space_after = Pt(0)


def repeat_on_each_page(row) -> None:
    """What makes it a header row, for the eye and for a screen reader."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
