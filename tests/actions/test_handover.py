"""Somebody leaves: what they held goes to the successor, and the successor finds what is open."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from actions.enums import Status
from actions.models import ActionPilot, FollowUp, Step
from cls_portal.core.dates import today
from contracts.enums import Role
from contracts.models import BodyMember, Membership
from tests.factories import (
    make_action,
    make_body,
    make_contact,
    make_contract,
    make_decision,
    make_held_meeting,
    make_member,
    make_membership,
    make_opinion_request,
    make_organisation,
    make_review,
    make_territory,
    make_user,
)
from tests.people import signed_in
from tests.queries import assert_constant_queries, query_count_test

pytestmark = pytest.mark.django_db
SUCCESSOR = {"email": "suite@exemple.fr", "first_name": "Lou", "last_name": "Valbray", "job_title": "Coordination"}


def transfer_url(contract, membership) -> str:
    return reverse("actions:handover_transfer", args=[contract.slug, membership.pk])


def hand_over(user, contract, membership, **data):
    return signed_in(user).post(transfer_url(contract, membership), SUCCESSOR | data)


@pytest.fixture
def leaver(contract):
    return make_membership(Role.COORDINATOR, contract=contract, user=make_user("depart@exemple.fr"))


def roles_of(contract, email: str) -> list[str]:
    return list(Membership.objects.filter(contract=contract, user__email=email).values_list("role", flat=True))


@pytest.mark.parametrize("held", [Role.READER, Role.COORDINATOR])
def test_a_successor_who_had_a_role_keeps_the_wider_one(contract, leaver, held):
    make_membership(held, contract=contract, user=make_user(SUCCESSOR["email"]))

    hand_over(leaver.user, contract, leaver)

    assert (roles_of(contract, SUCCESSOR["email"]), roles_of(contract, "depart@exemple.fr")) == (["coordinator"], [])


def test_the_successor_takes_the_role_and_the_leaver_loses_it(contract, leaver, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = hand_over(leaver.user, contract, leaver)
    assert response.status_code == 302
    assert (roles_of(contract, SUCCESSOR["email"]), roles_of(contract, "depart@exemple.fr")) == (["coordinator"], [])
    assert [message.to for message in mail.outbox] == [[SUCCESSOR["email"]]]
    assert signed_in(leaver.user).get(reverse("contract", args=[contract.slug])).status_code == 404


def test_the_fiches_and_the_seats_go_to_the_successor_in_the_same_organisation(contract, coordinator, leaver):
    cpam = make_organisation(contract, name="CPAM")
    contact = make_contact(cpam, account=leaver.user, last_name="Ancienne")
    colleague = make_contact(cpam, last_name="Collègue")
    action = make_action(contract, elected_contact=contact)
    pilot = ActionPilot.objects.create(action=action, organisation=cpam)
    pilot.contacts.set([contact, colleague])
    seat = make_member(make_body(contract), organisation=cpam, representative=contact, deputy=colleague)
    hand_over(coordinator, contract, leaver)
    for row in (pilot, action, seat):
        row.refresh_from_db()
    assert sorted(person.last_name for person in pilot.contacts.all()) == ["Collègue", "Valbray"]
    assert (action.elected_contact.last_name, action.elected_contact.organisation) == ("Valbray", cpam)
    assert (seat.representative.last_name, seat.deputy) == ("Valbray", colleague)


def test_a_personal_mandate_ends_and_another_begins(contract, coordinator, leaver):
    contact = make_contact(make_organisation(contract), account=leaver.user)
    seat = make_member(make_body(contract), person=contact, started_on=date(2024, 1, 1))
    hand_over(coordinator, contract, leaver)
    seat.refresh_from_db()
    new = BodyMember.objects.exclude(pk=seat.pk).get(body=seat.body)
    assert (seat.person, seat.ended_on) == (contact, today())
    assert (new.person.last_name, new.started_on, new.role) == ("Valbray", today(), seat.role)


def test_what_the_leaver_holds_elsewhere_stays(contract, coordinator, leaver):
    elsewhere = make_membership(Role.READER, user=leaver.user)
    hand_over(coordinator, contract, leaver)
    assert Membership.objects.filter(pk=elsewhere.pk, user=leaver.user).exists()


@pytest.mark.parametrize(
    ("email", "sentence"), [("depart@exemple.fr", "la personne qui part"), ("pas une adresse", "adresse")]
)
def test_a_refused_successor_is_said_at_the_address_and_moves_nothing(contract, coordinator, leaver, email, sentence):
    response = hand_over(coordinator, contract, leaver, email=email)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert roles_of(contract, "depart@exemple.fr") == ["coordinator"]


def test_a_pilot_of_another_organisation_is_not_made_to_change_it(contract, coordinator):
    leaving = make_membership(Role.PILOT, contract=contract, organisation=make_organisation(contract, name="CPAM"))
    other = make_organisation(contract, name="Hôpital")
    make_membership(Role.PILOT, contract=contract, organisation=other, user=make_user(SUCCESSOR["email"]))
    response = hand_over(coordinator, contract, leaving)
    assert "pilote déjà sur ce contrat des fiches pour Hôpital" in response.content.decode()
    assert Membership.objects.filter(pk=leaving.pk).exists()


def test_the_form_says_what_goes(contract, coordinator, leaver):
    contact = make_contact(make_organisation(contract), account=None, email=leaver.user.email)
    action = make_action(contract, code="4.2")
    ActionPilot.objects.create(action=action, organisation=contact.organisation).contacts.set([contact])
    page = signed_in(coordinator).get(transfer_url(contract, leaver)).content.decode()
    assert ">4.2</a>" in page
    assert "Coordination" in page


def test_the_state_tells_what_is_late_promised_and_decided(contract, coordinator):
    late = make_action(contract, title="Vacciner", status=Status.IN_PROGRESS, end_date=today() - timedelta(days=40))
    FollowUp.objects.create(
        action=late, date=today(), author_name="A", status=late.status, progress=25, next_steps="Signer avec le lycée."
    )
    Step.objects.create(action=late, title="Former les infirmières", end_date=today() + timedelta(days=30))
    Step.objects.create(action=late, title="Étape lointaine", end_date=today() + timedelta(days=300))
    make_decision(make_held_meeting(make_body(contract)), text="Présenter un budget")
    page = signed_in(coordinator).get(reverse("actions:handover", args=[contract.slug])).content.decode()
    for expected in ("Vacciner", "Signer avec le lycée.", "Former les infirmières", "Présenter un budget"):
        assert expected in page
    assert "Étape lointaine" not in page


@query_count_test("actions:handover", "actions:ars_handover")
def test_the_state_costs_the_same_whatever_it_tells(contract, coordinator):
    body = make_body(contract)

    def add(number: int) -> None:
        for _ in range(number):
            action = make_action(contract, status=Status.IN_PROGRESS, end_date=today() - timedelta(days=40))
            point = {"date": today(), "author_name": "A", "status": action.status, "progress": 25}
            FollowUp.objects.create(action=action, next_steps="Suite", **point)
            Step.objects.create(action=action, title="Étape", end_date=today())
            make_decision(make_held_meeting(body))

    url = reverse("actions:handover", args=[contract.slug])
    assert_constant_queries(signed_in(coordinator), url, add, maximum=20)


class TestArs:
    """A référent's role covers a département: the administration moves it, with the reviews and the opinions owed."""

    @pytest.fixture
    def leaving(self, ars_referent):
        return Membership.objects.get(user=ars_referent)

    def hand_over(self, user, leaving, **data):
        return signed_in(user).post(reverse("actions:ars_handover", args=[leaving.pk]), SUCCESSOR | data)

    def test_the_role_the_reviews_and_the_opinions_owed_change_hands(self, contract, administrator, leaving):
        review = make_review(contract, fiches=[make_action(contract).pk])
        review.referent = leaving.user
        review.save()
        request = make_opinion_request(review, expert=leaving.user)
        assert self.hand_over(administrator, leaving).status_code == 302
        for row in (review, request):
            row.refresh_from_db()
        assert (review.referent.email, request.expert.email) == (SUCCESSOR["email"], SUCCESSOR["email"])
        held = Membership.objects.get(user__email=SUCCESSOR["email"])
        assert (held.role, held.department) == (Role.ARS_REFERENT, contract.territory.department)
        assert not Membership.objects.filter(pk=leaving.pk).exists()

    def test_a_review_of_another_departement_stays(self, other_contract, administrator, leaving):
        review = make_review(other_contract, fiches=[make_action(other_contract).pk])
        review.referent = leaving.user
        review.save()
        self.hand_over(administrator, leaving)
        review.refresh_from_db()
        assert review.referent == leaving.user

    def test_the_referent_reads_what_to_pass_on_and_moves_nothing(self, contract, leaving):
        make_review(contract, fiches=[make_action(contract).pk])
        page = signed_in(leaving.user).get(reverse("actions:ars_handover", args=[leaving.pk])).content.decode()
        assert str(contract) in page
        assert "À l’ARS de rendre son avis" in page
        assert self.hand_over(leaving.user, leaving).status_code == 403
        assert Membership.objects.filter(pk=leaving.pk).exists()

    def test_the_page_costs_the_same_whatever_is_followed(self, contract, leaving):
        def add(number: int) -> None:
            for _ in range(number):
                followed = make_contract(territory=make_territory(department=contract.territory.department))
                make_review(followed, fiches=[make_action(followed).pk])

        url = reverse("actions:ars_handover", args=[leaving.pk])
        assert_constant_queries(signed_in(leaving.user), url, add)
