"""Plain builders of what tests need, named after situations. Each gives a valid object without surprise."""

from tests.factories.actions import make_action, make_indicator, make_measurement
from tests.factories.contracts import (
    make_amendment,
    make_axis,
    make_commune,
    make_contact,
    make_contract,
    make_deleted_contract,
    make_deletion,
    make_department,
    make_document,
    make_document_job,
    make_membership,
    make_objective,
    make_organisation,
    make_perimeter_commune,
    make_signatory,
    make_term,
    make_territory,
)
from tests.factories.full_action import add_parts, make_full_action
from tests.factories.people import PASSWORD, make_user

__all__ = [
    "PASSWORD",
    "add_parts",
    "make_action",
    "make_amendment",
    "make_axis",
    "make_commune",
    "make_contact",
    "make_contract",
    "make_deleted_contract",
    "make_deletion",
    "make_department",
    "make_document",
    "make_document_job",
    "make_full_action",
    "make_indicator",
    "make_measurement",
    "make_membership",
    "make_objective",
    "make_organisation",
    "make_perimeter_commune",
    "make_signatory",
    "make_term",
    "make_territory",
    "make_user",
]
