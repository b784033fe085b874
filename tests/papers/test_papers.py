"""What the papers of a meeting hold, read back from their files."""

import io
from datetime import date, timedelta

import pytest
from django.template.loader import render_to_string
from docx import Document as WordFile

from actions.enums import DecisionEffect
from actions.models import FollowUp
from actions.papers.agenda import points_of
from actions.papers.making import LIGHT, dossier_context, dossier_pdf
from actions.papers.money import by_funder
from actions.papers.people import attendance_of
from actions.papers.sections import BY_DEFAULT, SECTIONS, Choice, read_choice
from actions.papers.word import decisions_docx
from actions.services.decisions import Change, record_decision
from cls_portal.core.dates import today
from cls_portal.core.pdf import read_page
from contracts.enums import BodyRole, MeetingState, PaperKind, Presence
from contracts.models import Attendance
from tests.factories import make_action, make_agenda_item, make_decision, make_held_meeting, make_meeting, make_member
from tests.factories.full_action import make_full_action
from tests.pdf_checks import Pdf, assert_accessible
from tests.people import signed_in

pytest.importorskip("weasyprint", reason="Pango manque : apt-get install libpango-1.0-0")
pytestmark = pytest.mark.django_db

EVERYTHING = tuple(section.key for section in SECTIONS)


def silent(done, total):
    """A report nobody reads."""


def dossier(meeting, user, **choice) -> Pdf:
    return Pdf(dossier_pdf(meeting, user, Choice(meeting.pk, today(), **choice), silent)[1])


def light(kind, meeting, user) -> Pdf:
    return Pdf(LIGHT[kind].make(meeting, user)[1])


def test_the_dossier_holds_every_section(meeting, fiche, coordinator):
    FollowUp.objects.create(
        action=fiche,
        date=today(),
        author_name="Alix",
        status=fiche.status,
        progress=75,
        headline="Intervenant recruté",
        asks_arbitration=True,
        arbitration="Reporter l’échéance ?",
    )
    make_meeting(meeting.body, number=10, starts_at=meeting.starts_at + timedelta(days=180), place="Maison du lac")

    pdf = dossier(meeting, coordinator, sections=EVERYTHING, fiches=(fiche.pk,))

    assert_accessible(pdf)
    bookmarks = " | ".join(pdf.bookmarks())
    assert [section.title for section in SECTIONS if section.title not in bookmarks] == []
    text = pdf.text()
    for expected in (
        "Comité de pilotage n° 9",
        "Jeudi 10 décembre 2026, 14 h 30",
        "14 h 45 Arbitrages",
        "Approuver le bilan.",
        "Trouver un relais.",
        "2 décisions, 1 close, 1 en retard.",
        "Intervenant recruté",
        "Reporter l’échéance ?",
        "Maison du lac",
        "36 000,30",
        "Données arrêtées au",
        "page 2/",
    ):
        assert expected in text


def test_the_dossier_is_read_by_the_fast_door(meeting, fiche, coordinator):
    context = dossier_context(meeting, coordinator, Choice(meeting.pk, today(), EVERYTHING, (fiche.pk,)))

    assert read_page(render_to_string("pdf/papers/dossier.html", {"demo": True, **context})) is not None


def test_the_plan_of_the_dossier_costs_the_same_number_of_queries_whatever_its_size(
    meeting, coordinator, django_assert_max_num_queries
):
    for _ in range(4):
        make_full_action(meeting.body.contract)
    context = dossier_context(meeting, coordinator, Choice(meeting.pk, today(), EVERYTHING, ()))

    with django_assert_max_num_queries(90):
        render_to_string("pdf/papers/dossier.html", {"demo": False, **context})


def test_the_sections_that_were_not_chosen_are_not_there(meeting, coordinator):
    pdf = dossier(meeting, coordinator, sections=("agenda", "funding"))

    assert pdf.bookmarks()[1:] == ["Sommaire", "1 Ordre du jour", "2 Financement par financeur"]
    assert "Trouver un relais" not in pdf.text()


