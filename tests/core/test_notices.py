"""News gathered in one mail per person and subject."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cls_portal.core.models import Notice
from cls_portal.core.notices import GATHERED_FOR, KEPT_FOR, NEWS_UNTIL, tell
from cls_portal.core.refusals import Mailing, refuse
from tests.factories import make_user

pytestmark = pytest.mark.django_db

MAILING = Mailing("contract:7", "Grand Essai")


def told(*people, text="Une nouvelle.", path="/contrats/", mailing=MAILING) -> None:
    tell(people=people, mailing=mailing, text=text, path=path)


def sent(queue) -> list[str]:
    """The mails that leave once the minutes have passed: the notices are gathered, then the mails delivered."""
    queue(), queue()
    return [message.body for message in mail.outbox]


def test_the_news_of_some_minutes_make_one_mail_per_person_and_subject(queue):
    one, other = make_user(), make_user()
    told(one, other, text="Première.")
    told(one, text="Seconde.", path="/avis/")
    told(one, mailing=Mailing("contract:8", "Autre Essai"))

    bodies = sent(queue)

    assert len(bodies) == 3
    [both] = [body for body in bodies if "Seconde." in body]
    assert both.index("Première.") < both.index("Seconde.")
    assert "/avis/" in both
    assert "Grand Essai" in both


def test_it_leaves_after_the_minutes_in_which_others_may_join(queue):
    before = timezone.now()
    told(make_user())

    assert DBTaskResult.objects.get().run_after >= before + GATHERED_FOR
    assert mail.outbox == []


def test_the_same_sentence_is_told_once_in_a_mail_and_nothing_is_sent_twice(queue):
    person = make_user()
    told(person), told(person)
    [body] = sent(queue)
    assert body.count("Une nouvelle.") == 1

    told(person, text="Plus tard.")
    assert len(sent(queue)) == 2


def test_nobody_is_written_to_who_refused_these_mails_or_whose_account_is_closed(queue):
    refusing, closed, closing = make_user(), make_user(is_active=False), make_user()
    refuse(refusing.email, MAILING)
    told(refusing, closed, closing)
    type(closing).objects.filter(pk=closing.pk).update(is_active=False)

    assert sent(queue) == []


def test_what_waited_for_days_is_no_news_any_more(queue):
    told(make_user())
    Notice.objects.update(created_at=timezone.now() - NEWS_UNTIL - timedelta(minutes=1))

    assert sent(queue) == []
    assert not Notice.objects.filter(sent_at=None).exists()


def test_old_notices_are_forgotten():
    told(make_user()), told(make_user())
    Notice.objects.filter(pk=Notice.objects.first().pk).update(created_at=timezone.now() - KEPT_FOR)

    call_command("purge_mails", stdout=StringIO())

    assert Notice.objects.count() == 1
