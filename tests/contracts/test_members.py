"""« Personnes et rôles »: inviting, changing and withdrawing roles, and what the other person then meets."""

import re

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from cls_portal.accounts.models import User
from contracts.enums import Role
from contracts.models import Membership
from contracts.services.members import change_role, invite_member, withdraw_role
from tests.factories import make_contract, make_department, make_membership, make_organisation, make_user
from tests.people import signed_in
from tests.queries import assert_constant_queries, query_count_test

pytestmark = pytest.mark.django_db

IDENTITY = {"first_name": "Nadia", "last_name": "Roche", "job_title": "Infirmière"}


def url(name, contract, *args) -> str:
    return reverse(f"contracts:{name}", args=[contract.slug, *args])


def invitation(**changes) -> dict:
    return {"email": "nadia@exemple.fr", "role": Role.READER, "organisation": "", **IDENTITY} | changes


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def invite(coordinator, contract, django_capture_on_commit_callbacks):
    """`invite(role=…)`: the coordinator sends the form."""

    def send(**changes):
        with django_capture_on_commit_callbacks(execute=True):
            return signed_in(coordinator).post(url("member_invite", contract), invitation(**changes), follow=True)

    return send


# Inviting


def test_invited_person_comes_in_by_a_code_and_reads_the_contract(invite, contract):
    page = text(invite(email="Nadia@Exemple.fr"))
    [message] = mail.outbox
    visitor = Client()

    assert "Une invitation est envoyée à nadia@exemple.fr." in page
    assert "invitée, pas encore venue" in page
    assert message.to == ["nadia@exemple.fr"]
    assert message.subject == "Invitation au portail des contrats locaux de santé"
    link = re.search(r"http://localhost:8000(\S+)", message.body).group(1)
    assert visitor.get(link).status_code == 200
    assert "_auth_user_id" not in visitor.session

    visitor.post(link, {"email": "nadia@exemple.fr"})
    code = re.search(r"^[A-Z]{4}-[A-Z]{4}$", mail.outbox[1].body, re.MULTILINE).group()
    visitor.post(reverse("account_confirm_login_code"), {"code": code})

    assert visitor.get(url("members", contract)).status_code == 403
    assert list(contract.memberships.filter(role=Role.READER).values_list("user__last_name", flat=True)) == ["Roche"]


def test_invitation_link_never_follows_the_host_of_the_request(
    coordinator, contract, settings, django_capture_on_commit_callbacks
):
    settings.SITE_URL = "https://portail.exemple.fr"

    with django_capture_on_commit_callbacks(execute=True):
        signed_in(coordinator).post(url("member_invite", contract), invitation(), HTTP_HOST="pirate.exemple.com")

    assert "https://portail.exemple.fr/compte/connexion/code/" in mail.outbox[0].body
    assert "pirate" not in mail.outbox[0].body


def test_account_opened_by_an_invitation_has_no_password_and_no_power(invite):
    invite(is_superuser="on", is_staff="on", password="choisi par une autre")

    person = User.objects.get(email="nadia@exemple.fr")
    assert not person.has_usable_password()
    assert not person.is_superuser
    assert not person.is_staff


def test_address_that_has_an_account_gets_the_same_answer_and_keeps_its_name(invite, other_contract):
    known = make_membership(Role.READER, make_user("nadia@exemple.fr", last_name="Ancienne"), contract=other_contract)

    page = text(invite(email="NADIA@exemple.fr"))

    assert "Une invitation est envoyée à nadia@exemple.fr." in page
    known.user.refresh_from_db()
    assert known.user.last_name == "Ancienne"
    assert known.user.memberships.count() == 2
    assert [message.to for message in mail.outbox] == [["nadia@exemple.fr"]]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"email": "pas une adresse"}, "email", "adresse"),
        ({"email": ""}, "email", "obligatoire"),
        ({"last_name": ""}, "last_name", "obligatoire"),
        ({"first_name": "a\x01b"}, "first_name", "caractère invisible"),
        ({"last_name": "n" * 81}, "last_name", "80"),
        ({"role": Role.PILOT}, "organisation", "Indiquez la structure"),
        ({"role": Role.ARS_REFERENT}, "role", "choix"),
        ({"role": "chef"}, "role", "choix"),
        ({"organisation": "999999"}, "organisation", "choix"),
        ({"organisation": "abc"}, "organisation", "choix"),
    ],
)
def test_wrong_invitation_is_refused_beside_its_field_and_leaves_nothing(invite, changes, field, sentence):
    response = invite(**changes)

    assert response.status_code == 200
    assert sentence in " ".join(response.context["form"].errors[field])
    assert not User.objects.filter(email="nadia@exemple.fr").exists()
    assert mail.outbox == []


