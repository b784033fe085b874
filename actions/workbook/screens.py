"""What the pages of the import show of a preview: lists with their count, a glimpse of a sheet, one sentence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from actions.workbook.forms import SheetsForm
from actions.workbook.part_line import FATES as PART_FATES
from actions.workbook.part_sheets import recognise_part
from actions.workbook.preview import Preview
from cls_portal.core.french import count_noun
from cls_portal.core.imports.annotate import shown
from cls_portal.core.imports.headers import Header
from cls_portal.core.imports.reading import Sheet

GLIMPSE_ROWS, GLIMPSE_COLUMNS, GLIMPSE_TEXT = 15, 12, 60


@dataclass(frozen=True)
class ListOfLines:
    label: str
    rows: Callable[[Preview], Sequence[Any]]


LISTS = {
    "problemes": ListOfLines("À corriger", lambda preview: preview.of("problem")),
    "reprises": ListOfLines("Seront reprises", Preview.changing),
    "creations": ListOfLines("Ajoutées", lambda preview: preview.of("create")),
    "changements": ListOfLines("Changées", lambda preview: preview.of("change")),
    "inchangees": ListOfLines("Inchangées", lambda preview: preview.of("same")),
    "interpretees": ListOfLines("Interprétées", lambda p: [line for line in p.everything if line.interpretations]),
    "ignorees": ListOfLines("Laissées de côté", lambda preview: preview.ignored),
}
NOUNS = {
    "axis": "axe",
    "objective": "objectif",
    "organisation": "structure",
    "contact": "contact",
    "term": "terme de référence",
}


def summary_of(preview: Preview) -> list[tuple[str, str, int]]:
    return [(key, each.label, len(each.rows(preview))) for key, each in LISTS.items()]


def sentence_of(preview: Preview) -> str:
    """What the import would do, in one sentence."""
    counts = preview.counts
    parts = [
        (counts["create"], "fiche à créer", "fiches à créer"),
        (counts["change"], "fiche à changer", "fiches à changer"),
        (counts["same"], "fiche inchangée", "fiches inchangées"),
        (counts["problem"], "ligne à corriger", "lignes à corriger"),
    ]
    said = [count_noun(count, one, many) for count, one, many in parts if count]
    return (", ".join(said) or "Aucune fiche dans ce classeur") + "."


def new_things(preview: Preview) -> list[tuple[str, list[str]]]:
    """What is created along with the fiches, by kind: a misspelt organisation shows here before it exists."""
    found: dict[str, list[str]] = {}
    for ref in preview.new_refs():
        found.setdefault(ref.kind, []).append(ref.label)
    return [(count_noun(len(labels), NOUNS[kind]), labels) for kind, labels in found.items()]


def parts_sentence(preview: Preview) -> str:
    """The same of the lines of the further sheets; nothing when none is read."""
    counts = preview.part_counts
    said = [
        f"{count_noun(counts[outcome], 'ligne')} {fate}" for outcome, fate in PART_FATES.items() if counts[outcome]
    ]
    return f"Étapes, financements, indicateurs et relevés\u00a0: {', '.join(said)}." if said else ""


def glimpse(form: SheetsForm, number: int, sheet: Sheet, header: Header | None) -> dict[str, Any]:
    """`header` is None for a further sheet of the export, whose header line and columns are not asked."""
    body = header or recognise_part(sheet)[1]
    rows = [
        (
            row + 1,
            body.first <= row < body.body,
            [shown(value)[:GLIMPSE_TEXT] for value in values[:GLIMPSE_COLUMNS]],
        )
        for row, values in enumerate(sheet.rows[:GLIMPSE_ROWS])
    ]
    return {
        "name": sheet.name,
        "hidden": sheet.hidden,
        "count": len(sheet.rows),
        "use": form[f"use{number}"],
        "places": [form[f"first{number}"], form[f"lines{number}"]] if header else [],
        "rows": rows,
        "wider": bool(header) and max((len(row) for row in sheet.rows), default=0) > GLIMPSE_COLUMNS,
    }
