"""Every text of another contract holds a token: nobody whose role is on this one finds any, wherever they look.

The addresses are those of the URL × role table, so that a new page is crawled from the day it is written.
"""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from itertools import count

import pytest
from django.apps import apps
from django.core import mail
from django.db import models
from django.test import Client

from cls_portal.core.models import OutgoingMail
from contracts.models import Contract
from tests.access import OBJECTS, Row, Scene, undone
from tests.factories import make_full_action, make_organisation
from tests.pdf_checks import pdftotext
from tests.people import signed_in
from tests.test_access import TABLE

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r"zz\d+q", re.I)
ROLES = ("coordinator", "ars_referent", "pilot", "reader")
# What identifies or proves: not a text that somebody wrote. The geography and the accounts belong to no contract.
NOT_WRITTEN = {
    "slug",
    "token",
    "digest",
    "root",
    "model",
    "object_id",
    "sha256",
    "kind",
    "parameters",
    "field",
    "section",
}
SHARED = {"region", "department", "commune"}
ZIPPED = ("spreadsheetml", "wordprocessingml", "presentationml", "opendocument")


@pytest.fixture
def scenes(contract, other_contract, pilot_organisation) -> tuple[Scene, Scene]:
    """One's own contract, plain, and the other, each of its texts marked, histories included."""
    own = {Contract: contract.pk}
    other = Scene(other_contract, make_organisation(other_contract))
    make_full_action(other_contract)
    for name in OBJECTS:
        if name not in {"version", *built_on_a_version()}:
            other[name]
    mark_texts(own, contract.territory_id)
    for name in OBJECTS:
        other[name]
    mark_texts(own, contract.territory_id)
    mine = Scene(contract, pilot_organisation)
    make_full_action(contract)
    for name in OBJECTS:
        mine[name]
    return mine, other


def built_on_a_version() -> set[str]:
    """What the ARS reads is frozen: it is frozen once the texts are marked."""
    return {name for name in OBJECTS if name.startswith(("review", "remark", "opinion", "part"))}


def mark_texts(own: dict, territory: int) -> None:
    numbers = count(1)
    for model in [*apps.get_app_config("contracts").get_models(), *apps.get_app_config("actions").get_models()]:
        fields = [field for field in model._meta.concrete_fields if is_written(field)]
        if not fields or base_name(model) in SHARED:
            continue
        for row in rows_of_others(model, own[Contract], territory):
            found = {field.name: token_for(field, next(numbers)) for field in fields if getattr(row, field.attname)}
            if found:
                model._base_manager.filter(pk=row.pk).update(**found)


def rows_of_others(model: type[models.Model], contract: int, territory: int) -> models.QuerySet:
    rows, names = model._base_manager.all(), {field.name for field in model._meta.concrete_fields}
    key = "id" if "history_id" in names else "pk"
    if base_name(model) == "contract":
        return rows.exclude(**{key: contract})
    if base_name(model) == "territory":
        return rows.exclude(**{key: territory})
    if base_name(model) == "organisation":
        return rows.exclude(territory=territory)
    if base_name(model) == "referenceterm":
        return rows.exclude(contract=None)
    return rows


def base_name(model: type[models.Model]) -> str:
    return model._meta.model_name.removeprefix("historical")


def is_written(field: models.Field) -> bool:
    is_text = isinstance(field, models.CharField | models.TextField) and not isinstance(field, models.FileField)
    return is_text and not (field.choices or field.primary_key or field.unique or field.name in NOT_WRITTEN)


def token_for(field: models.Field, number: int) -> str:
    token = f"Zz{number}q"
    if isinstance(field, models.EmailField):
        return f"{token.lower()}@exemple.fr"
    return f"https://{token.lower()}.fr" if isinstance(field, models.URLField) else token


def texts_of(response) -> str:
    content, kind = b"".join(response), response.headers.get("Content-Type", "")
    if "pdf" in kind:
        return pdftotext(content)
    if any(word in kind for word in ZIPPED):
        archive = zipfile.ZipFile(BytesIO(content))
        return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    return content.decode(errors="replace") + str(response.headers)


def told(client: Client, rows: list[Row], scene: Scene, method: str = "get") -> Iterator[tuple[str, str]]:
    """(address, all that it answers); a deed also tells the mails that it sends."""
    before = set(OutgoingMail.objects.values_list("pk", flat=True))
    for row in rows:
        data = row.data(scene) if callable(row.data) else row.data
        url = row.url(scene)
        mail.outbox.clear()
        with undone(client):
            response = getattr(client, method)(url, data if method == "post" else None)
            answered = texts_of(response)
            queued = OutgoingMail.objects.exclude(pk__in=before)
            sent = [f"{each.to}{each.subject}{each.body}{each.attachments}" for each in queued]
        sent += [f"{each.to}{each.subject}{each.body}" for each in mail.outbox]
        yield f"{method} {url}", "".join([answered, *sent])


def leaks(client: Client, rows: list[Row], scene: Scene, method: str = "get") -> dict[str, list[str]]:
    found = {url: sorted(set(TOKEN.findall(text))) for url, text in told(client, rows, scene, method)}
    return {url: tokens for url, tokens in found.items() if tokens}


def readable(role: str) -> list[Row]:
    return [row for row in TABLE if row.get is not None and 200 in row.expected(role, "get", own=True)]


@pytest.mark.parametrize("role", ROLES)
def test_nothing_of_another_contract_shows_anywhere(role, scenes, request):
    mine, _other = scenes
    assert leaks(signed_in(request.getfixturevalue(role)), readable(role), mine) == {}


def test_nothing_of_another_contract_is_answered_to_a_deed_nor_mailed(scenes, coordinator):
    mine, _other = scenes
    deeds = [
        row for row in TABLE if row.post is not None and row.expected("coordinator", "post", own=True) & {200, 302}
    ]
    assert leaks(signed_in(coordinator), deeds, mine, "post") == {}


def test_the_tokens_are_there_to_be_found(scenes, administrator):
    """Otherwise nothing of the above proves anything."""
    _mine, other = scenes
    rows = [row for row in readable("administrator") if row.scoped]
    silent = {row.name for row in rows} - {row.name for row in rows if leaks(signed_in(administrator), [row], other)}
    assert len(silent) < len(rows) / 10, sorted(silent)
