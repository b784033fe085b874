"""Funding: the signatories, which exist, are only expected to fund; only invented funders grant and spend."""

from decimal import Decimal
from typing import Any

from actions.models import Action, FundingLine
from cls_portal.core.history import bulk_create_as, bulk_update_as
from cls_portal.demo.stage import Stage
from contracts.enums import TermKind

# Funder, share of the yearly budget, scheme; « pilot » is the structure that leads the fiche.
SHARES = [("ars", "0.50", ""), ("agglo", "0.20", "Budget propre"), ("pilot", "0.20", "Budget propre")]
FOUNDATION = ("fondation", "0.10", "Fondation")
ARS_SCHEMES = {"2": "FIR, offre de soins"}


def create_funding(stage: Stage, action: Action, data: dict[str, Any]) -> None:
    if "funding" in data:
        bulk_create_as([written_line(stage, action, line) for line in data["funding"]], user=stage.coordinator)
    elif data.get("budget") and action.start_date and action.end_date:
        years = range(action.start_date.year, action.end_date.year + 1)
        lines = [line for year in years for line in lines_of_year(stage, action, data, year)]
        bulk_create_as(lines, user=stage.coordinator)


def written_line(stage: Stage, action: Action, line: dict[str, Any]) -> FundingLine:
    scheme = stage.term(TermKind.FUNDING_SCHEME, line["scheme"]) if "scheme" in line else None
    funder = stage.organisations[line["funder"]]
    return FundingLine(action=action, year=line["year"], funder=funder, scheme=scheme, planned=line["planned"])


def lines_of_year(stage: Stage, action: Action, data: dict[str, Any], year: int) -> list[FundingLine]:
    shares = SHARES + ([FOUNDATION] if "fondation" in stage.organisations and data["budget"] >= 15000 else [])
    return [
        FundingLine(
            action=action,
            year=year,
            funder=stage.organisations[data.get("pilot", "equipe") if funder == "pilot" else funder],
            scheme=stage.term(TermKind.FUNDING_SCHEME, scheme or ARS_SCHEMES.get(data["axis"], "FIR, prévention")),
            planned=Decimal(data["budget"]) * Decimal(share),
        )
        for funder, share, scheme in shares
    ]


def settle_year(*, stage: Stage, year: int) -> None:
    """In February, the invented funders' lines of the year before say what was asked, granted and spent."""
    real = [stage.organisations[key].pk for key in stage.existing]
    lines = FundingLine.objects.filter(action__contract=stage.contract, year=year).exclude(funder__in=real)
    settled = list(lines.order_by("pk"))
    for line in settled:
        line.requested = line.planned
        line.granted = (line.planned * Decimal(stage.rng.choice(["1", "1", "0.9", "0.8"]))).quantize(Decimal(1))
        line.spent = (line.granted * Decimal(stage.rng.choice(["1", "0.95", "0.9", "0.7"]))).quantize(Decimal(1))
    bulk_update_as(settled, ["requested", "granted", "spent"], user=stage.coordinator)
