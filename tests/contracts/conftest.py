"""A meeting to come, and who sits in its body."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from contracts.models import Meeting
from tests.contracts.meetings import send
from tests.factories import make_body, make_contact, make_meeting, make_member, make_organisation

LATER = timezone.now().replace(microsecond=0) + timedelta(days=30)


@pytest.fixture
def body(contract):
    return make_body(contract, name="comité de pilotage")


@pytest.fixture
def meeting(body) -> Meeting:
    return make_meeting(body, number=8, starts_at=LATER)


@pytest.fixture
def sit(body, contract):
    """`sit("a@exemple.fr")`: an organisation sits in the body, and this person speaks for it."""

    def seat(email="", *, deputy="", name="", **fields):
        organisation = make_organisation(contract, **({"name": name} if name else {}))
        if deputy:
            fields["deputy"] = make_contact(organisation, email=deputy)
        return make_member(
            body, organisation=organisation, representative=make_contact(organisation, email=email), **fields
        )

    return seat


@pytest.fixture
def convened(meeting, sit) -> Meeting:
    sit("a@exemple.fr", deputy="suppleante@exemple.fr")
    send(meeting)
    mail.outbox.clear()
    return meeting
