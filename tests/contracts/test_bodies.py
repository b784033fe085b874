"""The bodies of a contract: what they say of themselves, who sits in them and since when."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cls_portal.core.dates import today
from contracts import services
from contracts.enums import BodyRole, TermKind
from contracts.models import BodyMember, GoverningBody
from tests.factories import (
    make_axis,
    make_body,
    make_contact,
    make_held_meeting,
    make_meeting,
    make_member,
    make_organisation,
    make_signatory,
    make_term,
)
from tests.page_forms import form_data
from tests.people import signed_in
from tests.queries import assert_constant_queries


def url(contract, name, *args):
    return reverse(f"contracts:{name}", args=[contract.slug, *args])


def html(user, address) -> str:
    return signed_in(user).get(address).content.decode()


# The body


def test_a_body_is_created_and_opens_on_its_empty_composition(contract, coordinator):
    axis = make_axis(contract, title="Santé mentale")
    data = {"kind": "groupe_travail", "name": "groupe santé mentale", "axis": axis.pk, "rhythm": "Tous les trois mois"}

    response = signed_in(coordinator).post(url(contract, "body_create"), data, follow=True)

    page = response.content.decode()
    assert "<h1>Groupe santé mentale</h1>" in page
    assert "Tous les trois mois" in page
    assert "Santé mentale" in page
    assert "Personne ne siège encore ici" in page
    assert GoverningBody.objects.get().history.get().history_user == coordinator


def test_a_body_without_a_name_takes_that_of_its_kind(contract, coordinator):
    signed_in(coordinator).post(url(contract, "body_create"), {"kind": "cotech", "name": ""})

    assert contract.bodies.get().name == "comité technique"


def test_two_bodies_of_one_name_are_refused_in_a_sentence(contract, coordinator):
    make_body(contract, name="Comité de pilotage")

    data = {"kind": "copil", "name": "comité de pilotage", "mission": "Décider de tout"}
    page = signed_in(coordinator).post(url(contract, "body_create"), data).content.decode()

    assert "Une instance de ce contrat porte déjà ce nom." in page
    assert "Décider de tout" in page
    assert contract.bodies.count() == 1


def test_only_the_axes_and_the_themes_of_the_contract_are_offered(contract, other_contract, coordinator):
    elsewhere = make_axis(other_contract), make_term(TermKind.THEME, contract=other_contract, label="Ailleurs")
    own = make_term(TermKind.THEME, contract=contract, label="Thème d’ici")
    data = {"kind": "groupe_travail", "name": "Groupe", "axis": elsewhere[0].pk, "theme": elsewhere[1].pk}

    response = signed_in(coordinator).post(url(contract, "body_create"), data)

    assert {"axis", "theme"} <= set(response.context["form"].errors)
    assert own.label in response.content.decode()
    assert "Ailleurs" not in response.content.decode()


def test_a_body_sent_twice_is_created_once(contract, coordinator):
    client, data = signed_in(coordinator), {"kind": "copil", "name": "COPIL", "submission": str(uuid.uuid4())}

    client.post(url(contract, "body_create"), data)
    client.post(url(contract, "body_create"), data)

    assert contract.bodies.count() == 1


def test_two_persons_on_one_body_keep_what_both_wrote(contract, coordinator):
    body = make_body(contract, name="COPIL")
    client, address = signed_in(coordinator), url(contract, "body_edit", body.pk)
    opened = client.get(address)
    client.post(address, form_data(opened, rhythm="Deux fois par an", name="Comité de pilotage"))

    conflict = client.post(address, form_data(opened, name="Comité des signataires"))
    client.post(address, form_data(conflict, **{"choix-name": "mine"}))

    body.refresh_from_db()
    assert conflict.status_code == 409
    assert (body.name, body.rhythm) == ("Comité des signataires", "Deux fois par an")


def test_a_body_shared_with_another_device_says_with_which(contract, reader):
    body = make_body(contract, shared_with="cpts", shared_name="CPTS de Pantin")

    assert "CPTS de Pantin" in html(reader, body.get_absolute_url())


def test_a_name_of_another_device_asks_for_its_kind(contract, coordinator):
    data = {"kind": "copil", "name": "COPIL", "shared_name": "CPTS de Pantin"}

    response = signed_in(coordinator).post(url(contract, "body_create"), data)

    assert "Dites de quel dispositif il s’agit." in response.content.decode()


def test_a_closed_body_says_so_and_keeps_its_meetings(contract, reader):
    body = make_body(contract, closed_on=date(2025, 1, 1))
    make_held_meeting(body, number=4)

    page = html(reader, body.get_absolute_url())

    assert "Instance dissoute" in page
    assert "n°\u00a04" in page


def test_bodies_are_moved_and_deleted_with_a_way_back(contract, coordinator):
    first, second = make_body(contract), make_body(contract)
    make_member(second)
    client = signed_in(coordinator)

    moved = client.post(url(contract, "body_move", second.pk), {"sens": "haut"})
    assert list(contract.bodies.all()) == [second, first]
    assert moved.url.endswith(f"#body-{second.pk}-haut")

    page = client.post(url(contract, "body_delete", second.pk), follow=True).content.decode()
    assert "Annuler cette suppression" in page
    assert list(contract.bodies.all()) == [first]


# Who sits in it


@pytest.fixture
def body(contract) -> GoverningBody:
    return make_body(contract, name="comité de pilotage")


def test_an_organisation_takes_a_seat_with_who_speaks_for_it(contract, coordinator, body):
    organisation = make_organisation(contract, name="CPTS de Pantin")
    speaker, deputy = make_contact(organisation, last_name="Lenoir"), make_contact(organisation, last_name="Petit")
    data = {"organisation": organisation.pk, "role": "copresident", "started_on": "2025-06-03"}

    response = signed_in(coordinator).post(
        url(contract, "seat_create", body.pk),
        data | {"representative": speaker.pk, "deputy": deputy.pk},
        follow=True,
    )

    page = response.content.decode()
    for said in ("CPTS de Pantin", "Coprésidence", "Lenoir", "Petit", "depuis le 3\u00a0juin 2025"):
        assert said in page


def test_a_representative_belongs_to_the_organisation(contract, coordinator, body):
    data = {
        "organisation": make_organisation(contract).pk,
        "role": "membre",
        "representative": make_contact(make_organisation(contract)).pk,
    }

    response = signed_in(coordinator).post(url(contract, "seat_create", body.pk), data)

    assert "n’est pas un contact de cette structure" in response.context["form"].errors["representative"][0]
    assert not body.members.exists()


def test_once_the_organisation_is_chosen_its_contacts_alone_are_offered(contract, coordinator, body):
    mine, other = (make_contact(make_organisation(contract), last_name=name) for name in ("Lenoir", "Petit"))
    client, address = signed_in(coordinator), url(contract, "seat_create", body.pk)

    for query, offered in (
        ("", [mine, other]),
        (f"?organisation={mine.organisation_id}", [mine]),
        ("?organisation=²", [mine, other]),
    ):
        fields = client.get(address + query).context["form"].fields
        assert set(fields["representative"].queryset) == set(fields["deputy"].queryset) == set(offered)


def test_a_person_sits_in_their_own_name(contract, coordinator, body):
    person = make_contact(make_organisation(contract, name="Conseil de développement"), last_name="Habitante")

    page = signed_in(coordinator).post(
        url(contract, "seat_create_person", body.pk), {"person": person.pk, "role": "invite_permanent"}, follow=True
    )

    assert "Habitante" in page.content.decode()
    assert "Invités permanents" in page.content.decode()
    assert body.members.get().representative is None


NEW_PERSON = {"new_first_name": "Inès", "new_last_name": "Nouvelle", "new_email": "ines@exemple.fr"}


def test_a_representative_whom_the_directory_does_not_have_is_written_down_with_the_seat(contract, coordinator, body):
    organisation = make_organisation(contract, name="CPTS de Pantin")
    client, address = signed_in(coordinator), url(contract, "seat_create", body.pk)
    data = form_data(client.get(address), organisation=organisation.pk, **NEW_PERSON)

    refused = client.post(address, data | {"new_email": "sans arobase"})
    html = refused.content.decode()
    assert 'value="Nouvelle"' in html
    assert "<details open>" in html
    assert not organisation.contacts.exists()
    for _twice in "12":
        client.post(address, form_data(refused, **NEW_PERSON))

    contact = organisation.contacts.get()
    assert (str(contact), contact.email) == ("Inès Nouvelle", "ines@exemple.fr")
    assert body.members.get().representative == contact


def test_a_first_name_that_cannot_be_kept_is_told_beside_it(contract, coordinator, body):
    organisation = make_organisation(contract)
    data = {"organisation": organisation.pk, "role": "membre"} | NEW_PERSON | {"new_first_name": "x" * 81}
    response = signed_in(coordinator).post(url(contract, "seat_create", body.pk), data)
    assert response.status_code == 200
    assert "new_first_name" in response.context["form"].errors


def test_the_next_representative_of_a_seat_is_written_down_with_it(contract, coordinator, body):
    seat = make_member(body)
    client, address = signed_in(coordinator), url(contract, "seat_edit", body.pk, seat.pk)

    client.post(address, form_data(client.get(address), **NEW_PERSON))
    seat.refresh_from_db()
    assert str(seat.representative) == "Inès Nouvelle"

    again = client.post(address, form_data(client.get(address), **NEW_PERSON))
    assert "déjà dans la liste" in again.content.decode()
    assert seat.organisation.contacts.count() == 2


def test_a_person_whom_the_directory_does_not_have_sits_in_their_own_name(contract, coordinator, body):
    organisation = make_organisation(contract, name="Conseil de développement")
    client, address = signed_in(coordinator), url(contract, "seat_create_person", body.pk)

    assert "Choisissez une personne" in client.post(address, form_data(client.get(address))).content.decode()
    nowhere = client.post(address, form_data(client.get(address), **NEW_PERSON))
    assert "Choisissez la structure" in nowhere.content.decode()
    client.post(address, form_data(nowhere, new_organisation=organisation.pk))

    assert body.members.get().person == organisation.contacts.get()


def test_a_person_is_chosen_or_added_not_both(contract, coordinator, body):
    known = make_contact(make_organisation(contract))
    data = {"organisation": known.organisation_id, "role": "membre", "representative": known.pk}

    response = signed_in(coordinator).post(url(contract, "seat_create", body.pk), data | NEW_PERSON)

    assert "pas les deux" in response.content.decode()
    assert known.organisation.contacts.count() == 1


def test_nobody_of_another_territory_takes_a_seat(contract, other_contract, coordinator, body):
    stranger = make_contact(make_organisation(other_contract))
    client = signed_in(coordinator)

    seat = client.post(
        url(contract, "seat_create", body.pk), {"organisation": stranger.organisation_id, "role": "membre"}
    )
    own = client.post(url(contract, "seat_create_person", body.pk), {"person": stranger.pk, "role": "membre"})

    assert "organisation" in seat.context["form"].errors
    assert "person" in own.context["form"].errors
    assert str(stranger) not in seat.content.decode() + own.content.decode()


def test_a_seat_that_is_held_is_not_given_twice(contract, coordinator, body):
    held = make_member(body)

    response = signed_in(coordinator).post(
        url(contract, "seat_create", body.pk), {"organisation": held.organisation_id, "role": "membre"}
    )

    assert "mettez d’abord fin au mandat" in response.content.decode()
    assert body.members.count() == 1


def test_a_mandate_that_ends_leaves_room_for_the_next_one(contract, coordinator, body):
    seat = make_member(body, started_on=date(2024, 1, 1))
    client = signed_in(coordinator)

    yesterday = today() - timedelta(days=1)
    page = client.post(
        url(contract, "seat_end", body.pk, seat.pk),
        form_data(client.get(url(contract, "seat_end", body.pk, seat.pk)), ended_on=yesterday.isoformat()),
        follow=True,
    ).content.decode()
    client.post(
        url(contract, "seat_create", body.pk),
        {"organisation": seat.organisation_id, "role": "membre", "started_on": today().isoformat()},
    )

    assert "1\u00a0ancien membre" in page
    assert body.members.present().count() == 1
    assert body.members.count() == 2


def test_a_mandate_does_not_end_before_it_begins(contract, coordinator, body):
    seat = make_member(body, started_on=date(2025, 6, 1))
    client, address = signed_in(coordinator), url(contract, "seat_end", body.pk, seat.pk)

    response = client.post(address, form_data(client.get(address), ended_on="2025-05-01"))

    assert "La fin du mandat précède son début." in response.content.decode()


def test_a_seat_keeps_its_organisation_and_offers_its_own_contacts(contract, coordinator, body):
    seat, stranger = make_member(body), make_contact(make_organisation(contract), last_name="Étranger")
    other = make_contact(seat.organisation, last_name="Successeur")
    client, address = signed_in(coordinator), url(contract, "seat_edit", body.pk, seat.pk)

    opened = client.get(address)
    client.post(address, form_data(opened, representative=other.pk, role="president"))

    seat.refresh_from_db()
    assert (seat.representative, seat.role) == (other, BodyRole.CHAIR)
    assert str(stranger) not in opened.content.decode()


def test_a_seat_of_another_body_is_not_found(contract, coordinator, body):
    seat = make_member(make_body(contract))

    assert signed_in(coordinator).get(url(contract, "seat_edit", body.pk, seat.pk)).status_code == 404


def test_chairs_come_first_and_signatories_are_marked(contract, reader, body):
    make_member(body, organisation=make_organisation(contract, name="Membre simple"))
    chair = make_member(body, organisation=make_organisation(contract, name="Porteur"), role=BodyRole.CHAIR)
    make_signatory(contract, organisation=chair.organisation)

    page = html(reader, body.get_absolute_url())

    assert page.index("Porteur") < page.index("Membre simple")
    assert page.count(">signataire<") == 1
    assert "Mettre fin au mandat" not in page


def test_two_persons_on_one_seat_compare_what_they_wrote(contract, coordinator, body):
    seat = make_member(body)
    client, address = signed_in(coordinator), url(contract, "seat_edit", body.pk, seat.pk)
    opened = client.get(address)
    client.post(address, form_data(opened, role="president"))

    conflict = client.post(address, form_data(opened, role="invite"))

    assert conflict.status_code == 409
    assert BodyMember.objects.get().role == BodyRole.CHAIR


def test_a_service_refuses_the_seat_of_nobody(body):
    with pytest.raises(ValidationError, match="celui d’une structure ou celui d’une personne"):
        services.add_member(body=body, user=None)


# Its meetings


def test_the_page_of_a_body_says_its_next_and_its_last_meeting(contract, reader, body):
    make_held_meeting(body)
    make_meeting(body, number=2)

    page = html(reader, body.get_absolute_url())

    assert "Jeudi 10\u00a0décembre 2026" in page
    assert "Jeudi 11\u00a0juin 2026" in page


def test_the_page_of_a_body_costs_the_same_whatever_it_holds(contract, coordinator, body):
    def add(number: int) -> None:
        for _time in range(number):
            make_member(body, ended_on=date(2024, 1, 1))
            make_member(body, person=make_contact(make_organisation(contract)))
            make_signatory(contract, organisation=make_member(body).organisation)
            make_meeting(body)

    assert_constant_queries(signed_in(coordinator), body.get_absolute_url(), add)
