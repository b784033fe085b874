"""The printed fiche and the printed plan, and the job that makes the second."""

import io
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from actions.documents import PLAN, fiche_pdf, plan_context, plan_pdf
from actions.enums import DraftingState, Status
from actions.fiche.sheet import readable
from cls_portal.core.pdf import read_page
from contracts.enums import DocumentKind, JobState
from contracts.models import Document, DocumentJob
from contracts.services.production import (
    PATIENCE,
    SILENCE_OF_A_DEAD_JOB,
    Made,
    produce_document,
    request_document,
    restart_document,
    run_job,
    under_way,
)
from tests.factories import make_action, make_axis, make_contract, make_document_job, make_membership
from tests.factories.full_action import make_full_action
from tests.pdf_checks import Pdf, assert_accessible
from tests.people import signed_in

pytest.importorskip("weasyprint", reason="Pango manque : apt-get install libpango-1.0-0")
pytestmark = pytest.mark.django_db


@pytest.fixture
def contract():
    return make_contract(title="Pays d’essai 2024-2028")


@pytest.fixture
def reader(contract):
    return make_membership("reader", contract=contract).user


def silent(done, total):
    """A report nobody reads."""


def printed_fiche(contract, user, action) -> Pdf:
    row = readable(user, contract).get(pk=action.pk)
    row.contract = contract
    return Pdf(fiche_pdf(row, user)[1])


def test_a_full_fiche_is_tagged_and_complete(contract, reader):
    action = make_full_action(contract, axis=make_axis(contract), code="1.7", title="Prévenir les addictions")

    pdf = printed_fiche(contract, reader, action)

    assert_accessible(pdf)
    text = pdf.text()
    for expected in ("Prévenir les addictions", "Retarder l’entrée", "Quatorze établissements", "page 1/2"):
        assert expected in text
    assert pdf.pages <= 2


def test_an_empty_fiche_says_what_is_to_be_completed(contract, reader):
    pdf = printed_fiche(contract, reader, make_action(contract, title="Fiche nue", code=""))

    assert "Fiche nue" in pdf.text()
    assert "à compléter" in pdf.text()
    assert pdf.pages == 1


def test_a_long_text_is_paginated_and_nothing_is_cut(contract, reader):
    words = " ".join(f"mot{number:04d}" for number in range(2400))
    pdf = printed_fiche(contract, reader, make_action(contract, description=words))

    text = pdf.text()
    assert pdf.pages > 2
    assert [number for number in range(2400) if f"mot{number:04d}" not in text] == []


def test_the_plan_has_cover_contents_summary_and_every_fiche(contract, reader):
    for number in (1, 2):
        axis = make_axis(contract, title=f"Axe essai {number}")
        make_action(axis=axis, code=f"{number}.1", title=f"Première de {number}")
        make_action(axis=axis, code=f"{number}.2", title=f"Seconde de {number}")
    make_action(contract, code="", title="Fiche sans axe")
    make_action(contract, title="Fiche archivée", drafting_state=DraftingState.ARCHIVED)

    pdf = Pdf(plan_pdf(contract, reader, silent)[1])

    assert_accessible(pdf)
    bookmarks = " | ".join(pdf.bookmarks())
    for expected in ("Sommaire", "Synthèse", "Axe essai 1", "2.2", "Seconde de 2", "Fiche sans axe"):
        assert expected in bookmarks
    assert "archivée" not in pdf.text()
    assert "Sans axe" in pdf.text()


def test_the_contents_give_the_page_of_each_fiche(contract, reader):
    axis = make_axis(contract)
    for number in range(4):
        make_action(axis=axis, code=f"F{number}", title=f"Fiche numérotée {number}")

    pdf = Pdf(plan_pdf(contract, reader, silent)[1])

    contents = pdf.text().split("Synthèse", 1)[1]
    assert [f"Fiche numérotée {number} {5 + number}" in contents for number in range(4)] == [True] * 4


def test_the_plan_costs_the_same_number_of_queries_whatever_its_size(reader, contract, django_assert_max_num_queries):
    axis = make_axis(contract)
    for _ in range(6):
        make_full_action(contract, axis=axis)

    with django_assert_max_num_queries(26):
        context = plan_context(contract, reader)
        [sheet.pilots + list(sheet.action.printed_news) for sheet in context["parts"][0]["sheets"]]


def test_the_plan_is_well_formed_so_that_it_is_read_fast(contract, reader):
    make_full_action(contract, axis=make_axis(contract), in_kind="Salle\nMatériel")

    page = render_to_string("pdf/plan.html", {"demo": True, **plan_context(contract, reader)})

    assert read_page(page) is not None


