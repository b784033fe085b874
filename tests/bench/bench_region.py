"""The regional table of 500 contracts and 31,000 fiches against that of 10 contracts, in PostgreSQL, the same ten
lines on the page: what is counted on all the contracts of the area must stay light."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from unittest.mock import patch
from urllib.parse import urlsplit

import psycopg
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.region import table
from cls_portal.core.dates import today
from cls_portal.demo.volume import Volume, load_volume
from contracts.enums import Role
from contracts.models import Commune, Contract, Membership, PerimeterCommune
from tests.bench.bench_france import at, database, set_default
from tests.bench.measure import Line, compare
from tests.factories import make_membership

TEN = Volume(contracts=10, fiches=620, follow_ups=6_200)
# With the first: 500 contracts, 31,000 fiches, 310,000 points of follow-up, 35,000 communes.
THE_OTHERS = Volume(contracts=490, fiches=30_380, follow_ups=303_800)
COMMUNES, INHABITANTS = 70, 1_900
LAST_DAY = today()
LINES, MOST_QUERIES = 10, 15
WHAT, AGAINST = "tableau régional, 500 contrats et 31 000 fiches", "le même, 10 contrats, autant de lignes par page"


def run() -> list[Line]:
    url = os.environ.get("DATABASE_URL", "")
    server = url if url.startswith("postgres") else "postgresql://postgres@127.0.0.1:5432/portail_cls"
    try:
        psycopg.connect(at(server, "postgres"), connect_timeout=2).close()
    except psycopg.OperationalError:
        return [Line(WHAT, AGAINST, None, 2, f"PostgreSQL ne répond pas sur {urlsplit(server).hostname}")]
    with ExitStack() as stack:
        stack.callback(set_default, connections["default"])
        stack.enter_context(patch.object(table, "ROWS_PER_PAGE", LINES))
        ten = stack.enter_context(database(server, "portail_cls_banc_dix"))
        call_command("migrate", verbosity=0)
        make_membership(Role.NATIONAL_READER)
        load(TEN)
        ten.close()  # a database is copied while nobody reads it
        france = stack.enter_context(database(server, "portail_cls_banc_region", copied_from=ten))
        load(THE_OTHERS)
        mine, other = page_in(france), page_in(ten)
        asked = [queries(wrapper, page) for wrapper, page in ((france, mine), (ten, other))]
        assert asked[0] == asked[1] <= MOST_QUERIES, asked
        line = compare(WHAT, mine, AGAINST, other, at_most=2, repeat=30)
        line.detail += f", {asked[0]} requêtes"
        return [line]


def load(volume: Volume) -> None:
    load_volume(volume, LAST_DAY)
    first = Commune.objects.count()
    for contract in Contract.objects.filter(perimeter=None).select_related("territory").order_by("pk"):
        communes = Commune.objects.bulk_create(
            Commune(
                code=f"{first + rank:05}",
                name=f"Commune {first + rank}",
                department=contract.territory.department,
                population=INHABITANTS,
            )
            for rank in range(COMMUNES)
        )
        first += COMMUNES
        PerimeterCommune.objects.bulk_create(PerimeterCommune(contract=contract, commune=one) for one in communes)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def page_in(wrapper: BaseDatabaseWrapper) -> Callable:
    set_default(wrapper)
    client, address = Client(), reverse("actions:region")
    client.force_login(Membership.objects.get(role=Role.NATIONAL_READER).user)

    def read() -> None:
        set_default(wrapper)
        assert client.get(address).content.count(b'class="mini"') == LINES

    return read


def queries(wrapper: BaseDatabaseWrapper, read: Callable) -> int:
    read()
    with CaptureQueriesContext(wrapper) as asked:
        read()
    return len(asked)
