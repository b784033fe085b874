"""The fiches of the contracts that one follows: counted by theme, public and status, and listed."""

import re
from html import unescape

import pytest
from django.urls import reverse

from actions.enums import DraftingState, Status, TermUsage
from actions.models import ActionTerm
from contracts.enums import ContractState, Role, TermKind
from contracts.models import ReferenceTerm
from tests.factories import (
    make_action,
    make_axis,
    make_contract,
    make_department,
    make_full_action,
    make_membership,
    make_organisation,
    make_term,
    make_territory,
    make_user,
)
from tests.people import signed_in
from tests.queries import assert_constant_queries, query_count_test

pytestmark = pytest.mark.django_db

TOTALS, FICHES = reverse("actions:region_totals"), reverse("actions:region_fiches")


@pytest.fixture
def reader():
    return make_membership(Role.NATIONAL_READER, make_user("suivi@exemple.fr")).user


def page(user, url: str) -> str:
    return unescape(signed_in(user).get(url).content.decode())


def titles(user, query: str = "") -> list[str]:
    return [line[0].title for line in signed_in(user).get(FICHES + query).context["lines"]]


def themed(title: str, *labels: str, contract=None, usage=TermUsage.THEME, **fields):
    action = make_action(contract or make_contract(), title=title, **fields)
    kind = TermKind.THEME if usage == TermUsage.THEME else TermKind.AUDIENCE
    for label in labels:
        ActionTerm.objects.create(action=action, usage=usage, term=ReferenceTerm.objects.get(kind=kind, label=label))
    return action


def figures(html: str, heading: str) -> list[tuple[str, int]]:
    """(address, figure) of the line of a table."""
    line = re.search(rf'<th scope="row">{heading}</th>(.*?)</tr>', html, re.DOTALL)[1]
    return [(url, int(number)) for url, number in re.findall(r'<a href="([^"]+)"[^>]*>(?:<b>)?(\d+)', line)]


def test_each_total_leads_to_as_many_fiches(reader):
    contract = make_contract()
    themed("Un", "Santé mentale", "Vaccination", contract=contract, status=Status.DONE)
    themed("Deux", "Santé mentale", status=Status.IN_PROGRESS)
    themed("Archivée", "Santé mentale", drafting_state=DraftingState.ARCHIVED)
    own = make_term(TermKind.THEME, label="Eau du robinet", contract=contract)
    ActionTerm.objects.create(action=make_action(contract, title="Quatre"), term=own, usage=TermUsage.THEME)
    make_action(contract, title="Cinq")

    html = page(reader, TOTALS)

    assert [number for _url, number in figures(html, "Santé mentale")] == [2, 1, 1]
    assert [number for _url, number in figures(html, "Thématiques propres à un contrat")] == [1, 1]
    assert [number for _url, number in figures(html, "Sans thématique")] == [1, 1]
    assert figures(html, "Ensemble des fiches")[0][1] == 4
    for heading in ("Santé mentale", "Vaccination", "Thématiques propres à un contrat", "Sans thématique"):
        for url, number in figures(html, heading):
            assert len(signed_in(reader).get(url).context["lines"]) == number
    assert "Dépistage des cancers" in html.split("Aucune fiche")[1]


def test_the_filters_of_the_contracts_narrow_their_fiches(reader):
    make_action(make_contract(territory=make_territory(department=make_department("53"))), title="En Mayenne")
    make_action(make_contract(state=ContractState.CLOSED), title="Close")
    make_action(make_contract(), title="En cours")

    assert titles(reader, "?departement=53") == ["En Mayenne"]
    assert titles(reader, "?etat=clos") == ["Close"]
    html = page(reader, f"{TOTALS}?etat=clos")
    assert figures(html, "Ensemble des fiches") == [
        (f"{FICHES}?etat=clos", 1),
        (f"{FICHES}?etat=clos&statut=non_demarree", 1),
    ]
    assert f'{reverse("actions:region")}?etat=clos">1\u00a0contrat local de santé' in html


