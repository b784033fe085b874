"""The next generation of a contract, opened from the last one."""

from datetime import date

import pytest
from django.urls import reverse

from contracts.enums import BodyRole, ContractState, Role
from contracts.models import Contract
from tests.factories import (
    make_axis,
    make_body,
    make_contact,
    make_contract,
    make_member,
    make_membership,
    make_objective,
    make_organisation,
    make_perimeter_commune,
    make_signatory,
    make_term,
    make_user,
)
from tests.page_forms import form_data
from tests.people import signed_in


@pytest.fixture
def address(contract) -> str:
    return reverse("contracts:renew", args=[contract.slug])


def renewed(user, address, **changes) -> Contract:
    client = signed_in(user)
    changes = {"title": "Pays d’essai 2029-2033", "start_date": "2029-01-01", "end_date": "2033-12-31"} | changes
    answer = client.post(address, form_data(client.get(address), **changes))
    assert answer.status_code == 302, answer.content.decode()
    return Contract.objects.get(title=changes["title"])


def test_the_next_generation_is_opened_as_a_draft(contract, coordinator, address):
    Contract.objects.filter(pk=contract.pk).update(axis_label="orientation", population=39000, population_year=2021)

    following = renewed(coordinator, address)

    assert (following.territory, following.generation) == (contract.territory, contract.generation + 1)
    assert (following.state, following.signed_on) == (ContractState.DRAFTING, None)
    assert (following.start_date, following.end_date) == (date(2029, 1, 1), date(2033, 12, 31))
    assert (following.axis_label, following.population, following.population_year) == ("orientation", 39000, 2021)


def test_of_the_old_contract_only_the_flag_changes(contract, coordinator, address):
    before = Contract.objects.filter(pk=contract.pk).values().get()
    make_axis(contract)

    renewed(coordinator, address)

    after = Contract.objects.filter(pk=contract.pk).values().get()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"in_renewal", "version"}
    assert contract.axes.count() == 1
    page = signed_in(coordinator).get(contract.get_absolute_url()).content.decode()
    assert "renouvellement en préparation" in page
    assert "Pays d’essai 2029-2033" in page


def test_axes_are_kept_reworded_dropped_and_added(contract, coordinator, address):
    kept = make_axis(contract, title="Accès aux soins", color=5, description="Pourquoi.", is_transversal=True)
    dropped = make_axis(contract, title="Vieillir chez soi")
    make_objective(kept, title="Former les aidants")

    following = renewed(
        coordinator,
        address,
        **{f"title_{kept.pk}": "Accès et attractivité", f"keep_{dropped.pk}": None, "title_new_0": "Santé mentale"},
    )

    first, second = following.axes.all()
    assert (first.title, first.code, first.color, first.carried_from) == ("Accès et attractivité", kept.code, 5, kept)
    assert (first.description, first.is_transversal) == ("Pourquoi.", True)
    assert [objective.title for objective in first.objectives.all()] == ["Former les aidants"]
    assert (second.title, second.carried_from) == ("Santé mentale", None)


def test_objectives_keep_their_two_levels(contract, coordinator, address):
    axis = make_axis(contract)
    parent = make_objective(axis, title="Dépister")
    make_objective(axis, title="Dans les écoles", parent=parent, position=0)

    following = renewed(coordinator, address)

    child = following.axes.get().objectives.get(title="Dans les écoles")
    assert (child.parent.title, child.parent.axis) == ("Dépister", child.axis)
    assert child.parent != parent


def test_the_perimeter_of_today_and_the_signatories_without_their_signature(contract, coordinator, address):
    present, left = make_perimeter_commune(contract), make_perimeter_commune(contract, left_on=date(2024, 6, 1))
    make_signatory(contract, capacity="porteur", signed_on=date(2024, 1, 15), commitments="Employer la coordination.")

    following = renewed(coordinator, address)

    assert [link.commune for link in following.perimeter.all()] == [present.commune] != [left.commune]
    signatory = following.signatories.get()
    assert (signatory.capacity, signatory.signed_on) == ("porteur", None)
    assert signatory.commitments == "Employer la coordination."


