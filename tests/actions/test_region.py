"""The regional table: who sees which contracts, what is said of them, where each figure leads."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.enums import Status
from actions.region.alerts import ALERTS
from cls_portal.core.dates import today
from contracts.enums import ContractState, Role
from contracts.models import Department
from tests.actions.region import URL, in_department, make_sound, page, shown, tell_news
from tests.factories import (
    make_action,
    make_body,
    make_commune,
    make_contract,
    make_department,
    make_meeting,
    make_membership,
    make_perimeter_commune,
    make_review,
    make_user,
)
from tests.people import signed_in
from tests.queries import assert_constant_queries, query_count_test

pytestmark = pytest.mark.django_db

# Who sees what


def test_a_referent_sees_the_contracts_of_the_departement_and_nothing_of_the_next():
    in_department("28", title="Contrat de Chartres")
    neighbour = in_department("41", title="Contrat de Blois")  # same région
    user = make_membership(Role.ARS_REFERENT, department=make_department("28")).user

    html = page(user)

    assert shown(user) == ["Contrat de Chartres"]
    for foreign in (neighbour.territory.name, neighbour.slug, "Loir-et-Cher"):
        assert foreign not in html
        assert foreign not in page(user, "?departement=41")
    assert shown(user, f"?q={neighbour.territory.name}") == shown(user, "?region=11&departement=41&q=blois") == []


def test_a_referent_of_the_region_and_a_national_reader_see_further(national_reader):
    for code in ("28", "41", "53"):
        in_department(code)
    region = make_membership(Role.ARS_REFERENT, region=make_department("28").region).user

    assert sorted(shown(region)) == ["Contrat 28", "Contrat 41"]
    assert sorted(shown(national_reader)) == ["Contrat 28", "Contrat 41", "Contrat 53"]
    assert shown(national_reader, f"?region={make_department('53').region_id}") == ["Contrat 53"]
    assert shown(region, "?departement=41") == ["Contrat 41"]


def test_a_contract_that_one_only_reads_stays_out_of_the_table_and_of_its_figures():
    in_department("28")
    read = in_department("53")
    user = make_membership(Role.ARS_REFERENT, department=make_department("28")).user
    make_membership(Role.READER, user, contract=read)

    assert shown(user) == ["Contrat 28"]


def test_the_table_is_the_first_page_of_those_who_only_follow_contracts(national_reader, coordinator, administrator):
    referent = make_membership(Role.ARS_REFERENT).user
    make_membership(Role.READER, referent, contract=make_contract())

    assert signed_in(national_reader).get("/").url == URL
    assert signed_in(referent).get("/").status_code == 200
    assert URL in signed_in(referent).get("/").content.decode()
    assert URL in signed_in(administrator).get("/").content.decode()
    assert URL not in signed_in(coordinator).get("/").content.decode()
    assert "Le tableau régional se lit par l’ARS" in page(coordinator)


def test_the_ars_finds_there_the_reviews_in_which_it_is_expected():
    contract = make_contract()
    user = make_membership(Role.ARS_REFERENT, department=contract.territory.department).user
    review = make_review(contract)

    assert f'href="{review.get_absolute_url()}"' in page(user)


def test_the_sentence_counts_and_leads_to_each_list(national_reader):
    contract = make_contract(end_date=today() + timedelta(60))
    make_sound(contract)
    make_perimeter_commune(contract, commune=make_commune(population=39000))

    html = page(national_reader)

    assert "1\u00a0contrat en vigueur" in html
    assert "couvre 39\u202f000 habitants" in html
    assert f'href="{URL}?alerte=echeance">1\u00a0arrive à échéance' in html
    assert f'href="{URL}?etat=en_vigueur&amp;etat=proroge"' in html


# Inhabitants


def test_a_commune_of_two_contracts_counts_once(national_reader):
    make_department("28")
    Department.objects.filter(pk="28").update(population=400000, population_year=2022)
    town, village = make_commune(population=30000), make_commune(population=2000)
    for contract in (in_department("28"), in_department("28")):
        make_perimeter_commune(contract, commune=town)
    make_perimeter_commune(contract, commune=village, left_on=today())
    closed = in_department("28", state=ContractState.CLOSED)
    make_perimeter_commune(closed, commune=village)
    in_department("28", population=70000)

    html = page(national_reader, "?departement=28")

    assert "100\u202f000 habitants couverts sur 400\u202f000 (2022), soit 25\u00a0%" in html
    assert "soit 25\u00a0% de la population" in html


def test_without_the_population_of_the_departement_no_share_is_said(national_reader):
    make_perimeter_commune(in_department("28"), commune=make_commune(population=30000))

    html = page(national_reader)

    assert "30\u202f000 habitants couverts, population du département non renseignée" in html
    assert "La part de la population n’est pas calculée" in html


# The lines


def test_a_line_says_who_coordinates_how_far_it_is_and_what_comes(national_reader):
    contract = make_contract(generation=2)
    coordinator = make_membership(Role.COORDINATOR, make_user("c@exemple.fr"), territory=contract.territory).user
    make_membership(Role.COORDINATOR, coordinator, contract=contract)
    make_action(contract, status=Status.DONE, progress=100)
    late = make_action(contract, status=Status.IN_PROGRESS, progress=50, end_date=date(2024, 6, 1))
    tell_news(late, date(2024, 5, 2))
    copil = make_meeting(make_body(contract), starts_at=timezone.now() + timedelta(10))
    make_meeting(make_body(contract, kind="cotech"), starts_at=timezone.now() + timedelta(5))

    html = page(national_reader)
    plan = reverse("actions:plan", args=[contract.slug])

    assert html.count(str(coordinator)) == 1
    assert "CLS\u00a02, 2024-\u20602028" in html
    assert f'<a href="{plan}">2</a>' in html
    assert f'href="{plan}?alerte=retard">1 en retard' in html
    assert "75\u00a0%" in html
    assert "1 réalisée, 1 en cours" in html
    assert "02/05/2024" in html
    assert copil.get_absolute_url() in html


def test_contracts_in_force_come_first_in_each_departement(national_reader):
    for title, code, state in [
        ("Clos", "28", ContractState.CLOSED),
        ("En vigueur", "28", ContractState.IN_FORCE),
        ("En écriture", "28", ContractState.DRAFTING),
        ("Du Cher", "18", ContractState.CLOSED),
    ]:
        in_department(code, title=title, state=state)

    assert shown(national_reader) == ["Du Cher", "En vigueur", "En écriture", "Clos"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=chatelet", ["Le Châtelet"]),
        ("?q=EURE-et", ["Le Châtelet", "Autre"]),
        ("?etat=clos", ["Autre"]),
        ("?etat=clos&etat=en_vigueur", ["Le Châtelet", "Autre"]),
        ("?avant=2027-01-01", ["Autre"]),
        ("?tri=echeance", ["Autre", "Le Châtelet"]),
        ("?tri=-echeance", ["Le Châtelet", "Autre"]),
        ("?tri=territoire", ["Le Châtelet", "Autre"]),
        ("?tri=etat", ["Le Châtelet", "Autre"]),
        ("?tri=-habitants", ["Autre", "Le Châtelet"]),
        ("?tri=nouvelle", ["Autre", "Le Châtelet"]),
        ("?etat=inconnu&avant=hier&tri=zz&alerte=x&region=99&departement=zz", ["Le Châtelet", "Autre"]),
    ],
)
def test_the_list_is_filtered_and_sorted_by_its_address(national_reader, query, expected):
    first = in_department("28", title="Le Châtelet", end_date=date(2029, 12, 31))
    first.territory.name = "Arc"
    first.territory.save()
    other = in_department(
        "28", title="Autre", state=ContractState.CLOSED, end_date=date(2026, 12, 31), population=5, slug="autre"
    )
    other.territory.name = "Beauce"
    other.territory.save()
    tell_news(make_action(other), date(2026, 1, 5))

    assert shown(national_reader, query) == expected
    assert signed_in(national_reader).get(URL + query).status_code == 200


def test_a_value_that_is_not_understood_is_told_and_the_others_apply(national_reader):
    in_department("28", state=ContractState.CLOSED)

    html = page(national_reader, "?avant=hier&etat=clos")

    assert "Certains filtres n’ont pas été compris" in html
    assert "Fin avant le" in html


def test_a_filter_that_keeps_nothing_leads_back_to_all(national_reader):
    make_contract()

    assert "Aucun contrat ne répond à ces filtres" in page(national_reader, "?q=zibeline")


def test_an_area_without_contract_says_so():
    user = make_membership(Role.ARS_REFERENT, department=make_department("28")).user

    assert "Aucun contrat dans ce périmètre" in page(user)


def test_the_departements_without_a_contract_in_force_are_named():
    in_department("28")
    user = make_membership(Role.ARS_REFERENT, region=make_department("28").region).user

    assert "Sans contrat en vigueur\u00a0: Cher (18), Indre (36)" in page(user)


def test_fifty_contracts_a_page(national_reader):
    for _ in range(52):
        make_contract()

    html = page(national_reader, "?page=2")

    assert html.count("Contrat local de santé") <= 2
    assert html.count('<th role="rowheader" scope="row">') == 2
    assert "52\u00a0contrats, page 2 sur 2" in html


# Exports, cost


def test_the_export_holds_the_lines_of_the_page_in_their_order(national_reader):
    for title in ("Premier", "Second"):
        make_sound(make_contract(title=title))
    make_contract(title="Clos", state=ContractState.CLOSED)

    answer = signed_in(national_reader).get(
        reverse("actions:region_export") + "?format=csv&etat=en_vigueur&tri=-territoire"
    )
    lines = b"".join(answer).decode("utf-8-sig").splitlines()

    assert [line.split(";")[3] for line in lines] == ["Contrat local de santé", "Second", "Premier"]
    assert lines[0].endswith("Sans volet santé mentale;Axe sans fiche")
    assert lines[1].endswith(";oui" + ";non" * len(ALERTS))
    assert signed_in(national_reader).get(reverse("actions:region_export") + "?format=exe").status_code == 404


@query_count_test("actions:region")
@pytest.mark.parametrize(("role", "most"), [(Role.NATIONAL_READER, 12), (Role.ARS_REFERENT, 14)])
def test_the_table_costs_the_same_whatever_the_number_of_contracts(role, most):
    """Two more for the ARS: the reviews in which it is expected."""
    user = make_membership(role).user

    def add(number: int) -> None:
        for _ in range(number):
            contract = in_department("28")
            make_sound(contract)
            make_membership(Role.COORDINATOR, contract=contract)
            make_meeting(make_body(contract), starts_at=timezone.now() + timedelta(10))
            make_perimeter_commune(contract)

    assert_constant_queries(signed_in(user), URL, add, maximum=most)
