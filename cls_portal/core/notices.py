"""News that can wait some minutes: each step writes notices, and one mail per person gathers those of one subject.

A notice is a sentence and an address; the page behind the address checks rights again.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from cls_portal.core.models import Notice
from cls_portal.core.outbox import post
from cls_portal.core.refusals import Mailing

if TYPE_CHECKING:
    from cls_portal.accounts.models import User

GATHERED_FOR = timedelta(minutes=10)
# Past that, the worker was stopped: the pages tell it better than a mail that comes late.
NEWS_UNTIL = timedelta(days=2)
KEPT_FOR = timedelta(days=90)


def tell(*, people: Iterable["User"], mailing: Mailing, text: str, path: str) -> None:
    """Write this sentence to each of these persons, in the transaction of the caller; it leaves with those that
    follow in the next minutes. Nobody is told twice of the same thing in one mail."""
    for person in {person.pk: person for person in people if person.is_active}.values():
        notice = Notice.objects.create(recipient=person, root=mailing.root, label=mailing.label, text=text, path=path)
        later = timezone.now() + GATHERED_FOR if send_notices.get_backend().supports_defer else None
        send_notices.using(run_after=later).enqueue(notice.recipient_id, mailing.root)


@task()
def send_notices(recipient_id: int, root: str) -> None:
    """One mail with all that is to be told to this person on this subject; nothing when another task sent it."""
    with transaction.atomic():
        waiting = Notice.objects.select_for_update(of=("self",)).filter(
            recipient=recipient_id, root=root, sent_at=None
        )
        notices = list(waiting.select_related("recipient").order_by("created_at", "pk"))
        now = timezone.now()
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(sent_at=now)
        fresh = [notice for notice in notices if notice.created_at > now - NEWS_UNTIL]
        if not fresh or not fresh[0].recipient.is_active:
            return
        mailing = Mailing(root, fresh[-1].label)
        post(
            key=f"notices:{fresh[0].pk}",
            to=fresh[0].recipient.email,
            template_prefix="emails/notices",
            context={"label": mailing.label, "lines": list({line_of(each): None for each in fresh})},
            unsubscribe=mailing,
        )


def line_of(notice: Notice) -> tuple[str, str]:
    return notice.text, settings.SITE_URL + notice.path


def purge_notices() -> int:
    forgotten, _by_model = Notice.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return forgotten
