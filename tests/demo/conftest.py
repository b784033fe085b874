"""The demonstration takes seconds to load: it is loaded once for the tests of this folder, which only read it."""

from datetime import date

import pytest

from cls_portal.demo.load import load

LAST_DAY = date(2026, 11, 20)


@pytest.fixture(scope="package")
def _demo(django_db_setup, django_db_blocker):
    from django.db import transaction  # only once the database of the tests exists

    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        load(LAST_DAY)
        yield
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture
def demo(_demo, db):
    """Every test runs in its own transaction inside the one that holds the demonstration."""
