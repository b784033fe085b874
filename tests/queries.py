"""Lists cost the same number of queries whatever they hold."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

SIZES = (1, 3, 30)
MAXIMUM = 12


def query_count_test(*url_names: str) -> Callable:
    """Says which lists a test measures; `test_consistency.py` fails when a list of the site has no such test."""

    def mark(test):
        test.measured_lists = url_names
        return test

    return mark


def assert_constant_queries(client, url: str, add: Callable[[int], None], maximum: int = MAXIMUM) -> None:
    """The page at `url` costs the same with 1, 3 and 30 objects; `add(n)` makes n more of them."""
    counts, present = [], 0
    for size in SIZES:
        add(size - present)
        present = size
        client.get(url)  # what is read once per process (content types, the session) is no cost of the list
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(url)
        assert response.status_code == 200
        counts.append(len(queries))
    assert counts == counts[:1] * len(SIZES), f"{url} : {counts} requêtes pour {SIZES} objets"
    assert counts[0] <= maximum, f"{url} : {counts[0]} requêtes, {maximum} au plus"
