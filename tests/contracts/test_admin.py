"""The administrator's pages: reference data, accounts, and the roles that no contract gives."""

import pytest
from django.urls import reverse

from cls_portal.accounts.models import User
from contracts.enums import Role, TermKind
from contracts.models import Contract, Membership, ReferenceTerm
from tests.factories import make_membership, make_term, make_user
from tests.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_client(administrator):
    return signed_in(administrator)


def give(client, **data):
    url = reverse("admin:contracts_membership_add")
    return client.post(url, {"territory": "", "department": "", "region": ""} | data)


def errors(response) -> str:
    return " ".join(str(error) for error in response.context["errors"])


def test_admin_has_no_sign_in_page_of_its_own(client):
    """It would know neither the lock-out nor the codes."""
    response = client.get(reverse("admin:login"))

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("role", ["coordinator", "ars_referent", "pilot", "reader"])
def test_admin_is_closed_to_every_other_role(request, role):
    client = signed_in(request.getfixturevalue(role))

    assert client.get(reverse("admin:login")).status_code == 403
    assert client.get(reverse("admin:index")).status_code == 302
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 302


def test_admin_holds_reference_data_accounts_and_wide_roles_only(admin_client):
    page = admin_client.get(reverse("admin:index")).content.decode()
    models = {
        name
        for name in ("region", "department", "commune", "referenceterm", "membership")
        if f"/contracts/{name}/" in page
    }

    assert models == {"region", "department", "commune", "referenceterm", "membership"}
    assert "/contracts/contract/" not in page
    assert "/account/emailaddress/" not in page


def test_administrator_gives_the_reading_of_a_departement_to_the_ars(admin_client, administrator, contract):
    person = make_user("ars28@exemple.fr")

    give(admin_client, user=person.pk, role=Role.ARS_REFERENT, department="28")

    held = Membership.objects.get(user=person)
    assert (held.role, held.department_id) == (Role.ARS_REFERENT, "28")
    assert held.history.get().history_user == administrator


def test_administrator_gives_the_reading_of_all_contracts(admin_client, contract, other_contract):
    person = make_user("national@exemple.fr")

    give(admin_client, user=person.pk, role=Role.NATIONAL_READER)

    assert Contract.objects.visible_to(person).count() == 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"role": Role.NATIONAL_READER, "region": "24"}, "Ce rôle ne se donne pas à cette échelle."),
        ({"role": Role.COORDINATOR, "department": "28"}, "Ce rôle ne se donne pas à cette échelle."),
        ({"role": Role.ARS_REFERENT}, "Un rôle porte sur un seul contrat"),
        ({"role": Role.ARS_REFERENT, "department": "28", "region": "24"}, "Un rôle porte sur un seul contrat"),
        ({"role": Role.PILOT, "department": "28"}, "choix"),
        ({"role": Role.READER, "region": "24"}, "choix"),
    ],
)
def test_wide_role_that_makes_no_sense_is_refused_by_a_sentence(admin_client, data, sentence):
    response = give(admin_client, user=make_user().pk, **data)

    assert response.status_code == 200
    assert sentence in errors(response)


def test_wide_role_already_held_is_refused_by_a_sentence(admin_client):
    held = make_membership(Role.ARS_REFERENT)

    response = give(admin_client, user=held.user.pk, role=Role.ARS_REFERENT, department=held.department.pk)

    assert "Cette personne a déjà ce rôle." in errors(response)


def test_term_already_in_its_list_is_refused_by_a_sentence(admin_client):
    make_term(TermKind.THEME, label="Sommeil")

    response = admin_client.post(
        reverse("admin:contracts_referenceterm_add"), {"kind": TermKind.THEME, "label": "sommeil", "position": 1}
    )

    assert "Cette liste a déjà ce terme." in errors(response)


def test_terms_and_roles_of_a_contract_stay_out_of_the_admin(admin_client, contract, reader):
    term = make_term(label="Propre au contrat", contract=contract)

    assert (
        "Propre au contrat"
        not in admin_client.get(reverse("admin:contracts_referenceterm_changelist")).content.decode()
    )
    assert admin_client.get(reverse("admin:contracts_referenceterm_change", args=[term.pk])).status_code == 302
    held = reader.memberships.get()
    assert admin_client.get(reverse("admin:contracts_membership_change", args=[held.pk])).status_code == 302


def test_account_opened_by_the_administrator_has_no_password_and_a_lower_case_address(admin_client):
    admin_client.post(
        reverse("admin:accounts_user_add"), {"email": "Nouvelle@Exemple.fr", "last_name": "Roche", "is_active": "on"}
    )

    person = User.objects.get(last_name="Roche")
    assert person.email == "nouvelle@exemple.fr"
    assert not person.has_usable_password()


@pytest.mark.parametrize("address", ["coordination@exemple.fr", "Coordination@Exemple.FR"])
def test_address_that_has_an_account_is_refused_by_a_sentence(admin_client, coordinator, address):
    response = admin_client.post(reverse("admin:accounts_user_add"), {"email": address, "is_active": "on"})

    assert response.status_code == 200
    assert errors(response)


def test_account_keeps_its_address_and_is_never_deleted(admin_client, coordinator):
    page = reverse("admin:accounts_user_change", args=[coordinator.pk])

    admin_client.post(page, {"email": "autre@exemple.fr", "last_name": "Roche", "is_active": "on"})

    coordinator.refresh_from_db()
    assert (coordinator.email, coordinator.last_name) == ("coordination@exemple.fr", "Roche")
    assert admin_client.post(reverse("admin:accounts_user_delete", args=[coordinator.pk])).status_code == 403


def test_every_reference_list_can_be_extended_by_the_administrator(admin_client):
    admin_client.post(
        reverse("admin:contracts_referenceterm_add"), {"kind": TermKind.BRAKE, "label": "Crue", "position": 9}
    )

    assert ReferenceTerm.objects.get(label="Crue").contract is None
