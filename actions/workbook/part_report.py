"""What the further sheets leave as it is: the records that they do not name, the columns and lines not read."""

from collections.abc import Iterable

from actions.models import Action
from actions.workbook.line import Line
from actions.workbook.part_line import PartLine
from actions.workbook.part_sheets import PartSheet, recognise_part
from cls_portal.core.imports.headers import Header, headings_of
from cls_portal.core.imports.reading import ROWS_READ, Sheet, Workbook


def left_alone(parts: list[PartLine], fiches: Iterable[Line], names: list[str], workbook: Workbook) -> list[str]:
    """In sentences; only the records of the fiches that the workbook speaks of are counted."""
    concerned = {line.action.pk for line in fiches if line.action}
    concerned |= {line.fiche.pk for line in parts if isinstance(line.fiche, Action)}
    notices = []
    for name in names:
        sheet = workbook.sheet(name)
        part, header = recognise_part(sheet)
        notices += _of_sheet(sheet, part, header)
        named = [line.record.pk for line in parts if line.part is part and line.record]
        kept = part.model.objects.filter(**{f"{part.path}__in": concerned}).exclude(pk__in=named).count()
        if kept:
            told = "n’y figure pas et ne change pas" if kept == 1 else "n’y figurent pas et ne changent pas"
            notices.append(f"Feuille «\u202f{name}\u202f»\u00a0: {part.count(kept)} du plan {told}.")
    return notices


def _of_sheet(sheet: Sheet, part: PartSheet, header: Header) -> list[str]:
    where = f"Feuille «\u202f{sheet.name}\u202f»\u00a0:"
    notices = []
    unknown = [h.label for h in headings_of(sheet, header) if h.label not in part.headings.values()]
    if unknown:
        notices.append(f"{where} colonnes que l’export n’a pas, {', '.join(unknown)}.")
    if sheet.rows_left:
        notices.append(f"{where} {sheet.rows_left} lignes au-delà de la {ROWS_READ}e ne sont pas lues.")
    return notices
