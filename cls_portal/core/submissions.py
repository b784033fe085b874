"""A form sent twice is handled once: its key, in the same transaction as what it writes, leads to the first result."""

import uuid
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpRequest

from cls_portal.core.models import Submission

FIELD = "submission"
ALREADY_SENT = "Ce formulaire avait déjà été envoyé\u00a0: voici ce qu’il a enregistré, en un seul exemplaire."


def new_key() -> str:
    return str(uuid.uuid4())


def key_sent(request: HttpRequest) -> uuid.UUID | None:
    """None when the form carries no readable key: it is then handled like any other."""
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


def first_result(request: HttpRequest) -> str | None:
    """Where the first sending of this very form led."""
    key = key_sent(request)
    sent = Submission.objects.filter(key=key, user=request.user).first() if key else None
    return sent.result_url if sent else None


def once(request: HttpRequest, write: Callable[[], str]) -> tuple[str, bool]:
    """Calls `write`, which answers where it leads, unless this form was handled already: (address, written now).

    Two processes handling the same form wait for each other on the key.
    """
    key = key_sent(request)
    if key is None:
        return write(), True
    try:
        with transaction.atomic():
            claim = _claim(request, key)
            claim.result_url = write()
            claim.save(update_fields=["result_url"])
            return claim.result_url, True
    except AlreadySentError:
        return first_result(request) or request.path, False


class AlreadySentError(Exception):
    """This key was used: by the same form sent before, or by somebody else's."""


def _claim(request: HttpRequest, key: uuid.UUID) -> Submission:
    try:
        with transaction.atomic():
            return Submission.objects.create(key=key, user=request.user, result_url="")
    except IntegrityError as error:
        raise AlreadySentError from error