def test_bodies_come_with_the_seats_of_today_unless_unticked(contract, coordinator, address):
    axis, theme = make_axis(contract), make_term(contract=contract)
    body = make_body(contract, name="groupe santé", axis=axis, theme=theme, rhythm="deux fois par an")
    organisation = make_organisation(contract)
    speaker = make_contact(organisation)
    make_member(body, organisation=organisation, representative=speaker, role=BodyRole.CHAIR)
    make_member(body, ended_on=date(2024, 12, 31))
    make_body(contract, name="comité dissous", closed_on=date(2024, 12, 31))
    unticked = make_body(contract, name="comité oublié")

    following = renewed(coordinator, address, bodies=[str(body.pk)])

    copy = following.bodies.get()
    assert unticked.pk
    assert (copy.name, copy.rhythm, copy.axis) == ("groupe santé", "deux fois par an", following.axes.get())
    assert (copy.theme.label, copy.theme.contract) == (theme.label, following)
    seat = copy.members.get()
    assert (seat.organisation, seat.representative, seat.role) == (organisation, speaker, BodyRole.CHAIR)


def test_what_is_unticked_is_not_taken_up(contract, coordinator, address):
    make_perimeter_commune(contract)
    make_signatory(contract)
    make_objective(make_axis(contract))

    following = renewed(coordinator, address, perimeter=None, signatories=None, objectives=None)

    assert not following.perimeter.exists()
    assert not following.signatories.exists()
    assert not following.axes.get().objectives.exists()


def test_who_coordinates_the_old_contract_coordinates_the_next(contract, coordinator, address):
    gone = make_user(is_active=False)
    make_membership(Role.COORDINATOR, gone, contract=contract)
    make_membership(Role.READER, contract=contract)

    following = renewed(coordinator, address)

    assert [(each.user, each.role) for each in following.memberships.all()] == [(coordinator, Role.COORDINATOR)]


def test_the_coordination_of_the_territory_renews_and_holds_no_second_role(contract, address):
    user = make_membership(Role.COORDINATOR, territory=contract.territory).user

    assert not renewed(user, address).memberships.exists()


def test_two_clicks_open_one_contract(contract, coordinator, address):
    client = signed_in(coordinator)
    data = form_data(client.get(address), title="Suivant")

    first, second = client.post(address, data), client.post(address, data)

    following = Contract.objects.get(territory=contract.territory, generation=2)
    assert first.url == second.url == reverse("actions:renewal", args=[following.slug])


def test_a_contract_is_renewed_once(contract, coordinator, address):
    client = signed_in(coordinator)
    data = form_data(client.get(address), title="Suivant")
    make_contract(territory=contract.territory, generation=2, kind="accord_cadre")

    answers = [client.get(address), client.post(address, data)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert "déjà ouverte" in answers[0].content.decode()
    assert address not in client.get(reverse("contracts:settings", args=[contract.slug])).content.decode()


@pytest.mark.parametrize("state", [ContractState.DRAFTING, ContractState.RENEWED, ContractState.CLOSED])
def test_a_contract_that_has_not_run_or_is_closed_is_not_renewed(contract, coordinator, address, state):
    Contract.objects.filter(pk=contract.pk).update(state=state)

    answer = signed_in(coordinator).get(address)

    assert answer.status_code == 403
    assert "en vigueur, prorogé ou échu" in answer.content.decode()


def test_errors_come_back_beside_their_field_and_lose_nothing(contract, coordinator, address):
    axis = make_axis(contract)
    client = signed_in(coordinator)
    changes = {f"title_{axis.pk}": "", "title_new_1": "Gardé à l’écran", "start_date": "2030-01-01"}

    page = client.post(address, form_data(client.get(address), title="Suivant", end_date="2029-01-01", **changes))

    html = page.content.decode()
    assert page.status_code == 200
    assert "Donnez un intitulé." in html
    assert "La date de fin précède la date de début." in html
    assert "Gardé à l’écran" in html
    assert Contract.objects.count() == 1


def test_the_settings_and_the_life_of_the_contract_lead_to_it(contract, coordinator, reader, address):
    for name in ("contracts:settings", "actions:life"):
        page = reverse(name, args=[contract.slug])

        assert address in signed_in(coordinator).get(page).content.decode()
        assert address not in signed_in(reader).get(page).content.decode()