def test_the_cover_says_what_each_colour_stands_for(contract, reader):
    make_action(axis=make_axis(contract), status=Status.DONE)

    cover = Pdf(plan_pdf(contract, reader, silent)[1]).text().split("Sommaire")[0]

    assert "Réalisée 1" in cover


def test_the_progress_is_told_page_after_page(contract, reader):
    make_action(contract)
    told = []

    plan_pdf(contract, reader, lambda done, total: told.append((done, total)))

    assert [done for done, _total in told[:3]] == [1, 2, 3]
    assert {total for _done, total in told} == {7}


# The job


def ask(contract, user):
    return request_document(contract=contract, user=user, kind=PLAN, title="Plan d’actions")


def test_two_clicks_make_one_document(contract, reader, queue, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        jobs = [ask(contract, reader) for _ in range(2)]

    assert jobs[0] == jobs[1]
    assert queue() == 1
    assert Document.objects.count() == 1


def test_a_document_finished_while_it_is_asked_again_is_made_again(contract, reader, monkeypatch):
    first = ask(contract, reader)

    def under_way_too_late(**asked):
        DocumentJob.objects.filter(pk=first.pk).update(state=JobState.FAILED)
        return under_way(**asked)

    monkeypatch.setattr("contracts.services.production.under_way", under_way_too_late)
    second = ask(contract, reader)

    assert (second != first, second.state) == (True, JobState.WAITING)


def test_the_document_made_is_listed_among_those_of_the_contract(contract, reader):
    make_action(contract, title="Une fiche")
    job = ask(contract, reader)

    produce_document.call(job.pk)

    job.refresh_from_db()
    document = Document.objects.get()
    assert (job.state, job.document) == (JobState.DONE, document)
    assert (document.contract, document.kind) == (contract, DocumentKind.PRODUCED)
    with document.file.open() as file:
        assert "Une fiche" in Pdf(file.read()).text()


def test_a_failure_is_told_and_leaves_no_file(contract, reader):
    job = ask(contract, reader)

    with pytest.raises(ZeroDivisionError):
        run_job(job, lambda report: 1 / 0)

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "Relancez" in job.message
    assert not Document.objects.exists()


def killed(job: DocumentJob, attempts: int = 1) -> None:
    """As a process leaves it that was killed a while ago, in the middle of a page."""
    long_ago = timezone.now() - SILENCE_OF_A_DEAD_JOB - timedelta(seconds=1)
    DocumentJob.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=attempts, done=3, beat_at=long_ago)


@pytest.mark.parametrize(
    ("progress", "shown", "hidden"),
    [
        ((3, 5), ["Pages mises en forme", "3 sur 96"], ["Dernières pages", "signe de vie"]),
        ((96, 5), ["Dernières pages, puis écriture du fichier"], ["96 sur 96", "signe de vie"]),
        ((6, 60), ["6 sur 96", "Aucun signe de vie", "d’ici deux minutes"], []),
    ],
)
def test_the_page_says_that_the_file_is_being_written_or_that_nothing_comes_any_more(
    contract, reader, progress, shown, hidden
):
    done, seconds = progress
    job = make_document_job(contract, state=JobState.RUNNING, attempts=1, done=done, total=96, requested_by=reader)
    DocumentJob.objects.filter(pk=job.pk).update(beat_at=timezone.now() - timedelta(seconds=seconds))

    page = signed_in(reader).get(job.get_absolute_url()).content.decode()

    assert [words for words in shown if words not in page] == []
    assert [words for words in hidden if words in page] == []


def test_a_job_whose_process_was_killed_is_taken_up_again_from_its_page(
    contract, reader, client, queue, django_capture_on_commit_callbacks
):
    client.force_login(reader)
    make_action(contract)
    job = ask(contract, reader)
    killed(job)

    with django_capture_on_commit_callbacks(execute=True):
        pages = [client.get(job.get_absolute_url()).content.decode() for _ in range(2)]

    assert "En attente" in pages[0]
    assert queue() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 2)
    assert Document.objects.count() == 1


def test_the_worker_takes_up_what_was_killed_before_its_own_work(
    contract, reader, queue, django_capture_on_commit_callbacks
):
    other = make_membership("reader").user
    job, theirs = ask(contract, reader), ask(other.memberships.get().contract, other)
    killed(job)

    with django_capture_on_commit_callbacks(execute=True):
        produce_document.call(theirs.pk)

    assert queue() == 1
    assert Document.objects.count() == 2


