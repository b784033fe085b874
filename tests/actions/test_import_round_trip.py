"""What the portal exports comes back without a difference; what was corrected in it shows as such."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.enums import DatePrecision, PilotRole, Status, TermUsage
from actions.models import ActionPartner, ActionPilot, ActionTerm, FundingLine, Step
from contracts.enums import TermKind
from contracts.models import Objective
from tests.actions.workbooks import exported, preview_of
from tests.factories import make_action, make_axis, make_contact, make_document, make_organisation, make_term


@pytest.fixture
def rich(contract):
    """Fiches with everything that a cell may hold, among which what looks like a formula, a list or a date."""
    axis = make_axis(contract, code="1", title="Accès aux soins ; parcours")
    objective = Objective.objects.create(axis=axis, title="Objectif, premier", code="1.1")
    lead = make_organisation(contract, name="Communauté de communes et d’agglomération ; pôle santé")
    other = make_organisation(contract, name="ARS / DT 28, service prévention")
    theme = make_term(TermKind.THEME, label="Enfance, jeunesse / parentalité")
    full = make_action(
        contract,
        pilot=lead,
        axis=axis,
        objective=objective,
        code="1.10",
        title="=Former, informer ; « accueillir »",
        status=Status.POSTPONED,
        status_reason="Crise\nsanitaire",
        postponed_to=date(2025, 6, 30),
        progress=50,
        start_date=date(2024, 4, 1),
        start_precision=DatePrecision.QUARTER,
        end_date=date(2025, 12, 31),
        end_precision=DatePrecision.YEAR,
        description="'apostrophe\r\n\r\n- liste\n- _x000D_ fin ",
        context="  espaces  ",
        general_objective="+33 2 37",
        full_time_equivalents=Decimal("0.50"),
        participation="co_construction",
        is_recurring=True,
    )
    ActionPilot.objects.create(action=full, organisation=other, role=PilotRole.CO_PILOT, position=2)
    full.pilots.first().contacts.add(make_contact(lead, first_name="Anne", last_name="DE LA TOUR"))
    ActionPartner.objects.create(action=full, organisation=other, state="pressenti")
    ActionTerm.objects.create(action=full, term=theme, usage=TermUsage.THEME, is_main=True)
    FundingLine.objects.create(action=full, year=2024, planned=Decimal("1234.50"))
    Step.objects.create(action=full, title="Première étape")
    make_action(contract, code="", title="2014")
    make_action(contract, code="2024-01-02", title="Total des actions")
    full.successor = make_action(contract, code="1.10", title="Sans axe après un axe")
    full.save()
    full.documents.add(make_document(contract, title="Bilan ; annexe"))
    return full


@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv"])
def test_an_export_sent_back_changes_nothing(contract, rich, kind):
    preview = preview_of(contract, exported(contract, kind))

    assert [(line.title, line.changes, line.problems) for line in preview.lines if line.outcome != "same"] == []
    assert preview.counts["same"] == 4
    assert preview.ignored == []


def test_an_older_export_shows_what_changed_since(contract, rich):
    content = exported(contract, "xlsx")
    rich.title, rich.end_date, rich.caution_points = "Former les aidants", date(2026, 12, 31), "Nouveau"
    rich.save()

    changes = {
        change.key: (change.before, change.after) for change in preview_of(contract, content).of("change")[0].changes
    }

    assert changes == {
        "title": ("Former les aidants", "=Former, informer ; « accueillir »"),
        "end": ("2026 (à l’année près)", "2025 (à l’année près)"),
        "caution_points": ("Nouveau", "vide"),
    }


def test_a_cell_corrected_in_an_export_is_the_only_change(contract, rich):
    book = openpyxl.load_workbook(io.BytesIO(exported(contract, "xlsx")))
    page = book.worksheets[0]
    headings = [cell.value for cell in page[1]]
    row = next(row for row in range(2, 6) if page.cell(row, headings.index("Identifiant") + 1).value == rich.pk)
    page.cell(row, headings.index("Copilotes") + 1).value = None
    output = io.BytesIO()
    book.save(output)

    preview = preview_of(contract, output.getvalue())

    assert preview.counts == {"change": 1, "same": 3}
    assert [change.key for change in preview.of("change")[0].changes] == ["pilots"]


WRITTEN = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60).filter(str.strip)


@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fields=st.fixed_dictionaries(
        {
            "title": WRITTEN,
            "code": WRITTEN.map(lambda text: text[:20]),
            "description": WRITTEN,
            "end_date": st.none() | st.dates(date(1990, 1, 1), date(2100, 12, 31)),
            "full_time_equivalents": st.none() | st.decimals(0, 9999, places=2),
        }
    )
)
def test_any_text_date_and_number_comes_back_the_same(contract, kind, fields):
    contract.actions.all().delete()
    make_action(contract, **fields)

    preview = preview_of(contract, exported(contract, kind))

    assert [(line.changes, line.problems) for line in preview.lines if line.outcome != "same"] == []
    assert preview.counts == {"same": 1}
