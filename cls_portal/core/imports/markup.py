"""One pass over the XML of a workbook, before or instead of a library: no entity, no immense sheet."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from cls_portal.core.french import number
from cls_portal.core.imports.archives import DAMAGED, inflate
from cls_portal.core.imports.errors import WorkbookError

MAX_ROWS = 50_000
MAX_GRID = 2_000_000
MAX_SHARED_TEXTS = 400_000
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})$")

ENTITIES = "Ce fichier contient des définitions XML qu’aucun tableur n’écrit\u00a0: il est refusé."
FAR_CELL = (
    "La feuille occupe une surface démesurée ({rows} lignes sur {columns} colonnes)\u00a0: une case remplie se trouve "
    "très loin du tableau. Effacez-la ou copiez le tableau dans un classeur neuf."
)


def too_many_rows(rows: int) -> str:
    return (
        f"Ce classeur a plus de {number(MAX_ROWS)}\u00a0lignes remplies ({number(rows)} au moins)\u00a0: "
        "c’est trop pour un plan."
    )


def parse(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, **handlers: Callable) -> None:
    """Feeds one entry to expat; any DOCTYPE is refused, hence any entity and any outside reference."""
    parser = expat.ParserCreate(namespace_separator=None)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    for name, handler in handlers.items():
        setattr(parser, name, handler)
    try:
        for piece in inflate(archive, entry):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # the last two: an encoding that nobody knows
        raise WorkbookError(DAMAGED) from error


def _refuse_doctype(*_arguments) -> None:
    raise WorkbookError(ENTITIES)


@dataclass
class SheetScan:
    """What a pass over one xlsx sheet tells that the reading library does not."""

    filled_rows: int = 0
    last_row: int = 0
    last_column: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    unresolved: set[tuple[int, int]] = field(default_factory=set)

    def check(self) -> None:
        if self.filled_rows > MAX_ROWS:
            raise WorkbookError(too_many_rows(self.filled_rows))
        if self.last_row * self.last_column > MAX_GRID:
            raise WorkbookError(FAR_CELL.format(rows=number(self.last_row), columns=number(self.last_column)))


def column_index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


class _SheetHandler:
    def __init__(self) -> None:
        self.scan = SheetScan()
        self.row = self.column = -1
        self.kind = ""
        self.has_formula = self.has_value = self.in_value = False
        self.text = ""
        self.row_counted = -1

    def start(self, name: str, attributes: dict) -> None:
        name = name.rpartition(":")[2]
        if name == "row":
            self.row = _natural(attributes.get("r"), self.row + 2) - 1
            self.column = -1
        elif name == "c":
            self._start_cell(attributes)
        elif name == "f":
            self.has_formula = True
        elif name in ("v", "t"):
            self.in_value, self.text = True, ""

    def _start_cell(self, attributes: dict) -> None:
        self.column += 1
        match = _REFERENCE.match(attributes.get("r", ""))
        if match:
            self.column, self.row = column_index(match[1]), int(match[2]) - 1
        self.kind = attributes.get("t", "")
        self.has_formula = self.has_value = False
        self.text = ""

    def characters(self, text: str) -> None:
        if self.in_value:
            self.has_value = True
            if self.kind == "e":
                self.text += text[:20]

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name in ("v", "t"):
            self.in_value = False
        elif name == "c":
            self._end_cell()

    def _end_cell(self) -> None:
        if self.has_formula and not self.has_value and self.kind != "str":
            self.scan.unresolved.add((self.row, self.column))
        if not self.has_value:
            return
        if self.kind == "e":
            self.scan.errors[self.row, self.column] = self.text
        if self.row != self.row_counted:
            self.row_counted = self.row
            self.scan.filled_rows += 1
        self.scan.last_row = max(self.scan.last_row, self.row + 1)
        self.scan.last_column = max(self.scan.last_column, self.column + 1)
        self.scan.check()


def _natural(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and len(text) <= 7 else default


def scan_sheet(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> SheetScan:
    handler = _SheetHandler()
    parse(
        archive,
        entry,
        StartElementHandler=handler.start,
        EndElementHandler=handler.end,
        CharacterDataHandler=handler.characters,
    )
    return handler.scan


def count_shared_texts(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    seen = 0

    def start(name: str, _attributes: dict) -> None:
        nonlocal seen
        seen += name == "si" or name.endswith(":si")
        if seen > MAX_SHARED_TEXTS:
            raise WorkbookError("Ce classeur contient trop de textes différents pour un plan d’actions.")

    parse(archive, entry, StartElementHandler=start)
