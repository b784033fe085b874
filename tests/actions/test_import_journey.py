"""The workbook comes in, page by page: as the coordinator lives it."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from actions.enums import DatePrecision, DraftingState, Status
from actions.models import Action, ActionPilot
from contracts.enums import DocumentKind, TermKind
from contracts.models import Axis, Document, Organisation
from tests.actions.workbooks import SAMPLE, as_xlsx, confirmed, imported, needs_sample, previewed, sent, untidy_plan
from tests.factories import make_action, make_membership, make_organisation, make_term
from tests.people import signed_in


@pytest.fixture
def client(coordinator):
    return signed_in(coordinator)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(untidy_plan, id="made here"),
        pytest.param(SAMPLE.read_bytes, id="the sample", marks=needs_sample),
    ],
)
def test_an_untidy_plan_comes_in_without_being_retouched(client, contract, content):
    address, page = previewed(client, contract, content())
    preview = page.context["preview"]

    assert preview.problems == []
    assert dict(preview.counts) == {"create": 10}
    assert [(row.number, row.reason) for row in preview.ignored] == [
        (1, "Au-dessus des en-têtes du tableau."),
        (2, "Au-dessus des en-têtes du tableau."),
        (16, "Ligne de total ou de sous-total."),
    ]
    assert [column.heading.label for column in preview.unused] == []

    confirmed(client, address)

    actions = {action.code: action for action in contract.actions.select_related("axis")}
    assert list(actions) == ["A", "B", "C", "D", "1.1", "1.2", "1.3", "2.1", "3.1", "4.1"]
    assert {code: action.axis and action.axis.code for code, action in actions.items()} == {
        **dict.fromkeys("ABCD"),
        "1.1": "1",
        "1.2": "1",
        "1.3": "1",
        "2.1": "2",
        "3.1": "3",
        "4.1": "2",
    }
    assert [pilot.role for pilot in actions["A"].pilots.all()] == ["pilote", "copilote"]
    assert [pilot.role for pilot in actions["3.1"].pilots.all()] == ["pilote"]
    assert Organisation.objects.filter(territory=contract.territory, name__icontains="syndicat").count() == 1
    assert (actions["C"].start_date, actions["C"].start_precision) == (date(2014, 4, 1), DatePrecision.QUARTER)
    assert (actions["C"].end_date, actions["C"].end_precision) == (date(2016, 12, 31), DatePrecision.YEAR)
    assert (actions["D"].end_date, actions["D"].progress) == (date(2017, 12, 31), 25)
    assert actions["1.2"].status == Status.DONE
    assert actions["1.1"].status == Status.POSTPONED
    assert actions["1.1"].postponed_to == date(2014, 12, 31)
    assert "classeur" in actions["1.1"].status_reason
    assert actions["B"].funding_lines.get().planned == Decimal("8500.00")
    assert not actions["D"].funding_lines.exists()
    assert actions["A"].follow_ups.get().progress == 50


@needs_sample
def test_the_sample_sent_again_changes_nothing(client, contract):
    imported(client, contract, SAMPLE.read_bytes())

    _address, page = previewed(client, contract, SAMPLE.read_bytes())

    assert dict(page.context["preview"].counts) == {"same": 10}
    assert page.context["preview"].new_refs() == []


def test_a_workbook_sent_again_changes_nothing(client, contract):
    imported(client, contract, untidy_plan())

    _address, page = previewed(client, contract, untidy_plan())

    assert dict(page.context["preview"].counts) == {"same": 10}
    assert Axis.objects.filter(contract=contract).count() == 3


def test_the_history_bears_the_name_of_the_workbook_and_of_the_person(client, contract, coordinator):
    imported(client, contract, untidy_plan(), "tableau de bord.xlsx")

    history = contract.actions.first().history.latest()
    assert history.history_change_reason == "Import du classeur «\u202ftableau de bord.xlsx\u202f»"
    assert history.history_user == coordinator


def test_pilots_terms_and_drafting_changed_bear_the_name_of_the_workbook_too(client, contract, coordinator):
    theme = make_term(TermKind.THEME, label="Sommeil")
    action = make_action(contract, title="Former", pilot=make_organisation(contract, name="CPAM"))
    headings = ["Identifiant", "Intitulé de la fiche", "Rédaction", "Pilote", "Thématiques"]
    imported(client, contract, as_xlsx([headings, [action.pk, "Former", "Validée", "MSA", "Sommeil"]]))

    action.refresh_from_db()
    assert action.drafting_state == DraftingState.VALIDATED
    assert [str(pilot.organisation) for pilot in action.pilots.all()] == ["MSA"]
    assert [link.term for link in action.action_terms.all()] == [theme]
    removed = ActionPilot.history.filter(organisation__name="CPAM").latest()
    records = [action.history.latest(), action.pilots.get().history.latest(), removed]
    for record in [*records, action.action_terms.get().history.latest()]:
        assert record.history_change_reason == "Import du classeur «\u202fplan.xlsx\u202f»"
        assert record.history_user == coordinator


def test_the_file_is_kept_among_the_documents(client, contract):
    imported(client, contract, untidy_plan())

    document = Document.objects.get(contract=contract, kind=DocumentKind.IMPORT)
    assert document.original_name == "plan.xlsx"
    with document.file.open() as file:
        assert file.read(2) == b"PK"


def test_confirming_twice_imports_once(client, contract):
    address, page = previewed(client, contract, untidy_plan())
    data = {"seen": page.context["preview"].fingerprint, "mode": "tout"}
    target = address.replace("apercu", "reprise")

    client.post(target, data)
    second = client.post(target, data)

    assert second.status_code == 302
    assert contract.actions.count() == 10
    assert Document.objects.filter(contract=contract).count() == 1


def test_a_plan_changed_since_the_preview_is_told_and_nothing_is_written(client, contract):
    imported(client, contract, untidy_plan())
    address, page = previewed(client, contract, _with(untidy_plan(), "C5", "Coordination du contrat, suite"))
    assert page.context["preview"].counts["change"] == 1
    Action.objects.filter(contract=contract, code="A").update(title="Coordination reprise ailleurs", version=9)

    response = client.post(
        address.replace("apercu", "reprise"), {"seen": page.context["preview"].fingerprint, "mode": "tout"}
    )

    assert "Le plan a changé depuis l’aperçu" in response.content.decode()
    assert contract.actions.get(code="A").title == "Coordination reprise ailleurs"


def _with(content: bytes, cell: str, value) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.worksheets[0][cell] = value
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def test_a_problem_stops_everything_unless_the_sound_lines_are_asked_for(client, contract):
    address, page = previewed(client, contract, _with(untidy_plan(), "K12", "peut-être"))

    assert [problem.cell for problem in page.context["preview"].problems] == ["K12"]
    assert "K12" in page.content.decode()
    response = confirmed(client, address)
    assert "rien n’est repris" in response.content.decode()
    assert contract.actions.count() == 0

    confirmed(client, address, mode="bonnes")

    assert contract.actions.count() == 9


def test_the_annotated_copy_can_be_corrected_and_sent_again(client, contract):
    address, _page = previewed(client, contract, _with(untidy_plan(), "K12", "peut-être"))
    confirmed(client, address, mode="bonnes")

    response = client.get(address.replace("apercu", "problemes"))

    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert "n’est pas reconnu" in book["Plan d'actions"]["K12"].comment.text
    assert book["Plan d'actions"]["M16"].value == "=SUM(M5:M14)"
    assert [cell.value for cell in book["Problèmes"][2]][:3] == ["Plan d'actions", "K12", "peut-être"]

    book["Plan d'actions"]["K12"] = "Non démarrée"
    output = io.BytesIO()
    book.save(output)
    address, page = previewed(client, contract, output.getvalue())
    assert dict(page.context["preview"].counts) == {"same": 9, "create": 1}
    confirmed(client, address)
    assert contract.actions.count() == 10


def test_somebody_else_never_sees_the_workbook(client, contract, administrator):
    address, _page = previewed(client, contract, untidy_plan())

    assert signed_in(administrator).get(address).status_code == 404


def test_a_workbook_is_not_seen_from_another_contract(client, contract, other_contract, coordinator):
    make_membership("coordinator", coordinator, contract=other_contract)
    address, _page = previewed(client, contract, untidy_plan())

    assert client.get(address.replace(contract.slug, other_contract.slug)).status_code == 404


@pytest.mark.parametrize("role", ["ars_referent", "pilot", "reader"])
def test_only_the_coordination_imports(request, contract, role):
    client = signed_in(request.getfixturevalue(role))

    assert client.get(reverse("actions:import", args=[contract.slug])).status_code == 403
    assert sent(client, contract, untidy_plan()).status_code == 403
