"""What each cell of a fiche's line means. A reader gives values to the line, or tells what it does not understand."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from actions.enums import ACHIEVED_STATUSES, Status
from actions.workbook import words
from actions.workbook.catalogue import Catalogue
from actions.workbook.fields import TEXT_LIMITS, Column
from actions.workbook.line import Line
from actions.workbook.values import show
from cls_portal.core.exports import clean_text
from cls_portal.core.imports.amounts import read_percentage, to_quarters
from cls_portal.core.imports.errors import ValueProblem
from cls_portal.core.imports.likeness import find, is_blank_word, normalise

_TITLE_WITH_CODE = [
    re.compile(
        r"^(?:fiche[s]?[- ]?actions?|fiche|action|mesure|fa)\s*(?:n\s*[°ºo]\s*)?"
        r"((?:[A-Z]{1,4}[-. ]?)?\d[\w.\-]*?|[A-Z])\.?\s*(?:[:–—|]|-\s|\)|\.\s|\s(?=[A-ZÀ-Ý]))\s*(\S.*)$",
        re.I | re.S,
    ),
    re.compile(r"^((?:[A-Z]{1,4}[-. ]?)?\d{1,3}(?:\.\d{1,3})+)\.?\s*[:–—|)-]?\s*(?=\D)(\S.*)$", re.S),
    re.compile(r"^((?:[A-Z]{1,3}[-. ]?)?\d{1,3}|[A-Z])\s*(?:[:–—|)]|\.|-)\s+(\S.*)$", re.S),
]
_WITH_SHARE = re.compile(
    r"(?P<before>[^\d%()]*?)[\s:,–—-]*\(?\s*(?:à\s+|env\.?\s*|environ\s+)?"
    r"(?P<share>\d{1,3}(?:[.,]\d+)?)\s*%\s*\)?[\s:,–—-]*(?P<after>[^\d%()]*?)\s*\)?\.?"
)
_WORD, _UNIT = re.compile(r"[^\W\d_]{2}"), re.compile(r"pour[ -]?cent", re.I)
_CODE_ONLY_PREFIX = re.compile(r"^(?:fiche[- ]?action|fiche|action)\s*(?:n\s*[°ºo]\s*)?", re.I)


@dataclass(frozen=True)
class Cell:
    column: Column
    index: int
    heading: str
    raw: Any

    @property
    def label(self) -> str:
        return self.heading or self.column.label

    @property
    def text(self) -> str:
        return clean_text(str(self.raw) if not isinstance(self.raw, date) else f"{self.raw:%d/%m/%Y}").strip()


@dataclass
class Context:
    """What the reading of a line depends on beside its cells."""

    catalogue: Catalogue
    file_name: str
    date_1904: bool = False
    fraction_columns: frozenset[int] = frozenset()
    own_export: bool = False


def is_blank(line: Line, cell: Cell, meaning: str = "laissé vide") -> bool:
    if isinstance(cell.raw, str) and is_blank_word(cell.raw):
        line.interpret(cell.label, cell.index, cell.raw, meaning)
        return True
    return False


def read_text(line: Line, cell: Cell, context: Context) -> None:
    name, text = cell.column.option, cell.text
    before = line.values.get(name, "")
    text = f"{before}\n{text}" if before else text
    limit = TEXT_LIMITS.get(name, 2000)
    if len(text) > limit:
        raise ValueProblem(f"Ce texte a {len(text)} caractères\u00a0: {limit} au plus.")
    line.give(name, text, cell.label, cell.index)


def append_text(line: Line, cell: Cell, name: str) -> None:
    """A column chosen to complete the description keeps its heading, so that nobody wonders where it comes from."""
    before = line.values.get(name, "")
    text = f"{before}\n\n{cell.heading}\u00a0: {cell.text}".strip()
    if len(text) > TEXT_LIMITS[name]:
        raise ValueProblem(f"La description dépasserait {TEXT_LIMITS[name]} caractères avec ce texte.")
    line.give(name, text, cell.label, cell.index)


def read_code(line: Line, cell: Cell, context: Context) -> None:
    if isinstance(cell.raw, datetime | date):
        raise ValueProblem(
            "Le tableur a pris ce numéro pour une date. Mettez la colonne au format Texte et retapez-le."
        )
    text = cell.text.replace("\n", " ")
    if not context.own_export:
        short = _CODE_ONLY_PREFIX.sub("", text)
        if short and short != text and len(short) <= 20:
            line.interpret(cell.label, cell.index, cell.raw, f"numéro {short}")
            text = short
    if len(text) > 20:
        raise ValueProblem("Un numéro de fiche a 20 caractères au plus.")
    line.give("code", text, cell.label, cell.index)


def split_title(text: str) -> tuple[str, str]:
    """« Fiche action 2.1.3 : Former les aidants » → (« 2.1.3 », « Former les aidants »)."""
    for pattern in _TITLE_WITH_CODE:
        match = pattern.match(text)
        if match and len(match[1]) <= 20 and not re.fullmatch(r"(19|20)\d\d", match[1]):
            return match[1], match[2].strip()
    return "", text


def read_title(line: Line, cell: Cell, context: Context) -> None:
    text = " ".join(cell.text.split()) if not context.own_export else cell.text
    if not context.own_export:
        code, rest = split_title(text)
        given = line.values.get("code", "")
        if code and (not given or normalise(given) == normalise(code)):
            line.interpret(cell.label, cell.index, cell.raw, f"numéro {code}, intitulé «\u202f{rest}\u202f»")
            line.give("code", given or code, cell.label, cell.index)
            text = rest
    if len(text) > TEXT_LIMITS["title"]:
        raise ValueProblem(
            f"Un intitulé a {TEXT_LIMITS['title']} caractères au plus\u202f; celui-ci en a {len(text)}."
        )
    line.give("title", text, cell.label, cell.index)


def read_choice(line: Line, cell: Cell, context: Context) -> None:
    if is_blank(line, cell):
        return
    match = words.read_choice(cell.column.option, cell.text)
    line.give(cell.column.option, str(match.value), cell.label, cell.index)
    if not match.exact:
        line.interpret(cell.label, cell.index, cell.raw, str(match.value.label))


def read_status(line: Line, cell: Cell, context: Context) -> None:
    if isinstance(cell.raw, int | float) and not isinstance(cell.raw, bool):
        read_progress(line, cell, context)
        return
    if is_blank(line, cell):
        return
    if _read_share(line, cell):
        return
    match = words.read_choice("status", cell.text)
    line.give("status", str(match.value), cell.label, cell.index)
    if not match.exact:
        line.interpret(cell.label, cell.index, cell.raw, str(match.value.label))


def _read_share(line: Line, cell: Cell) -> bool:
    """« en cours (60 %) » in one cell gives both; whatever else is written with a percentage is a comment."""
    found = _WITH_SHARE.fullmatch(" ".join(cell.text[:120].split()))
    said = " ".join(filter(None, [found["before"], found["after"]])).strip() if found else ""
    match = find(said, words.CHOICES["status"]) if said else None
    if not found or bool(said) != bool(match):
        return False
    share = read_percentage(f"{found['share']}\u00a0%").value
    status = match.value if match else Status.DONE if share == 100 else None
    if status in ACHIEVED_STATUSES and share < 100:
        status = Status.IN_PROGRESS
    line.give("progress", to_quarters(share), cell.label, cell.index)
    meaning = line.say("progress")
    if status and _give_status(line, cell, status):
        meaning = f"{status.label}, {meaning}"
    line.interpret(cell.label, cell.index, cell.raw, meaning)
    return True


def _give_status(line: Line, cell: Cell, status: Status) -> bool:
    """A column of the status, where there is one, has the last word."""
    if "status" in line.values:
        return False
    line.give("status", str(status), cell.label, cell.index)
    return True


def _read_words_of_progress(line: Line, cell: Cell) -> None:
    try:
        status = words.read_choice("status", cell.text).value
    except ValueProblem as problem:
        raise ValueProblem(
            "Ce n’est ni un pourcentage, ni un statut reconnu. Écrivez par exemple 50 % ou En cours."
        ) from problem
    if _give_status(line, cell, status):
        meaning = f"statut « {status.label} »"
    else:
        meaning = f"sans effet : le statut de la ligne est « {line.say('status')} »"
    line.interpret(cell.label, cell.index, cell.raw, meaning)


def read_progress(line: Line, cell: Cell, context: Context) -> None:
    if is_blank(line, cell):
        return
    if isinstance(cell.raw, str) and _WORD.search(_UNIT.sub("", cell.raw)):
        if not _read_share(line, cell):
            _read_words_of_progress(line, cell)
        return
    reading = read_percentage(cell.raw, as_fraction=cell.index in context.fraction_columns)
    value = to_quarters(reading.value)
    line.give("progress", value, cell.label, cell.index)
    if value != reading.value:
        line.interpret(
            cell.label, cell.index, cell.raw, f"{show('progress', value)}\u00a0: le portail compte par quarts"
        )
    elif reading.interpreted:
        line.interpret(cell.label, cell.index, cell.raw, show("progress", value))


def read_flag(line: Line, cell: Cell, context: Context) -> None:
    if not is_blank(line, cell) or normalise(cell.text) == "x":
        line.give(cell.column.option, words.read_flag(cell.raw), cell.label, cell.index)