def test_the_totals_leave_out_what_narrows_fiches(reader):
    themed("Un", "Santé mentale")
    make_action(title="Deux")

    assert figures(page(reader, f"{TOTALS}?theme=aucun&statut=realisee"), "Ensemble des fiches")[0] == (FICHES, 2)


def test_a_referent_counts_and_lists_the_fiches_of_the_departement_only():
    contract = make_contract(territory=make_territory(department=make_department("28")))
    elsewhere = make_contract(territory=make_territory(department=make_department("41")))
    make_action(contract, title="Dépister")
    make_action(elsewhere, title="Vacciner à Blois")
    user = make_membership(Role.ARS_REFERENT, department=make_department("28")).user

    assert titles(user) == ["Dépister"]
    assert titles(user, "?departement=41") == ["Dépister"]
    assert titles(user, "?fiche=blois") == []
    assert figures(page(user, TOTALS), "Ensemble des fiches")[0][1] == 1
    csv = b"".join(signed_in(user).get(reverse("actions:region_fiches_export") + "?format=csv")).decode()
    assert "Dépister" in csv
    assert "Blois" not in csv


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?fiche=DEPISTER", ["Dépister"]),
        ("?statut=realisee", ["Dépister"]),
        ("?statut=realisee&statut=en_cours", ["Dépister", "Vacciner"]),
        ("?theme=aucun", ["Vacciner", "Écouter"]),
        ("?public=zz&theme=999999&statut=?", ["Dépister", "Vacciner", "Écouter"]),
    ],
)
def test_the_fiches_are_filtered_by_the_address(reader, query, expected):
    contract = make_contract()
    themed("Dépister", "Dépistage des cancers", contract=contract, status=Status.DONE)
    make_action(axis=make_axis(contract), title="Vacciner", status=Status.IN_PROGRESS, position=0)
    make_action(contract, title="Écouter")
    order = {"Dépister": 0, "Vacciner": 1, "Écouter": 2}

    assert sorted(titles(reader, query), key=order.get) == expected
    assert titles(reader)[0] == "Vacciner"  # those of an axis come first


def test_a_fiche_says_its_contract_its_pilot_and_its_delay(reader):
    contract = make_contract(title="Chartres métropole")
    make_action(
        contract,
        pilot=make_organisation(contract, name="Hôpital", short_name="CHC"),
        title="Dépister",
        status=Status.IN_PROGRESS,
        end_date="2024-06-30",
    )

    html = page(reader, FICHES)

    for expected in ("Chartres métropole", "CHC", "30/06/2024<small>en retard", "1\u00a0fiche"):
        assert expected in html


def test_nothing_to_count_is_said(reader):
    assert "Aucune fiche à compter" in page(reader, TOTALS)
    assert "Aucune fiche ne répond à ces filtres" in page(reader, FICHES)


def test_the_export_holds_the_fiches_listed(reader):
    contract = make_contract()
    make_full_action(contract, title="=Former", parts=1)

    answer = signed_in(reader).get(reverse("actions:region_fiches_export") + "?format=csv&statut=en_cours")
    lines = b"".join(answer).decode("utf-8-sig").splitlines()

    assert len(lines) == 2
    assert ";'=Former;" in lines[1]


@query_count_test("actions:region_fiches", "actions:region_totals")
@pytest.mark.parametrize("url", [FICHES, TOTALS])
def test_the_fiches_cost_the_same_whatever_their_number(reader, url):
    def add(number: int) -> None:
        for _ in range(number):
            contract = make_contract()
            make_full_action(contract, parts=1)
            term = make_term(TermKind.THEME, contract=contract)
            ActionTerm.objects.create(action=make_action(contract), term=term, usage=TermUsage.THEME)

    make_term(TermKind.AUDIENCE, contract=None)
    assert_constant_queries(signed_in(reader), url, add)
