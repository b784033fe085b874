"""The funding of a fiche as a table of years: exact sums, and « not known » kept apart from zero."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from actions.models import FundingLine

STAGES = (("planned", "Prévu"), ("requested", "Demandé"), ("granted", "Obtenu"), ("spent", "Réalisé"))


@dataclass(frozen=True)
class MoneyRow:
    label: str
    amounts: list[Decimal | None]
    total: Decimal | None


@dataclass(frozen=True)
class MoneyStage:
    label: str
    rows: list[MoneyRow]
    total: MoneyRow


@dataclass(frozen=True)
class MoneyTable:
    years: list[int]
    stages: list[MoneyStage]


def add(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is known; nothing known is no sum, not zero."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, start=Decimal(0)) if known else None


def source_of(line: FundingLine) -> str:
    names = [line.funder.label if line.funder else "Financeur à préciser", line.scheme.label if line.scheme else ""]
    return ", ".join(name for name in names if name)


def money_table(lines: Iterable[FundingLine]) -> MoneyTable | None:
    """One block per stage that has at least one amount, one row per funder and scheme, one column per year."""
    lines = list(lines)
    years = sorted({line.year for line in lines})
    stages = [_stage(label, name, lines, years) for name, label in STAGES]
    return MoneyTable(years, [stage for stage in stages if stage]) if lines else None


def _stage(label: str, field: str, lines: list[FundingLine], years: list[int]) -> MoneyStage | None:
    cells: dict[str, dict[int, list]] = {}
    for line in lines:
        cells.setdefault(source_of(line), {}).setdefault(line.year, []).append(getattr(line, field))
    rows = []
    for source, by_year in cells.items():
        amounts = [add(by_year.get(year, [])) for year in years]
        if add(amounts) is not None:
            rows.append(MoneyRow(source, amounts, add(amounts)))
    if not rows:
        return None
    sums = [add(row.amounts[place] for row in rows) for place in range(len(years))]
    return MoneyStage(label, rows, MoneyRow(f"Total {label.lower()}", sums, add(sums)))
