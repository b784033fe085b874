"""What a line would change in a fiche that exists, field by field."""

from typing import Any

from actions.workbook.line import Change, Line
from actions.workbook.values import current, same, show
from cls_portal.core.imports.likeness import normalise

MONEY = (
    "La fiche a déjà des montants par année ou par financeur\u00a0: changez-les dans la fiche, "
    "ou dans la feuille «\u202fFinancement\u202f» de l’export."
)


def compare(line: Line) -> None:
    """Keeps only the values that change the fiche, each with its before and after."""
    for key in list(line.values):
        after = line.values[key]
        before = _before(line, key)
        if key in ("steps", "indicators"):
            known = {normalise(title) for title in before}
            after = tuple(title for title in after if normalise(title) not in known)
            after = (*before, *after) if after else before
        elif key == "funding":
            after = _new_money(line, before, after)
        if same(key, before, after):
            del line.values[key]
            continue
        line.values[key] = after
        _label, column = line.sources.get(key, ("", None))
        line.changes.append(Change(key, line.label(key), line.cell(column), show(key, before), show(key, after)))


def _before(line: Line, key: str) -> Any:
    if key == "news":
        told = next((f.done for f in line.action.told if normalise(f.done) == normalise(line.values["news"])), "")
        return line.values["news"] if told else ""
    return current(line.action, key)


def _new_money(line: Line, before: dict, after: dict) -> dict:
    """An amount already counted under other lines is not counted twice."""
    kept = dict(before)
    for (year, option, funder), amount in after.items():
        others = {key: value for key, value in before.items() if key[1] == option}
        if sum(others.values()) == amount and funder is None:
            continue
        if others and (year, option, funder) not in before and funder is None:
            _label, column = line.sources["funding"]
            line.problem(
                column,
                amount,
                MONEY,
            )
            continue
        kept[year, option, funder] = amount
    return kept