def test_the_annexes_print_each_fiche_once(meeting, fiche, coordinator):
    pdf = dossier(meeting, coordinator, sections=EVERYTHING, fiches=(fiche.pk,))

    assert pdf.bookmarks().count("1.7 Addictions") == 1
    assert len([title for title in pdf.bookmarks() if "Fiche " in title]) == fiche.contract.actions.count() - 1


def test_the_dossier_of_an_empty_contract_says_so(body, coordinator):
    body.contract.axes.all().delete()

    pdf = dossier(make_meeting(body), coordinator, sections=EVERYTHING)

    assert_accessible_but_for_tables(pdf)
    for expected in ("n’est pas encore établi", "Aucune décision antérieure", "Aucun financement"):
        assert expected in pdf.text()


def assert_accessible_but_for_tables(pdf: Pdf) -> None:
    levels = pdf.headings()
    assert levels[0] == 1
    assert str(pdf.file.Root.Lang) == "fr"


def test_a_choice_is_kept_as_text_and_read_back():
    choice = Choice(12, today(), sections=(*reversed(EVERYTHING),), fiches=(4, 8))

    assert read_choice(choice.written()) == Choice(12, today(), sections=EVERYTHING, fiches=(4, 8))
    assert len(Choice(10**9, today(), EVERYTHING, tuple(range(10**9, 10**9 + 12))).written()) < 2000
    assert "annexes" not in BY_DEFAULT


def test_hours_follow_from_the_durations_as_long_as_they_are_known(meeting):
    make_agenda_item(meeting, title="Divers", position=4)

    assert [point.hour for point in points_of(meeting)] == [
        "14\u00a0h\u00a030",
        "14\u00a0h\u00a045",
        "15\u00a0h\u00a015",
        "",
    ]


def test_the_convocation_is_a_letter_with_agenda_and_addressees(meeting, coordinator):
    meeting.convocation = "Merci de **confirmer** votre présence."

    pdf = light(PaperKind.CONVOCATION, meeting, coordinator)

    assert_accessible(pdf)
    names = [str(member.organisation) for member in meeting.body.members.all()]
    for expected in ("Merci de confirmer votre présence.", "jeudi 10 décembre 2026", "Arbitrages", *names):
        assert expected in pdf.text()


def test_the_message_of_a_convocation_greets_by_itself(meeting, coordinator):
    meeting.convocation = "Madame, Monsieur,\n\nMerci de venir."
    written = light(PaperKind.CONVOCATION, meeting, coordinator).text()
    meeting.convocation = ""
    plain = light(PaperKind.CONVOCATION, meeting, coordinator).text()

    assert written.count("Madame, Monsieur,") == plain.count("Madame, Monsieur,") == 1
    assert "à la réunion du comité de pilotage du contrat" in " ".join(plain.split())


def test_details_of_the_agenda_are_printed_as_the_page_shows_them(meeting, coordinator):
    meeting.agenda.filter(title="Arbitrages").update(detail="Lire le **bilan**\u00a0:\n\n- les chiffres\n- les suites")

    for kind in (PaperKind.CONVOCATION, PaperKind.MINUTES):
        text = light(kind, meeting, coordinator).text()
        assert "Lire le bilan" in text
        assert "• les chiffres" in " ".join(text.split())
        assert "**" not in text


def test_the_sign_in_sheet_has_a_line_for_each_seat_and_each_guest(meeting, coordinator):
    Attendance.objects.create(
        meeting=meeting, organisation_name="Mission locale", name="Lou Blin", presence=Presence.PRESENT
    )

    pdf = light(PaperKind.SIGN_IN_SHEET, meeting, coordinator)

    assert_accessible(pdf)
    seats = [str(member.speaker) for member in meeting.body.members.all()]
    assert [name for name in [*seats, "Mission locale", "Lou Blin", "Signature"] if name not in pdf.text()] == []


def test_the_list_of_decisions_says_that_it_is_a_draft_until_the_minutes_are_validated(previous, coordinator):
    assert "Projet" not in light(PaperKind.DECISIONS, previous, coordinator).text()
    previous.state = MeetingState.HELD

    pdf = light(PaperKind.DECISIONS, previous, coordinator)

    assert_accessible(pdf)
    for expected in ("Projet", "8.2 Trouver un relais.", "31/01/2026", "En retard"):
        assert expected in pdf.text()


