"""Every form and every list of a contract, sent what no form would send: a page or a sentence, never a fault."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contracts.forms import contract as forms
from tests.access import Scene
from tests.people import signed_in

HOSTILE = [
    "\x00",
    "²",
    "-1",
    "9" * 30,
    "2024-02-31",
    "0001-01-01",
    "a" * 30000,
    "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "' OR 1=1 --",
    "{{ 7|add:7 }}",
    "%00%",
    "\u202e",
]
FORMS = [
    ("contracts:create", forms.NewContractForm, {}),
    ("contracts:edit", forms.ContractForm, {}),
    ("contracts:signatory_create", forms.SignatoryForm, {}),
    ("contracts:amendment_create", forms.AmendmentForm, {}),
    ("contracts:axis_create", forms.AxisForm, {}),
    ("contracts:objective_create", forms.ObjectiveForm, {"axis_pk": "axis"}),
    ("contracts:perimeter_add", forms.CommuneListForm, {}),
    ("contracts:perimeter_edit", forms.PerimeterCommuneForm, {"pk": "perimeter_commune"}),
    ("contracts:organisation_create", forms.OrganisationForm, {}),
    ("contracts:contact_create", forms.ContactForm, {"organisation_pk": "organisation"}),
    ("contracts:term_create", forms.TermForm, {"kind": "=theme"}),
    ("contracts:document_edit", forms.DocumentForm, {"public_id": "document.public_id"}),
]
LISTS = [
    "signatories",
    "amendments",
    "axes",
    "perimeter",
    "organisations",
    "terms",
    "documents",
    "deletions",
    "journal",
]


@pytest.mark.parametrize("line", FORMS, ids=lambda line: line[0])
def test_forms_answer_hostile_values_with_a_page(line, contract, pilot_organisation, administrator):
    name, form, arguments = line
    client, scene = signed_in(administrator), Scene(contract, pilot_organisation)
    kwargs = {key: scene.value(path) for key, path in arguments.items()}
    if name != "contracts:create":
        kwargs["slug"] = contract.slug
    address = reverse(name, kwargs=kwargs)

    codes = set()
    for value in HOSTILE:
        data = dict.fromkeys([*form.base_fields, "submission", "version", "choix-title", "conflit"], value)
        codes.add(client.post(address, data).status_code)

    assert codes <= {200, 302, 409}


def test_an_upload_with_hostile_texts_is_answered_with_a_page(contract, coordinator):
    client, address = signed_in(coordinator), reverse("contracts:document_create", args=[contract.slug])

    codes = {
        client.post(address, {"file": SimpleUploadedFile("a.txt", b"a"), "title": value, "kind": value}).status_code
        for value in HOSTILE
    }

    assert codes == {200}


@pytest.mark.parametrize("name", LISTS)
def test_lists_answer_hostile_queries_with_a_page(name, contract, coordinator):
    client, address = signed_in(coordinator), reverse(f"contracts:{name}", args=[contract.slug])

    codes = {client.get(address, {"q": v, "nature": v, "page": v}).status_code for v in HOSTILE}

    assert codes == {200}


def test_an_address_that_no_record_has_is_not_found(contract, coordinator):
    client, base = signed_in(coordinator), reverse("contracts:settings", args=[contract.slug])

    assert client.get(f"{base}axes/{'9' * 30}/").status_code == 404
    assert client.get(f"{base}listes/inconnue/ajouter/").status_code == 404
