"""Every write on a contract and its parts: keyword-only, atomic, validated, signed by the person."""

from contracts.services.amendments import (
    bring_state_to_amendments,
    create_amendment,
    delete_amendment,
    next_number,
    update_amendment,
)
from contracts.services.axes import (
    create_axis,
    create_objective,
    delete_axis,
    delete_objective,
    move_axis,
    move_objective,
    next_color,
    update_axis,
    update_objective,
)
from contracts.services.contracts import (
    create_contract,
    create_territory,
    delete_contract,
    lock,
    trash_of,
    update_contract,
)
from contracts.services.documents import add_document, update_document
from contracts.services.parties import (
    create_contact,
    create_organisation,
    create_signatory,
    delete_signatory,
    move_signatory,
    update_contact,
    update_organisation,
    update_signatory,
)
from contracts.services.perimeter import PerimeterReport, add_communes, remove_commune, update_perimeter_commune
from contracts.services.terms import create_term, delete_term, update_term

__all__ = [
    "PerimeterReport",
    "add_communes",
    "add_document",
    "bring_state_to_amendments",
    "create_amendment",
    "create_axis",
    "create_contact",
    "create_contract",
    "create_objective",
    "create_organisation",
    "create_signatory",
    "create_term",
    "create_territory",
    "delete_amendment",
    "delete_axis",
    "delete_contract",
    "delete_objective",
    "delete_signatory",
    "delete_term",
    "lock",
    "move_axis",
    "move_objective",
    "move_signatory",
    "next_color",
    "next_number",
    "remove_commune",
    "trash_of",
    "update_amendment",
    "update_axis",
    "update_contact",
    "update_contract",
    "update_document",
    "update_objective",
    "update_organisation",
    "update_perimeter_commune",
    "update_signatory",
    "update_term",
]
