"""The screens of a contract: what they change, refuse and keep."""

import re
import uuid
from datetime import date

import pytest
from django.urls import reverse

from contracts.enums import Role
from contracts.models import Axis, Commune, Contract, Organisation, Signatory, Territory
from tests.factories import (
    make_action,
    make_axis,
    make_contact,
    make_contract,
    make_department,
    make_membership,
    make_organisation,
    make_signatory,
    make_term,
    make_user,
)
from tests.page_forms import form_data
from tests.people import signed_in

FACTS = {"kind": "cls", "generation": "2", "title": "Deuxième contrat", "state": "elaboration"}


def url(contract, name, *args):
    return reverse(f"contracts:{name}", args=[contract.slug, *args])


def edit_data(contract, **changes):
    return {
        "version": contract.version,
        "kind": contract.kind,
        "generation": contract.generation,
        "title": contract.title,
        "signed_on": "2024-01-15",
        "start_date": "2024-01-15",
        "end_date": "2028-12-31",
        "axis_label": "axe",
        "objective_label": "objectif",
        "sub_objective_label": "objectif opérationnel",
        "silent_after_months": "6",
        "presentation": contract.presentation,
    } | changes


# Its state


def test_the_stage_is_no_field_of_the_contract_and_passes_on_its_own_page(coordinator, contract):
    client = signed_in(coordinator)
    assert 'name="state"' not in client.get(url(contract, "edit")).content.decode()

    assert client.post(url(contract, "edit"), edit_data(contract, state="clos", title="Autre")).status_code == 302

    contract.refresh_from_db()
    assert (contract.title, contract.state) == ("Autre", "en_vigueur")


def test_a_contract_is_opened_at_the_stage_where_it_is_but_extended_only_by_an_avenant(administrator):
    client, page = signed_in(administrator), reverse("contracts:create")
    facts = FACTS | {"new_territory": "Beauce", "new_territory_kind": "petr", "department": make_department().pk}
    assert "state" in client.post(page, facts | {"state": "proroge"}).context["form"].errors

    client.post(page, facts | {"state": "en_vigueur", "signed_on": "2024-02-05"})

    contract = Contract.objects.get()
    assert (contract.state, contract.state_since) == ("en_vigueur", date(2024, 2, 5))


# Opening a contract


def test_administrator_opens_a_contract_on_a_new_territory(administrator):
    department = make_department()

    response = signed_in(administrator).post(
        reverse("contracts:create"),
        FACTS | {"new_territory": "Pays de Beauce", "new_territory_kind": "petr", "department": department.pk},
    )

    contract = Contract.objects.get()
    assert response.url == url(contract, "settings")
    assert (contract.territory.name, contract.slug, contract.generation) == ("Pays de Beauce", "deuxieme-contrat", 2)


def test_coordinator_of_a_territory_opens_its_next_contract_and_no_other(contract):
    user = make_membership(Role.COORDINATOR, make_user(), territory=contract.territory).user
    elsewhere = make_contract().territory
    client = signed_in(user)

    refused = client.post(reverse("contracts:create"), FACTS | {"territory": elsewhere.pk})
    accepted = client.post(reverse("contracts:create"), FACTS | {"territory": contract.territory_id})

    assert "territory" in refused.context["form"].errors
    assert accepted.status_code == 302
    assert Territory.objects.get(contracts__slug="deuxieme-contrat") == contract.territory


def test_a_contract_that_exists_already_is_refused_in_a_sentence(contract, administrator):
    data = FACTS | {"territory": contract.territory_id, "generation": contract.generation}

    response = signed_in(administrator).post(reverse("contracts:create"), data)

    assert "a déjà un contrat de cette nature et de cette génération" in response.content.decode()
    assert Contract.objects.count() == 1


# Two persons on the same facts


def test_an_older_version_shows_both_texts_and_keeps_what_was_typed(contract, coordinator):
    other = make_membership(Role.COORDINATOR, make_user(first_name="Alix", last_name="Renaud"), contract=contract).user
    read = edit_data(contract)
    signed_in(other).post(url(contract, "edit"), read | {"title": "Titre d’Alix", "population": "100"})

    client = signed_in(coordinator)
    response = client.post(url(contract, "edit"), read | {"title": "Mon titre", "presentation": "Mon récit"})
    page = response.content.decode()

    assert response.status_code == 409
    conflict = response.context["conflict"]
    assert [each.name for each in conflict.found.differences] == ["title"]
    assert (conflict.author, conflict.stamp) == ("Alix Renaud", 2)
    assert (conflict.found.only_mine, conflict.found.only_theirs) == (["Genèse et contexte"], ["Population"])
    assert "Mon récit" in page

    choice = hidden_fields(page) | {"choix-title": "theirs"}
    assert client.post(url(contract, "edit"), choice).status_code == 302
    contract.refresh_from_db()
    assert (contract.title, contract.population, contract.presentation) == ("Titre d’Alix", 100, "Mon récit")


