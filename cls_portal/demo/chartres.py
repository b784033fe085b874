"""Chartres métropole: the full cycle, with the crisis of 2020 and 2021 in the middle."""

from datetime import date, timedelta
from typing import Any

from actions.enums import DraftingState, Status
from actions.services.news import record_follow_up
from cls_portal.demo.content import read_fiches
from cls_portal.demo.diary import Diary
from cls_portal.demo.fiches import annex_fiches, link_fiches, write_fiche
from cls_portal.demo.frame import (
    change_contract,
    extend_contract,
    freeze_amendment,
    freeze_plan,
    load_communes,
    open_contract,
    open_territory,
    read_contract,
    sign_contract,
)
from cls_portal.demo.governance import tell_governance
from cls_portal.demo.measures import tell_measures
from cls_portal.demo.money import settle_year
from cls_portal.demo.news import give_news, spread, tell_news
from cls_portal.demo.organisations import create_organisations
from cls_portal.demo.papers import file_papers
from cls_portal.demo.people import give_coordination, give_local_roles
from cls_portal.demo.review import tell_review
from cls_portal.demo.stage import Stage
from contracts.enums import ContractState

SIGNATURE = date(2020, 2, 17)
CONTRACT_END = date(2025, 12, 31)
CRISIS = date(2020, 11, 12)
RESUMED = date(2021, 9, 6)
PORTAL_OPENED = date(2021, 9, 1)
EXTENSION = date(2026, 1, 20)
ROUNDS = [
    date(2020, 6, 23),
    date(2022, 5, 17),
    date(2022, 11, 22),
    date(2023, 5, 23),
    date(2023, 11, 21),
    date(2024, 5, 28),
    date(2024, 11, 26),
    date(2025, 5, 20),
    date(2025, 11, 18),
    date(2026, 5, 19),
]
EXTENSION_PURPOSE = (
    "Donnée de démonstration\u00a0: cet avenant est inventé.\n\n"
    "Proroger le contrat pendant l’évaluation et l’écriture du contrat suivant."
)


def tell_chartres(*, diary: Diary, stage: Stage) -> None:
    data, fiches = read_contract("chartres"), read_fiches("chartres", "axis-*.toml")
    tell_frame(diary, stage, data)
    for fiche in fiches:
        tell_fiche(diary, stage, fiche)
    diary.on(date(2019, 12, 10), link_fiches, stage=stage, pairs=[p for p in data["links"] if "2.8" not in p])
    diary.on(date(2022, 6, 20), link_fiches, stage=stage, pairs=[p for p in data["links"] if "2.8" in p])
    stage.to_postpone = [fiche["code"] for fiche in fiches if is_postponed(fiche)]
    tell_governance(diary=diary, stage=stage, folder="chartres", settled_on=date(2020, 5, 11))
    diary.on(EXTENSION, extend_fiches, stage=stage, deadlines=new_deadlines(diary, fiches))
    for year in range(2020, diary.last_day.year):
        diary.on(date(year + 1, 2, 10), settle_year, stage=stage, year=year)
    tell_review(diary=diary, stage=stage, folder="chartres")
    diary.on(date(2024, 6, 4), file_papers, stage=stage, folder="chartres")


def tell_frame(diary: Diary, stage: Stage, data: dict[str, Any]) -> None:
    start = date(2019, 9, 2)
    diary.on(start, load_communes, perimeter="chartres")
    diary.on(start, open_territory, stage=stage, **data["territory"])
    diary.on(start, give_coordination, stage=stage, key="chartres")
    diary.on(start, create_organisations, stage=stage, file="chartres/organisations.toml")
    diary.on(start, open_contract, stage=stage, data=data, perimeter="chartres", state=ContractState.DRAFTING)
    diary.on(SIGNATURE, sign_contract, stage=stage, data=data, state=ContractState.IN_FORCE)
    diary.on(SIGNATURE, annex_fiches, stage=stage)
    diary.on(SIGNATURE, freeze_plan, stage=stage)
    diary.on(PORTAL_OPENED, give_local_roles, stage=stage)
    diary.on(date(2025, 1, 6), change_contract, stage=stage, in_evaluation=True)
    diary.on(
        date(2025, 12, 11),
        extend_contract,
        stage=stage,
        signed_on=date(2025, 12, 11),
        purpose=EXTENSION_PURPOSE,
        new_end_date=extended_end(diary),
    )
    diary.on(date(2025, 12, 11), freeze_amendment, stage=stage, number=1)
    diary.on(date(2026, 3, 2), change_contract, stage=stage, in_renewal=True)


