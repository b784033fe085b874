"""The plans people have: headings anywhere, banners, merged cells, sheets by axis, titles with their number."""

import csv
import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.enums import Status
from tests.actions.workbooks import as_csv, as_ods, as_xlsx, confirmed, imported, previewed, saved, sent
from tests.factories import make_action, make_axis, make_organisation
from tests.people import signed_in


@pytest.fixture
def client(coordinator):
    return signed_in(coordinator)


def placed(contract) -> dict[str, tuple[str, str]]:
    """Title → (number, axis)."""
    return {a.title: (a.code, a.axis.title if a.axis else "") for a in contract.actions.select_related("axis")}


def test_banners_give_the_axis_and_subtotals_are_left_aside(client, contract):
    rows = [
        ["Fiche action", "Porteur", "Statut"],
        ["Axe 1 – Accès aux soins"],
        ["Fiche action 1.1 : Ouvrir un centre de santé", "CH", "à démarrer"],
        ["1.2 - Former les aidants", "CPAM", "en cours de réalisation"],
        ["Sous-total axe 1", "2"],
        ["AXE STRATÉGIQUE N°2 : Santé mentale"],
        ["Objectif opérationnel 2.1 : Prévenir"],
        ["2.1.1 Créer un CLSM", "ARS et CPAM", "fait"],
        ["Fiche action", "Porteur", "Statut"],
        ["NB : document de travail"],
    ]
    address, page = previewed(client, contract, as_xlsx(rows, merged=("A2:C2", "A6:C6")))
    assert page.context["preview"].problems == []
    assert [row.number for row in page.context["preview"].ignored] == [2, 5, 6, 7, 9, 10]

    confirmed(client, address)

    assert placed(contract) == {
        "Ouvrir un centre de santé": ("1.1", "Accès aux soins"),
        "Former les aidants": ("1.2", "Accès aux soins"),
        "Créer un CLSM": ("2.1.1", "Santé mentale"),
    }
    last = contract.actions.get(code="2.1.1")
    assert last.objective.title == "Objectif opérationnel 2.1 : Prévenir"
    assert last.status == Status.DONE
    assert [str(pilot) for pilot in last.pilots.all()] == ["ARS", "CPAM"]


def test_two_lines_of_headings_in_any_order(client, contract):
    rows = [
        ["Tableau de bord", None, None, None, None],
        ["Calendrier", None, "Action", "Pilote", None],
        ["Fin", "Début", None, "Structure", "Référent"],
        ["fin 2017", "mars 2014", "Former", "CH de la Vallée", "Dr Anne MARTIN"],
    ]
    imported(client, contract, as_xlsx(rows, merged=("A2:B2", "D2:E2")))

    action = contract.actions.get()
    assert (action.start_date.isoformat(), action.end_date.isoformat()) == ("2014-03-01", "2017-12-31")
    assert str(action.pilots.get()) == "CH de la Vallée"
    assert str(action.pilots.get().contacts.get()) == "Anne MARTIN"


def test_an_axis_written_once_holds_for_the_lines_below(client, contract):
    rows = [
        ["Axe", "N°", "Action"],
        ["Axe 1 : Soins", "1", "Ouvrir"],
        [None, "2", "Former"],
        ["Axe 2 : Mobilité", "3", "Conduire"],
        [None, "4", "Marcher"],
    ]
    imported(client, contract, as_xlsx(rows))

    assert placed(contract) == {
        "Ouvrir": ("1", "Soins"),
        "Former": ("2", "Soins"),
        "Conduire": ("3", "Mobilité"),
        "Marcher": ("4", "Mobilité"),
    }


def test_axes_are_found_by_likeness_and_created_only_when_they_are_new(client, contract):
    make_axis(contract, code="1", title="Accès aux soins")
    rows = [["Axe", "Action"], ["AXE 1 : ACCES AUX SOINS", "Ouvrir"], ["Acces au soin", "Former"], ["Axe 1", "Dire"]]

    _address, page = previewed(client, contract, as_xlsx(rows))

    assert page.context["preview"].new_refs() == []


def test_one_sheet_per_axis(client, contract):
    book = openpyxl.Workbook()
    for name, title in (("Axe 1 - Soins", "Ouvrir"), ("Axe 2 - Mobilité", "Conduire")):
        page = book.create_sheet(name)
        page.append(["N°", "Intitulé"])
        page.append([1, title])
    book.remove(book.worksheets[0])
    imported(client, contract, saved(book))

    assert placed(contract) == {"Ouvrir": ("1", "Soins"), "Conduire": ("1", "Mobilité")}


@pytest.mark.parametrize(("make", "name"), [(as_ods, "plan.ods"), (as_csv, "plan.csv")])
def test_ods_and_csv_come_in_too(client, contract, make, name):
    imported(client, contract, make([["N°", "Intitulé", "Statut"], ["1", "Évaluer l’été", "Abandonné"]]), name)

    action = contract.actions.get()
    assert (action.title, action.status) == ("Évaluer l’été", Status.DROPPED)


