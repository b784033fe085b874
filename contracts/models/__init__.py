from contracts.models.axis import Axis, Objective
from contracts.models.contract import Amendment, Contract, PerimeterCommune, Signatory
from contracts.models.document import Document, DocumentJob
from contracts.models.membership import Membership
from contracts.models.organisation import Contact, Organisation
from contracts.models.reference import ReferenceTerm
from contracts.models.territory import Commune, Department, Region, Territory

__all__ = [
    "Amendment",
    "Axis",
    "Commune",
    "Contact",
    "Contract",
    "Department",
    "Document",
    "DocumentJob",
    "Membership",
    "Objective",
    "Organisation",
    "PerimeterCommune",
    "ReferenceTerm",
    "Region",
    "Signatory",
    "Territory",
]
