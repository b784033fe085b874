"""The contract around the fiches: territory, perimeter, axes, objectives, signatories."""

from datetime import date
from typing import Any

from actions.enums import Occasion
from actions.services.life import sign_amendment
from actions.services.versions import freeze
from cls_portal.demo.content import read, read_communes
from cls_portal.demo.organisations import create_person
from cls_portal.demo.stage import Stage
from contracts.models import Commune, Department
from contracts.models.contract import TEXTS
from contracts.services.amendments import create_amendment
from contracts.services.axes import create_axis, create_objective
from contracts.services.contracts import create_contract, create_territory, update_contract
from contracts.services.parties import create_signatory, update_signatory
from contracts.services.perimeter import add_communes


def open_territory(*, stage: Stage, name: str, department: str, **facts: Any) -> None:
    stage.territory = create_territory(
        user=stage.users["administrator"], name=name, department=Department.objects.get(pk=department), **facts
    )


def load_communes(*, perimeter: str) -> None:
    """Reference data, common to all: a commune already there is left alone."""
    Commune.objects.bulk_create(
        [
            Commune(
                code=row["code"],
                name=row["name"],
                department_id=row["department"],
                population=int(row["population"]) if row["population"] else None,
            )
            for row in read_communes(perimeter)
        ],
        ignore_conflicts=True,
    )


def open_contract(*, stage: Stage, data: dict[str, Any], perimeter: str, state: str) -> None:
    stage.contract = create_contract(
        user=stage.coordinator, territory=stage.territory, state=state, **data["contract"]
    )
    if codes := "\n".join(row["code"] for row in read_communes(perimeter)):
        add_communes(contract=stage.contract, user=stage.coordinator, text=codes)
    for axis in data.get("axes", []):
        create_level(stage, dict(axis))


def create_level(stage: Stage, facts: dict[str, Any]) -> None:
    objectives = facts.pop("objectives", [])
    transversal = facts.pop("transversal", False)
    axis = create_axis(contract=stage.contract, user=stage.coordinator, is_transversal=transversal, **facts)
    stage.axes[axis.code] = axis
    for code, title in objectives:
        stage.objectives[code] = create_objective(axis=axis, user=stage.coordinator, code=code, title=title)


def sign_contract(*, stage: Stage, data: dict[str, Any], state: str) -> None:
    """The parties sign, and the contract enters into force."""
    name_signatories(stage=stage, data=data, signed_on=data["contract"].get("signed_on"))
    change_contract(stage=stage, state=state)


def name_signatories(*, stage: Stage, data: dict[str, Any], signed_on: date | None = None) -> None:
    taken_up = {signatory.organisation: signatory for signatory in stage.contract.signatories.all()}
    for facts in data.get("signatories", []):
        organisation = stage.organisations[facts["organisation"]]
        first, last, job = facts["representative"]
        told = {
            "capacity": facts["capacity"],
            "representative": create_person(stage, organisation, first, last, f"{job} (personne inventée)"),
            "commitments": facts.get("commitments", "").strip(),
            "signed_on": signed_on,
        }
        if signatory := taken_up.get(organisation):
            update_signatory(signatory=signatory, user=stage.coordinator, **told)
        else:
            create_signatory(contract=stage.contract, organisation=organisation, user=stage.coordinator, **told)


def change_contract(*, stage: Stage, **changes: Any) -> None:
    stage.contract.refresh_from_db()
    update_contract(contract=stage.contract, read_version=stage.contract.version, user=stage.coordinator, **changes)


def extend_contract(*, stage: Stage, signed_on: date, purpose: str, new_end_date: date) -> None:
    create_amendment(
        contract=stage.contract,
        user=stage.coordinator,
        signed_on=signed_on,
        purpose=purpose,
        new_end_date=new_end_date,
    )
    stage.contract.refresh_from_db()


def freeze_plan(*, stage: Stage) -> None:
    """As signed, once its fiches are annexed."""
    freeze(contract=stage.contract, user=stage.coordinator, occasion=Occasion.SIGNATURE)


def freeze_amendment(*, stage: Stage, number: int) -> None:
    amendment = stage.contract.amendments.get(number=number)
    sign_amendment(amendment=amendment, day=amendment.signed_on, user=stage.coordinator)


def read_contract(folder: str, name: str = "contract.toml") -> dict[str, Any]:
    data = read(f"{folder}/{name}")
    for key in TEXTS:
        data["contract"][key] = data["contract"].get(key, "").strip()
    return data
