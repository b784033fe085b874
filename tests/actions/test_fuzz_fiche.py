"""Whatever is sent to the forms of a fiche, the answer is a page or a sentence, never a failure."""

from functools import cache

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.fiche.sections import EDITABLE
from tests.actions.forms import form_data
from tests.factories import make_full_action
from tests.people import signed_in

AWKWARD = [
    *("", " ", "\x00", "a\x00b", "\ud800", "é" * 500_000, "9" * 40, "-1", "1e400", "NaN", "Infinity", "0", "²"),
    *("0001-01-01", "9999-12-31", "0000-00-00", "31/02/2025", "12 500,5", "²²", "<script>", "%00", "1.5.2", "٣"),
]
VALUES = st.one_of(st.sampled_from(AWKWARD), st.text(max_size=40), st.integers().map(str), st.dates().map(str))
CHOSEN = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture
def client(coordinator):
    return signed_in(coordinator)


@pytest.fixture
def action(contract):
    return make_full_action(contract, parts=1)


@pytest.fixture
def opened(client, action):
    """The data of a page of the fiche, read once: what earlier examples saved does not change what is drawn."""

    def read(name: str, *section: str) -> tuple[str, dict]:
        address = reverse(f"actions:{name}", args=[action.contract.slug, action.pk, *section])
        return address, form_data(client.get(address))

    return cache(read)


def spoil(data, opened: dict) -> dict:
    """The form as it was opened, with awkward values in some of its fields."""
    names = data.draw(st.lists(st.sampled_from(sorted(opened)), min_size=1, max_size=5, unique=True))
    return opened | {name: [data.draw(VALUES).encode("utf-8", "surrogatepass")] for name in names}


@pytest.mark.parametrize("section", [each.key for each in EDITABLE])
@CHOSEN
@given(data=st.data())
def test_a_section_never_fails(section, client, opened, data):
    address, form = opened("edit", section)

    assert client.post(address, spoil(data, form)).status_code in {200, 302, 409}


@CHOSEN
@given(data=st.data())
def test_news_never_fail(client, opened, data):
    address, form = opened("follow_up_create")

    assert client.post(address, spoil(data, form)).status_code in {200, 302}


@CHOSEN
@given(data=st.data())
def test_creating_never_fails(client, contract, data):
    address = reverse("actions:create", args=[contract.slug])

    assert client.post(address, spoil(data, form_data(client.get(address)))).status_code in {200, 302}


@CHOSEN
@given(values=st.dictionaries(st.sampled_from(["q", "axe", "nature", "releves", "page"]), VALUES))
def test_the_filters_of_the_indicators_never_fail(client, action, values):
    query = {name: value.encode("utf-8", "surrogatepass") for name, value in values.items() if len(value) < 9000}

    assert client.get(reverse("actions:indicators", args=[action.contract.slug]), query).status_code == 200
