"""Which fiches each filter keeps, read through the plan as its pages read it."""

from datetime import date

import pytest
from django.http import QueryDict

from actions.enums import DraftingState, Origin, Priority, Status, TermUsage
from actions.models import ActionPartner, ActionTerm, FollowUp, FundingLine
from actions.plan.reading import Plan, natural
from contracts.models import Objective
from tests.factories import (
    make_action,
    make_axis,
    make_contract,
    make_indicator,
    make_organisation,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 15)


def read(contract, query: str = "") -> Plan:
    return Plan(contract, make_user(is_superuser=True), QueryDict(query), on=TODAY)


def codes(contract, query: str = "") -> list[str]:
    return [line.code for line in read(contract, query).lines]


@pytest.mark.parametrize(
    "query",
    ["q=ecole", "q=ÉCOLE", "q=l'ecole+ete", "q=cpam", "q=Caisse+primaire", "q=mutualite+vaccins", "q=1.1"],
)
def test_search_looks_everywhere_without_accents(contract, query):
    pilot = make_organisation(contract, name="Caisse primaire d’assurance maladie", short_name="CPAM")
    found = make_action(contract, code="1.1", title="L’École d’été", context="Les vaccins", pilot=pilot)
    ActionPartner.objects.create(action=found, organisation=make_organisation(contract, name="Mutualité"))
    make_action(contract, code="2.2", title="Logement")

    assert codes(contract, query) == ["1.1"]


def test_search_wants_every_word(contract):
    make_action(contract, title="École")

    assert codes(contract, "q=ecole+logement") == []


def test_filters_on_the_fields_of_the_fiche(contract):
    axis = make_axis(contract)
    objective = Objective.objects.create(axis=axis, title="Prévenir")
    make_action(
        contract,
        code="A",
        axis=axis,
        objective=objective,
        status=Status.IN_PROGRESS,
        drafting_state=DraftingState.VALIDATED,
        priority=Priority.HIGH,
        origin=Origin.CARRIED_OVER,
        end_date=date(2026, 9, 1),
    )
    make_action(contract, code="B", status=Status.DONE, end_date=date(2027, 3, 1))
    make_action(contract, code="C")

    for query in (
        *(f"axe={axis.pk}", f"objectif={objective.pk}", "statut=en_cours", "redaction=validee", "priorite=elevee"),
        *("origine=reconduite", "echeance=2026", "du=01/08/2026&au=2026-12-31", "manque=pilote&statut=en_cours"),
    ):
        assert codes(contract, query) == ["A"], query
    assert codes(contract, "statut=en_cours&statut=realisee") == ["A", "B"]


def test_filters_on_who_and_what_a_fiche_is_linked_to(contract):
    pilot, partner, funder = (make_organisation(contract) for _ in range(3))
    theme, audience, setting = (make_term() for _ in range(3))
    action = make_action(contract, code="A", pilot=pilot)
    ActionPartner.objects.create(action=action, organisation=partner)
    for year in (2024, 2025):
        FundingLine.objects.create(action=action, year=year, funder=funder)
    for term, usage in ((theme, TermUsage.THEME), (audience, TermUsage.AUDIENCE), (setting, TermUsage.SETTING)):
        ActionTerm.objects.create(action=action, term=term, usage=usage)
    make_action(contract, code="B")

    for query in (
        *(f"pilote={pilot.pk}", f"partenaire={partner.pk}", f"financeur={funder.pk}"),
        *(f"theme={theme.pk}", f"public={audience.pk}", f"milieu={setting.pk}"),
    ):
        plan = read(contract, query)
        assert [line.code for line in plan.lines] == ["A"], query
        assert plan.errors == []
    assert read(contract, f"theme={audience.pk}").errors != [], "a public is no theme"


@pytest.mark.parametrize(
    ("missing", "fields"),
    [
        ("echeance", {"end_date": date(2027, 1, 1)}),
        ("contexte", {"context": "…"}),
        ("objectif", {"general_objective": "…"}),
        ("description", {"description": "…"}),
    ],
)
def test_filters_on_what_is_missing_in_the_fiche(contract, missing, fields):
    make_action(contract, code="complète", **fields)
    make_action(contract, code="à compléter")

    assert codes(contract, f"manque={missing}") == ["à compléter"]


