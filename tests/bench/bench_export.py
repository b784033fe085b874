"""The export of 12,500 fiches, France's load: its peak memory in each format, in a process of its own."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.db import connection

from actions.models import Action
from actions.resources import plan_sheets
from cls_portal.core.exports import WRITERS
from tests.bench.measure import Line, peak_memory
from tests.bench.plan_data import make_plan

COUNT = 12_500


def write(kind: str, database: str) -> None:
    connection.settings_dict["NAME"] = database
    ids = list(Action.objects.order_by("pk").values_list("pk", flat=True))
    assert len(ids) >= COUNT
    with tempfile.TemporaryFile() as file:
        WRITERS[kind](plan_sheets(ids), file)


@contextmanager
def database_for_others() -> Iterator[str]:
    """The name under which a fresh process finds the rows: SQLite keeps the benchmark's own database in memory."""
    if connection.vendor != "sqlite":
        yield connection.settings_dict["NAME"]
        return
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/export.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [path])
        yield path


def run() -> list[Line]:
    make_plan(COUNT, follow_ups=0)
    with database_for_others() as database:
        return [
            peak_memory(f"export de 12 500 fiches en {kind}", partial(write, kind, database), at_most=200)
            for kind in WRITERS
        ]
