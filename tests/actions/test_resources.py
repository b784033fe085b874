"""What the plan's spreadsheet holds, read as the import will."""

import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from actions.enums import PartnerState, PilotRole, Status, TermUsage
from actions.models import ActionPartner, ActionPilot, ActionTerm, FundingLine, Step
from actions.resources import PARTS, ActionResource, plan_sheets
from cls_portal.core.exports import WRITERS
from tests.factories import (
    make_action,
    make_axis,
    make_contract,
    make_document,
    make_indicator,
    make_measurement,
    make_organisation,
    make_term,
)

pytestmark = pytest.mark.django_db


def exported(*actions) -> dict[str, list[dict]]:
    """Sheet → its lines, each a dict by heading."""
    file = io.BytesIO()
    WRITERS["xlsx"](plan_sheets([action.pk for action in actions]), file)
    file.seek(0)
    book = CalamineWorkbook.from_filelike(file)
    tables = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    return {name: [dict(zip(table[0], line, strict=True)) for line in table[1:]] for name, table in tables.items()}


@pytest.mark.parametrize("resource", [ActionResource, *(part[1] for part in PARTS)])
def test_headings_are_unique(resource):
    headings = list(resource.headings().values())

    assert len(set(headings)) == len(headings)


def test_a_fiche_is_written_with_its_types_and_its_lists():
    contract = make_contract()
    action = make_action(
        contract,
        axis=make_axis(contract, code="1", title="Prévention"),
        code="2.10",
        title="=Former",
        status=Status.POSTPONED,
        status_reason="crise",
        postponed_to=date(2026, 6, 30),
        end_date=date(2025, 6, 30),
        progress=50,
    )
    for name, role in [
        ("CPAM, Dreux", PilotRole.PRINCIPAL),
        ("MSA", PilotRole.CO_PILOT),
        ("CCAS", PilotRole.CO_PILOT),
    ]:
        organisation = make_organisation(contract, name=name)
        ActionPilot.objects.create(action=action, organisation=organisation, role=role, position=len(name))
    ActionPartner.objects.create(action=action, organisation=organisation, state=PartnerState.EXPECTED)
    for label in ("Sommeil, écrans", "Lecture"):
        ActionTerm.objects.create(action=action, term=make_term(label=label), usage=TermUsage.THEME)

    line = exported(action)["Plan d’actions"][0]

    assert line["Axe"] == "Prévention"
    assert line["N° de la fiche"] == "2.10"
    assert line["Intitulé de la fiche"] == "=Former"
    assert line["Statut"] == "Reportée"
    assert line["Échéance"] == date(2025, 6, 30)
    assert line["Reportée au"] == date(2026, 6, 30)
    assert line["Avancement (%)"] == 50
    assert line["Pilote"] == "CPAM, Dreux"
    assert line["Copilotes"] == "MSA\u202f; CCAS"
    assert line["Partenaires pressentis"] == "CCAS"
    assert line["Thématiques"] == "Sommeil, écrans\u202f; Lecture"
    assert line["Action récurrente"] == "non"
    assert line["Financement prévu (€)"] == ""


def test_what_takes_over_a_fiche_and_the_files_attached_to_it_are_named():
    contract = make_contract()
    following = make_action(contract, code="2.11", title="Former et accueillir")
    action = make_action(contract, status=Status.REDIRECTED, status_reason="fusion", successor=following)
    action.documents.add(make_document(contract, title="Bilan"), make_document(contract, title="Flyer"))

    line = exported(action)["Plan d’actions"][0]

    assert line["Réorientée vers"] == "2.11 Former et accueillir"
    assert sorted(line["Documents joints"].split("\u202f; ")) == ["Bilan", "Flyer"]


def test_parts_go_to_sheets_of_their_own_in_the_order_of_the_fiches():
    first = make_action()
    second = make_action(first.contract)
    for action in (first, second):
        FundingLine.objects.create(action=action, year=2024, planned=1000, granted=250)
    Step.objects.create(action=second, title="Recruter")
    make_measurement(make_indicator(second, title="Séances"), value=12)

    sheets = exported(second, first)

    assert [line["Identifiant de la fiche"] for line in sheets["Financement"]] == [second.pk, first.pk]
    assert sheets["Plan d’actions"][0]["Financement obtenu (€)"] == 250
    assert sheets["Étapes"][0]["Étape"] == "Recruter"
    assert sheets["Indicateurs"][0]["Indicateur"] == "Séances"
    assert sheets["Relevés"][0]["Valeur"] == 12


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_number_of_queries_does_not_follow_the_number_of_fiches(django_assert_max_num_queries, count):
    contract = make_contract()
    pilot = make_organisation(contract)
    ids = [make_action(contract, pilot=pilot, axis=make_axis(contract)).pk for _ in range(count)]

    with django_assert_max_num_queries(14):
        for sheet in plan_sheets(ids):
            list(sheet.rows)
