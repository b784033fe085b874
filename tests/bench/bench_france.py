"""The plan of one contract while PostgreSQL holds France, against the same plan in a database of this contract alone.

The contract is loaded once: France's database begins as a copy of the other, so that both pages show the same rows.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from urllib.parse import urlsplit

import psycopg
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend
from django.test import Client
from django.urls import reverse

from cls_portal.demo.volume import Volume, load_volume
from cls_portal.settings import postgresql
from contracts.enums import Role
from contracts.models import Contract
from tests.bench.measure import Line, compare
from tests.factories import make_membership

ALONE = Volume(contracts=1, fiches=25, follow_ups=620)
# With the first: 500 contracts, 12,500 fiches, 310,000 points of follow-up.
THE_OTHERS = Volume(contracts=499, fiches=12_475, follow_ups=309_380)
LAST_DAY = date(2026, 6, 30)
WHAT, AGAINST = "plan sous la charge de la France, PostgreSQL", "la même page, un seul contrat dans la base"


def run() -> list[Line]:
    url = os.environ.get("DATABASE_URL", "")
    server = url if url.startswith("postgres") else "postgresql://postgres@127.0.0.1:5432/portail_cls"
    try:
        psycopg.connect(at(server, "postgres"), connect_timeout=2).close()
    except psycopg.OperationalError:
        return [Line(WHAT, AGAINST, None, 1.3, f"PostgreSQL ne répond pas sur {urlsplit(server).hostname}")]
    with ExitStack() as stack:
        stack.callback(set_default, connections["default"])
        alone = stack.enter_context(database(server, "portail_cls_banc_seul"))
        load_contract()
        alone.close()  # a database is copied while nobody reads it
        france = stack.enter_context(database(server, "portail_cls_banc_france", copied_from=alone))
        load_volume(THE_OTHERS, LAST_DAY)
        return [compare(WHAT, plan_in(france), AGAINST, plan_in(alone), at_most=1.3, repeat=40)]


def at(server: str, name: str) -> str:
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def set_default(wrapper: BaseDatabaseWrapper) -> None:
    connections["default"] = wrapper


@contextmanager
def database(server: str, name: str, copied_from: BaseDatabaseWrapper | None = None) -> Iterator[BaseDatabaseWrapper]:
    """A database of its own, the one in use until another is; dropped in the end."""
    template = f"TEMPLATE {copied_from.settings_dict['NAME']}" if copied_from else ""
    drop = f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"
    wrapper = connect(at(server, name))
    with psycopg.connect(at(server, "postgres"), autocommit=True) as administration:
        administration.execute(drop)
        administration.execute(f"CREATE DATABASE {name} {template}")
        set_default(wrapper)
        try:
            yield wrapper
        finally:
            wrapper.close()
            administration.execute(drop)


def connect(url: str) -> BaseDatabaseWrapper:
    settings = connections.configure_settings({"default": postgresql(url)})["default"]
    del settings["OPTIONS"]["pool"]  # there is one pool for an alias, and both databases have the same
    return load_backend(settings["ENGINE"]).DatabaseWrapper(settings, "default")


def load_contract() -> None:
    call_command("migrate", verbosity=0)
    load_volume(ALONE, LAST_DAY)
    make_membership(Role.COORDINATOR, contract=Contract.objects.get())


def plan_in(wrapper: BaseDatabaseWrapper) -> Callable:
    set_default(wrapper)
    contract = Contract.objects.order_by("pk").first()
    client, address = Client(), reverse("actions:plan", args=[contract.slug])
    client.force_login(contract.memberships.get().user)

    def read() -> None:
        set_default(wrapper)
        assert client.get(address).content.count(b'name="fiche"') == ALONE.fiches

    return read
