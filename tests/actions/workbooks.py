"""Workbooks as people make them, written for the tests."""

import csv
import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from actions.resources import plan_sheets
from actions.workbook.preview import Choices, build_preview, default_choices, guess_columns
from cls_portal.core.exports import WRITERS
from cls_portal.core.imports.reading import read_workbook
from cls_portal.core.ods import write_ods

_NAME = Path("shared", "samples", "plan-sud-charente-2014.xlsx")
# Beside the repository, or a level above: the published plan of a real contract, which is not ours to ship.
SAMPLE = next((path for parent in settings.BASE_DIR.parents if (path := parent / _NAME).exists()), _NAME)
needs_sample = pytest.mark.skipif(not SAMPLE.exists(), reason=f"{SAMPLE.name} n’est pas sur cette machine")

PARTNERS = "CPAM du Bourg ; MSA des Collines ; Hôpitaux de la Vallée"
BOTH = "ARS\nSyndicat mixte Pays des Collines"
ONE = "Syndicat mixte du Pays des Collines"
CARE, RIGHTS, TRAVEL = (
    "Axe 1 : Offre de soins",
    "Axe 2 : Accès aux droits, aux soins : promotion de la santé",
    "Axe 3 : Mobilité",
)
HEADINGS = [
    "Axe",
    "N° fiche",
    "Intitulé de l'action",
    "Type",
    "Structure(s) pilote(s)",
    "Référents",
    "Partenaires",
    "Public cible",
    "Début",
    "Échéance",
    "État d'avancement",
    "%",
    "Budget prévisionnel (€)",
]
FIRST, LAST = date(2014, 3, 1), date(2014, 12, 31)
# Axis, number, title, nature, pilots, beginning, end, status, progress, budget.
FICHES = [
    (None, "A", "Coordination du contrat", "Généraliste", BOTH, FIRST, LAST, "En cours", 0.5, 12000),
    (None, "B", "Communication", "Généraliste", BOTH, "01/09/2014", "30/06/2015", "Non démarrée", 0, "8 500 €"),
    (None, "C", "Complément du diagnostic", "Généraliste", BOTH, "2e trimestre 2014", "2016", "Réalisée", 1, None),
    (None, "D", "Évaluation", "Généraliste", BOTH, None, "fin 2017", "en cours ", "25 %", "à définir"),
    (CARE, "1.1", "Pôle de santé des trois cantons", "Thématique", ONE, FIRST, LAST, "Reportée", None, 3200.5),
    (
        None,
        "1.2",
        "Structurer les soins primaires",
        "Thématique",
        ONE,
        "01/09/2014",
        "30/06/2015",
        "Terminé",
        "100%",
        12000,
    ),
    (
        None,
        "1.3",
        "Exercer en milieu rural",
        "Thématique",
        ONE,
        "2e trimestre 2014",
        "2016",
        "En cours",
        0.5,
        "8 500 €",
    ),
    (RIGHTS, "2.1", "Alimentation et activités", "Thématique", ONE, None, "fin 2017", "Non démarrée", 0, None),
    (TRAVEL, "3.1", "Déplacements vers les soins", "Thématique", ONE, FIRST, LAST, "Réalisée", 1, "à définir"),
    (RIGHTS, "4.1", "Droits à l'assurance maladie", "Partenaire", ONE, FIRST, LAST, "en cours ", "25 %", 3200.5),
]


