"""A few contracts side by side."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions.enums import Status
from actions.models import FundingLine
from contracts.enums import Capacity, OrganisationKind, Role
from tests.factories import (
    make_action,
    make_axis,
    make_body,
    make_contract,
    make_department,
    make_full_action,
    make_held_meeting,
    make_membership,
    make_organisation,
    make_perimeter_commune,
    make_signatory,
    make_territory,
    make_user,
)
from tests.people import signed_in

pytestmark = pytest.mark.django_db

URL = reverse("actions:region_compare")


@pytest.fixture
def reader():
    return make_membership(Role.NATIONAL_READER, make_user("suivi@exemple.fr")).user


def address(*contracts) -> str:
    return f"{URL}?{'&'.join(f'contrat={contract.slug}' for contract in contracts)}"


def page(user, *contracts) -> str:
    return unescape(signed_in(user).get(address(*contracts)).content.decode())


def line(html: str, label: str) -> list[str]:
    """The cells of a line, as text."""
    cells = re.search(rf'<th scope="row">{label}</th>(.*?)</tr>', html, re.DOTALL)[1]
    texts = [re.sub(r"<[^>]+>", " ", cell) for cell in re.findall(r"<td>(.*?)</td>", cells, re.DOTALL)]
    return [re.sub(r"[ \n]+", " ", text).strip() for text in texts]


def test_each_line_says_the_same_thing_of_each_contract(reader):
    first = make_contract(title="Premier", population=39000, population_year=2021)
    second = make_contract(title="Second", generation=2)
    axis = make_axis(first, title="Prévention")
    make_action(axis=axis, status=Status.DONE, progress=100)
    make_action(axis=axis, status=Status.IN_PROGRESS, progress=50)
    ars = make_organisation(first, name="Agence", kind=OrganisationKind.ARS)
    action = make_action(second, status=Status.IN_PROGRESS)
    FundingLine.objects.create(action=first.actions.first(), year=2025, funder=ars, planned=Decimal(20000))
    FundingLine.objects.create(action=action, year=2025, planned=Decimal(500))
    make_signatory(first, organisation=ars, capacity=Capacity.LEAD)
    make_perimeter_commune(second)
    make_held_meeting(
        make_body(second, name="comité", rhythm="Deux fois par an."), starts_at=timezone.now() - timedelta(9)
    )

    html = page(reader, first, second)

    assert line(html, "Nature et génération") == [
        "Contrat local de santé, génération 1",
        "Contrat local de santé, génération 2",
    ]
    assert line(html, "Habitants") == ["39\u202f000 (2021)", "—"]
    assert line(html, "Communes") == ["0", "1"]
    assert line(html, "Porteurs") == ["Agence", "—"]
    assert line(html, "Axes") == ["1 Prévention 2", "—"]
    assert line(html, "Fiches") == ["2", "1"]
    assert line(html, "Réalisée") == ["1", "0"]
    assert line(html, "Avancement moyen déclaré")[0] == "75\u00a0%"
    assert line(html, "Agence régionale de santé") == ["20\u202f000\u00a0€", "—"]
    assert line(html, "Financeur à préciser") == ["—", "500\u00a0€"]
    assert line(html, "Total") == ["20\u202f000\u00a0€", "500\u00a0€"]
    assert line(html, "Instances et rythme") == ["—", "Comité\u00a0: deux fois par an"]
    assert line(html, "Réunions tenues en un an") == ["0", "1"]


def test_figures_lead_to_their_lists(reader):
    first, second = make_contract(), make_contract()
    make_full_action(first, parts=1, status=Status.DONE)

    html = page(reader, first, second)

    plan = reverse("actions:plan", args=[first.slug])
    for query in ("", "?statut=realisee", f"?axe={first.axes.get().pk}", "?theme=", "?public="):
        assert f'href="{plan}{query}' in html


def test_a_contract_leaves_the_comparison(reader):
    first, second, third = (make_contract() for _ in range(3))

    assert f'href="{address(first, third)}">Retirer' in page(reader, first, second, third)


def test_four_at_most_two_at_least_and_only_those_that_one_follows():
    contracts = [make_contract(territory=make_territory(department=make_department("28"))) for _ in range(5)]
    elsewhere = make_contract(territory=make_territory(department=make_department("53")), title="Ailleurs")
    user = make_membership(Role.ARS_REFERENT, department=make_department("28")).user

    beyond = signed_in(user).get(address(*contracts))
    assert "à quatre contrats au plus" in beyond.content.decode()
    assert [row.contract for row, _url in beyond.context["columns"]] == contracts[:4]
    alone = page(user, contracts[0], elsewhere, contracts[0])
    assert "Il faut au moins deux contrats à comparer" in alone
    assert "Ailleurs" not in alone
    assert "Il faut au moins deux contrats" in signed_in(user).get(f"{URL}?contrat=%00&contrat=").content.decode()


def test_the_table_sends_the_contracts_ticked(reader):
    contract = make_contract()

    html = signed_in(reader).get(reverse("actions:region")).content.decode()

    assert f'<form class="plan-board" action="{URL}">' in html
    assert f'name="contrat" value="{contract.slug}"' in html


def test_the_comparison_costs_the_same_for_two_and_for_four(reader):
    contracts = [make_contract() for _ in range(4)]
    for contract in contracts:
        make_full_action(contract, parts=3)
        make_held_meeting(make_body(contract))
        make_signatory(contract)

    counts = []
    for number in (2, 4):
        signed_in(reader).get(address(*contracts[:number]))
        client = signed_in(reader)
        with CaptureQueriesContext(connection) as queries:
            client.get(address(*contracts[:number]))
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 20
