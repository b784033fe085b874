"""The cells of numbers, and those that hold a list of steps, of indicators or news."""

from decimal import Decimal

from actions.workbook import words
from actions.workbook.cells import Cell, Context, is_blank
from actions.workbook.line import Line
from actions.workbook.values import show
from cls_portal.core.imports.amounts import read_number
from cls_portal.core.imports.errors import ValueProblem


def read_decimal(line: Line, cell: Cell, context: Context) -> None:
    if is_blank(line, cell):
        return
    reading = read_number(cell.raw)
    value = reading.value.quantize(Decimal("0.01"))
    if not 0 <= value < 10_000:
        raise ValueProblem("Un nombre d’équivalents temps plein est entre 0 et 9 999.")
    line.give(cell.column.option, value, cell.label, cell.index)
    if reading.interpreted or value != reading.value:
        line.interpret(cell.label, cell.index, cell.raw, show("", value))


def read_list(line: Line, cell: Cell, key: str) -> None:
    titles = words.hard_parts(cell.text)
    if any(len(title) > 300 for title in titles):
        raise ValueProblem("Une ligne de cette case dépasse 300 caractères.")
    line.give(key, tuple(dict.fromkeys(titles)), cell.label, cell.index)
    if len(titles) > 1:
        line.interpret(cell.label, cell.index, cell.raw, " · ".join(titles))


def read_news(line: Line, cell: Cell, context: Context) -> None:
    text = "\n".join(filter(None, [line.values.get("news", ""), cell.text]))
    if len(text) > 10_000:
        raise ValueProblem("Ce texte a plus de 10 000 caractères.")
    line.give("news", text, cell.label, cell.index)
