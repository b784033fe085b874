"""The further sheets of a workbook: each fiche's lines are saved as its own page would, under one version."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max

from actions.models import Action, Indicator, IndicatorTarget
from actions.services.import_references import ImportRefusedError, References, sentence_of
from actions.services.indicators import record_measurement
from actions.services.parts import RowChange, RowError, save_whole_section
from actions.workbook.line import Line
from actions.workbook.part_line import PartLine
from cls_portal.core.history import save_as


class PartWriter:
    """`created`: the fiches just created, by the identity of their line."""

    def __init__(self, refs: References, created: dict[int, Action]) -> None:
        self.refs, self.created = refs, created
        self.counts: dict[str, tuple[int, int]] = {}
        self.rows: dict[int, Any] = {}

    def write(self, lines: Sequence[PartLine]) -> list[Action]:
        """The fiches concerned, in the order of the workbook."""
        groups: dict[int, list[PartLine]] = {}
        for line in lines:
            groups.setdefault(id(line.fiche), []).append(line)
            added, changed = self.counts.get(line.part.title, (0, 0))
            is_new = line.record is None
            self.counts[line.part.title] = (added + is_new, changed + (not is_new))
        return [self._save(self._fiche(group[0]), group) for group in groups.values()]

    def _fiche(self, line: PartLine) -> Action:
        return self.created[id(line.fiche)] if isinstance(line.fiche, Line) else line.fiche

    def _save(self, action: Action, lines: list[PartLine]) -> Action:
        rows = {id(line): self._row(action, line) for line in lines if line.part.owner == "action"}
        try:
            save_whole_section(
                action=action,
                read_version=action.version,
                user=self.refs.user,
                rows=[RowChange(row) for row in rows.values()],
                reason=self.refs.reason,
            )
        except RowError as error:
            line = next((line for line in lines if rows.get(id(line)) is error.row), lines[0])
            raise ImportRefusedError(sentence_of(line, error)) from error
        except ValidationError as error:
            raise ImportRefusedError(sentence_of(lines[0], error)) from error
        self.rows |= rows
        for line in lines:
            if line.part.owner == "indicator":
                self._write_figure(line)
        return action

    def _row(self, action: Action, line: PartLine) -> Any:
        row = line.record or line.part.model(action=action)
        if line.record is None and hasattr(row, "position"):
            row.position = self._next_place(action, line)
        self._fill(row, line)
        return row

    def _next_place(self, action: Action, line: PartLine) -> int:
        last = line.part.model.objects.filter(action=action).aggregate(last=Max("position"))["last"] or 0
        others = [row for row in self.rows.values() if type(row) is line.part.model and row.action_id == action.pk]
        return max([last, *(row.position for row in others)]) + 1

    def _fill(self, row: Any, line: PartLine) -> None:
        for key, value in line.values.items():
            field = line.part.fields[key]
            setattr(row, key, self.refs.get(value, field.related_model) if field.is_relation and value else value)

    def _write_figure(self, line: PartLine) -> None:
        indicator = line.indicator if isinstance(line.indicator, Indicator) else self.rows[id(line.indicator)]
        try:
            if line.part.model is IndicatorTarget:
                target = line.record or IndicatorTarget(indicator=indicator)
                self._fill(target, line)
                save_as(target, user=self.refs.user, reason=self.refs.reason)
            else:
                self._measure(indicator, line)
        except ValidationError as error:
            raise ImportRefusedError(sentence_of(line, error)) from error

    def _measure(self, indicator: Indicator, line: PartLine) -> None:
        record_measurement(
            indicator=indicator,
            user=self.refs.user,
            on=line.final("date"),
            reason=self.refs.reason,
            corrected=line.record,
            **{key: line.final(key) for key in ("value", "text", "comment")},
        )
