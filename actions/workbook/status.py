"""What follows from the status, the progress and the dates of a line taken together."""

from datetime import date
from typing import Any

from actions.enums import ACHIEVED_STATUSES, STATUSES_WITH_REASON, Status
from actions.workbook.cells import Context
from actions.workbook.line import Line
from actions.workbook.words import UNTIL
from cls_portal.core.imports.dates import read_date
from cls_portal.core.imports.errors import ValueProblem

SUCCESSOR = (
    "«\u202fRéorientée\u202f» demande la fiche qui prend la suite\u00a0: donnez ce statut dans la fiche, "
    "après l’import."
)


def conclude_status(line: Line, context: Context) -> None:
    before = line.action.status if line.action else Status.NOT_STARTED
    progress = line.values.get("progress")
    if "status" not in line.values and progress and before == Status.NOT_STARTED:
        label, column = line.sources["progress"]
        line.give("status", str(Status.DONE if progress == 100 else Status.IN_PROGRESS), label, column)
        line.interpret(
            label, column, line.cells.get(column), f"statut «\u202f{line.say('status')}\u202f», d’après l’avancement"
        )
    status = line.values.get("status", before)
    label, column = line.sources.get("status", ("Statut", None))
    if "status" in line.values and status in ACHIEVED_STATUSES:
        if progress not in (None, 100):
            line.interpret(
                label, column, line.cells.get(column), "avancement 100\u00a0%, puisque la fiche est réalisée"
            )
        line.give("progress", 100, *line.sources.get("progress", (label, column)))
    if status in STATUSES_WITH_REASON and (status != before or "status_reason" in line.values):
        _conclude_reason(line, status, context, label, column)
    elif status not in STATUSES_WITH_REASON and "status_reason" in line.values:
        reason = line.values.pop("status_reason")
        if reason:
            label, column = line.sources["status_reason"]
            line.interpret(label, column, reason, "sans effet\u00a0: ce statut ne demande pas de motif")


def _conclude_reason(line: Line, status: str, context: Context, label: str, column: int | None) -> None:
    if not line.values.get("status_reason"):
        kept = line.action.status_reason if line.action and line.action.status == status else ""
        reason = kept or f"Motif non précisé dans le classeur «\u202f{context.file_name}\u202f»."
        line.give("status_reason", reason, label, column)
        if not kept:
            line.interpret(label, column, line.cells.get(column), f"motif\u00a0: {reason}")
    if status == Status.REDIRECTED and not (line.action and line.action.successor_id):
        line.problem(
            column,
            line.cells.get(column),
            SUCCESSOR,
        )
    if status == Status.POSTPONED and not line.values.get("postponed_to"):
        end = line.values.get("end")
        day = (
            _day_beside(line.cells.get(column))
            or (line.action and (line.action.postponed_to or line.action.end_date))
            or (end and end.day)
            or context.catalogue.contract.end_date
        )
        if not day:
            line.problem(
                column,
                line.cells.get(column),
                "Une fiche reportée demande sa nouvelle date\u00a0: ajoutez une échéance à cette ligne.",
            )
            return
        line.give("postponed_to", day, label, column)
        beside = "" if _day_beside(line.cells.get(column)) else ", faute d’autre date"
        line.interpret(label, column, line.cells.get(column), f"reportée au {day:%d/%m/%Y}{beside}")


def _day_beside(raw: Any) -> date | None:
    """« Reporté à 2027 », « reportée au 2e trimestre 2027 »: the last day of what follows."""
    said = UNTIL.split(str(raw or ""), maxsplit=1)[1:]
    try:
        return read_date(said[0]).last if said else None
    except ValueProblem:
        return None