@pytest.mark.parametrize(("choice", "title"), [("mine", "Mon titre"), ("other", "Un troisième titre")])
def test_the_choice_made_on_the_page_of_a_conflict_is_saved(contract, coordinator, choice, title):
    read, client = edit_data(contract), signed_in(coordinator)
    client.post(url(contract, "edit"), read | {"title": "Titre d’avant"})
    page = client.post(url(contract, "edit"), read | {"title": "Mon titre"}).content.decode()

    client.post(
        url(contract, "edit"), hidden_fields(page) | {"choix-title": choice, "autre-title": "Un troisième titre"}
    )

    contract.refresh_from_db()
    assert contract.title == title


@pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 40, "²"])
def test_a_version_that_cannot_be_read_loses_nothing(contract, coordinator, version):
    response = signed_in(coordinator).post(url(contract, "edit"), edit_data(contract, title="À moi", version=version))

    assert response.status_code == 409
    assert "À moi" in response.content.decode()


def hidden_fields(page):
    inputs = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', page)
    return {name: value for name, value in inputs if name != "csrfmiddlewaretoken"}


@pytest.mark.parametrize(
    ("page", "make", "field"),
    [
        ("axis_edit", make_axis, "title"),
        ("organisation_edit", make_organisation, "name"),
        ("signatory_edit", make_signatory, "commitments"),
        ("term_edit", lambda contract: make_term(contract=contract), "label"),
    ],
)
def test_a_part_saved_by_somebody_else_is_compared_and_keeps_both(contract, coordinator, page, make, field):
    part = make(contract)
    client, address = signed_in(coordinator), url(contract, page, part.pk)
    opened = client.get(address)
    client.post(address, form_data(opened, **{field: "De l’autre"}))

    conflict = client.post(address, form_data(opened, **{field: "De moi"}))

    part.refresh_from_db()
    assert (conflict.status_code, getattr(part, field)) == (409, "De l’autre")
    client.post(address, form_data(conflict, **{f"choix__{field}": "mine"}))
    part.refresh_from_db()
    assert getattr(part, field) == "De moi"


def test_a_part_that_was_only_moved_meanwhile_is_saved_at_its_new_place(contract, coordinator):
    first, second = make_axis(contract), make_axis(contract)
    client, address = signed_in(coordinator), url(contract, "axis_edit", second.pk)
    opened = client.get(address)
    client.post(url(contract, "axis_move", second.pk), {"sens": "haut"})

    response = client.post(address, form_data(opened, title="Renommé"))

    assert response.status_code == 302
    assert [axis.title for axis in contract.axes.all()] == ["Renommé", first.title]


# Parts of the contract


def test_a_signatory_twice_is_refused_and_loses_nothing(contract, coordinator):
    signatory = make_signatory(contract)
    data = {"organisation": signatory.organisation_id, "capacity": "signataire", "commitments": "Nos engagements"}

    response = signed_in(coordinator).post(url(contract, "signatory_create"), data)

    assert "Cette structure est déjà signataire du contrat." in response.content.decode()
    assert "Nos engagements" in response.content.decode()
    assert Signatory.objects.count() == 1


def test_a_signatory_is_represented_by_one_of_its_own_contacts(contract, coordinator):
    organisation, stranger = make_organisation(contract), make_contact(make_organisation(contract))
    data = {"organisation": organisation.pk, "capacity": "signataire", "representative": stranger.pk}

    response = signed_in(coordinator).post(url(contract, "signatory_create"), data)

    assert "n’est pas un contact de" in response.context["form"].errors["representative"][0]


def test_an_organisation_of_another_territory_cannot_sign(contract, other_contract, coordinator):
    data = {"organisation": make_organisation(other_contract).pk, "capacity": "signataire"}

    response = signed_in(coordinator).post(url(contract, "signatory_create"), data)

    assert "organisation" in response.context["form"].errors


def test_a_form_sent_twice_creates_one_axis(contract, coordinator):
    client = signed_in(coordinator)
    data = {"title": "Prévention", "color": "1", "submission": str(uuid.uuid4())}

    first = client.post(url(contract, "axis_create"), data)
    second = client.post(url(contract, "axis_create"), data, follow=True)

    assert Axis.objects.count() == 1
    assert second.redirect_chain == [(first.url, 302)]
    assert "déjà été envoyé" in second.content.decode()


