"""The dossier asked for, made in the background, kept with its meeting, made again of its day; and who reads it."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from actions.papers.making import annual_context
from actions.papers.sections import read_choice
from cls_portal.core.dates import today
from contracts.enums import DocumentKind, MeetingState, PaperKind
from contracts.models import Document, DocumentJob, Meeting
from tests.factories import make_body, make_decision, make_held_meeting, make_member, make_membership
from tests.pdf_checks import Pdf
from tests.people import signed_in

pytest.importorskip("weasyprint", reason="Pango manque : apt-get install libpango-1.0-0")
pytestmark = pytest.mark.django_db


def address(name, meeting, *more):
    return reverse(f"actions:{name}", args=[meeting.body.contract.slug, meeting.pk, *more])


def ask(client, meeting, **data):
    asked = {"paper": PaperKind.FILE, "as_of": today().isoformat(), "sections": ["agenda", "decisions"]} | data
    return client.post(address("dossier", meeting), asked)


@pytest.fixture
def client(coordinator):
    return signed_in(coordinator)


@pytest.fixture
def at_once(django_capture_on_commit_callbacks):
    """What is asked is made before the block ends."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def text_of(document) -> str:
    with document.file.open() as file:
        return Pdf(file.read()).text()


def test_the_form_proposes_the_fiches_of_the_agenda_and_the_usual_sections(client, meeting, fiche):
    page = client.get(address("dossier", meeting)).content.decode()

    assert f'value="{fiche.pk}" id="id_fiches_0" checked' in page or f'name="fiches" value="{fiche.pk}"' in page
    assert f'value="{today().isoformat()}"' in page
    assert "Annexe" in page


def test_a_dossier_is_kept_with_the_meeting_and_dated(client, meeting, fiche, at_once):
    with at_once():
        waiting = ask(client, meeting, fiches=[fiche.pk], sections=["agenda", "decisions", "focus"]).url

    document = Document.objects.get()
    assert (document.meeting, document.paper, document.as_of) == (meeting, PaperKind.FILE, today())
    assert document.kind == DocumentKind.PRODUCED
    assert "Trouver un relais." in text_of(document)
    assert "Le document est prêt." in client.get(waiting).content.decode()
    assert document.title in client.get(meeting.get_absolute_url()).content.decode()


def test_two_clicks_make_one_dossier(client, meeting, queue, at_once):
    with at_once():
        answers = {ask(client, meeting).url for _ in range(2)}

    assert len(answers) == 1
    assert queue() == 1
    assert Document.objects.count() == 1


def test_it_is_made_again_of_the_same_day_with_the_same_sections(client, meeting, at_once):
    day = today() - timedelta(days=1)
    with at_once():
        ask(client, meeting, as_of=day.isoformat())
    first = Document.objects.get()

    with at_once():
        client.post(address("paper_again", meeting, first.public_id))

    second = Document.objects.exclude(pk=first.pk).get()
    assert (second.as_of, second.meeting, second.title) == (day, meeting, first.title)
    choices = {read_choice(job.parameters) for job in DocumentJob.objects.all()}
    assert len(choices) == 1


def test_two_papers_of_one_day_are_told_apart_by_their_hour(client, meeting, at_once):
    with at_once():
        ask(client, meeting)
    again = Document.objects.get()
    again.pk, again.public_id = None, uuid.uuid4()
    again.save()
    for document, hour in zip(Document.objects.all(), (7, 13), strict=True):
        moment = datetime(2026, 3, 12, hour, 30, tzinfo=UTC)
        Document.objects.filter(pk=document.pk).update(uploaded_at=moment)

    contract = meeting.body.contract
    for page in (meeting.get_absolute_url(), reverse("contracts:documents", args=[contract.slug])):
        html = client.get(page).content.decode()
        assert "8\u00a0h\u00a030" in html
        assert "14\u00a0h\u00a030" in html


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"as_of": (today() + timedelta(days=2)).isoformat()}, "jour à venir"),
        ({"as_of": "hier"}, "date"),
        ({"sections": []}, "Choisissez au moins une partie."),
        ({"sections": ["autre"]}, "autre"),
        ({"fiches": ["99999999"]}, "99999999"),
        ({"paper": "releve"}, "releve"),
    ],
)
def test_what_cannot_be_asked_is_refused_beside_its_field(client, meeting, data, said):
    page = ask(client, meeting, **data)

    assert page.status_code == 200
    assert said in page.content.decode()
    assert not DocumentJob.objects.exists()


def test_a_meeting_deleted_meanwhile_is_told(client, meeting, queue, at_once):
    with at_once():
        waiting = ask(client, meeting).url
    meeting.delete()
    queue()

    assert "Cette réunion a été supprimée." in client.get(waiting).content.decode()


def test_light_papers_are_downloaded_and_kept_on_demand(client, meeting, previous):
    answer = client.get(address("paper", previous, "releve", "pdf"))
    assert "8.2 Trouver un relais." in Pdf(answer.content).text()
    assert client.get(address("paper", meeting, "releve", "pdf")).status_code == 404
    assert client.get(address("paper", previous, "convocation", "docx")).status_code == 404

    client.post(address("paper_keep", meeting), {"paper": "convocation"})
    client.post(address("paper_keep", meeting), {"paper": "n’importe quoi"})

    kept = Document.objects.get()
    assert (kept.meeting, kept.paper, kept.as_of) == (meeting, PaperKind.CONVOCATION, today())


