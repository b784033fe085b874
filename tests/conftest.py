"""What the whole suite shares: its strictness, and the people of `tests/people.py`.

Beyond `pyproject.toml` (every warning is an error), an undefined variable in one of our templates fails, and a
queryset without an order comes back reversed, so that no test and no page relies on an order nobody asked for.
"""

from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.template import engines

pytest_plugins = ["tests.people", "tests.queue"]

BROWSER_TESTS = Path(__file__).parent / "browser"
OUR_TEMPLATES = str(settings.BASE_DIR / "templates")


def pytest_itemcollected(item):
    if item.path.is_relative_to(BROWSER_TESTS):
        item.add_marker("browser")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """What empties the tables comes last: the others count on the reference data that migrations put there.

    pytest-django asks for it too, but the browser's session-wide parameters then bring its tests forward again.
    """
    items.sort(key=empties_the_tables)


def empties_the_tables(item) -> bool:
    """`live_server` asks for `transactional_db` only once the test runs."""
    marker = item.get_closest_marker("django_db")
    asked = {"transactional_db", "live_server"} & set(item.fixturenames)
    return bool(asked or (marker and marker.kwargs.get("transaction")))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Where the migrations were not played (`tests/settings.py`), what they add to tables still comes from them."""
    if settings.DATABASES["default"].get("TEST", {}).get("MIGRATE", True):
        return
    with django_db_blocker.unblock():
        import_module("contracts.migrations.0002_reference_data").seed(apps, None)
        with connection.schema_editor() as schema_editor:
            import_module("actions.migrations.0002_frozen_versions").freeze(apps, schema_editor)


@pytest.fixture(autouse=True, scope="session")
def _undefined_variables_fail_in_our_templates_only():
    """The admin's and django-allauth's own templates rely on undefined variables being empty."""
    engine = engines["django"].engine
    strict = engine.string_if_invalid

    class Handler(type(strict)):
        def __mod__(self, variable):
            origin = self._get_origin()
            foreign = origin and not str(origin).startswith(OUR_TEMPLATES)
            return "" if foreign else super().__mod__(variable)

    if strict:
        engine.string_if_invalid = Handler(origin_value="")
    yield
    engine.string_if_invalid = strict


@pytest.fixture(autouse=True)
def _unordered_querysets_come_back_reversed(monkeypatch):
    fetch_all = QuerySet._fetch_all

    def fetch_all_reversed(queryset):
        first_time = queryset._result_cache is None
        fetch_all(queryset)
        if first_time and not queryset.ordered:
            queryset._result_cache.reverse()

    monkeypatch.setattr(QuerySet, "_fetch_all", fetch_all_reversed)
