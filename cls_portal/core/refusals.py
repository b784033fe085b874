"""Who no longer wants which grouped mails, by a signed link in each of them that needs no account (RFC 8058)."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.urls import reverse

from cls_portal.core.models import MailRefusal

SALT = "refus des courriels"


@dataclass(frozen=True)
class Mailing:
    """The grouped mails of `root` (the same words as for a deletion); `label` is what their reader calls it."""

    root: str
    label: str


def link(email: str, mailing: Mailing) -> str:
    return settings.SITE_URL + reverse("mail_refusal", args=[token(email, mailing)])


def token(email: str, mailing: Mailing) -> str:
    """Without an end: a mail is found again years later. Another secret key cancels it."""
    return signing.dumps([email.lower(), *astuple(mailing)], salt=SALT, compress=True)


def read(text: str) -> tuple[str, Mailing] | None:
    try:
        email, root, label = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    return email, Mailing(root, label)


def refuse(email: str, mailing: Mailing) -> None:
    try:
        with transaction.atomic():
            MailRefusal.objects.create(email=email.lower(), root=mailing.root)
    except IntegrityError:
        return  # refused already


def accept_again(email: str, mailing: Mailing) -> None:
    MailRefusal.objects.filter(root=mailing.root, email__iexact=email).delete()


def refusing(root: str, emails: Iterable[str]) -> set[str]:
    """Those of these addresses, in lower case, that refuse the mails of `root`."""
    wanted = {email.lower() for email in emails}
    lower = MailRefusal.objects.filter(root=root).annotate(address=Lower("email")).values_list("address", flat=True)
    return wanted & set(lower)
