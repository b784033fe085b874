"""Mails written with what they announce: sent once, tried again while the server is down, refused by who wishes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes, policy
from io import StringIO
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from threading import Barrier
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cls_portal.core import refusals
from cls_portal.core.models import MailRefusal, MailState, OutgoingMail
from cls_portal.core.outbox import ADDRESS_REFUSED, DELAYS, SERVER_DOWN, deliver, post, send_again
from cls_portal.core.refusals import Mailing
from contracts.services.production import enqueue
from tests.factories import make_document_job
from tests.queue import DATABASE_QUEUE

MAILING = Mailing("contract:7", "Grand Essai")
ICS = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def write(key="convocation:1", to="a@exemple.fr", **details):
    context = {"code": "ABCD-EFGH"}
    return post(key=key, to=to, template_prefix="account/email/login_code", context=context, **details)


def the_mail() -> OutgoingMail:
    return OutgoingMail.objects.get()


@pytest.fixture
def server(monkeypatch):
    """`server["error"]` is what the mail server answers; None when it takes the mails."""
    behaviour = {"error": None, "closing": None}
    deliver_in_memory = EmailBackend.send_messages

    def send_messages(backend, messages):
        if behaviour["error"]:
            raise behaviour["error"]
        return deliver_in_memory(backend, messages)

    def close(backend):
        if behaviour["closing"]:
            raise behaviour["closing"]

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)
    monkeypatch.setattr(EmailBackend, "close", close)
    return behaviour


def test_a_mail_waits_for_the_worker_then_leaves(queue):
    write()
    assert (the_mail().state, mail.outbox) == (MailState.WAITING, [])

    queue()

    assert the_mail().state == MailState.SENT
    [sent] = mail.outbox
    assert sent.to == ["a@exemple.fr"]
    assert "ABCD-EFGH" in sent.body


def test_asked_twice_a_mail_is_sent_once(queue):
    first, second = write(), write()
    queue()

    assert first == second
    assert len(mail.outbox) == 1


def test_what_is_undone_announces_nothing(queue):
    with transaction.atomic():
        write()
        transaction.set_rollback(True)

    assert queue() == 0
    assert not OutgoingMail.objects.exists()


def test_a_task_run_twice_sends_once(queue):
    write()
    mail_id = the_mail().pk

    deliver.call(mail_id, 0)
    deliver.call(mail_id, 0)

    assert len(mail.outbox) == 1


def test_while_the_server_is_down_the_mail_is_tried_again_later_and_later(queue, server):
    write()
    server["error"] = ConnectionRefusedError("server down")
    waits = []
    for _attempt in DELAYS:
        queue()
        assert (the_mail().state, the_mail().problem) == (MailState.WAITING, SERVER_DOWN)
        waits.append(DBTaskResult.objects.get().run_after - timezone.now())

    assert all(abs(wait - delay) < timedelta(seconds=30) for wait, delay in zip(waits, DELAYS, strict=True))
    assert timedelta(days=1.5) < sum(DELAYS, timedelta()) < timedelta(days=2.5)

    server["error"] = None
    queue()

    assert (the_mail().state, the_mail().problem) == (MailState.SENT, "")
    assert len(mail.outbox) == 1


def test_a_mail_that_never_leaves_is_given_up_and_says_so(queue, server):
    write()
    server["error"] = SMTPServerDisconnected("closed")
    while queue():
        pass

    assert (the_mail().state, the_mail().problem) == (MailState.GIVEN_UP, SERVER_DOWN)
    assert the_mail().attempts == len(DELAYS) + 1
    assert list(OutgoingMail.objects.stuck()) == [the_mail()]


@pytest.mark.parametrize(("code", "state"), [(550, MailState.GIVEN_UP), (450, MailState.WAITING)])
def test_an_address_refused_for_good_is_not_tried_again(queue, server, code, state):
    write()
    server["error"] = SMTPRecipientsRefused({"a@exemple.fr": (code, b"no")})
    queue()

    assert the_mail().state == state
    assert (the_mail().problem == ADDRESS_REFUSED) is (state == MailState.GIVEN_UP)


def test_a_server_that_breaks_off_after_taking_the_mail_does_not_get_it_again(queue, server):
    write()
    server["closing"] = SMTPServerDisconnected("bye")
    queue()

    assert the_mail().state == MailState.SENT
    assert queue() == 0


def test_a_mail_that_cannot_be_composed_is_given_up(queue):
    write()
    OutgoingMail.objects.update(subject="Deux\nlignes")

    with pytest.raises(ValueError, match="newline"):
        queue()

    assert the_mail().state == MailState.GIVEN_UP


def test_a_mail_whose_process_died_is_not_sent_again_by_itself(queue, monkeypatch):
    """Nobody knows whether it left: a person decides, once."""
    write()
    monkeypatch.setattr("cls_portal.core.outbox._settle", lambda *args: None)
    queue()
    monkeypatch.undo()

    assert the_mail().state == MailState.SENDING
    assert queue() == 0
    assert not OutgoingMail.objects.stuck().exists()  # it may still be on its way
    assert send_again([the_mail()]) == 0

    OutgoingMail.objects.update(tried_at=timezone.now() - timedelta(minutes=11))
    interrupted = the_mail()
    assert send_again([interrupted]) == 1
    assert send_again([interrupted]) == 0
    queue()

    assert the_mail().state == MailState.SENT
    assert len(mail.outbox) == 2


def test_a_mail_that_waits_without_any_attempt_planned_is_stuck(queue):
    write()
    assert not OutgoingMail.objects.stuck().exists()

    OutgoingMail.objects.update(created_at=timezone.now() - timedelta(hours=14))

    assert OutgoingMail.objects.stuck().exists()


def test_each_attempt_bears_the_same_identifier(queue, server):
    write()
    before = the_mail().headers["Message-ID"]
    server["error"] = TimeoutError()
    queue()
    server["error"] = None
    queue()

    assert mail.outbox[0].message()["Message-ID"] == before


def test_the_calendar_file_arrives_as_written(queue):
    write(attachments=[("reunion.ics", "text/calendar; method=REQUEST", ICS)])
    queue()

    received = message_from_bytes(mail.outbox[0].message().as_bytes(linesep="\r\n"), policy=policy.default)
    [part] = received.iter_attachments()
    assert part.get_content_type() == "text/calendar"
    assert (part.get_param("method"), part.get_param("charset")) == ("REQUEST", "utf-8")
    assert part.get_content().replace("\r\n", "\n") == ICS.replace("\r\n", "\n")


# What a later mail corrects


def state_of(key: str) -> str:
    return OutgoingMail.objects.get(key=key).state


def test_a_mail_that_waits_is_replaced_by_the_next_of_its_thread(queue, server):
    """A convocation arriving after its cancellation sends people to the wrong room."""
    write("convocation", thread="meeting:a")
    write("elsewhere", thread="meeting:b")
    server["error"] = ConnectionRefusedError("server down")
    queue()
    write("cancellation", thread="meeting:a")
    server["error"] = None
    queue()

    assert state_of("convocation") == MailState.REPLACED
    assert (state_of("cancellation"), state_of("elsewhere")) == (MailState.SENT, MailState.SENT)
    assert len(mail.outbox) == 2


def test_a_mail_that_fails_after_the_next_was_written_does_not_leave_either(queue, server):
    write("convocation", thread="meeting:a")
    OutgoingMail.objects.update(state=MailState.SENDING, attempts=1)
    write("cancellation", thread="meeting:a")
    OutgoingMail.objects.filter(key="convocation").update(state=MailState.WAITING)

    deliver.call(OutgoingMail.objects.get(key="convocation").pk, 1)

    assert (state_of("convocation"), mail.outbox) == (MailState.REPLACED, [])


def test_only_the_last_mail_of_a_thread_is_sent_again(queue):
    first = write("convocation", thread="meeting:a")
    OutgoingMail.objects.update(state=MailState.SENDING, tried_at=timezone.now() - timedelta(hours=1))
    second = write("cancellation", thread="meeting:a")
    OutgoingMail.objects.filter(pk=second.pk).update(state=MailState.GIVEN_UP)

    assert send_again([first, second]) == 1
    queue()

    assert state_of("convocation") == MailState.SENDING, "nobody knows whether it left"
    assert state_of("cancellation") == MailState.SENT


# What is old


@pytest.mark.parametrize(("days", "content", "kept"), [(89, True, True), (91, False, True), (731, False, False)])
def test_what_old_mails_said_is_forgotten_then_the_mails(queue, days, content, kept):
    write(attachments=[("reunion.ics", "text/calendar", ICS)])
    queue()
    long_ago = timezone.now() - timedelta(days=days)
    OutgoingMail.objects.update(created_at=long_ago, tried_at=long_ago, state=MailState.GIVEN_UP)

    call_command("purge_mails", stdout=StringIO())

    assert [bool(m.body and m.headers and m.attachments) for m in OutgoingMail.objects.all()] == [content] * kept
    assert OutgoingMail.objects.stuck().exists() is content, "an empty mail is never sent again"


# Refusals


def test_who_unsubscribes_while_a_mail_waits_does_not_get_it(queue):
    write(unsubscribe=MAILING, to="A@exemple.fr")
    refusals.refuse("a@exemple.fr", MAILING)
    queue()

    assert (the_mail().state, mail.outbox) == (MailState.REFUSED, [])


def refusal_path(sent) -> str:
    received = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
    assert received["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return urlsplit(received["List-Unsubscribe"].strip(" <>")).path


def test_a_mail_program_unsubscribes_in_one_request(queue):
    """Without account, cookie, page opened before, nor redirection."""
    write(unsubscribe=Mailing("contract:7", "Contrat de l’Été à Nîmes-Métropole"), to="A.Dupont@exemple.fr")
    queue()
    stranger = Client(enforce_csrf_checks=True)

    answer = stranger.post(refusal_path(mail.outbox[0]), {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert write(key="another", unsubscribe=MAILING, to="a.dupont@exemple.fr") is None
    assert write(key="elsewhere", unsubscribe=Mailing("contract:8", "Autre"), to="a.dupont@exemple.fr")
    assert write(key="for oneself", to="a.dupont@exemple.fr"), "a mail that is not grouped still comes"


def test_opening_the_link_changes_nothing(client, queue):
    path = urlsplit(refusals.link("a@exemple.fr", MAILING)).path

    html = client.get(path).content.decode()

    assert "a@exemple.fr" in html
    assert "Grand Essai" in html
    assert not MailRefusal.objects.exists()


def test_a_person_changes_their_mind(client, queue):
    path = urlsplit(refusals.link("a@exemple.fr", MAILING)).path

    client.post(path)
    html = client.post(path).content.decode()
    assert "Vous ne recevrez plus ces courriels" in html
    assert MailRefusal.objects.count() == 1

    client.post(path, {"accepter": "1"})

    assert not MailRefusal.objects.exists()
    assert write(unsubscribe=MAILING)


def test_a_forged_link_leads_nowhere(client, db):
    path = urlsplit(refusals.link("a@exemple.fr", MAILING)).path
    forged = path[:-3] + "AA/"

    assert client.get(forged).status_code == 404
    assert client.post(forged).status_code == 404
    assert not MailRefusal.objects.exists()


# Several processes

PROCESSES = 4


@pytest.fixture
def processes(transactional_db, settings):
    if connection.vendor == "sqlite":
        pytest.skip("the SQLite database of the tests is in memory: its connections share one lock and do not wait")
    settings.TASKS = DATABASE_QUEUE
    start = Barrier(PROCESSES)

    def together(deed):
        def alone(_number):
            try:
                start.wait()
                return deed()
            finally:
                connection.close()

        with ThreadPoolExecutor(PROCESSES) as pool:
            return list(pool.map(alone, range(PROCESSES)))

    return together


def test_several_workers_send_a_mail_once(processes):
    mail_id = write().pk

    processes(lambda: deliver.call(mail_id, 0))

    assert len(mail.outbox) == 1


def test_no_mail_waits_behind_a_document(queue):
    write()
    enqueue(make_document_job())

    queues = set(DBTaskResult.objects.values_list("task_path", "queue_name"))
    assert queues == {
        ("cls_portal.core.outbox.deliver", "default"),
        ("contracts.services.production.produce_document", "documents"),
    }


def test_several_requests_write_a_mail_once(processes):
    written = processes(lambda: write().pk)

    assert len(set(written)) == 1
    assert DBTaskResult.objects.count() == 1


def test_several_persons_send_a_mail_again_once(processes):
    stuck = write()
    OutgoingMail.objects.update(state=MailState.GIVEN_UP)
    DBTaskResult.objects.all().delete()

    assert sum(processes(lambda: send_again([stuck]))) == 1
    assert DBTaskResult.objects.count() == 1
