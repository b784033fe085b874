from datetime import date
from itertools import count

from django.core.files.base import ContentFile

from cls_portal.core.deletion import delete_with_way_back
from cls_portal.core.models import Deletion
from contracts.enums import ContractState, Role, TermKind
from contracts.models import (
    Amendment,
    Axis,
    Commune,
    Contact,
    Contract,
    Department,
    Document,
    DocumentJob,
    Membership,
    Objective,
    Organisation,
    PerimeterCommune,
    ReferenceTerm,
    Region,
    Signatory,
    Territory,
)
from contracts.services import delete_contract
from tests.factories.people import make_user

_numbers = count(1)


def make_department(code: str = "28") -> Department:
    """Départements are seeded by a migration; tests that flush the database get theirs back."""
    region, _created = Region.objects.get_or_create(code="24", defaults={"name": "Centre-Val de Loire"})
    return Department.objects.get_or_create(code=code, defaults={"name": f"Département {code}", "region": region})[0]


def make_territory(**fields) -> Territory:
    fields = {"name": f"Territoire {next(_numbers)}"} | fields
    fields.setdefault("department", make_department())
    return Territory.objects.create(**fields)


def make_contract(**fields) -> Contract:
    """In force, signed, five years long."""
    number = next(_numbers)
    fields.setdefault("territory", fields.get("territory") or make_territory())
    defaults = {
        "title": f"Contrat d’essai {number}",
        "slug": f"contrat-essai-{number}",
        "state": ContractState.IN_FORCE,
        "signed_on": date(2024, 1, 15),
        "start_date": date(2024, 1, 15),
        "end_date": date(2028, 12, 31),
    }
    return Contract.objects.create(**defaults | fields)


def make_axis(contract: Contract | None = None, **fields) -> Axis:
    contract = contract or make_contract()
    number = contract.axes.count() + 1
    defaults = {"code": str(number), "title": f"Axe {number}", "position": number, "color": (number - 1) % 8 + 1}
    return Axis.objects.create(contract=contract, **defaults | fields)


def make_organisation(contract: Contract | None = None, **fields) -> Organisation:
    if "territory" not in fields:
        fields["territory"] = (contract or make_contract()).territory
    return Organisation.objects.create(**{"name": f"Structure {next(_numbers)}"} | fields)


def make_contact(organisation: Organisation | None = None, **fields) -> Contact:
    defaults = {"first_name": "Alix", "last_name": f"Contact{next(_numbers)}", "email": "contact@exemple.fr"}
    return Contact.objects.create(organisation=organisation or make_organisation(), **defaults | fields)


def make_term(kind: str = TermKind.THEME, **fields) -> ReferenceTerm:
    return ReferenceTerm.objects.create(kind=kind, **{"label": f"Terme {next(_numbers)}"} | fields)


def make_membership(role: str = Role.COORDINATOR, user=None, **scope) -> Membership:
    """On a new contract unless a scope is given; a pilot acts for a new organisation unless one is given."""
    if role != Role.NATIONAL_READER and not {"contract", "territory", "department", "region"} & set(scope):
        if role == Role.ARS_REFERENT:
            scope["department"] = make_department()
        else:
            scope["contract"] = make_contract()
    if role == Role.PILOT and "organisation" not in scope:
        scope["organisation"] = make_organisation(scope["contract"])
    return Membership.objects.create(user=user or make_user(), role=role, **scope)


def make_objective(axis: Axis | None = None, **fields) -> Objective:
    number = next(_numbers)
    return Objective.objects.create(
        axis=axis or make_axis(), **{"title": f"Objectif {number}", "position": number} | fields
    )


def make_signatory(contract: Contract | None = None, **fields) -> Signatory:
    contract = contract or make_contract()
    fields.setdefault("organisation", fields.get("organisation") or make_organisation(contract))
    return Signatory.objects.create(contract=contract, **{"position": next(_numbers)} | fields)


def make_amendment(contract: Contract | None = None, **fields) -> Amendment:
    """Without effect on the end of the contract unless `new_end_date` is given."""
    contract = contract or make_contract()
    defaults = {"number": contract.amendments.count() + 1, "signed_on": date(2025, 3, 1), "purpose": "Nouvelle fiche."}
    return Amendment.objects.create(contract=contract, **defaults | fields)


def make_commune(**fields) -> Commune:
    number = next(_numbers)
    fields.setdefault("department", fields.get("department") or make_department())
    return Commune.objects.create(**{"code": f"{28000 + number % 1000:05}", "name": f"Commune {number}"} | fields)


def make_perimeter_commune(contract: Contract | None = None, **fields) -> PerimeterCommune:
    fields.setdefault("commune", fields.get("commune") or make_commune())
    return PerimeterCommune.objects.create(contract=contract or make_contract(), **fields)


def make_document(contract: Contract | None = None, content: bytes = b"Bonjour", **fields) -> Document:
    """A text file, on the disk of the tests."""
    number = next(_numbers)
    defaults = {
        "title": f"Document {number}",
        "original_name": f"document-{number}.txt",
        "content_type": "text/plain",
        "size": len(content),
        "file": ContentFile(content, name="document.txt"),
    }
    return Document.objects.create(contract=contract or make_contract(), **defaults | fields)


def make_deletion(contract: Contract | None = None, obj=None) -> Deletion:
    """Of an axis, unless another object of the contract is given."""
    contract = contract or make_contract()
    return delete_with_way_back(obj or make_axis(contract), user=None, root=f"contract:{contract.pk}")


def make_deleted_contract(territory: Territory, **fields) -> Deletion:
    contract = make_contract(territory=territory, **{"generation": 20} | fields)
    return delete_contract(contract=contract, user=None)


def make_document_job(contract: Contract | None = None, **fields) -> DocumentJob:
    """Waiting to be made."""
    return DocumentJob.objects.create(
        contract=contract or make_contract(), **{"kind": "plan", "title": "Plan d’actions"} | fields
    )
