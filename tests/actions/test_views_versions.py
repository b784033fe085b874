"""The pages of the frozen versions, and what is printed of them."""

import pytest
from django.urls import reverse

from actions.documents import version_pdf
from actions.services.lifecycle import delete_action
from tests.factories import make_action, make_axis, make_full_action, make_signatory, make_version
from tests.pdf_checks import Pdf, assert_accessible
from tests.people import signed_in
from tests.queries import assert_constant_queries, query_count_test

pytestmark = pytest.mark.django_db


def text_of(user, name: str, contract, *args, query: str = "") -> str:
    response = signed_in(user).get(reverse(f"actions:{name}", args=[contract.slug, *args]) + query)
    assert response.status_code == 200
    return response.content.decode()


@query_count_test("actions:versions")
def test_the_list_of_versions_costs_the_same_whatever_it_holds(contract, reader):
    make_action(contract)
    url = reverse("actions:versions", args=[contract.slug])
    assert_constant_queries(signed_in(reader), url, lambda number: [make_version(contract) for _ in range(number)])


def test_a_version_is_read_as_it_was_after_its_fiche_has_gone(contract, reader):
    action = make_full_action(contract, parts=1, axis=make_axis(contract, title="Prévention"), title="Vacciner")
    version = make_version(contract)
    pk = action.pk
    delete_action(action=action, user=None)
    page = text_of(reader, "version", contract, version.number)
    assert "Vacciner" in page
    assert version.digest in page
    assert "vérifiée à l’instant" in page
    fiche = text_of(reader, "version_fiche", contract, version.number, pk)
    assert "Cette fiche n’est plus dans le plan" in fiche
    assert "Retarder l’entrée dans les consommations." in fiche


def test_an_altered_version_says_so_on_screen(contract, reader, monkeypatch):
    make_action(contract)
    version = make_version(contract)
    monkeypatch.setattr("actions.versions.reading.digest_of", lambda content: "0" * 64)
    assert "altérée hors du portail" in text_of(reader, "version", contract, version.number)


def test_what_changed_since_a_version_and_between_two(contract, reader):
    action = make_action(contract, title="Vacciner", context="Peu de centres.")
    first = make_version(contract)
    action.context = "Peu de centres, loin des lycées."
    action.save()
    make_signatory(contract, commitments="Ouvrir un créneau")
    since = text_of(reader, "version_changes", contract, first.number, query="?a=aujourdhui")
    assert "<ins>centres, loin des lycées.</ins>" in since
    assert "Ouvrir un créneau" in since
    second = make_version(contract)
    action.title = "Vacciner partout"
    action.save()
    between = text_of(reader, "version_changes", contract, second.number)
    assert "De la version 1 à la version 2" in between
    assert "Vacciner partout" not in between


def test_the_first_version_changed_nothing_that_can_be_shown(contract, reader):
    version = make_version(contract)
    url = reverse("actions:version_changes", args=[contract.slug, version.number])
    assert signed_in(reader).get(url).status_code == 404


def test_a_version_is_printed_whole_and_tagged_with_its_digest(contract):
    pytest.importorskip("weasyprint", reason="Pango manque : apt-get install libpango-1.0-0")
    axis = make_axis(contract, title="Prévention", description="Agir tôt.")
    make_full_action(contract, parts=2, axis=axis, code="1.1", title="Vacciner")
    make_action(contract, title="Fiche sans axe")
    version = make_version(contract)
    name, content = version_pdf(version, lambda done, total: None)
    pdf = Pdf(content)
    assert_accessible(pdf)
    assert name == f"Version 1, {contract}.pdf"
    text = pdf.text()
    for expected in ("Prévention", "Agir tôt.", "Vacciner", "Fiche sans axe", version.digest[:32], "Étape 1"):
        assert expected in text
    assert "1.1 Vacciner" in " | ".join(pdf.bookmarks())
