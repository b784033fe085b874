"""A fiche that is deleted stays, by its number and its title, in the papers that others have read."""

import pytest
from django.urls import reverse

from actions.models import AgendaFiche, DecisionFiche
from actions.papers.making import LIGHT, dossier_pdf
from actions.papers.sections import SECTIONS, Choice
from actions.services.agenda import change_agenda_item
from actions.services.decisions import change_decision
from actions.services.lifecycle import delete_action
from cls_portal.core.dates import today
from cls_portal.core.deletion import restore
from contracts.enums import MeetingState, PaperKind
from contracts.models import Decision, Meeting
from tests.pdf_checks import Pdf
from tests.people import signed_in

pytestmark = pytest.mark.django_db
NAME = "1.7 Addictions"
GONE = f"Fiche supprimée depuis : {NAME}"


@pytest.fixture
def deletion(meeting, fiche, coordinator):
    return delete_action(action=fiche, user=coordinator)


def pages(meeting: Meeting, previous: Meeting, user) -> dict[str, str]:
    contract = meeting.body.contract
    addresses = [
        *(meeting.get_absolute_url(), previous.get_absolute_url()),
        *(reverse(f"actions:{name}", args=[contract.slug]) for name in ("governance", "decisions")),
        reverse("actions:decisions_export", args=[contract.slug]) + "?format=csv",
        reverse("actions:changes", args=[contract.slug]) + "?du=2026-01-01",
        reverse("actions:session", args=[contract.slug, meeting.pk]),
        reverse("actions:decision_edit", args=[contract.slug, Decision.objects.get(text="Trouver un relais.").pk]),
    ]
    Meeting.objects.filter(pk=previous.pk).update(state=MeetingState.HELD)  # its decisions can be rewritten
    client = signed_in(user)
    return {address: client.get(address) for address in addresses}


def test_the_pages_name_it_without_a_link(meeting, previous, coordinator, deletion):
    answers = pages(meeting, previous, coordinator)

    for address, answer in answers.items():
        text = b"".join(answer).decode()
        assert "Addictions" in text, address
        assert f"/fiches/{deletion.object_id}/" not in text, address


def test_the_papers_name_it(meeting, previous, coordinator, deletion):
    pytest.importorskip("weasyprint", reason="Pango manque : apt-get install libpango-1.0-0")
    choice = Choice(meeting.pk, today(), tuple(section.key for section in SECTIONS), ())
    papers = [LIGHT[kind].make(previous, coordinator)[1] for kind in (PaperKind.DECISIONS, PaperKind.MINUTES)]
    papers.append(dossier_pdf(meeting, coordinator, choice, lambda done, total: None)[1])

    texts = [" ".join(Pdf(paper).text().split()) for paper in papers]

    assert [text.count(GONE) for text in texts[:2]] == [1, 1]
    assert f"{NAME}, fiche supprimée" in texts[2], "on the agenda"
    assert GONE in texts[2], "among the decisions to follow"


def test_rewriting_the_point_or_the_decision_does_not_lose_it(meeting, previous, coordinator, deletion):
    Meeting.objects.update(state=MeetingState.HELD)
    decision, item = Decision.objects.get(text="Trouver un relais."), meeting.agenda.get(title="Arbitrages")

    change_decision(decision=decision, read_version=decision.version, user=coordinator)
    change_agenda_item(item=item, user=coordinator, fiches=[], decisions=[])

    assert [str(link) for link in (*decision.fiches.all(), *item.fiches.all())] == [NAME] * 2


def test_undoing_the_deletion_brings_the_links_back(previous, coordinator, deletion):
    restore(deletion, user=coordinator)

    assert [link.action.title for link in (AgendaFiche.objects.get(), DecisionFiche.objects.get())] == [
        "Addictions"
    ] * 2
    assert (
        DecisionFiche.objects.get().action.get_absolute_url()
        in signed_in(coordinator).get(previous.get_absolute_url()).content.decode()
    )
