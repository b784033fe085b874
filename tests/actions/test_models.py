"""What a fiche and its parts may refer to: their own contract and territory, whatever writes them."""

import pytest
from django.core.exceptions import ValidationError

from actions.enums import TermUsage
from actions.models import ActionLink, ActionPilot, ActionTerm, FundingLine, Step
from tests.factories import make_action, make_contact, make_contract, make_organisation, make_term

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(contract):
    return make_action(contract)


@pytest.fixture
def elsewhere():
    """A contract of another territory."""
    return make_contract()


@pytest.mark.parametrize(
    ("model", "field", "more"),
    [
        (ActionPilot, "organisation", {}),
        (Step, "organisation", {"title": "Recruter"}),
        (FundingLine, "funder", {"year": 2025}),
    ],
)
def test_an_organisation_of_another_territory_is_refused(action, elsewhere, model, field, more):
    row = model(action=action, **{field: make_organisation(elsewhere)}, **more)

    with pytest.raises(ValidationError) as refused:
        row.full_clean()

    assert refused.value.message_dict == {field: ["Cette structure appartient à un autre territoire."]}


@pytest.mark.parametrize(
    ("model", "field", "more"),
    [(ActionTerm, "term", {"usage": TermUsage.THEME}), (FundingLine, "scheme", {"year": 2025})],
)
def test_a_term_of_another_contract_is_refused(action, elsewhere, model, field, more):
    row = model(action=action, **{field: make_term(contract=elsewhere)}, **more)

    with pytest.raises(ValidationError) as refused:
        row.full_clean()

    assert refused.value.message_dict == {field: ["Ce terme est propre à un autre contrat."]}


def test_a_fiche_of_another_contract_is_refused(action, elsewhere):
    foreign = make_action(elsewhere)
    sentences = []
    for refers in ({"successor": foreign}, {"carried_from": foreign}):
        for name, value in refers.items():
            setattr(action, name, value)
        with pytest.raises(ValidationError) as refused:
            action.full_clean()
        sentences.append(refused.value.message_dict)
        action.successor = None
    with pytest.raises(ValidationError) as refused:
        ActionLink(action=action, other=foreign).full_clean()

    assert sentences == [
        {"successor": ["La fiche qui prend la suite appartient à un autre contrat."]},
        {"carried_from": ["Cette fiche appartient à un autre territoire."]},
    ]
    assert refused.value.message_dict == {"other": ["Cette fiche appartient à un autre contrat."]}


def test_a_person_of_another_territory_is_refused(action, elsewhere):
    action.elected_contact = make_contact(make_organisation(elsewhere))

    with pytest.raises(ValidationError) as refused:
        action.full_clean()

    assert refused.value.message_dict == {"elected_contact": ["Cette structure appartient à un autre territoire."]}
