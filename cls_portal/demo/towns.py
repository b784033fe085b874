"""Pantin and Champigny-sur-Marne: two towns that share their bodies with a CPTS."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from actions.enums import Status
from cls_portal.demo.diary import Diary
from cls_portal.demo.fiches import annex_fiches, write_fiche
from cls_portal.demo.frame import load_communes, open_contract, open_territory, read_contract, sign_contract
from cls_portal.demo.governance import tell_governance
from cls_portal.demo.news import spread, tell_news
from cls_portal.demo.organisations import create_organisations
from cls_portal.demo.people import give_coordination
from cls_portal.demo.stage import Stage
from contracts.enums import ContractState

ROUNDS = [date(year, month, 14) for year in range(2023, 2027) for month in (4, 10)]


@dataclass(frozen=True)
class Town:
    folder: str
    name: str
    department: str
    written: date
    signed: date


PANTIN = Town("pantin", "Pantin", "93", written=date(2022, 10, 3), signed=date(2023, 1, 16))
CHAMPIGNY = Town("champigny", "Champigny-sur-Marne", "94", written=date(2018, 3, 5), signed=date(2018, 9, 3))


def tell_town(*, diary: Diary, stage: Stage, town: Town) -> None:
    data = read_contract(town.folder)
    facts = {"stage": stage, "data": data}
    diary.on(town.written, load_communes, perimeter=town.folder)
    diary.on(town.written, open_territory, stage=stage, name=town.name, department=town.department)
    diary.on(town.written, give_coordination, stage=stage, key="towns")
    diary.on(town.written, create_organisations, stage=stage, file=f"{town.folder}/organisations.toml")
    diary.on(town.written, open_contract, **facts, perimeter=town.folder, state=ContractState.DRAFTING)
    for fiche in data["fiches"]:
        diary.on(town.written, write_fiche, stage=stage, data=fiche)
        tell_fiche(diary, stage, fiche)
    diary.on(town.signed, sign_contract, **facts, state=ContractState.IN_FORCE)
    diary.on(town.signed, annex_fiches, stage=stage)
    tell_governance(diary=diary, stage=stage, folder=town.folder, settled_on=town.signed + timedelta(days=60))


def tell_fiche(diary: Diary, stage: Stage, fiche: dict[str, Any]) -> None:
    if fiche["status"] == Status.NOT_STARTED:
        return
    last = diary.last_day - timedelta(days=stage.rng.randint(20, 120))
    begins = fiche["start"] + timedelta(days=stage.rng.randint(3, 25))
    days = [begins, *spread(stage, ROUNDS, begins + timedelta(days=40), last), last]
    tell_news(diary=diary, stage=stage, data=fiche, days=days)