def extended_end(diary: Diary) -> date:
    """The end of the current year, so that the demonstration shows a contract in force whenever it is loaded."""
    return date(max(2026, (diary.last_day + timedelta(days=30)).year), 12, 31)


def tell_fiche(diary: Diary, stage: Stage, fiche: dict[str, Any]) -> None:
    entered = fiche.get("entered")
    drafting = DraftingState.VALIDATED if entered else DraftingState.PROPOSED
    diary.on(entered or date(2019, 11, 18), write_fiche, stage=stage, data=fiche, drafting_state=drafting)
    if fiche["status"] == Status.NOT_STARTED:
        return
    last = fiche.get("closed") or diary.last_day - timedelta(days=fiche.get("recent") or stage.rng.randint(6, 140))
    days = [*days_before_last(stage, fiche, last), last]
    deadline = min(fiche.get("end", CONTRACT_END), CONTRACT_END) if is_postponed(fiche) else None
    tell_news(diary=diary, stage=stage, data=fiche, days=days, new_date=deadline)
    tell_measures(diary=diary, stage=stage, data=fiche, first_year=2021, last_year=diary.last_day.year - 1)
    if deadline and fiche["start"] < date(2020, 10, 15):
        diary.on(fiche["start"], give_news, stage=stage, data=fiche, **LAUNCH)


LAUNCH = {
    "status": Status.IN_PREPARATION,
    "progress": 0,
    "headline": "Lancement de l’action",
    "done": "La structure pilote a réuni les partenaires et précisé les premières étapes.",
}


def days_before_last(stage: Stage, fiche: dict[str, Any], last: date) -> list[date]:
    """The day when the work begins, or begins again after the crisis, then the rounds."""
    begins = fiche["start"] + timedelta(days=stage.rng.randint(3, 25))
    if is_postponed(fiche):
        begins = max(begins, RESUMED + timedelta(days=stage.rng.randint(0, 140)))
    if begins >= last:
        return []
    days = [begins, *spread(stage, ROUNDS, begins + timedelta(days=40), last)]
    return [day for day in days if day not in {CRISIS, EXTENSION}]


def is_postponed(fiche: dict[str, Any]) -> bool:
    """What had begun, or was about to, and could not go on without its partners."""
    stopped = not fiche.get("in_crisis") and not fiche.get("entered")
    return stopped and "start" in fiche and fiche["start"] < date(2021, 6, 1)


def new_deadlines(diary: Diary, fiches: list[dict[str, Any]]) -> dict[str, date]:
    """The fiches that the extension carries on; those closed, suspended, or left behind keep their first deadline."""
    carried = {}
    for fiche in fiches:
        end = fiche.get("end", extended_end(diary))
        is_open = "closed" not in fiche and not fiche.get("incomplete") and fiche["status"] != Status.POSTPONED
        if is_open and end > CONTRACT_END:
            carried[fiche["code"]] = end
    return carried


def extend_fiches(*, stage: Stage, deadlines: dict[str, date]) -> None:
    for code, deadline in deadlines.items():
        action = stage.fresh(code)
        record_follow_up(
            action=action,
            user=stage.coordinator,
            status=action.status,
            new_date=deadline,
            on=EXTENSION,
            headline="Échéance revue à la suite de l’avenant de prorogation (donnée de démonstration)",
        )
