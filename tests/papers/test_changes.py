"""« Depuis la dernière réunion » in print: the same facts as on the page, in a tagged document."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from pptx import Presentation

from actions.enums import Status
from actions.papers.dossier import Dossier
from actions.papers.making import dossier_pdf
from actions.papers.sections import Choice
from actions.papers.slides import dossier_pptx
from actions.services.indicators import record_measurement
from cls_portal.demo.diary import as_of
from contracts.enums import MeetingState
from tests.actions.past import Story, day
from tests.factories import make_axis, make_body, make_decision, make_held_meeting, make_indicator, make_meeting
from tests.pdf_checks import Pdf, assert_accessible, pdftotext

pytest.importorskip("weasyprint", reason="Pango manque : apt-get install libpango-1.0-0")
pytestmark = pytest.mark.django_db

AS_OF = day(60)


@pytest.fixture
def meeting(contract):
    """The second one; the first was held on day 10, and its minutes are validated."""
    body = make_body(contract)
    held = datetime(2025, 1, 11, 9, tzinfo=UTC)
    make_held_meeting(body, number=1, starts_at=held, state=MeetingState.VALIDATED)
    return make_meeting(body, number=2, starts_at=datetime(2025, 3, 20, 9, tzinfo=UTC))


def printed(meeting, user, *sections: str) -> Pdf:
    choice = Choice(meeting.pk, AS_OF, sections)
    return Pdf(dossier_pdf(meeting, user, choice, lambda done, total: None)[1])


def lines_of(pdf: Pdf) -> str:
    """The text as the eye follows it, line after line across the columns."""
    return " ".join(pdftotext(pdf.content, "-layout").replace("\u00a0", " ").split())


def test_what_moved_is_printed(contract, coordinator, meeting):
    story = Story(contract, coordinator)
    axis = make_axis(contract)
    moved, delayed, dropped, silent, gone = (
        story.create(1, title, code=code, axis=axis, end_date=day(90))
        for code, title in [("1.1", "Une"), ("1.2", "Deux"), ("1.3", "Trois"), ("1.4", "Quatre"), ("1.5", "Cinq")]
    )
    story.news(2, silent, progress=25)
    story.news(20, moved, Status.DONE)
    story.news(21, delayed, Status.POSTPONED, new_date=day(300), reason="Recrutement")
    story.news(22, dropped, Status.DROPPED, reason="Sans financement")
    story.delete(23, gone)
    story.create(24, "Six", code="1.6")
    with as_of(day(25)):
        record_measurement(
            indicator=make_indicator(moved, title="Séances"), user=coordinator, on=date(2024, 12, 31), value=Decimal(7)
        )

    pdf = printed(meeting, coordinator, "changes")

    assert_accessible(pdf)
    text = lines_of(pdf)
    for expected in (
        "Depuis le comité du 11 janvier 2025.",
        "1.1 Une Non démarrée Réalisée 21/01/2025",
        "1.2 Deux Échéance 01/04/2025 Reportée au 22/01/2025 Recrutement 28/10/2025",
        "1.3 Trois Non démarrée Abandonnée 23/01/2025 Sans financement",
        "1.6 Six Ajoutée Non démarrée 25/01/2025",
        "1.5 Cinq Non démarrée Supprimée 24/01/2025",
        "1.1 Séances 7 — 31/12/2024",
        "1.4 Quatre, dernier point le 03/01/2025",
    ):
        assert expected in text, f"{expected!r} is not in {text}"
    assert "1 de plus qu’en janvier" in pdf.text().replace("\u00a0", " ")


def test_nothing_that_moved_is_said(contract, coordinator, meeting):
    Story(contract, coordinator).create(1)

    assert "Aucune fiche n’a changé" in printed(meeting, coordinator, "changes").text()


def test_decisions_are_in_this_section_when_they_have_none_of_their_own(contract, coordinator, meeting):
    Story(contract, coordinator)
    with as_of(day(11)):
        make_decision(meeting.previous(), text="Recruter", due_on=day(30))

    alone = printed(meeting, coordinator, "changes").text()
    both = printed(meeting, coordinator, "changes", "decisions").text()

    assert (alone.count("Recruter"), both.count("Recruter")) == (1, 1)
    assert "0 close depuis, 1 ouverte, dont 1 en retard" in alone.replace("\u00a0", " ")


def test_the_slides_name_what_entered_and_left_and_say_why_a_fiche_stopped(contract, coordinator, meeting):
    story = Story(contract, coordinator)
    delayed, halted, gone = (story.create(1, f"Fiche {code}", code=code) for code in ("1.1", "1.2", "1.3"))
    story.news(21, delayed, Status.POSTPONED, new_date=day(300), reason="Recrutement en cours")
    story.news(22, halted, Status.SUSPENDED, reason="Congé du pilote")
    story.delete(23, gone)
    story.create(24, "Nouvelle venue", code="1.9")

    deck = dossier_pptx(Dossier(meeting, coordinator, Choice(meeting.pk, AS_OF, ("changes",))))

    tables = [shape.table for slide in Presentation(BytesIO(deck)).slides for shape in slide.shapes if shape.has_table]
    lines = {row.cells[0].text: [cell.text for cell in row.cells] for table in tables for row in table.rows}
    assert lines["1.1"][-1] == "Recrutement en cours"
    assert lines["1.2"][-1] == "Congé du pilote"
    assert lines["1.3"][1:4] == ["Fiche 1.3", "Non démarrée, 0\u00a0%", "Supprimée"]
    assert lines["1.9"][1:4] == ["Nouvelle venue", "Ajoutée", "Non démarrée, 0\u00a0%"]
