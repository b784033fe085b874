"""Documents: kept under a name nobody can guess, sent as attachments to those who may read the contract."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from contracts.enums import DocumentKind, JobState, PaperKind
from contracts.models import Document, DocumentJob
from tests.factories import make_document, make_document_job
from tests.people import signed_in

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def upload(client, contract, *, name="Contrat signé.pdf", content=PDF, **data):
    file = SimpleUploadedFile(name, content, content_type="text/html")
    return client.post(
        reverse("contracts:document_create", args=[contract.slug]),
        {"file": file, "kind": DocumentKind.SIGNED, "title": ""} | data,
    )


def test_an_uploaded_document_is_kept_under_a_random_name(contract, coordinator):
    response = upload(signed_in(coordinator), contract)

    document = Document.objects.get()
    assert response.status_code == 302
    assert (document.title, document.original_name, document.content_type, document.size) == (
        "Contrat signé",
        "Contrat signé.pdf",
        "application/pdf",
        len(PDF),
    )
    assert re.fullmatch(r"documents/[0-9a-f]{32}\.pdf", document.file.name)
    assert document.uploaded_by == document.history.get().history_user == coordinator


def test_a_document_is_always_an_attachment_in_a_sandbox(contract, reader):
    document = make_document(contract, PDF, original_name="Délibération n° 2 « santé ».pdf")

    response = signed_in(reader).get(document.get_absolute_url())

    assert b"".join(response) == PDF
    assert response["Content-Disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''D%C3%A9lib%C3%A9ration%20n%C2%B0%202%20%C2%AB" in response["Content-Disposition"]
    assert 'filename="Deliberation no 2  sante .pdf"' in response["Content-Disposition"]
    assert response["Content-Security-Policy"] == "sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_a_document_is_found_under_no_media_address(contract, administrator):
    document = make_document(contract)

    assert signed_in(administrator).get(f"/media/{document.file.name}").status_code == 404


def test_the_document_of_another_contract_is_not_found_through_ones_own(contract, other_contract, administrator):
    document = make_document(other_contract)
    url = reverse("contracts:document", args=[contract.slug, document.public_id])

    assert signed_in(administrator).get(url).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("page.pdf", b"<html>", "Le contenu de ce fichier"),
        ("page.html", b"<html>", "n’est pas accepté"),
        ("vide.pdf", b"", "vide"),
    ],
)
def test_a_refused_file_is_told_beside_the_field_and_loses_nothing(contract, coordinator, name, content, sentence):
    response = upload(signed_in(coordinator), contract, name=name, content=content, title="Mon intitulé")

    assert response.status_code == 200
    assert sentence in response.context["form"].errors["file"][0]
    assert 'value="Mon intitulé"' in response.content.decode()
    assert Document.objects.count() == 0


def test_an_annual_report_says_of_which_year(contract, coordinator):
    client = signed_in(coordinator)

    refused = upload(client, contract, kind=DocumentKind.ANNUAL_REPORT)
    assert refused.context["form"].errors == {"year": ["Dites de quelle année ce bilan rend compte."]}

    upload(client, contract, kind=DocumentKind.ANNUAL_REPORT, year="2025")
    assert Document.objects.get().year == 2025


def test_documents_are_searched_without_accents_and_filtered(contract, reader):
    make_document(contract, title="Délibération de 2024", kind=DocumentKind.DELIBERATION)
    make_document(contract, title="Étude", kind=DocumentKind.REPORT)
    client, url = signed_in(reader), reverse("contracts:documents", args=[contract.slug])

    def titles(query):
        return [document.title for document in client.get(url + query).context["page_obj"]]

    assert titles("?q=DELIBERATION") == ["Délibération de 2024"]
    assert titles("?nature=rapport") == ["Étude"]
    assert titles("?nature=inconnue&q=etude") == ["Étude"]
    assert titles("?q=%00&page=zz") == ["Étude", "Délibération de 2024"]


def test_a_document_being_produced_is_listed(contract, reader):
    DocumentJob.objects.create(contract=contract, kind="plan", title="Plan d’actions", state=JobState.RUNNING)

    page = signed_in(reader).get(reverse("contracts:documents", args=[contract.slug])).content.decode()

    assert "Plan d’actions" in page
    assert "en cours" in page


def test_what_is_being_prepared_shows_to_those_who_may_have_it_made_or_asked(contract, reader, coordinator):
    dossier = make_document_job(contract, kind=PaperKind.FILE, title="Dossier du comité")
    address = reverse("contracts:documents", args=[contract.slug])

    def sees(user) -> tuple[bool, int]:
        client = signed_in(user)
        return "Dossier du comité" in client.get(address).content.decode(), client.get(
            dossier.get_absolute_url()
        ).status_code

    assert (sees(coordinator), sees(reader)) == ((True, 200), (False, 403))
    DocumentJob.objects.update(requested_by=reader)
    assert sees(reader) == (True, 200)


def test_a_failure_is_shown_until_it_is_asked_again_or_a_day_has_passed(contract, reader):
    failed = make_document_job(contract, state=JobState.FAILED, message="Panne.")
    client, address = signed_in(reader), reverse("contracts:documents", args=[contract.slug])
    assert "Panne." in client.get(address).content.decode()

    again = make_document_job(contract, state=JobState.DONE)
    assert "Panne." not in client.get(address).content.decode()
    again.delete()
    DocumentJob.objects.filter(pk=failed.pk).update(requested_at=timezone.now() - timedelta(hours=25))
    assert "Panne." not in client.get(address).content.decode()
    assert "Panne." in client.get(failed.get_absolute_url()).content.decode()


def test_a_deleted_document_comes_back_with_its_file(contract, coordinator):
    document = make_document(contract, PDF)
    client = signed_in(coordinator)

    client.post(reverse("contracts:document_delete", args=[contract.slug, document.public_id]))
    page = client.get(reverse("contracts:documents", args=[contract.slug])).content.decode()
    assert client.get(document.get_absolute_url()).status_code == 404
    undo = re.search(r'href="([^"]*retablir/)"', page)[1]
    client.post(undo)

    assert b"".join(client.get(document.get_absolute_url())) == PDF