def untidy_plan() -> bytes:
    """A plan in the manner of real ones: banners, merged axis, mixed types, a total line, a second sheet of notes."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Plan d'actions"
    sheet["A1"], sheet["A2"] = "CONTRAT LOCAL DE SANTÉ – Tableau de bord", "Mise à jour : mars 2014"
    sheet.merge_cells("A1:M1")
    sheet.merge_cells("A2:M2")
    for column, heading in enumerate(HEADINGS, start=1):
        sheet.cell(4, column, heading)
    for row, (axis, code, title, kind, pilots, start, end, status, progress, budget) in enumerate(FICHES, start=5):
        values = [
            axis,
            code,
            title,
            kind,
            pilots,
            None,
            PARTNERS,
            "Tout public / habitants",
            start,
            end,
            status,
            progress,
            budget,
        ]
        for column, value in enumerate(values, start=1):
            sheet.cell(row, column, value)
    sheet.merge_cells("A9:A11")
    sheet["C16"], sheet["M16"] = "Total fiches", "=SUM(M5:M14)"
    book.create_sheet("Légende")["A1"] = "États possibles : Non démarrée, En cours, Réalisée"
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def as_xlsx(rows: list[list], *, title: str = "Plan", merged: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    return saved(book)


def as_csv(rows: list[list], *, separator: str = ";", encoding: str = "utf-8-sig") -> bytes:
    output = io.StringIO()
    csv.writer(output, delimiter=separator).writerows(rows)
    return output.getvalue().encode(encoding)


def as_ods(rows: list[list], *, title: str = "Plan") -> bytes:
    output = io.BytesIO()
    write_ods([(title, rows[0], rows[1:])], output)
    return output.getvalue()


def sent(client, contract, content: bytes, name: str = "plan.xlsx"):
    """The answer to sending this file."""
    url = reverse("actions:import", args=[contract.slug])
    return client.post(url, {"file": SimpleUploadedFile(name, content)})


def choose(client, address: str, *, data: dict | None = None):
    """Accept what a step proposes, `data` changing some of the answers."""
    form = client.get(address).context["form"]
    answers = {name: form[name].value() for name in form.fields}
    kept = {name: value for name, value in answers.items() if value not in (None, False)}
    kept |= data or {}
    return client.post(address, {name: value for name, value in kept.items() if value is not None})


def previewed(client, contract, content: bytes, name: str = "plan.xlsx", *, columns: dict | None = None):
    """From the file to its preview, accepting every guess: (address, page)."""
    response = sent(client, contract, content, name)
    assert response.status_code == 302, response.context["form"].errors
    response = choose(client, response.url)
    assert response.status_code == 302, response.context["form"].errors
    response = choose(client, response.url, data=columns)
    assert response.status_code == 302, response.context["form"].errors
    return response.url, client.get(response.url)


def confirmed(client, address: str, *, mode: str = "tout"):
    """Confirm the preview as it stands now."""
    seen = client.get(address).context["preview"].fingerprint
    return client.post(address.replace("apercu", "reprise"), {"seen": seen, "mode": mode})


def imported(client, contract, content: bytes, name: str = "plan.xlsx"):
    address, _page = previewed(client, contract, content, name)
    return confirmed(client, address)


def exported(contract, kind: str) -> bytes:
    output = io.BytesIO()
    WRITERS[kind](plan_sheets(list(contract.actions.values_list("pk", flat=True))), output)
    return output.getvalue()


def guessed_choices(workbook, contract, *, erase: bool = False) -> Choices:
    choices = default_choices(workbook)
    choices.mapping, choices.erase = guess_columns(workbook, choices, contract), erase
    return choices


def preview_of(contract, content: bytes, *, erase: bool = True):
    workbook = read_workbook(io.BytesIO(content))
    choices = guessed_choices(workbook, contract, erase=erase)
    return build_preview(workbook, choices, contract, "plan.xlsx")


def meanings(preview) -> dict[str, str]:
    """Cell → what is said of it."""
    return {each.cell: each.meaning for line in preview.lines for each in line.interpretations}


def put(book, sheet: str, row: int, values: dict) -> None:
    """Write under these headings."""
    headings = [cell.value for cell in book[sheet][1]]
    for heading, value in values.items():
        book[sheet].cell(row, headings.index(heading) + 1).value = value


def add(book, sheet: str, values: dict) -> None:
    headings = [cell.value for cell in book[sheet][1]]
    assert set(values) <= set(headings)
    book[sheet].append([values.get(heading) for heading in headings])


def problems(preview) -> list[tuple[str, str, str]]:
    return [(problem.sheet, problem.cell, problem.sentence) for problem in preview.problems]