def test_all_that_is_wrong_in_an_invitation_is_said_at_once(invite):
    errors = invite(email="pas une adresse", role=Role.PILOT).context["form"].errors

    assert set(errors) == {"email", "organisation"}


@pytest.mark.parametrize("role", [Role.READER, Role.COORDINATOR])
def test_a_second_role_on_a_contract_is_refused_and_the_first_is_at_hand(invite, contract, role):
    invite()

    response = invite(role=role)

    assert response.context["form"].errors == {
        "role": ["Cette personne a déjà un rôle sur ce contrat\xa0: changez-le."]
    }
    held = contract.memberships.get(user__email="nadia@exemple.fr")
    assert f'<a href="{url("member_update", contract, held.pk)}">Changer le rôle de Nadia Roche</a>' in text(response)
    assert contract.memberships.filter(user__email="nadia@exemple.fr").count() == 1


def test_organisation_of_another_territory_is_neither_offered_nor_accepted(
    invite, contract, other_contract, coordinator
):
    elsewhere = make_organisation(other_contract, name="Structure d’ailleurs")

    assert "Structure d’ailleurs" not in invite(role=Role.PILOT, organisation=elsewhere.pk).content.decode()
    with pytest.raises(ValidationError, match="appartient à un autre territoire"):
        invite_member(
            contract=contract, user=coordinator, email="n@exemple.fr", role=Role.PILOT, organisation=elsewhere
        )


def test_referent_of_the_ars_is_not_given_on_a_contract(contract, coordinator):
    with pytest.raises(ValidationError) as refusal:
        invite_member(contract=contract, user=coordinator, email="n@exemple.fr", role=Role.ARS_REFERENT)

    assert refusal.value.message_dict == {"role": ["Ce rôle ne se donne pas sur un contrat."]}


def test_invitation_can_be_sent_again(coordinator, contract, reader, django_capture_on_commit_callbacks):
    held = reader.memberships.get()

    with django_capture_on_commit_callbacks(execute=True):
        page = signed_in(coordinator).post(url("member_remind", contract, held.pk), follow=True)

    assert "envoyée de nouveau à lecture@exemple.fr" in text(page)
    assert [message.to for message in mail.outbox] == [["lecture@exemple.fr"]]


# The list


def test_list_shows_each_role_and_where_it_comes_from(coordinator, contract, pilot, ars_referent):
    make_membership(Role.COORDINATOR, make_user("t@exemple.fr", last_name="Territoire"), territory=contract.territory)
    make_membership(Role.ARS_REFERENT, make_user("r@exemple.fr"), region=contract.territory.department.region)
    make_membership(
        Role.READER, make_user("x@exemple.fr"), contract=make_contract(territory=contract.territory, generation=2)
    )

    make_membership(Role.NATIONAL_READER)

    page = text(signed_in(coordinator).get(url("members", contract)))

    assert "tous les contrats" in page
    assert "tout le territoire" in page
    assert "le département Eure-et-Loir (28)" in page
    assert "la région Centre-Val de Loire" in page
    assert "Association pilote" in page
    assert "x@exemple.fr" not in page
    assert page.count("Retirer<span") == 2


def test_last_sign_in_is_shown(coordinator, contract, reader):
    signed_in(reader)

    page = text(signed_in(coordinator).get(url("members", contract)))

    assert "pas encore venue" not in page
    assert "Renvoyer l’invitation" not in page


