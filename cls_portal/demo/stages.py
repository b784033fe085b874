"""Contracts at the stages where the six territories are not: told by their passages, with a few fiches each."""

from random import Random
from typing import Any

from actions.enums import DraftingState, Status
from actions.services.life import pass_to, set_flag, sign_contract
from actions.services.news import record_follow_up
from cls_portal.accounts.models import User
from cls_portal.demo.diary import Diary
from cls_portal.demo.fiches import write_fiche
from cls_portal.demo.frame import load_communes, name_signatories, open_contract, open_territory, read_contract
from cls_portal.demo.organisations import create_organisations
from cls_portal.demo.people import give_coordination
from cls_portal.demo.stage import Stage
from contracts.enums import ContractKind, ContractState

FOLDER = "stages"
CONTRACTS = ("bourges", "haut-doubs", "nivernais", "perche", "anglin")


def tell_stages(*, diary: Diary, users: dict[str, User]) -> None:
    for name in CONTRACTS:
        stage = Stage(rng=Random(name), users=users, coordinator=users["stages"])  # noqa: S311 — a story
        tell_contract(diary, stage, read_contract(FOLDER, f"{name}.toml"), f"{FOLDER}/{name}.toml")


def tell_contract(diary: Diary, stage: Stage, data: dict[str, Any], file: str) -> None:
    opened, passages = data["opened"], data.get("passages", [])
    territory = dict(data["territory"])
    perimeter = territory.pop("perimeter", "")
    if perimeter:
        diary.on(opened, load_communes, perimeter=perimeter)
    diary.on(opened, open_territory, stage=stage, **territory)
    diary.on(opened, give_coordination, stage=stage, key="stages")
    diary.on(opened, create_organisations, stage=stage, file=file)
    diary.on(opened, open_contract, stage=stage, data=data, perimeter=perimeter, state=first_state(data))
    diary.on(opened, name_signatories, stage=stage, data=data)
    for fiche in data.get("fiches", []):
        state = DraftingState.DRAFT if fiche.get("draft") else DraftingState.VALIDATED
        diary.on(opened, write_fiche, stage=stage, data=fiche, drafting_state=state)
        if fiche["status"] != Status.NOT_STARTED:
            diary.on(fiche["news"]["day"], tell_news, stage=stage, data=fiche)
    for passage in passages:
        diary.on(passage["day"], make_passage, stage=stage, contract=data["contract"], passage=passage)
    for flag in data.get("flags", []):
        diary.on(flag["day"], raise_flag, stage=stage, flag=flag["flag"])


def first_state(data: dict[str, Any]) -> ContractState:
    """Those whose first passage leads to the writing of the plan begin before it."""
    passages = data.get("passages", [])
    if data["contract"].get("kind") == ContractKind.PREFIGURATION or passages[0]["state"] == ContractState.DRAFTING:
        return ContractState.PREFIGURATION
    return ContractState.DRAFTING


def make_passage(*, stage: Stage, contract: dict[str, Any], passage: dict[str, Any]) -> None:
    stage.contract.refresh_from_db()
    facts = {
        "contract": stage.contract,
        "day": passage["day"],
        "user": stage.coordinator,
        "read_version": stage.contract.version,
        "note": passage.get("note", ""),
    }
    state = ContractState(passage["state"])
    if state == ContractState.IN_FORCE:
        sign_contract(start=contract["start_date"], end=contract["end_date"], all_signed=True, **facts)
    else:
        pass_to(state=state, **facts)


def raise_flag(*, stage: Stage, flag: str) -> None:
    stage.contract.refresh_from_db()
    set_flag(
        contract=stage.contract,
        flag=flag,
        is_on=True,
        user=stage.coordinator,
        read_version=stage.contract.version,
    )


def tell_news(*, stage: Stage, data: dict[str, Any]) -> None:
    record_follow_up(
        action=stage.fresh(data["code"]),
        user=stage.coordinator,
        status=data["status"],
        progress=data["progress"],
        headline=data["news"]["headline"],
    )
