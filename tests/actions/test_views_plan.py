"""The plan, its calendar and its exports, as each person sees them."""

import io
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from actions.enums import Status, TermUsage
from actions.models import ActionPartner, ActionTerm, FundingLine
from actions.plan.frieze import Frieze
from contracts.models import Contract, Objective
from tests.factories import make_action, make_axis, make_indicator, make_organisation, make_term
from tests.people import signed_in
from tests.queries import assert_constant_queries, query_count_test

pytestmark = pytest.mark.django_db
LISTS = ["actions:plan", "actions:calendar"]


def address(name: str, contract, query: str = "") -> str:
    return reverse(name, args=[contract.slug]) + (f"?{query}" if query else "")


def text_of(client, name: str, contract, query: str = "") -> str:
    response = client.get(address(name, contract, query))
    assert response.status_code == 200
    return response.content.decode()


def make_full(contract, count: int) -> None:
    """Fiches with all that the page reads, in axes and under organisations of their own."""
    for _ in range(count):
        axis = make_axis(contract)
        Objective.objects.create(axis=axis, title="Objectif")
        action = make_action(contract, axis=axis, pilot=make_organisation(contract), end_date=date(2020, 1, 1))
        ActionPartner.objects.create(action=action, organisation=make_organisation(contract))
        FundingLine.objects.create(action=action, year=2024, funder=make_organisation(contract))
        for usage in (TermUsage.THEME, TermUsage.AUDIENCE):
            ActionTerm.objects.create(action=action, term=make_term(), usage=usage)
        make_indicator(action)


@query_count_test("actions:plan", "actions:calendar")
@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("query", ["", "plus=1&q=fiche&tri=-echeance"])
@pytest.mark.parametrize("role", ["coordinator", "pilot"])
def test_the_plan_costs_the_same_queries_whatever_it_holds(name, query, role, contract, request):
    client = signed_in(request.getfixturevalue(role))

    assert_constant_queries(client, address(name, contract, query), lambda count: make_full(contract, count))


def test_the_plan_says_each_fiche_with_its_alerts(contract, coordinator):
    axis = make_axis(contract, code="1", title="Prévention")
    pilot = make_organisation(contract, name="Association pilote", short_name="AP")
    day = date.today() - timedelta(days=50)
    make_action(
        axis=axis, code="1.1", title="École", pilot=pilot, status=Status.IN_PROGRESS, progress=75, end_date=day
    )

    text = text_of(signed_in(coordinator), "actions:plan", contract)

    for said in (
        "Prévention",
        "École",
        "AP",
        "En cours",
        "75\u00a0%",
        f"{day:%d/%m/%Y}",
        "En retard, 7\u00a0semaines",
    ):
        assert said in text, said
    assert "1\u00a0axe, 1\u00a0fiche\u00a0: 0\u00a0réalisée, 1\u00a0en cours, 1\u00a0en retard." in text


def test_every_count_is_a_link_to_its_list(contract, coordinator):
    make_action(contract, title="École", pilot=make_organisation(contract))
    make_action(contract, title="Logement")
    client = signed_in(coordinator)

    quick = client.get(address("actions:plan", contract)).context["quick"]

    assert {one.label: one.count for one in quick}["Sans pilote"] == "1"
    shown = client.get({one.label: one.url for one in quick}["Sans pilote"]).content.decode()
    assert "Logement" in shown
    assert "École" not in shown


def test_invalid_filters_are_told_in_french(contract, coordinator):
    text = text_of(signed_in(coordinator), "actions:plan", contract, "axe=99999&du=hier")

    assert "Certains filtres n’ont pas été compris" in text
    assert "Saisissez une date valide." in text


def test_an_empty_plan_and_an_empty_answer_say_why(contract, coordinator):
    client = signed_in(coordinator)
    assert "n’a pas encore de fiche" in text_of(client, "actions:plan", contract)

    make_action(contract)
    assert "Aucune fiche ne répond" in text_of(client, "actions:plan", contract, "q=introuvable")


def test_the_status_is_a_link_for_those_who_may_change_it(contract, coordinator, pilot, reader, pilot_organisation):
    own = make_action(contract, pilot=pilot_organisation)
    other = make_action(contract)
    links = [reverse("actions:status", args=[contract.slug, action.pk]) for action in (own, other)]

    def offered(user) -> list[bool]:
        text = text_of(signed_in(user), "actions:plan", contract)
        return [link in text for link in links]

    assert offered(coordinator) == [True, True]
    assert offered(pilot) == [True, False]
    assert offered(reader) == [False, False]


def test_the_calendar_says_and_draws_the_dates(contract, coordinator):
    make_action(
        contract,
        title="École",
        start_date=date(2025, 1, 1),
        start_precision="trimestre",
        end_date=date(2025, 12, 31),
        status=Status.POSTPONED,
        status_reason="crise",
        postponed_to=date(2027, 6, 30),
    )
    make_action(contract, title="Sans date")

    text = text_of(signed_in(coordinator), "actions:calendar", contract)

    assert "De 2024 à 2028, par trimestre. 1\u00a0fiche sans date n’est pas dessinée." in text
    assert "T1\u00a02025" in text
    assert "30/06/2027" in text
    assert 'class="slip"' in text


@pytest.mark.parametrize(
    ("day", "side"), [(date(2024, 1, 5), "start"), (date(2026, 6, 1), ""), (date(2028, 12, 20), "end")]
)
def test_the_label_of_the_day_stays_within_the_drawing(day, side):
    assert Frieze(2024, 2028).side(day) == side


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_the_export_holds_what_is_seen_in_the_same_order(contract, reader, kind):
    for code in ("2.10", "2.9", "3"):
        make_action(contract, code=code, title=f"École {code}")
    make_action(contract, code="4", title="Logement")

    response = signed_in(reader).get(address("actions:export", contract, f"format={kind}&q=ecole&tri=-numero"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))

    table = book.get_sheet_by_name("Plan d’actions").to_python()
    column = table[0].index("N° de la fiche")
    assert [str(line[column]) for line in table[1:]] == ["3", "2.10", "2.9"]


def test_the_csv_export_is_for_a_french_spreadsheet(contract, reader):
    make_action(contract, title="=1+1", end_date=date(2025, 12, 31))

    response = signed_in(reader).get(address("actions:export", contract, "format=csv"))
    text = b"".join(response.streaming_content).decode("utf-8-sig")

    assert response["Content-Disposition"].endswith('.csv"')
    assert ";'=1+1;" in text
    assert ";31/12/2025;" in text


def test_an_unknown_format_is_not_found(contract, reader):
    assert signed_in(reader).get(address("actions:export", contract, "format=pdf")).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "actions:plan",
        "actions:calendar",
        "actions:create",
        "actions:indicators",
        "contracts:axes",
        "contracts:axis_create",
        "contracts:settings",
    ],
)
def test_a_level_renamed_is_called_by_its_name_everywhere(coordinator, contract, name):
    Contract.objects.filter(pk=contract.pk).update(axis_label="orientation")
    axis = make_axis(contract, code="1", title="Prévenir")
    make_action(contract, axis=axis)
    make_action(contract)

    page = signed_in(coordinator).get(reverse(name, args=[contract.slug])).content.decode()
    words = re.sub(r"<[^>]+>", " ", page.split("<main")[1].split("</main>")[0])

    assert "rientation" in words
    assert not re.search(r"\b[aA]xes?\b", words)