def test_the_list_of_decisions_says_what_each_made_of_its_fiches(body, contract, coordinator):
    meeting = make_held_meeting(body, number=8)
    until, other, dropped, valid = (make_action(contract, code=code) for code in ("1.14", "1.15", "3.12", "1.19"))
    later = date(2027, 6, 30)
    for changes in (
        [Change(each, DecisionEffect.POSTPONE, later) for each in (until, other)],
        [Change(dropped, DecisionEffect.DROP), Change(make_action(contract, code="4"))],
        [Change(valid, DecisionEffect.VALIDATE)],
    ):
        record_decision(meeting=meeting, user=coordinator, kind="arbitrage", text="Dit.", changes=changes)

    printed = " ".join(light(PaperKind.DECISIONS, meeting, coordinator).text().split())
    word = WordFile(io.BytesIO(decisions_docx(meeting, coordinator))).tables[0]
    typed = "\n".join(row.cells[1].text for row in word.rows).replace("\u00a0", " ")

    for text in (printed, typed):
        for said in ("1.14 et 1.15 reportées au 30 juin 2027", "3.12 abandonnée", "1.19 validée"):
            assert said in text


def test_the_minutes_hold_attendance_notes_and_decisions(body, coordinator):
    meeting = make_held_meeting(body, minutes="Le comité *salue* l’avancement.")
    make_agenda_item(meeting, title="Santé mentale", notes="Délais trop longs.")
    make_decision(meeting, text="Créer un conseil local.")
    for name, presence in (("Alix Roy", Presence.PRESENT), ("Lou Petit", Presence.EXCUSED)):
        Attendance.objects.create(meeting=meeting, name=name, presence=presence)

    pdf = light(PaperKind.MINUTES, meeting, coordinator)

    assert_accessible(pdf)
    for expected in (
        "Autres participants (1) Alix Roy",
        "Excusés (1) Lou Petit",
        "salue",
        "Délais trop longs.",
        "Créer un conseil",
    ):
        assert expected in pdf.text()


def test_papers_and_page_count_those_who_came_by_the_same_rule_in_the_order_of_the_seats(body, coordinator):
    meeting = make_held_meeting(body)
    member, chair = body.members.get(role=BodyRole.MEMBER), body.members.get(role=BodyRole.CHAIR)
    late, away = make_member(body, role=BodyRole.MEMBER), make_member(body)
    for name, seat, presence in (
        ("A. Invitée", None, Presence.PRESENT),
        ("B. Membre", late, Presence.PRESENT),
        ("C. Membre", member, Presence.PRESENT),
        ("D. Présidente", chair, Presence.PRESENT),
        ("E. Absente", away, Presence.REPRESENTED),
    ):
        Attendance.objects.create(meeting=meeting, member=seat, name=name, presence=presence)

    page = signed_in(coordinator).get(meeting.get_absolute_url()).content.decode()

    assert "3\u00a0présents, 1\u00a0représenté sur 4" in page
    assert "1\u00a0autre participant" in page
    assert attendance_of(meeting) == [
        ("Présents", ["D. Présidente", "C. Membre", "B. Membre"]),
        ("Représentés", ["E. Absente"]),
        ("Autres participants", ["A. Invitée"]),
    ]


def test_long_notes_are_paginated_and_nothing_is_cut(body, coordinator):
    meeting = make_held_meeting(body)
    make_agenda_item(meeting, notes=" ".join(f"mot{number:04d}" for number in range(1800)))
    make_decision(meeting, text=" ".join(f"dit{number:03d}" for number in range(500)))

    pdf = light(PaperKind.MINUTES, meeting, coordinator)

    text = pdf.text()
    assert pdf.pages > 2
    assert [number for number in range(1800) if f"mot{number:04d}" not in text] == []
    assert [number for number in range(500) if f"dit{number:03d}" not in text] == []


def test_money_is_summed_by_funder_and_unknown_is_not_zero(fiche):
    table = by_funder(fiche.funding_lines.all())

    assert [str(amount) for amount in table.total.amounts] == ["36000.30", "None", "0.60", "None"]
    assert len(table.rows) == 3