@query_count_test("contracts:members")
def test_list_costs_the_same_whatever_its_length(coordinator, contract):
    def add(number):
        for _ in range(number):
            make_membership(Role.PILOT, contract=contract)

    assert_constant_queries(signed_in(coordinator), url("members", contract), add)


def test_roles_from_a_wider_scope_cannot_be_touched_from_the_contract(administrator, contract, ars_referent):
    held = ars_referent.memberships.get()
    client = signed_in(administrator)

    for name in ("member_update", "member_withdraw", "member_remind"):
        assert client.post(url(name, contract, held.pk), {"role": Role.READER}).status_code == 404
    assert Membership.objects.filter(pk=held.pk).exists()


def test_role_of_another_contract_cannot_be_touched_through_ones_own(coordinator, contract, outsider):
    held = outsider.memberships.get()

    assert signed_in(coordinator).post(url("member_withdraw", contract, held.pk)).status_code == 404
    assert Membership.objects.filter(pk=held.pk).exists()


@pytest.mark.parametrize("role", ["reader", "pilot", "ars_referent"])
def test_refusal_says_why(request, contract, role):
    response = signed_in(request.getfixturevalue(role)).get(url("members", contract))

    assert response.status_code == 403
    assert "Seule la coordination du contrat peut inviter des personnes" in response.content.decode()


def test_outsider_learns_nothing_of_the_contract(outsider, contract):
    own, unknown = url("members", contract), url("members", contract).replace(contract.slug, "inconnu")
    client = signed_in(outsider)

    assert client.get(own).status_code == client.get(unknown).status_code == 404


# Changing and withdrawing


def test_changed_role_holds_at_the_next_request_of_an_open_session(coordinator, contract, reader):
    session = signed_in(reader)
    assert session.get(url("members", contract)).status_code == 403

    signed_in(coordinator).post(
        url("member_update", contract, reader.memberships.get().pk), {"role": Role.COORDINATOR, "organisation": ""}
    )

    assert session.get(url("members", contract)).status_code == 200


def test_withdrawn_role_holds_at_the_next_request_of_an_open_session(coordinator, contract, reader):
    session = signed_in(reader)
    held = reader.memberships.get()
    assert session.get(url("members", contract)).status_code == 403

    client = signed_in(coordinator)
    assert "perd son rôle" in client.get(url("member_withdraw", contract, held.pk)).content.decode()
    page = client.post(url("member_withdraw", contract, held.pk), follow=True)

    assert "est retiré" in text(page)
    assert session.get(url("members", contract)).status_code == 404
    assert (held.history.first().history_type, held.history.first().history_user) == ("-", coordinator)


def test_last_coordinator_cannot_withdraw_herself(coordinator, contract):
    held = coordinator.memberships.get()

    response = signed_in(coordinator).post(url("member_withdraw", contract, held.pk))

    assert "Ce contrat n’aurait plus de coordination." in response.content.decode()
    assert Membership.objects.filter(pk=held.pk).exists()


def test_last_coordinator_cannot_demote_herself(coordinator, contract):
    held = coordinator.memberships.get()

    response = signed_in(coordinator).post(url("member_update", contract, held.pk), {"role": Role.READER})

    assert "Ce contrat n’aurait plus de coordination." in response.content.decode()
    held.refresh_from_db()
    assert held.role == Role.COORDINATOR


@pytest.mark.parametrize("scope", ["contract", "territory"])
def test_coordinator_leaves_when_another_remains(coordinator, contract, scope):
    make_membership(Role.COORDINATOR, **{scope: contract if scope == "contract" else contract.territory})
    held = coordinator.memberships.get()

    response = signed_in(coordinator).post(url("member_withdraw", contract, held.pk))

    assert (response.status_code, response.url) == (302, "/")
    assert not Membership.objects.filter(pk=held.pk).exists()


def test_coordinator_who_can_no_longer_sign_in_does_not_count(coordinator, contract):
    make_membership(Role.COORDINATOR, make_user(is_active=False), contract=contract)

    with pytest.raises(ValidationError, match="plus de coordination"):
        withdraw_role(membership=coordinator.memberships.get(), user=coordinator)


