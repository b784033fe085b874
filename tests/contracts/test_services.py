"""What the services promise: positions, addresses, states that follow the avenants, signed history."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cls_portal.core.ordering import Direction
from cls_portal.core.versioning import StaleVersionError
from contracts import services
from contracts.enums import ContractState, TermKind
from contracts.models import Commune, Contract
from tests.factories import (
    make_amendment,
    make_axis,
    make_contract,
    make_department,
    make_organisation,
    make_perimeter_commune,
    make_territory,
    make_user,
)

pytestmark = pytest.mark.django_db


def test_create_contract_takes_its_address_from_the_title():
    territory = make_territory()
    user = make_user()

    first = services.create_contract(user=user, territory=territory, title="Chartres métropole 2020-2025")
    second = services.create_contract(
        user=user, territory=territory, title="Chartres métropole 2020-2025", generation=2
    )

    assert [first.slug, second.slug] == ["chartres-metropole-2020-2025", "chartres-metropole-2020-2025-2"]
    assert [(row.history_user, row.history_change_reason) for row in first.history.all()] == [(user, "Création")]


@pytest.mark.parametrize("title", ["…", "Nouveau", "Suppressions", "健康"])
def test_create_contract_never_takes_the_address_of_another_page(title):
    contract = services.create_contract(user=None, territory=make_territory(), title=title)

    assert contract.slug not in {"", "nouveau", "suppressions"}


def test_create_contract_refuses_the_same_generation_twice():
    contract = make_contract(generation=2)

    with pytest.raises(ValidationError, match="a déjà un contrat de cette nature et de cette génération"):
        services.create_contract(user=None, territory=contract.territory, title="Autre", generation=2)


def test_update_contract_refuses_an_old_version_and_keeps_what_was_saved():
    contract = make_contract()
    user = make_user()
    services.update_contract(contract=Contract.objects.get(), read_version=1, user=user, population=100)

    with pytest.raises(StaleVersionError):
        services.update_contract(contract=Contract.objects.get(), read_version=1, user=user, population=200)

    contract.refresh_from_db()
    assert (contract.population, contract.version) == (100, 2)
    assert contract.history.first().history_user == user


def test_an_avenant_that_moves_the_end_extends_a_contract_in_force():
    contract = make_contract(end_date=date(2025, 12, 31))

    amendment = services.create_amendment(
        contract=contract,
        user=None,
        signed_on=date(2025, 6, 1),
        purpose="Prorogation",
        new_end_date=date(2026, 12, 31),
    )

    stored = Contract.objects.with_current_end().get()
    assert (amendment.number, stored.current_end, stored.state) == (1, date(2026, 12, 31), ContractState.EXTENDED)
    assert stored.end_date == date(2025, 12, 31)

    services.delete_amendment(amendment=amendment, user=None)

    stored = Contract.objects.with_current_end().get()
    assert (stored.current_end, stored.state) == (date(2025, 12, 31), ContractState.IN_FORCE)


def test_extended_is_a_consequence_of_an_avenant_and_never_chosen():
    contract = make_contract()

    with pytest.raises(ValidationError, match="devient prorogé par un avenant"):
        services.update_contract(contract=contract, read_version=1, user=None, state=ContractState.EXTENDED)
    contract.refresh_from_db()
    make_amendment(contract, new_end_date=date(2030, 12, 31))
    with pytest.raises(ValidationError, match="Un avenant a déplacé la fin"):
        services.update_contract(contract=contract, read_version=1, user=None, title="Autre")


@pytest.mark.parametrize("state", [ContractState.DRAFTING, ContractState.CLOSED])
def test_an_avenant_leaves_the_state_of_a_contract_that_is_not_in_force(state):
    contract = make_contract(state=state)

    services.create_amendment(
        contract=contract, user=None, signed_on=date(2025, 6, 1), purpose="P", new_end_date=date(2030, 1, 1)
    )

    contract.refresh_from_db()
    assert contract.state == state


def test_axes_move_without_changing_their_codes():
    contract = make_contract()
    axes = [services.create_axis(contract=contract, user=None, title=title, code=title) for title in "ABC"]

    assert services.move_axis(axis=axes[2], direction=Direction.UP, user=None)
    assert not services.move_axis(axis=axes[0], direction=Direction.UP, user=None)

    assert [(axis.code, axis.position) for axis in contract.axes.all()] == [("A", 1), ("C", 2), ("B", 3)]
    assert [axis.color for axis in axes] == [1, 2, 3]


def test_axes_move_even_when_their_positions_are_equal():
    contract = make_contract()
    axes = [make_axis(contract, title=title, position=0) for title in "ABC"]

    services.move_axis(axis=axes[0], direction=Direction.DOWN, user=None)

    assert [(axis.title, axis.position) for axis in contract.axes.all()] == [("B", 1), ("A", 2), ("C", 3)]


def test_objectives_go_down_to_two_levels():
    axis = make_axis()
    first = services.create_objective(axis=axis, user=None, title="Objectif")
    second = services.create_objective(axis=axis, user=None, title="Sous-objectif", parent=first)

    with pytest.raises(ValidationError, match="au plus deux niveaux"):
        services.create_objective(axis=axis, user=None, title="Trop bas", parent=second)

    assert (first.position, second.position) == (1, 1)


def test_a_term_already_common_to_all_is_refused():
    contract = make_contract()

    services.create_term(contract=contract, user=None, kind=TermKind.THEME, label="Thème propre au territoire")

    with pytest.raises(ValidationError, match="liste commune"):
        services.create_term(contract=contract, user=None, kind=TermKind.THEME, label="santé mentale")
    with pytest.raises(ValidationError, match="a déjà ce terme"):
        services.create_term(contract=contract, user=None, kind=TermKind.THEME, label="thème propre au TERRITOIRE")


def test_a_second_signature_of_the_same_organisation_is_refused():
    contract = make_contract()
    organisation = make_organisation(contract)
    services.create_signatory(contract=contract, organisation=organisation, user=None)

    with pytest.raises(ValidationError, match="déjà signataire"):
        services.create_signatory(contract=contract, organisation=organisation, user=None)


@pytest.fixture
def communes():
    other = make_department("45")
    home = make_department("28")
    rows = [
        ("28085", "Chartres", home),
        ("28337", "Saint-Prest", home),
        ("28209", "Lucé", home),
        ("45234", "Orléans", other),
        ("45001", "Lucé", other),
        ("45002", "Sainte-Marie", other),
        ("45003", "Sainte-Marie", other),
    ]
    return {
        code: Commune.objects.create(code=code, name=name, department=department) for code, name, department in rows
    }


def test_add_communes_understands_codes_and_names(communes):
    contract = make_contract()

    report = services.add_communes(
        contract=contract,
        user=None,
        text="28085 Chartres\nst prest ; LUCE\r\n\tOrleans\nChartres\n75056\nSainte-Marie, Trifouilly",
    )

    assert [commune.code for commune in report.added] == ["28085", "28337", "28209", "45234"]
    assert [commune.code for commune in report.already] == ["28085"]
    assert report.unknown == ["75056", "Trifouilly"]
    assert {name: [c.code for c in found] for name, found in report.ambiguous.items()} == {
        "Sainte-Marie": ["45002", "45003"]
    }
    assert report.left_over == ["Sainte-Marie", "75056", "Trifouilly"]
    assert contract.perimeter.count() == 4


def test_add_communes_takes_the_department_in_brackets(communes):
    contract = make_contract()

    report = services.add_communes(contract=contract, user=None, text="Lucé (45)", joined_on=date(2024, 1, 1))

    assert [commune.code for commune in report.added] == ["45001"]
    assert contract.perimeter.get().joined_on == date(2024, 1, 1)


@pytest.mark.parametrize("text", ["", " ;;, \n", "((((", "0" * 5000])
def test_add_communes_survives_any_text(communes, text):
    report = services.add_communes(contract=make_contract(), user=None, text=text)

    assert report.added == []


def test_the_perimeter_of_a_day_leaves_out_who_left_and_who_has_yet_to_come(contract):
    day = date(2026, 6, 1)
    always = make_perimeter_commune(contract)
    leaving = make_perimeter_commune(contract, left_on=date(2026, 12, 31))
    make_perimeter_commune(contract, left_on=day)
    make_perimeter_commune(contract, joined_on=date(2026, 6, 2))

    assert set(contract.perimeter.present(day)) == {always, leaving}
