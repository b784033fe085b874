"""What is wrong in the further sheets of an export is told with its cell, and nothing is written."""

import io
from datetime import date

import openpyxl
import pytest

from actions.models import Step
from tests.actions.workbooks import add, confirmed, preview_of, previewed, problems, put, saved
from tests.factories import make_action
from tests.people import signed_in


@pytest.fixture
def client(coordinator):
    return signed_in(coordinator)


WRONG = [
    ("Étapes", {"Identifiant de la fiche": 999999}, "n’est pas celui d’une fiche de ce contrat"),
    ("Étapes", {"Identifiant de la fiche": None, "Intitulé de la fiche": "Autre"}, "n’a ce numéro et cet intitulé"),
    ("Étapes", {"Étape": None}, "«\u202fÉtape\u202f» ne peut pas rester vide."),
    ("Étapes", {"Étape": "x" * 301}, "301 caractères\u00a0: 300 au plus"),
    ("Étapes", {"État": "peut-être"}, "À faire, En cours, Faite"),
    ("Étapes", {"Échéance": "31/02/2025"}, "n’existe pas"),
    ("Étapes", {"Échéance": date(2024, 1, 1)}, "L’échéance de l’étape précède son début."),
    ("Financement", {"Année": "l’an prochain"}, "Ce n’est pas une année"),
    ("Financement", {"Année": 1850}, "1990"),
    ("Financement", {"Prévu (€)": "beaucoup"}, "Ce n’est pas un montant"),
    ("Financement", {"Prévu (€)": -5}, "ne peut pas être négatif"),
    ("Financement", {"Prévu (€)": 10**12}, "trop grand"),
    ("Indicateurs", {"Cible": 10**300}, "trop grand"),
    ("Indicateurs", {"Cible en mots": "en hausse"}, "pas les deux"),
    ("Relevés", {"Identifiant de l’indicateur": 0, "Indicateur": "Autre"}, "n’a pas cet indicateur"),
    ("Relevés", {"Date": date(2099, 1, 1)}, "à venir"),
    ("Relevés", {"Date": date(2025, 6, 30)}, "déjà un relevé à cette date"),
    ("Relevés", {"Valeur": None}, "Donnez une valeur"),
]


@pytest.mark.parametrize("wrong", WRONG, ids=[sentence for _sheet, _values, sentence in WRONG])
def test_what_is_not_understood_is_told_with_its_cell(client, full_fiche, full_book, wrong):
    contract, (sheet, values, sentence) = full_fiche.contract, wrong
    put(full_book, sheet, 2, values)

    address, page = previewed(client, contract, saved(full_book))

    (found,) = problems(page.context["preview"])
    assert found[0] == sheet
    assert "2" in found[1]
    assert sentence in found[2]
    confirmed(client, address)
    assert full_fiche.history.count() == 1
    annotated = client.get(address.replace("apercu", "problemes"))
    assert openpyxl.load_workbook(io.BytesIO(annotated.content))["Problèmes"]["A2"].value == sheet


def test_a_line_copied_with_its_identifier_is_told(contract, full_fiche, full_book):
    values = [cell.value for cell in full_book["Étapes"][3]]
    full_book["Étapes"].append(values)

    (found,) = problems(preview_of(contract, saved(full_book)))

    assert found[:2] == ("Étapes", "D5")
    assert "déjà celui de la ligne 3" in found[2]


def test_a_second_line_of_the_same_year_funder_and_scheme_is_told(contract, full_fiche, full_book):
    line = {heading.value: cell.value for heading, cell in zip(*full_book["Financement"]["A1:K2"], strict=True)}
    twin = {"Identifiant de la ligne de financement": None, "Financeur": "ars dt 28 service prévention"}
    add(full_book, "Financement", line | twin)

    (found,) = problems(preview_of(contract, saved(full_book)))

    assert found[:2] == ("Financement", "E5")
    assert "déjà une ligne pour cette année" in found[2]


def test_a_fiche_of_another_contract_is_never_reached(contract, other_contract, full_fiche, full_book):
    other = make_action(other_contract, title="Ailleurs")
    step = Step.objects.create(action=other, title="Là-bas")
    put(full_book, "Étapes", 2, {"Identifiant de la fiche": other.pk, "Identifiant de l’étape": step.pk})

    assert [found[1] for found in problems(preview_of(contract, saved(full_book)))] == ["A2"]
