"""The whole contract: what its page says is missing, and what its document holds."""

from datetime import date

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from actions.models import FundingLine
from actions.papers.whole import WHOLE, whole_context, whole_pdf
from cls_portal.core.pdf import read_page
from contracts.enums import BodyRole, DocumentKind, JobState
from contracts.models import Contract, Document
from contracts.services.production import produce_document, request_document
from tests.factories import (
    make_action,
    make_amendment,
    make_axis,
    make_body,
    make_commune,
    make_contact,
    make_full_action,
    make_member,
    make_objective,
    make_organisation,
    make_perimeter_commune,
    make_signatory,
)
from tests.page_forms import form_data
from tests.pdf_checks import Pdf, assert_accessible
from tests.people import signed_in

TEXTS = {
    "recitals": "Vu le code de la santé publique.",
    "preamble": "Les signataires agissent ensemble.",
    "presentation": "Le territoire se dépeuplait.",
    "diagnostic_summary": "Il manque des médecins.",
    "articulation": "Contrat de ville.",
    "governance_terms": "Le comité décide.",
    "funding_terms": "Chaque action a son plan.",
    "duration_terms": "Il se révise par avenant.",
    "evaluation_method": "Un bilan chaque année.",
}
CHAPTERS = [
    *("Visas", "Préambule", "Genèse et contexte", "Parties prenantes", "Périmètre et population", "Diagnostic"),
    *("Axes et priorités", "Articulation avec les autres démarches", "Gouvernance et pilotage"),
    *("Engagements réciproques", "Financement", "Durée et révision", "Suivi et évaluation", "Signatures"),
    *("Annexe\u00a0: fiches actions", "Annexe\u00a0: sigles et noms courts"),
]


def silent(done, total):
    """A report nobody reads."""


@pytest.fixture
def whole(contract) -> Contract:
    """A contract that has everything."""
    Contract.objects.filter(pk=contract.pk).update(population=39000, population_year=2021, **TEXTS)
    contract.refresh_from_db()
    make_perimeter_commune(contract, commune=make_commune(name="Moulay"))
    agency = make_organisation(contract, name="Agence régionale de santé", short_name="ARS")
    director = make_contact(agency, first_name="Dominique", last_name="Aubert", job_title="Direction générale")
    make_signatory(contract, organisation=agency, representative=director, commitments="Relire chaque fiche.")
    make_signatory(contract, organisation=make_organisation(contract, name="Collectivité muette"))
    make_amendment(contract, purpose="Ajouter un axe.", new_end_date=date(2030, 12, 31))
    axis = make_axis(contract, code="1", title="Accès aux soins", description="Se soigner près de chez soi.")
    make_objective(axis, title="Installer des médecins")
    body = make_body(contract, name="comité de pilotage", rhythm="deux fois par an")
    make_member(body, organisation=agency, representative=director, role=BodyRole.CHAIR)
    action = make_full_action(contract, axis=axis, code="1.1", title="Former les aidants", parts=1)
    FundingLine.objects.create(action=action, year=2025, funder=agency, planned=20000)
    return contract


def printed(contract, user) -> Pdf:
    return Pdf(whole_pdf(contract, user, silent)[1])


def test_it_is_tagged_and_its_chapters_come_in_the_order_of_a_signed_contract(whole, reader):
    pdf = printed(whole, reader)

    assert_accessible(pdf)
    chapters = [title.split(" ", 1)[1] for title in pdf.bookmarks() if title.split(" ", 1)[0].isdigit()]
    assert [title for title in chapters if title in CHAPTERS] == CHAPTERS


def test_it_holds_what_is_written_and_what_the_portal_knows(whole, reader):
    text = printed(whole, reader).text()

    for expected in (
        *TEXTS.values(),
        *("Dominique Aubert", "Direction générale", "Moulay", "39 000 habitants en 2021"),
        *("Se soigner près de chez soi.", "Installer des médecins", "deux fois par an"),
        *("Relire chaque fiche.", "20 000", "Ajouter un axe.", "Retarder l’entrée", "Former les aidants"),
    ):
        assert expected in text.replace("\u202f", " ").replace("\xa0", " "), expected


def test_the_fiches_come_without_their_news(whole, reader):
    text = printed(whole, reader).text()

    assert "Derniers points de suivi" not in text


def test_empty_chapters_are_left_out_and_listed_as_missing(contract, coordinator):
    make_action(contract, title="Seule fiche")

    pdf = printed(contract, coordinator)
    page = signed_in(coordinator).get(reverse("actions:whole_contract", args=[contract.slug])).content.decode()

    assert_accessible(pdf)
    bookmarks = " ".join(pdf.bookmarks())
    assert "Visas" not in bookmarks
    assert "Durée et révision" in bookmarks
    assert "Seule fiche" in pdf.text()
    assert page.count("Manque\u00a0: laissé de côté") == len(CHAPTERS) - 2
    assert reverse("contracts:signatories", args=[contract.slug]) in page


def test_the_page_says_who_commits_to_nothing(whole, reader):
    page = signed_in(reader).get(reverse("actions:whole_contract", args=[whole.slug])).content.decode()

    assert "1\u00a0signataire sans engagement écrit" in page
    assert "Compléter" not in page


def test_a_contract_not_signed_yet_says_that_it_is_a_draft(whole, reader):
    Contract.objects.filter(pk=whole.pk).update(state="elaboration", signed_on=None)
    whole.refresh_from_db()

    assert "Projet, non signé" in printed(whole, reader).text()


def test_it_is_well_formed_so_that_it_is_read_fast(whole, reader):
    page = render_to_string("pdf/contract.html", {"demo": True, **whole_context(whole, reader)})

    assert read_page(page) is not None


def test_it_costs_the_same_number_of_queries_whatever_its_size(whole, reader, django_assert_max_num_queries):
    axis = make_axis(whole)
    for _ in range(6):
        make_full_action(whole, axis=axis)
        make_signatory(whole)
        make_body(whole)

    with django_assert_max_num_queries(45):
        render_to_string("pdf/contract.html", {"demo": True, **whole_context(whole, reader)})


def test_the_chapters_are_written_in_the_settings(contract, coordinator):
    client, address = signed_in(coordinator), reverse("contracts:edit", args=[contract.slug])

    answer = client.post(address, form_data(client.get(address), **TEXTS))

    contract.refresh_from_db()
    assert answer.status_code == 302
    assert {name: getattr(contract, name) for name in TEXTS} == TEXTS
    page = client.get(reverse("contracts:settings", args=[contract.slug])).content.decode()
    assert [text for text in TEXTS.values() if text not in page] == []


def test_a_click_then_the_file_among_the_documents(whole, reader, queue, client, django_capture_on_commit_callbacks):
    client.force_login(reader)
    address = reverse("actions:whole_contract", args=[whole.slug])

    with django_capture_on_commit_callbacks(execute=True):
        jobs = {client.post(address).url for _ in range(2)}

    assert len(jobs) == queue() == 1
    document = Document.objects.get()
    assert (document.title, document.kind) == ("Contrat complet", DocumentKind.PRODUCED)


def test_it_is_made_with_the_rights_of_who_asked(whole, reader):
    job = request_document(contract=whole, user=reader, kind=WHOLE, title="Contrat complet")
    reader.memberships.all().delete()

    produce_document.call(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert not Document.objects.exists()
