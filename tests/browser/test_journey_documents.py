"""The printed plan, asked for in a browser and waited for: the queue is a real one, run by the test step by step."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from contracts.enums import JobState
from contracts.models import DocumentJob
from contracts.services.production import produce_document
from tests.browser.pages import Plan
from tests.factories import make_action, make_axis
from tests.pdf_checks import Pdf

pytest.importorskip("weasyprint", reason="Pango manque : apt-get install libpango-1.0-0")
pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "Repérer les fragilités"


@pytest.fixture(autouse=True)
def _tasks_wait_for_the_test(settings):
    """Elsewhere in the suite a task runs at once: there would be nothing to wait for."""
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": settings.TASK_QUEUES}
    }


@pytest.fixture
def plan(window, reader, contract):
    make_action(contract, title=TITLE, code="1.1", axis=make_axis(contract))
    return Plan(window(reader), contract).open()


def ask_for_the_plan(plan: Plan) -> DocumentJob:
    plan.page.locator("summary", has_text="Exporter").click()
    plan.press("Plan d’actions en PDF")
    expect(plan.page.get_by_text("En attente.")).to_be_visible()
    return DocumentJob.objects.get()


def test_the_plan_is_waited_for_then_downloaded(plan):
    job, page = ask_for_the_plan(plan), plan.page
    page.evaluate("window.sameDocument = true")

    DocumentJob.objects.update(state=JobState.RUNNING, done=3, total=12)
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "3")
    DocumentJob.objects.update(state=JobState.WAITING)
    produce_document.call(job.pk)

    link = page.get_by_role("link", name="Télécharger le PDF")
    expect(link).to_be_visible()
    assert page.evaluate("window.sameDocument"), "the page was loaded again"
    with page.expect_download() as caught:
        link.click()
    assert TITLE in Pdf(caught.value.path().read_bytes()).text()
    page.goto(reverse("contracts:documents", args=[plan.contract.slug]))
    expect(page.locator("tbody tr")).to_contain_text("Plan d’actions")


def test_a_document_that_fails_says_so_where_it_is_waited_for(plan):
    ask_for_the_plan(plan)

    DocumentJob.objects.update(state=JobState.FAILED, message="La production s’est interrompue.")

    expect(plan.page.get_by_text("La production s’est interrompue.")).to_be_visible()


def test_a_document_asked_twice_is_made_once(plan):
    job = ask_for_the_plan(plan)
    plan.open()

    assert ask_for_the_plan(plan) == job
