"""Mails that must neither be lost nor be sent twice: written with what they announce, delivered by the worker.

A mail is claimed before it is handed to the server, each attempt once. When the process dies in between, nobody can
tell whether the mail left: it is not sent again by itself, because a convocation received twice, or received after
its cancellation, sends people to the wrong room. It shows as interrupted, and a person decides. For the same reason,
what has not left when a later mail of its thread is written does not leave any more.
"""

import logging
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django_tasks import task

from cls_portal.core import refusals
from cls_portal.core.mail import written
from cls_portal.core.models import MailState, OutgoingMail, OutgoingMailQuerySet
from cls_portal.core.refusals import Mailing

logger = logging.getLogger(__name__)

# From one attempt to the next: two days in all.
DELAYS = [timedelta(minutes=m) for m in (1, 5, 15)] + [timedelta(hours=h) for h in (1, 3, 6, 12, 12, 12)]
SERVER_DOWN = "Le serveur de courriel n’a pas répondu."
ADDRESS_REFUSED = "Le serveur de courriel refuse cette adresse."
NOT_A_MAIL = "Ce courriel n’a pas pu être composé."
PERMANENT = 500  # an SMTP reply from 500 up will not change by waiting
# What a mail says is forgotten first; to whom it was written, and when, once nothing can follow from it.
CONTENT_KEPT_FOR = timedelta(days=90)
MAILS_KEPT_FOR = timedelta(days=730)

Attachment = tuple[str, str, str]  # name, MIME type, text


def post(
    *,
    key: str,
    to: str,
    template_prefix: str,
    context: dict,
    thread: str = "",
    attachments: Iterable[Attachment] = (),
    unsubscribe: Mailing | None = None,
    reply_to: str = "",
) -> OutgoingMail | None:
    """Write `<prefix>_subject.txt` and `<prefix>_message.txt` to be sent, in the transaction of the caller.

    `key` names the occasion and the address: asked twice, the mail is sent once. It takes the place of what has not
    left of its `thread`. With `unsubscribe`, nothing goes to an address that refused these mails, were it while the
    mail waits, and the text must show `unsubscribe_url`.
    """
    if unsubscribe and refusals.refusing(unsubscribe.root, [to]):
        return None
    url = refusals.link(to, unsubscribe) if unsubscribe else ""
    message = written(template_prefix, to, context | {"unsubscribe_url": url})
    headers = _headers(url, reply_to) | message.extra_headers
    mail = OutgoingMail(key=key, to=to, subject=message.subject, body=message.body, headers=headers)
    mail.attachments = [list(attachment) for attachment in attachments]
    mail.thread, mail.root = thread, unsubscribe.root if unsubscribe else ""
    try:
        with transaction.atomic():
            mail.save(force_insert=True)
            _replace(OutgoingMail.objects.filter(thread=thread, state__in=[MailState.WAITING, MailState.GIVEN_UP]))
            # The queue is in the same database: the task comes to exist with the mail, or not at all.
            deliver.enqueue(mail.pk, mail.attempts)
    except IntegrityError:
        return OutgoingMail.objects.get(key=key)
    return mail


def _replace(mails: OutgoingMailQuerySet) -> int:
    return mails.overtaken().update(state=MailState.REPLACED, problem="")


def _headers(unsubscribe_url: str, reply_to: str) -> dict[str, str]:
    """The same Message-ID at each attempt: a server that took the mail without saying so recognises it."""
    headers = {"Message-ID": f"<{uuid4()}@{urlsplit(settings.SITE_URL).hostname}>"}
    if reply_to:
        headers["Reply-To"] = reply_to
    if unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


@task()
def deliver(mail_id: int, attempt: int) -> None:
    mail = _claim(mail_id, attempt)
    if mail is None:
        return
    try:
        _hand_over(mail)
    except OSError as error:  # smtplib's errors are OSErrors
        _try_later(mail, error)
    except Exception:
        _settle(mail, MailState.GIVEN_UP, NOT_A_MAIL)
        raise
    else:
        _settle(mail, MailState.SENT)


def _claim(mail_id: int, attempt: int) -> OutgoingMail | None:
    """One of the processes that come for this attempt gets it, inside the UPDATE."""
    waiting = OutgoingMail.objects.filter(pk=mail_id, state=MailState.WAITING, attempts=attempt)
    if _replace(waiting) or _refuse(waiting):
        return None
    if not waiting.update(state=MailState.SENDING, attempts=F("attempts") + 1, tried_at=timezone.now()):
        return None
    return OutgoingMail.objects.get(pk=mail_id)


def _refuse(waiting: OutgoingMailQuerySet) -> int:
    mail = waiting.exclude(root="").first()
    if mail and refusals.refusing(mail.root, [mail.to]):
        return waiting.update(state=MailState.REFUSED, problem="")
    return 0


def _hand_over(mail: OutgoingMail) -> None:
    """An error while leaving the server, once it has taken the mail, is no failure."""
    attachments = [(name, text, kind) for name, kind, text in mail.attachments]
    message = EmailMessage(mail.subject, mail.body, to=[mail.to], headers=mail.headers, attachments=attachments)
    connection = get_connection()
    connection.open()
    try:
        connection.send_messages([message])
    finally:
        with suppress(OSError):
            connection.close()


def _try_later(mail: OutgoingMail, error: OSError) -> None:
    logger.warning("Courriel %s, essai %s : %s", mail.pk, mail.attempts, error)
    if _is_refused_for_good(error):
        _settle(mail, MailState.GIVEN_UP, ADDRESS_REFUSED)
    elif mail.attempts > len(DELAYS):
        _settle(mail, MailState.GIVEN_UP, SERVER_DOWN)
    else:
        with transaction.atomic():
            _settle(mail, MailState.WAITING, SERVER_DOWN)
            run_after = timezone.now() + DELAYS[mail.attempts - 1]
            deliver.using(run_after=run_after).enqueue(mail.pk, mail.attempts)


def _is_refused_for_good(error: OSError) -> bool:
    return isinstance(error, SMTPRecipientsRefused) and all(
        code >= PERMANENT for code, _reason in error.recipients.values()
    )


def _settle(mail: OutgoingMail, state: MailState, problem: str = "") -> None:
    OutgoingMail.objects.filter(pk=mail.pk, state=MailState.SENDING).update(state=state, problem=problem)


def send_again(mails: Iterable[OutgoingMail]) -> int:
    """One more attempt for each of these mails that is stuck, by decision of a person; how many."""
    stuck = OutgoingMail.objects.stuck().filter(pk__in=[mail.pk for mail in mails])
    return sum(_send_again(mail) for mail in stuck)


def _send_again(mail: OutgoingMail) -> bool:
    as_read = OutgoingMail.objects.filter(pk=mail.pk, state=mail.state, attempts=mail.attempts)
    with transaction.atomic():
        taken = as_read.update(state=MailState.WAITING, problem="", tried_at=timezone.now())
        if taken:
            deliver.enqueue(mail.pk, mail.attempts)
    return bool(taken)


def purge_mails() -> tuple[int, int]:
    """How many mails lost their text, how many are forgotten."""
    now = timezone.now()

    def untouched_for(delay: timedelta) -> OutgoingMailQuerySet:
        old = now - delay
        return OutgoingMail.objects.filter(Q(tried_at=None) | Q(tried_at__lt=old), created_at__lt=old)

    forgotten, _by_model = untouched_for(MAILS_KEPT_FOR).delete()
    with_text = untouched_for(CONTENT_KEPT_FOR).exclude(body="")
    return with_text.update(body="", headers={}, attachments=[]), forgotten
