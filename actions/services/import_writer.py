"""Writing what a workbook brings: what the fiches point to, new fiches, further sheets, then the fiches that exist."""

from collections.abc import Sequence
from dataclasses import dataclass

from actions.services.import_changes import Changes
from actions.services.import_new import NewFiches
from actions.services.import_parts import PartWriter
from actions.services.import_references import References
from actions.workbook.line import Line
from actions.workbook.part_line import PartLine
from cls_portal.accounts.models import User
from contracts.models import Contract


@dataclass(frozen=True)
class ImportReport:
    """`changed` names the fiches whose own fields, or whose lines in the further sheets, changed."""

    created: tuple[int, ...]
    changed: tuple[int, ...]
    also_created: dict[str, int]
    parts: dict[str, tuple[int, int]]


def write_lines(
    *, contract: Contract, user: User | None, reason: str, lines: Sequence[Line], parts: Sequence[PartLine]
) -> ImportReport:
    """The further sheets come before the changes: both ask the version that the preview compared with."""
    refs = References(contract, user, reason)
    for ref in dict.fromkeys(ref for line in [*lines, *parts] for ref in line.refs()):
        refs.make(ref)
    new = [line for line in lines if line.action is None]
    created = dict(zip(map(id, new), NewFiches(refs).create(new), strict=True))
    writer = PartWriter(refs, created)
    touched = writer.write(parts)
    changed = [Changes(refs).apply(line) for line in lines if line.action is not None]
    made = tuple(action.pk for action in created.values())
    others = dict.fromkeys(action.pk for action in [*changed, *touched])
    return ImportReport(made, tuple(pk for pk in others if pk not in made), refs.counts, writer.counts)
