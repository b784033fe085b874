"""Mayenne Communauté: the lineage, three generations with a gap before the last."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from actions.enums import Status
from cls_portal.demo.content import read
from cls_portal.demo.diary import Diary
from cls_portal.demo.fiches import annex_fiches, close_fiches, write_fiche
from cls_portal.demo.frame import (
    change_contract,
    load_communes,
    open_contract,
    open_territory,
    read_contract,
    sign_contract,
)
from cls_portal.demo.measures import tell_measures
from cls_portal.demo.money import settle_year
from cls_portal.demo.news import spread, tell_news
from cls_portal.demo.organisations import create_organisations
from cls_portal.demo.papers import file_annual_report
from cls_portal.demo.people import give_coordination
from cls_portal.demo.stage import Stage
from contracts.enums import ContractState
from contracts.services import AxisChoice, renew_contract


@dataclass(frozen=True)
class Generation:
    file: str
    written: date
    signed: date
    ends: date
    rounds: tuple[date, ...]
    renews: bool = False


SECOND = Generation(
    "2018.toml",
    written=date(2018, 3, 12),
    signed=date(2018, 6, 26),
    ends=date(2021, 12, 31),
    rounds=tuple(date(year, month, 18) for year in (2019, 2020, 2021) for month in (1, 6)),
)
THIRD = Generation(
    "2024.toml",
    written=date(2023, 12, 4),
    signed=date(2024, 4, 9),
    ends=date(2026, 12, 31),
    rounds=(date(2024, 11, 19), date(2025, 5, 20), date(2025, 11, 18), date(2026, 5, 19)),
    renews=True,
)


def tell_mayenne(*, diary: Diary, stage: Stage) -> None:
    start = date(2012, 12, 3)
    diary.on(start, load_communes, perimeter="mayenne")
    diary.on(start, open_territory, stage=stage, name="Mayenne Communauté", department="53")
    diary.on(start, give_coordination, stage=stage, key="mayenne")
    diary.on(start, tell_first, stage=stage)
    second = stage.next_contract()
    third = second.next_contract()
    diary.on(date(2018, 3, 12), follow, stage=second)
    diary.on(date(2018, 3, 12), create_organisations, stage=second, file="mayenne/organisations.toml")
    tell_generation(diary, second, SECOND)
    diary.on(date(2023, 12, 4), follow, stage=third)
    tell_generation(diary, third, THIRD)
    closed = read("mayenne/renewal.toml")["closed"]
    diary.on(date(2024, 1, 22), close_fiches, stage=third, reasons=closed)
    diary.on(date(2018, 1, 2), change_contract, stage=stage, state=ContractState.EXPIRED)
    diary.on(date(2018, 6, 26), change_contract, stage=stage, state=ContractState.RENEWED)
    diary.on(date(2022, 1, 3), change_contract, stage=second, state=ContractState.EXPIRED)
    diary.on(date(2022, 9, 5), change_contract, stage=second, in_renewal=True)
    diary.on(date(2024, 4, 9), change_contract, stage=second, state=ContractState.RENEWED, in_renewal=False)


def tell_first(*, stage: Stage) -> None:
    data = read_contract("mayenne", "2013.toml")
    open_contract(stage=stage, data=data, perimeter="mayenne", state=ContractState.IN_FORCE)


def follow(*, stage: Stage) -> None:
    """What the generation before has filled since this stage was made."""
    stage.territory = stage.previous.territory
    stage.organisations, stage.contacts = stage.previous.organisations, stage.previous.contacts
    stage.existing = stage.previous.existing


def renew(*, stage: Stage, data: dict[str, Any]) -> None:
    """The axes are those of the contract before, reworded, less one and three more."""
    stage.previous.contract.refresh_from_db()
    former = stage.previous.axes
    axes = [
        AxisChoice(each["title"], each["code"], each.get("transversal", False), former.get(each.get("from")))
        for each in data["axes"]
    ]
    facts = {name: value for name, value in data["contract"].items() if name != "generation"}
    stage.contract = renew_contract(contract=stage.previous.contract, user=stage.coordinator, axes=axes, **facts)
    stage.axes = {axis.code: axis for axis in stage.contract.axes.all()}


def tell_generation(diary: Diary, stage: Stage, generation: Generation) -> None:
    data = read_contract("mayenne", generation.file)
    facts = {"stage": stage, "data": data}
    if generation.renews:
        diary.on(generation.written, renew, **facts)
    else:
        diary.on(generation.written, open_contract, **facts, perimeter="mayenne", state=ContractState.DRAFTING)
    diary.on(generation.signed, sign_contract, **facts, state=ContractState.IN_FORCE)
    for fiche in data["fiches"]:
        diary.on(generation.written, write_fiche, stage=stage, data=fiche)
        tell_fiche(diary, stage, fiche, generation)
    diary.on(generation.signed, annex_fiches, stage=stage)
    for year in range(generation.signed.year, min(generation.ends.year, diary.last_day.year - 1) + 1):
        diary.on(date(year + 1, 2, 10), settle_year, stage=stage, year=year)
        diary.on(date(year + 1, 2, 24), file_annual_report, stage=stage, year=year)


def tell_fiche(diary: Diary, stage: Stage, fiche: dict[str, Any], generation: Generation) -> None:
    """In a contract that has expired, the last news is of its last autumn; in the current one, of the last months."""
    if fiche["status"] == Status.NOT_STARTED:
        return
    present = min(diary.last_day, generation.ends)
    last = fiche.get("closed") or present - timedelta(days=fiche.get("recent") or stage.rng.randint(6, 120))
    begins = fiche["start"] + timedelta(days=stage.rng.randint(3, 25))
    days = [begins, *spread(stage, list(generation.rounds), begins + timedelta(days=40), last), last]
    tell_news(diary=diary, stage=stage, data=fiche, days=days)
    last_year = min(generation.ends.year, diary.last_day.year - 1)
    tell_measures(diary=diary, stage=stage, data=fiche, first_year=generation.signed.year, last_year=last_year)
