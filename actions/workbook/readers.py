"""Which reader understands which kind of column, in the order in which a line is read."""

from collections.abc import Callable

from actions.workbook import cells, figures, links, moments, money
from actions.workbook.cells import Cell, Context
from actions.workbook.line import Line
from cls_portal.core.imports.errors import ValueProblem


def nothing(line: Line, cell: Cell, context: Context) -> None:
    """Read elsewhere, or told as « ne sera pas repris » with its reason."""


# In the order in which a line is read: what others depend on comes first.
READERS: dict[str, Callable[[Line, Cell, Context], None]] = {
    "identifier": nothing,
    "ignored": nothing,
    "code": cells.read_code,
    "title": cells.read_title,
    "axis_code": links.read_axis_code,
    "axis": links.read_axis,
    "objective_code": links.read_objective_code,
    "objective": links.read_objective,
    "choice": cells.read_choice,
    "status": cells.read_status,
    "progress": cells.read_progress,
    "text": cells.read_text,
    "flag": cells.read_flag,
    "tick": moments.read_tick,
    "calendar": moments.read_calendar,
    "start": moments.read_start,
    "end": moments.read_end,
    "precision": moments.read_precision,
    "day": moments.read_day,
    "pilots": links.read_pilots,
    "people": links.read_people,
    "elected": links.read_elected,
    "partners": links.read_partners,
    "terms": links.read_terms,
    "main_theme": links.read_main_theme,
    "communes": links.read_communes,
    "decimal": figures.read_decimal,
    "funder": money.read_funder,
    "amount": money.read_money,
    "indicators": lambda line, cell, context: figures.read_list(line, cell, "indicators"),
    "steps": lambda line, cell, context: figures.read_list(line, cell, "steps"),
    "news": figures.read_news,
}
ORDER = {kind: place for place, kind in enumerate(READERS)}


def read_cell(line: Line, cell: Cell, context: Context) -> None:
    """A cell that is not understood becomes a problem of the line, with its place and a sentence."""
    try:
        READERS[cell.column.kind](line, cell, context)
    except ValueProblem as problem:
        line.problem(cell.index, cell.raw, str(problem))
