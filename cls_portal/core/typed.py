"""What somebody typed in a form that cannot be handled: shown back to them at once, and kept nowhere.

Signed out meanwhile, signed in again in another tab, or the record deleted by somebody else.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Self

from django.apps import apps
from django.db.models import Field
from django.http import HttpRequest
from django.utils.text import capfirst

MACHINERY = {"csrfmiddlewaretoken", "submission", "version", "back"}
SECRET = re.compile(r"passw|secret|token", re.I)
CODE = re.compile(r"[\w-]*")


@dataclass(frozen=True)
class Typed:
    """`fields` is to be read, `hidden` is the whole form, to be sent again."""

    fields: list[tuple[str, str]]
    hidden: list[tuple[str, str]]

    @classmethod
    def in_request(cls, request: HttpRequest) -> Self | None:
        """None when nothing was typed, or when something secret was."""
        if request.method != "POST" or getattr(request, "htmx", False):
            return None
        sent = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
        sent = [(name, value) for name, value in sent if name != "csrfmiddlewaretoken"]
        if any(SECRET.search(name) for name, _value in sent):
            return None
        fields = [(label, value.strip()) for name, value in sent if (label := label_of(name, value.strip()))]
        return cls(fields, sent) if fields else None


def label_of(name: str, value: str) -> str:
    """How the portal calls this field; empty for what was not written by hand: boxes, lists, keys."""
    field = fields_by_name().get(name.rpartition("-")[2])
    if not value or name in MACHINERY or (field and (field.is_relation or field.choices)):
        return ""
    if field:
        return capfirst(field.verbose_name)
    return "" if CODE.fullmatch(value) and not value.isdecimal() else "Autre champ"


@cache
def fields_by_name() -> dict[str, Field]:
    """The first field of each name among the models of the portal."""
    found: dict[str, Field] = {}
    for model in apps.get_models():
        if not model.__name__.startswith("Historical"):
            for field in model._meta.concrete_fields:
                found.setdefault(field.name, field)
    return found