def test_a_known_name_with_et_is_one_organisation(client, contract):
    known = make_organisation(contract, name="Communauté de communes et d’agglomération", short_name="CCA")
    rows = [["Action", "Pilote"], ["Ouvrir", "Communauté de communes et d'agglomération"], ["Former", "CCA / ARS"]]
    imported(client, contract, as_xlsx(rows))

    first, second = contract.actions.order_by("position")
    assert first.pilots.get().organisation == known
    assert [pilot.organisation.name for pilot in second.pilots.all()] == [known.name, "ARS"]


def test_an_ambiguous_cell_is_shown_as_interpreted(client, contract):
    rows = [["Action", "Pilote"], ["Ouvrir", "Maison des jeunes et de la culture"]]

    _address, page = previewed(client, contract, as_xlsx(rows))

    line = page.context["preview"].lines[0]
    assert [each.cell for each in line.interpretations] == ["B2"]
    assert "une seule structure" in line.interpretations[0].meaning


def test_every_problem_names_its_cell_and_its_value(client, contract):
    rows = [
        ["N°", "Intitulé", "Statut", "Avancement", "Fin", "Budget"],
        ["1", "Ouvrir", "peut-être", "beaucoup", "31/02/2025", "cher"],
        ["2", None, "fait", None, None, None],
        ["3", "x" * 301, None, None, None, None],
        ["4", "Ouvrir", None, None, None, None],
        ["4", "Ouvrir", None, None, None, None],
    ]
    _address, page = previewed(client, contract, as_xlsx(rows))

    problems = page.context["preview"].problems
    assert [problem.cell for problem in problems] == ["C2", "D2", "E2", "F2", "ligne 3", "B4", "B6"]
    assert all(problem.sentence.endswith(".") for problem in problems)


def test_a_column_nobody_knows_is_said_not_to_be_taken_or_goes_to_the_description(client, contract):
    content = as_xlsx([["Intitulé", "Couleur du dossier"], ["Ouvrir", "bleu"]])
    address, page = previewed(client, contract, content)
    assert [column.heading.label for column in page.context["preview"].unused] == ["Couleur du dossier"]
    assert "Couleur du dossier" in page.content.decode()

    address, _page = previewed(client, contract, content, columns={"to1": "ajouter"})
    confirmed(client, address)

    assert contract.actions.get().description == "Couleur du dossier\u00a0: bleu"


def test_a_fiche_is_found_by_its_number_and_a_like_title(client, contract):
    make_action(contract, code="2.1", title="Former les aidants à domicile")
    rows = [["N°", "Intitulé", "Statut"], ["2.1", "Former les aidants", "en cours"], ["2.1", "Tout autre chose", None]]
    address, page = previewed(client, contract, as_xlsx(rows))
    assert page.context["preview"].counts == {"change": 1, "create": 1}

    confirmed(client, address)

    changed = contract.actions.order_by("position").first()
    assert (changed.title, changed.status) == ("Former les aidants", Status.IN_PROGRESS)
    assert changed.follow_ups.get().headline.startswith("Import du classeur")


def test_an_identifier_of_another_contract_is_refused(client, contract, other_contract):
    foreign = make_action(other_contract, title="Ailleurs")
    rows = [["Identifiant", "Intitulé"], [foreign.pk, "Pris"]]
    address, page = previewed(client, contract, as_xlsx(rows))
    assert [problem.cell for problem in page.context["preview"].problems] == ["A2"]

    confirmed(client, address, mode="bonnes")

    foreign.refresh_from_db()
    assert foreign.title == "Ailleurs"


def test_a_wrong_file_is_refused_beside_its_field(client, contract):
    response = sent(client, contract, b"%PDF-1.7 rien", "plan.xlsx")

    assert response.status_code == 422
    assert "C’est un document PDF" in response.content.decode()


VALUES = (
    st.none() | st.text(max_size=40) | st.integers(-(10**6), 10**6) | st.floats(-1e6, 1e6) | st.booleans() | st.dates()
)
KNOWN = ["Axe", "N°", "Intitulé", "Statut", "Avancement", "Début", "Fin", "Budget", "Pilote", "Publics", "Calendrier"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    headings=st.lists(st.sampled_from(KNOWN) | st.text(max_size=12), min_size=1, max_size=6),
    body=st.lists(st.lists(VALUES, max_size=6), max_size=5),
)
def test_no_workbook_breaks_a_page_and_every_filled_line_is_accounted_for(client, contract, headings, body):
    rows = [["Intitulé", *headings], *body]
    content = as_csv([["" if value is None else value for value in row] for row in rows])
    response = sent(client, contract, content, "plan.csv")
    if response.status_code == 422:
        return
    address, page = previewed(client, contract, content, "plan.csv")

    preview = page.context["preview"]
    said = sorted([line.number for line in preview.lines] + [row.number for row in preview.ignored])
    filled = [number for number, row in enumerate(_lines(content), start=1) if any(cell.strip() for cell in row)]
    assert said == [number for number in filled if number != 1]
    assert confirmed(client, address, mode="bonnes").status_code in (200, 302)


def _lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