def test_filters_on_what_is_missing_around_the_fiche(contract):
    full = make_action(contract, code="complète", pilot=make_organisation(contract), axis=make_axis(contract))
    make_indicator(full)
    FundingLine.objects.create(action=full, year=2024)
    for usage in (TermUsage.THEME, TermUsage.AUDIENCE):
        ActionTerm.objects.create(action=full, term=make_term(), usage=usage)
    make_action(contract, code="à compléter")

    for missing in ("pilote", "indicateur", "axe", "financement", "public", "thematique"):
        assert codes(contract, f"manque={missing}") == ["à compléter"], missing


def test_filters_on_alerts(contract):
    make_action(contract, code="retard", status=Status.IN_PROGRESS, end_date=date(2020, 1, 1))
    recent = make_action(contract, code="bien", status=Status.IN_PROGRESS)
    FollowUp.objects.create(action=recent, date=date.today(), status=Status.IN_PROGRESS, progress=25, author_name="A")
    FollowUp.objects.create(
        action=recent, date=date(2020, 1, 1), status=Status.IN_PROGRESS, progress=0, author_name="A"
    )

    assert codes(contract, "alerte=retard") == ["retard"]
    assert codes(contract, "echeance=depassee") == ["retard"]
    assert codes(contract, "alerte=silence") == ["retard"]
    assert codes(contract, "alerte=incomplete") == ["retard", "bien"]


def test_archived_fiches_show_only_when_asked_for(contract):
    make_action(contract, code="archive", drafting_state=DraftingState.ARCHIVED)
    make_action(contract, code="plan")

    assert codes(contract) == ["plan"]
    assert codes(contract, "redaction=archivee") == ["archive"]
    assert len(read(contract, "redaction=archivee").whole) == 1


def test_lines_sort_by_any_column_and_unknown_values_come_last(contract):
    early, late = make_organisation(contract, name="Âge"), make_organisation(contract, name="Zone")
    make_action(contract, code="2.10", title="École", pilot=late, progress=50, end_date=date(2026, 1, 1))
    make_action(contract, code="2.9", title="eau", pilot=early, progress=25, end_date=date(2027, 1, 1))
    make_action(contract, code="", title="Zéro", progress=0)

    for query, expected in {
        "tri=numero": ["2.9", "2.10", ""],
        "tri=-numero": ["2.10", "2.9", ""],
        "tri=intitule": ["2.9", "2.10", ""],
        "tri=pilote": ["2.9", "2.10", ""],
        "tri=-avancement": ["2.10", "2.9", ""],
        "tri=echeance": ["2.10", "2.9", ""],
        "tri=-echeance": ["2.9", "2.10", ""],
    }.items():
        assert codes(contract, query) == expected, query


def test_natural_order_mixes_figures_and_letters():
    assert sorted(["FA 10", "B", "FA 2", "10", "9", "A"], key=natural) == ["9", "10", "A", "B", "FA 2", "FA 10"]


def test_invalid_values_are_told_and_left_out(contract):
    make_action(contract, code="A", status=Status.DONE)
    make_action(contract, code="B")

    plan = read(contract, "statut=realisee&axe=99999&tri=hasard&du=hier")

    assert [line.code for line in plan.lines] == ["A"]
    assert [label for label, _text in plan.errors] == ["Axe", "Échéance à partir du", "Tri"]


def test_groups_follow_the_axes_and_the_fiches_without_axis_come_last(contract):
    second, first = make_axis(contract, position=2, title="Deux"), make_axis(contract, position=1, title="Un")
    empty = make_axis(contract, position=3, title="Vide")
    make_action(contract, code="sans")
    make_action(contract, code="deux", axis=second)
    make_action(contract, code="un", axis=first, status=Status.DONE)

    heads = [group.head and group.head.title for group in read(contract).groups()]
    assert heads == ["Un", "Deux", empty.title, None]
    assert [group.head.title for group in read(contract, "statut=realisee").groups()] == ["Un"]


def test_another_contract_s_fiches_and_axes_stay_out(contract):
    other = make_contract()
    axis = make_axis(other)
    make_action(other, axis=axis)

    assert codes(contract) == []
    assert read(contract, f"axe={axis.pk}").errors != []