def test_the_worker_takes_up_what_was_killed_at_its_start(contract, reader, queue, django_capture_on_commit_callbacks):
    killed(ask(contract, reader))

    with django_capture_on_commit_callbacks(execute=True):
        call_command("resume_documents", stdout=io.StringIO())

    assert queue() == 1
    assert Document.objects.count() == 1


def test_a_job_killed_twice_is_given_up_and_can_be_asked_again(contract, reader):
    job = ask(contract, reader)
    killed(job, attempts=2)

    again = ask(contract, reader)

    job.refresh_from_db()
    assert again != job
    assert job.state == JobState.FAILED
    assert "interrompue" in job.message


def test_a_process_said_dead_too_soon_does_not_make_a_second_document(contract, reader):
    job = ask(contract, reader)

    def slow(report):
        killed(job)
        ask(contract, reader)
        produce_document.call(job.pk)
        return Made("lent.pdf", b"%PDF-1.7 lent")

    run_job(job, slow)

    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert Document.objects.get().original_name != "lent.pdf"


def test_a_document_is_made_with_the_rights_of_who_asked(contract, reader):
    job = ask(contract, reader)
    reader.memberships.all().delete()

    produce_document.call(job.pk)

    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.FAILED, "Vous n’avez plus accès à ce contrat.")
    assert not Document.objects.exists()


def test_a_job_that_nobody_took_can_be_asked_again(contract, reader):
    lost = ask(contract, reader)
    DocumentJob.objects.filter(pk=lost.pk).update(requested_at=timezone.now() - PATIENCE - timedelta(seconds=1))

    assert ask(contract, reader) != lost


def failed(contract, user) -> DocumentJob:
    job = ask(contract, user)
    DocumentJob.objects.filter(pk=job.pk).update(state=JobState.FAILED, message="Panne.", done=3, total=9)
    return job


def restart_form(page: str) -> str:
    return re.search(r'<form method="post" action="([^"]*/relance/)"', page)[1]


def test_a_failed_document_is_asked_again_from_its_page(contract, reader, client, django_capture_on_commit_callbacks):
    job = failed(contract, reader)
    later = make_membership("reader", contract=contract).user
    client.force_login(later)
    address = restart_form(client.get(job.get_absolute_url()).content.decode())

    with django_capture_on_commit_callbacks(execute=True):
        answers = [client.post(address).url for _ in range(2)]

    job.refresh_from_db()
    assert answers == [job.get_absolute_url()] * 2
    assert (job.state, job.message, job.requested_by) == (JobState.DONE, "", later)
    assert Document.objects.count() == 1


def test_two_clicks_on_the_restart_make_one_document(contract, reader, queue, django_capture_on_commit_callbacks):
    job = failed(contract, reader)

    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            restart_document(job=job, user=reader)

    assert queue() == 1
    assert Document.objects.count() == 1


def test_a_failed_document_that_was_asked_elsewhere_leads_to_the_one_under_way(contract, reader, client):
    client.force_login(reader)
    job = failed(contract, reader)
    second = ask(contract, reader)

    assert client.post(reverse("actions:document_restart", args=[contract.slug, job.public_id])).url == (
        second.get_absolute_url()
    )


def test_the_page_of_a_job_follows_it_with_and_without_script(contract, reader, client):
    client.force_login(reader)
    job = ask(contract, reader)

    page = client.get(job.get_absolute_url()).content.decode()
    fragment = client.get(job.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()

    assert '<noscript><meta http-equiv="refresh"' in page
    assert "<html" not in fragment
    assert 'hx-trigger="every 2s"' in fragment


def test_a_click_then_the_file(contract, reader, client, django_capture_on_commit_callbacks):
    client.force_login(reader)
    make_action(contract, title="Une fiche")

    with django_capture_on_commit_callbacks(execute=True):
        waiting = client.post(reverse("actions:plan_pdf", args=[contract.slug])).url

    assert "Le document est prêt." in client.get(waiting).content.decode()
    assert Document.objects.get().title == "Plan d’actions"


def test_one_fiche_is_printed_at_once(contract, reader, client):
    client.force_login(reader)
    action = make_action(contract, code="2.1", title="Été à l’hôpital")

    answer = client.get(reverse("actions:pdf", args=[contract.slug, action.pk]))

    assert answer["Content-Type"] == "application/pdf"
    assert "Fiche" in answer["Content-Disposition"]
    assert "Été à l’hôpital" in Pdf(answer.content).text()
