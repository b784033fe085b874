"""A plan of 1,000 fiches comes in, from the file to the last row written, against openpyxl reading the same file.

The plan has what real ones have: axes, several pilots, partners, dates in words, statuses, amounts.
"""

import io
import tempfile
from functools import partial
from pathlib import Path

import openpyxl
from django.core.management import call_command
from django.db import connection, transaction

from actions.services.importing import import_lines
from actions.workbook.preview import Preview, build_preview, default_choices, guess_columns
from cls_portal.core.imports.reading import read_workbook
from contracts.models import Contract
from tests.bench.measure import Line, compare, peak_memory
from tests.factories import make_contract, make_user

COUNT = 1000
HEADINGS = ["Axe", "N°", "Intitulé", "Pilotes", "Partenaires", "Publics", "Début", "Fin", "Statut", "%", "Budget (€)"]


def workbook() -> bytes:
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("Plan")
    page.append(HEADINGS)
    for number in range(1, COUNT + 1):
        page.append(
            [
                f"Axe {number % 6 + 1} : Ambition {number % 6 + 1}",
                f"{number % 6 + 1}.{number}",
                f"Conduire l’action numéro {number} avec les habitants",
                f"Structure {number % 25}\nStructure {number % 7}",
                f"Association {number % 40} ; Service {number % 30}",
                "Tout public / personnes isolées",
                f"T{number % 4 + 1} 2024",
                "fin 2027",
                ["En cours", "fait", "à démarrer"][number % 3],
                ["50 %", 1, 0][number % 3],
                f"{number} 000 €",
            ]
        )
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def preview_of(contract: Contract, content: bytes) -> Preview:
    book = read_workbook(io.BytesIO(content))
    choices = default_choices(book)
    choices.mapping = guess_columns(book, choices, contract)
    return build_preview(book, choices, contract, "plan.xlsx")


def bring_in(contract: Contract, user, content: bytes) -> None:
    """Written, then taken back, so that each turn starts from the same empty plan."""
    with transaction.atomic():
        report = import_lines(
            contract=contract, user=user, lines=preview_of(contract, content).accepted(), file_name="plan.xlsx"
        )
        assert len(report.created) == COUNT
        transaction.set_rollback(True)


def read_with_openpyxl(content: bytes) -> None:
    page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert sum(1 for _row in page.iter_rows(values_only=True)) == COUNT + 1


def bring_in_alone(path: str, database: str) -> None:
    """In a fresh process, on a database of its own when it can be a file."""
    if connection.vendor == "sqlite":
        connection.settings_dict["NAME"] = database
        call_command("migrate", verbosity=0)
        bring_in(make_contract(), make_user(), Path(path).read_bytes())
        return
    connection.settings_dict["NAME"] = database
    with transaction.atomic():
        bring_in(make_contract(slug="bench-import-seul"), make_user("bench-seul@exemple.fr"), Path(path).read_bytes())
        transaction.set_rollback(True)


def run() -> list[Line]:
    content, contract, user = workbook(), make_contract(), make_user()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "plan.xlsx")
        path.write_bytes(content)
        database = connection.settings_dict["NAME"] if connection.vendor != "sqlite" else f"{folder}/import.sqlite3"
        return [
            compare(
                "import de 1 000 fiches",
                partial(bring_in, contract, user, content),
                "openpyxl lit le même classeur",
                partial(read_with_openpyxl, content),
                repeat=3,
            ),
            compare(
                "aperçu de 1 000 fiches",
                partial(preview_of, contract, content),
                "openpyxl lit le même classeur",
                partial(read_with_openpyxl, content),
                repeat=3,
            ),
            peak_memory("import de 1 000 fiches", partial(bring_in_alone, str(path), database), at_most=150),
        ]