# Who reads what

SECRET = "Brouillon confidentiel du groupe de travail"
PUBLISHED = "Décision publiée du groupe de travail"


def code_of(user, document) -> int:
    answer = signed_in(user).get(document.get_absolute_url())
    b"".join(answer)  # a file is closed when it was read
    return answer.status_code


@pytest.fixture
def working_group(contract, meeting, fiche):
    """Another body: one meeting whose minutes are not validated, one whose minutes are. Its decisions are followed by
    the agenda of the committee."""
    group = make_body(contract, name="groupe de travail")
    draft = make_held_meeting(group, number=1, minutes=SECRET)
    published = make_held_meeting(group, number=2, state=MeetingState.VALIDATED)
    item = meeting.agenda.first()
    for held, text in ((draft, SECRET), (published, PUBLISHED)):
        item.decisions.add(make_decision(held, text=text))
    return group


EVERYTHING = ["agenda", "reminder", "synthesis", "changes", "decisions", "arbitrations", "progress", "calendar"]


def test_no_draft_of_another_body_is_quoted(client, meeting, working_group, contract, at_once):
    """The coordination reads everything; those who will read the dossier do not."""
    with at_once():
        ask(client, meeting, sections=EVERYTHING)
        client.post(reverse("actions:annual_report", args=[contract.slug]), {"year": 2026})

    dossier, report = Document.objects.order_by("pk")
    for document in (dossier, report):
        assert "Brouillon" not in text_of(document)
        assert PUBLISHED in text_of(document)


def test_the_dossier_is_read_by_the_body_until_the_minutes_are_validated(client, meeting, reader, contract, at_once):
    member = make_membership("reader", contract=contract).user
    make_member(meeting.body, user=member)
    with at_once():
        ask(client, meeting)
    document = Document.objects.get()

    def codes():
        return [code_of(user, document) for user in (member, reader)]

    assert codes() == [200, 404]
    assert document.title not in signed_in(reader).get(meeting.get_absolute_url()).content.decode()
    meeting.state = MeetingState.VALIDATED
    meeting.save()
    assert codes() == [200, 200]


def test_a_dossier_that_quotes_a_draft_waits_for_its_validation_too(client, meeting, previous, reader, at_once):
    previous.state = MeetingState.HELD
    previous.save()
    with at_once():
        ask(client, meeting)
    meeting.state = MeetingState.VALIDATED
    meeting.save()
    document = Document.objects.get()
    assert "Trouver un relais." in text_of(document)

    before = code_of(reader, document)
    previous.state = MeetingState.VALIDATED
    previous.save()

    assert (before, code_of(reader, document)) == (404, 200)


def test_of_two_meetings_at_the_same_minute_no_draft_leaks_into_the_papers_of_the_other(
    client, meeting, previous, reader, at_once
):
    """What a paper may quote and what must be validated before all read it follow one order."""
    twin = make_held_meeting(meeting.body, number=20, starts_at=meeting.starts_at)
    make_decision(twin, text="Brouillon de la jumelle.")
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.VALIDATED)
    with at_once():
        for each in (meeting, twin):
            ask(client, each)

    first, second = Document.objects.order_by("meeting_id")

    assert "Brouillon de la jumelle." not in text_of(first)
    assert code_of(reader, first) == 200
    Meeting.objects.filter(pk=twin.pk).update(state=MeetingState.VALIDATED)
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.HELD)
    assert code_of(reader, second) == 404, "the first written of the two comes before it, and is a draft"


def test_a_reader_does_not_restart_a_dossier(client, meeting, reader, queue, at_once):
    with at_once():
        ask(client, meeting)
    job = DocumentJob.objects.get()
    DocumentJob.objects.update(state="echec")

    answer = signed_in(reader).post(reverse("actions:document_restart", args=[job.contract.slug, job.public_id]))

    assert answer.status_code == 403
    job.refresh_from_db()
    assert job.state == "echec"


def test_every_reader_has_the_annual_report_made(previous, reader, contract, at_once):
    with at_once():
        signed_in(reader).post(reverse("actions:annual_report", args=[contract.slug]), {"year": 2025})

    document = Document.objects.get()
    assert (document.meeting, document.title) == (None, "Bilan annuel 2025")
    assert (document.kind, document.year) == (DocumentKind.ANNUAL_REPORT, 2025)
    text = text_of(document)
    for expected in ("Bilan annuel 2025", "Comité de pilotage n° 8"):
        assert expected in text


def test_the_annual_report_says_which_decisions_it_does_not_quote_yet(body, previous, reader, contract):
    draft = make_held_meeting(body, number=7, starts_at=datetime(2025, 6, 11, 12, tzinfo=UTC))
    make_decision(draft, text="Pas encore validée.")

    page = render_to_string("pdf/papers/annual.html", annual_context(contract, reader, 2025))
    told = " ".join(page.split())

    assert "Pas encore validée." not in told
    assert "dont le compte rendu est validé" in told
    assert "pas encore : Comité de pilotage n° 7, 11 juin 2025.</p>" in told
    draft.delete()
    assert "dont le compte rendu est validé" not in render_to_string(
        "pdf/papers/annual.html", annual_context(contract, reader, 2025)
    )
