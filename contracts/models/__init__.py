from contracts.models.axis import Axis, Objective
from contracts.models.contract import Amendment, Contract, PerimeterCommune, Signatory
from contracts.models.document import Document, DocumentJob
from contracts.models.governance import BodyMember, CalendarFeed, GoverningBody
from contracts.models.meeting import AgendaItem, Attendance, Decision, Meeting
from contracts.models.membership import Membership
from contracts.models.organisation import Contact, Organisation
from contracts.models.reference import ReferenceTerm
from contracts.models.territory import Commune, Department, Region, Territory

__all__ = [
    "AgendaItem",
    "Amendment",
    "Attendance",
    "Axis",
    "BodyMember",
    "CalendarFeed",
    "Commune",
    "Contact",
    "Contract",
    "Decision",
    "Department",
    "Document",
    "DocumentJob",
    "GoverningBody",
    "Meeting",
    "Membership",
    "Objective",
    "Organisation",
    "PerimeterCommune",
    "ReferenceTerm",
    "Region",
    "Signatory",
    "Territory",
]
