"""The figures of the indicators, year after year, from where they started towards where the fiche stands today."""

from datetime import date
from decimal import Decimal
from typing import Any

from actions.enums import CLOSED_STATUSES, Status
from actions.services.indicators import record_measurement
from cls_portal.demo.diary import Diary
from cls_portal.demo.stage import Stage

WORDS = ["stable", "plutôt en amélioration", "en amélioration nette"]


def tell_measures(*, diary: Diary, stage: Stage, data: dict[str, Any], first_year: int, last_year: int) -> None:
    """A measurement at the end of each year, recorded in January; one in eight is missing, as in real plans."""
    if data["status"] == Status.NOT_STARTED:
        return
    last_year = min(last_year, data["closed"].year) if "closed" in data else last_year
    years = list(range(max(first_year, data["start"].year), last_year + 1))
    for rank, item in enumerate(data.get("indicators", []), start=1):
        for index, year in enumerate(years, start=1):
            if index < len(years) and stage.rng.random() < 0.125:
                continue
            facts = value_of(stage, item, share=index / len(years), reached=reached(data))
            diary.on(date(year + 1, 1, 20), measure, stage=stage, code=data["code"], rank=rank, year=year, **facts)


def reached(data: dict[str, Any]) -> float:
    if data["status"] in {Status.DONE, Status.SUSTAINED}:
        return 1.02
    if data["status"] in CLOSED_STATUSES:
        return 0.1
    return 0.15 + 0.75 * data.get("progress", 0) / 100


def value_of(stage: Stage, item: dict[str, Any], *, share: float, reached: float) -> dict[str, Any]:
    if "base" not in item:
        return {"text": WORDS[min(2, int(share * 3))]}
    base, target = item["base"], item.get("target", item["base"] * 1.5)
    noise = stage.rng.uniform(0.94, 1.06)
    value = round(base + (target - base) * reached * share**0.8 * noise)
    return {"value": Decimal(max(0, min(value, 100) if item.get("unit") == "%" else value))}


def measure(*, stage: Stage, code: str, rank: int, year: int, **facts: Any) -> None:
    indicator = stage.actions[code].indicators.get(position=rank)
    record_measurement(indicator=indicator, user=stage.coordinator, on=date(year, 12, 31), **facts)
