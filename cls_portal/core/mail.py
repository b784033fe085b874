"""Mails: text only, sent without making anybody wait; while developing, on the console and in a folder."""

import logging
import re
from collections.abc import Callable, Iterator
from contextvars import copy_context
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from itertools import islice
from threading import Timer
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.console import EmailBackend as ConsoleBackend
from django.db import connections
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)

HEADERS = {"Auto-Submitted": "auto-generated"}
DELAY = 0.5  # seconds
MANY_BLANKS = re.compile(r"\n{3,}")  # what conditions leave behind them in a template
FILE_TIME = "%Y%m%d-%H%M%S-%f"


def send_mail(template_prefix: str, to: str, context: dict) -> None:
    """Send `<prefix>_subject.txt` and `<prefix>_message.txt`; the subject carries no personal data."""
    after_the_answer(lambda: _send(written(template_prefix, to, context)))


def after_the_answer(work: Callable[[], object]) -> None:
    """On a real site, in a thread that begins once the page is answered: the time of the answer tells nothing of it,
    for example whether the address has an account."""
    if settings.MAIL_IN_BACKGROUND:
        Timer(DELAY, copy_context().run, [_apart, work]).start()
    else:
        work()


def _apart(work: Callable[[], object]) -> None:
    try:
        work()
    finally:
        connections.close_all()  # those of this thread


def written(template_prefix: str, to: str, context: dict) -> EmailMessage:
    context = {**context, "site_url": settings.SITE_URL}
    subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", context).split())
    body = MANY_BLANKS.sub("\n\n", render_to_string(f"{template_prefix}_message.txt", context).strip()) + "\n"
    return EmailMessage(subject, body, to=[to], headers=HEADERS)


def _send(message: EmailMessage) -> None:
    """A mail server that is down must neither break a page nor tell, by an error, which addresses have an account."""
    try:
        message.send()
    except OSError:  # smtplib's errors are OSErrors
        logger.exception("Un courriel n’est pas parti : « %s »", message.subject)


class ConsoleAndFolderBackend(BaseEmailBackend):
    """One .eml file per mail, its name beginning by the time it was sent."""

    def send_messages(self, email_messages) -> int:
        ConsoleBackend(fail_silently=self.fail_silently).send_messages(email_messages)
        settings.MAIL_FOLDER.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{datetime.now(UTC):{FILE_TIME}}_{uuid4().hex}.eml"
            (settings.MAIL_FOLDER / name).write_bytes(message.message().as_bytes())
        return len(email_messages)


@dataclass(frozen=True)
class ReceivedMail:
    sent_at: datetime
    to: str
    subject: str
    body: str


def received_mails(limit: int = 50) -> Iterator[ReceivedMail]:
    """The last mails of the folder, newest first."""
    for path in islice(sorted(settings.MAIL_FOLDER.glob("*.eml"), reverse=True), limit):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        sent_at = datetime.strptime(path.name.split("_")[0], FILE_TIME).replace(tzinfo=UTC)
        body = message.get_body(("plain",))
        yield ReceivedMail(sent_at, message["To"], message["Subject"], body.get_content() if body else "")
