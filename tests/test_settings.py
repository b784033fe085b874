"""The settings refuse what would be unsafe, and each database gets the options measured for it."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from cls_portal.settings import database

PRODUCTION = {"SECRET_KEY": "x" * 30 + "abcdefghij0123456789ABCDEFGHIJ", "ALLOWED_HOSTS": "portail.exemple.fr"}


def settings_in_another_process(expression: str, **environment) -> subprocess.CompletedProcess:
    unset = {"DEBUG", "DEMO", "INSECURE_HTTP", "SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL"}
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", f"from cls_portal import settings; print({expression})"],
        cwd=settings.BASE_DIR,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_secret_key_the_portal_does_not_start():
    answer = settings_in_another_process("settings.DEBUG")

    assert answer.returncode != 0
    assert "SECRET_KEY est vide" in answer.stderr


def test_production_is_safe_by_default():
    answer = settings_in_another_process(
        "settings.DEBUG, settings.DEMO, settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_NAME, "
        "settings.EMAIL_BACKEND.split('.')[-2]",
        **PRODUCTION,
    )

    assert answer.stdout.strip() == "False False True __Host-session smtp"


def test_every_variable_is_listed_for_the_operator():
    source = (settings.BASE_DIR / "cls_portal" / "settings.py").read_text()
    listed = (settings.BASE_DIR / ".env.example").read_text()

    named = set(re.findall(r'\benv(?:_bool)?\("(\w+)"', source))

    assert "SECRET_KEY" in named
    assert {name for name in named if f"{name}=" not in listed} == set()


def test_postgresql_pools_its_connections_and_never_keeps_them_twice():
    """Django refuses to start with both a pool and CONN_MAX_AGE."""
    options = database("postgresql://portail:p%40ss@base.exemple.fr:5433/portail?sslmode=require")

    assert (options["USER"], options["PASSWORD"], options["HOST"], options["PORT"], options["NAME"]) == (
        "portail",
        "p@ss",
        "base.exemple.fr",
        "5433",
        "portail",
    )
    assert options["OPTIONS"] == {
        "pool": {"min_size": 1, "max_size": 8},
        "options": "-c jit=off",
        "sslmode": "require",
    }
    assert options.get("CONN_MAX_AGE", 0) == 0
    assert options["CONN_HEALTH_CHECKS"] is True


def test_sqlite_waits_for_its_turn_instead_of_answering_locked():
    options = database("sqlite:////srv/portail.sqlite3")

    assert options["NAME"] == "/srv/portail.sqlite3"
    assert options["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert options["OPTIONS"]["timeout"] == 20
    assert "journal_mode=WAL" in options["OPTIONS"]["init_command"]


def test_unknown_database_is_refused_in_french():
    with pytest.raises(ImproperlyConfigured, match="mysql://\u202f» n’est pas connu"):
        database("mysql://localhost/portail")


@pytest.mark.django_db
def test_migrations_create_the_shared_cache():
    assert "core_cache" in connection.introspection.table_names()

    cache.set("essai", "été")

    assert cache.get("essai") == "été"
