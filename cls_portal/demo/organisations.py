"""The structures of a territory: the signatories, which exist, and all the others, which are invented and say so."""

from typing import Any
from unicodedata import normalize

from cls_portal.demo.content import read
from cls_portal.demo.stage import Stage
from contracts.models import Contact, Organisation
from contracts.services.parties import create_contact, create_organisation


def create_organisations(*, stage: Stage, file: str) -> None:
    data = read(file)
    stage.existing = set(data["existing"])
    for key, facts in data["existing"].items():
        people = facts.pop("contacts", [])
        stage.organisations[key] = create_organisation(territory=stage.territory, user=stage.coordinator, **facts)
        stage.contacts[key] = [
            create_person(stage, stage.organisations[key], first, last, f"{job} (personne inventée)")
            for first, last, job in people
        ]
    for key, facts in data["invented"].items():
        stage.organisations[key] = create_invented(stage, dict(facts))
        stage.contacts[key] = [
            create_person(stage, stage.organisations[key], *person) for person in facts.get("contacts", [])
        ]


def create_invented(stage: Stage, facts: dict[str, Any]) -> Organisation:
    """The short name is the one that lists show; the full name says that the structure does not exist."""
    facts.pop("contacts", None)
    name = facts.pop("name")
    facts.setdefault("short_name", name)
    return create_organisation(
        territory=stage.territory, user=stage.coordinator, name=f"{name} (structure inventée)", **facts
    )


def create_person(stage: Stage, organisation: Organisation, first: str, last: str, job: str) -> Contact:
    account = next((user for user in stage.users.values() if (user.first_name, user.last_name) == (first, last)), None)
    return create_contact(
        organisation=organisation,
        user=stage.coordinator,
        first_name=first,
        last_name=last,
        job_title=job,
        is_elected=job.startswith(("Élu", "Vice-présidence")),
        email=account.email if account else address(first, last),
        account=account,
    )


def address(first: str, last: str) -> str:
    plain = normalize("NFKD", f"{first}.{last}").encode("ascii", "ignore").decode().lower()
    return f"{plain.replace(' ', '-')}@exemple.fr"
