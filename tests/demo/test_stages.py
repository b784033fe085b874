"""The demonstration shows contracts at every stage, and each account reaches its own."""

import pytest

from actions.life.story import story_of
from actions.versions.amendments import reading_of
from cls_portal.demo.accounts import ACCOUNTS
from contracts.enums import ContractState
from contracts.models import Contract
from tests.demo.test_demo import chartres, user_of

pytestmark = pytest.mark.usefixtures("demo")

INVENTED = [
    f"{name} (territoire inventé)"
    for name in ("Plateau du Haut-Doubs", "Nivernais des Vaux", "Perche aux Chênes", "Étangs de l’Anglin")
]


@pytest.mark.parametrize(
    ("key", "territories"),
    [
        (
            "administrator",
            {"Chartres métropole", "Mayenne Communauté", "Pantin", "Champigny-sur-Marne", "Bourges", *INVENTED},
        ),
        ("stages", {"Bourges", *INVENTED}),
        ("chartres", {"Chartres métropole"}),
        ("mayenne", {"Mayenne Communauté"}),
        ("towns", {"Pantin", "Champigny-sur-Marne"}),
        ("department", {"Chartres métropole", INVENTED[2]}),
        ("region", {"Chartres métropole", "Bourges", INVENTED[2], INVENTED[3]}),
        ("pilot", {"Chartres métropole"}),
        ("reader", {"Chartres métropole"}),
    ],
)
def test_each_account_reaches_its_contracts_and_no_other(key, territories):
    seen = Contract.objects.visible_to(user_of(key))

    assert set(seen.values_list("territory__name", flat=True)) == territories


def test_each_account_signs_in_with_the_password_shown(client):
    for account in ACCOUNTS:
        assert client.login(email=account.email, password=account.password), account.email


def test_the_contracts_are_at_all_the_stages():
    states = set(Contract.objects.values_list("state", flat=True))

    assert states == set(ContractState.values)
    assert Contract.objects.values("territory__department__region").distinct().count() >= 4
    to_sign = Contract.objects.get(title="Bourges 2026-2030")
    assert [each.state for each in story_of(to_sign) if each.state] == ["elaboration", "a_signer"]


def test_the_avenant_of_chartres_shows_what_it_changes():
    amendment = chartres().amendments.get()
    reading = reading_of(amendment, user_of("chartres"))

    assert [each.occasion for each in (reading.before, reading.after)] == ["signature", "avenant"]
    assert "end_date" in {each.name for each in reading.change.contract}
    assert reading.change.added
    assert reading.change.amended