def test_administrator_may_withdraw_the_last_coordinator(administrator, coordinator, contract):
    withdraw_role(membership=coordinator.memberships.get(), user=administrator)

    assert not contract.memberships.exists()


# What the database holds whatever the way in


@pytest.mark.parametrize(
    ("role", "scopes", "sentence"),
    [
        (Role.READER, [], "Un rôle porte sur un seul contrat, territoire, département ou région."),
        (Role.COORDINATOR, ["contract", "territory"], "Un rôle porte sur un seul contrat"),
        (Role.ARS_REFERENT, ["department", "region"], "Un rôle porte sur un seul contrat"),
        (Role.ARS_REFERENT, ["contract"], "Ce rôle ne se donne pas à cette échelle."),
        (Role.READER, ["territory"], "Ce rôle ne se donne pas à cette échelle."),
        (Role.PILOT, ["region"], "Ce rôle ne se donne pas à cette échelle."),
        (Role.COORDINATOR, ["department"], "Ce rôle ne se donne pas à cette échelle."),
        (Role.NATIONAL_READER, ["contract"], "Ce rôle ne se donne pas à cette échelle."),
        (Role.NATIONAL_READER, ["region"], "Ce rôle ne se donne pas à cette échelle."),
        (Role.PILOT, ["contract"], "Indiquez la structure dont cette personne pilote les fiches."),
    ],
)
def test_role_that_makes_no_sense_is_refused_by_sentence_and_by_the_database(contract, role, scopes, sentence):
    department = make_department()
    places = {
        "contract": contract,
        "territory": contract.territory,
        "department": department,
        "region": department.region,
    }
    membership = Membership(user=make_user(), role=role, **{scope: places[scope] for scope in scopes})

    with pytest.raises(ValidationError) as refusal:
        membership.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        membership.save()

    assert sentence in " ".join(refusal.value.messages)


@pytest.mark.parametrize("scope", ["contract", "territory", "department", "region", "everything"])
def test_same_role_twice_is_refused_by_sentence_and_by_the_database(contract, scope):
    department = make_department()
    roles = {"department": Role.ARS_REFERENT, "region": Role.ARS_REFERENT, "everything": Role.NATIONAL_READER}
    place = {"contract": contract, "territory": contract.territory, "department": department}
    place["region"] = department.region
    where = {scope: place[scope]} if scope in place else {}
    first = make_membership(roles.get(scope, Role.COORDINATOR), **where)
    second = Membership(user=first.user, role=first.role, **where)

    with pytest.raises(ValidationError) as refusal:
        second.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()

    told = "un rôle sur ce contrat\xa0: changez-le" if scope == "contract" else "ce rôle"
    assert refusal.value.messages == [f"Cette personne a déjà {told}."]


def test_a_structure_is_not_deleted_while_roles_are_held_in_its_name(coordinator, contract, pilot_organisation):
    """Its deletion would take away the last coordination, and roles on the other contracts of the territory."""
    contract.memberships.filter(user=coordinator).update(organisation=pilot_organisation)
    later = make_contract(territory=contract.territory, generation=2)
    elsewhere = make_membership(Role.PILOT, contract=later, organisation=pilot_organisation)

    response = signed_in(coordinator).post(url("organisation_delete", contract, pilot_organisation.pk))

    assert response.status_code == 409
    assert "et 1\u00a0autre enregistrement" in response.content.decode()
    assert str(elsewhere.user) not in response.content.decode()
    assert contract.memberships.filter(role=Role.COORDINATOR).exists()
    assert later.memberships.exists()


def test_a_role_withdrawn_meanwhile_does_not_come_back(coordinator, contract, reader):
    read = contract.memberships.get(user=reader)
    withdraw_role(membership=contract.memberships.get(user=reader), user=coordinator)

    with pytest.raises(ValidationError, match="supprimé par une autre personne"):
        change_role(membership=read, user=coordinator, role=Role.COORDINATOR)

    assert not contract.memberships.filter(user=reader).exists()
