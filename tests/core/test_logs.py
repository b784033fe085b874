"""The log tells a refusal in a line."""

import io
import logging
from logging.config import dictConfig

import pytest
from django.conf import settings
from django.urls import reverse

from tests.people import signed_in


@pytest.fixture
def log():
    """What the console of a real site receives."""
    dictConfig(settings.LOGGING)
    [console] = [each for each in logging.getLogger().handlers if type(each) is logging.StreamHandler]
    stream, console.stream = console.stream, io.StringIO()
    yield console.stream
    console.stream = stream


def test_an_ordinary_refusal_leaves_a_line_and_no_traceback(log, reader, contract):
    response = signed_in(reader).get(reverse("contracts:members", args=[contract.slug]))

    assert response.status_code == 403
    assert "/personnes/" in log.getvalue()
    assert "Traceback" not in log.getvalue()