def test_axes_are_moved_from_their_page(contract, coordinator):
    axes = [make_axis(contract) for _time in range(3)]
    client = signed_in(coordinator)

    client.post(url(contract, "axis_move", axes[2].pk), {"sens": "haut"})
    wrong = client.post(url(contract, "axis_move", axes[2].pk), {"sens": "gauche"}, follow=True)

    assert list(contract.axes.all()) == [axes[0], axes[2], axes[1]]
    assert "Dites dans quel sens déplacer" in wrong.content.decode()


def test_communes_not_understood_stay_in_the_form(contract, coordinator):
    Commune.objects.create(code="28085", name="Chartres", department=make_department("28"))

    response = signed_in(coordinator).post(url(contract, "perimeter_add"), {"text": "Chartres\nTrifouilly"})

    page = response.content.decode()
    assert contract.perimeter.get().commune.name == "Chartres"
    assert "Trifouilly</textarea>" in page
    assert "n’est ni un code officiel ni un nom de commune connus" in page


def test_organisations_are_searched_without_accents_also_by_contact(contract, reader):
    make_organisation(contract, name="Hôpitaux de Chartres")
    make_contact(make_organisation(contract, name="CPAM"), last_name="Lefèvre")
    client = signed_in(reader)

    def names(query):
        return [each.name for each in client.get(url(contract, "organisations") + query).context["page_obj"]]

    assert names("?q=hopitaux") == ["Hôpitaux de Chartres"]
    assert names("?q=LEFEVRE") == ["CPAM"]
    assert names("?q=%25") == []


# Deleting


def test_deleting_says_what_would_be_lost_then_offers_to_undo(contract, coordinator):
    axis = make_axis(contract)
    make_action(contract, axis=axis)
    client = signed_in(coordinator)

    before = client.get(url(contract, "axis_delete", axis.pk)).content.decode()
    after = client.post(url(contract, "axis_delete", axis.pk), follow=True).content.decode()

    assert re.search(r"fiches actions\s: 1", before)
    assert "Annuler cette suppression" in after
    client.post(re.search(r'href="([^"]*retablir/)"', after)[1])
    assert Axis.objects.get() == axis
    assert contract.actions.get().axis == axis


def test_what_still_serves_is_not_deleted_and_the_page_says_where(contract, coordinator):
    organisation = make_organisation(contract)
    action = make_action(contract, pilot=organisation, title="Dépister")
    page_url = url(contract, "organisation_delete", organisation.pk)

    shown = signed_in(coordinator).get(page_url).content.decode()
    refused = signed_in(coordinator).post(page_url)

    assert "Suppression impossible" in shown
    assert str(action) in shown
    assert refused.status_code == 409
    assert Organisation.objects.filter(pk=organisation.pk).exists()


def test_who_needs_it_in_another_contract_is_only_counted(contract, coordinator):
    organisation = make_organisation(contract)
    other = make_contract(territory=contract.territory, generation=3)
    make_action(other, pilot=organisation, title="Fiche que je ne vois pas")

    page = signed_in(coordinator).get(url(contract, "organisation_delete", organisation.pk)).content.decode()

    assert "Fiche que je ne vois pas" not in page
    assert re.search(r"et 1\s+autre enregistrement", page)


# Memory


def test_the_journal_says_who_changed_which_field(contract, coordinator, reader):
    axis = make_axis(contract, title="Avant")
    client, address = signed_in(coordinator), url(contract, "axis_edit", axis.pk)
    client.post(address, form_data(client.get(address), title="Après", color="3", code="1"))

    page = signed_in(reader).get(url(contract, "journal") + "?nature=axis")

    line = page.context["page_obj"].object_list[0]
    changed = {change.label: (change.before, change.after) for change in line.changes}
    assert (line.row.history_user, line.deed, line.kind) == (coordinator, "modification", "axe")
    assert changed == {"intitulé": ("Avant", "Après"), "couleur": ("couleur 1", "couleur 3")}


def test_the_journal_shows_nothing_of_another_contract(contract, other_contract, reader):
    make_axis(other_contract, title="Secret")
    make_organisation(other_contract, name="Ailleurs")

    page = signed_in(reader).get(url(contract, "journal")).content.decode()

    assert "Secret" not in page
    assert "Ailleurs" not in page


def test_the_journal_tells_roles_to_those_alone_who_manage_them(contract, coordinator, reader):
    given = make_membership(Role.READER, contract=contract)
    address = url(contract, "journal")

    seen = {user: signed_in(user).get(address).content.decode() for user in (coordinator, reader)}

    assert str(given) in seen[coordinator]
    assert str(given) not in seen[reader]


def test_readers_see_the_commitments_and_no_deed(contract, reader):
    make_signatory(contract, commitments="Financer un poste")

    page = signed_in(reader).get(url(contract, "signatories")).content.decode()

    assert "Financer un poste" in page
    assert "Modifier" not in page
