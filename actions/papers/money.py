"""The funding of many fiches, by funder: exact sums, and « not known » kept apart from zero."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from actions.fiche.money import STAGES, MoneyRow, MoneyStage, add
from actions.models import FundingLine

UNKNOWN = "Financeur à préciser"


def planned_by_year(lines: Iterable[FundingLine]) -> tuple[list[int], MoneyStage] | None:
    """What is planned, one row per funder and one column per year; the largest first."""
    known = [line for line in lines if line.planned is not None]
    years = sorted({line.year for line in known})
    groups: dict[str, list[FundingLine]] = defaultdict(list)
    for line in known:
        groups[line.funder.label if line.funder else UNKNOWN].append(line)
    if not groups:
        return None
    rows = [planned_row(label, found, years) for label, found in groups.items()]
    rows.sort(key=lambda row: (-row.total, row.label))
    return years, MoneyStage("Prévu", rows, planned_row("Total", known, years))


def planned_row(label: str, lines: list[FundingLine], years: list[int]) -> MoneyRow:
    amounts = [add(line.planned for line in lines if line.year == year) for year in years]
    return MoneyRow(label, amounts, add(amounts))


@dataclass(frozen=True)
class FunderRow:
    """`amounts`: planned, requested, granted, spent."""

    label: str
    amounts: list[Decimal | None]
    fiches: int


@dataclass(frozen=True)
class FunderTable:
    heads: list[str]
    rows: list[FunderRow]
    total: FunderRow
    years: list[int]


def by_funder(lines: Iterable[FundingLine]) -> FunderTable | None:
    """The largest first, as granted, else as planned."""
    lines = list(lines)
    groups: dict[str, list[FundingLine]] = defaultdict(list)
    for line in lines:
        groups[line.funder.label if line.funder else UNKNOWN].append(line)
    if not groups:
        return None
    rows = [sums(label, found) for label, found in groups.items()]
    rows.sort(key=lambda row: (-(row.amounts[2] or row.amounts[0] or Decimal(0)), row.label))
    return FunderTable(
        [label for _name, label in STAGES], rows, sums("Total", lines), sorted({each.year for each in lines})
    )


def sums(label: str, lines: list[FundingLine]) -> FunderRow:
    amounts = [add(getattr(line, name) for line in lines) for name, _label in STAGES]
    return FunderRow(label, amounts, len({line.action_id for line in lines}))
