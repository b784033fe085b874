"""A meeting convened by e-mail: who is written to, once, and what they learn when it changes."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from cls_portal.core.models import MailRefusal
from cls_portal.core.versioning import StaleVersionError
from contracts.delivery import Delivery
from contracts.enums import BodyRole, MeetingState
from contracts.models import Meeting
from contracts.services import cancel_meeting, delete_meeting, hold_meeting, reopen_meeting, trash_of
from contracts.services.convocation import convene
from tests.contracts.meetings import calendar_of, change, send, sent_to
from tests.factories import (
    make_agenda_item,
    make_body,
    make_contact,
    make_meeting,
    make_member,
    make_organisation,
    make_user,
)

# Convening


def test_each_member_gets_a_mail_of_their_own(meeting, sit, coordinator):
    sit("a@exemple.fr", name="Ville de Chartres", role=BodyRole.CHAIR)
    sit("b@exemple.fr")
    make_agenda_item(meeting, title="Point d’étape", notes="Secret", position=1)
    make_agenda_item(meeting, title="Arbitrages", position=2)

    assert send(meeting, coordinator, message="Merci d’être à l’heure.") == 2

    assert sent_to() == ["a@exemple.fr", "b@exemple.fr"]
    first = next(message for message in mail.outbox if message.to == ["a@exemple.fr"])
    assert not first.cc
    assert not first.bcc
    for said in (
        "Merci d’être à l’heure.",
        "Comité de pilotage n°\u00a08",
        "Salle du conseil",
        "Ville de Chartres (présidence)",
        "1. Point d’étape\n2. Arbitrages",
        meeting.get_absolute_url(),
    ):
        assert said in first.body
    assert "Secret" not in first.body
    assert "b@exemple.fr" not in first.message().as_string()
    assert first.extra_headers["Reply-To"] == coordinator.email
    assert "/courriels/" in first.extra_headers["List-Unsubscribe"]
    assert re.search(r"/courriels/\S+/", first.body)
    assert calendar_of(first)["METHOD"] == "REQUEST"
    assert calendar_of(first).walk("VEVENT")[0]["STATUS"] == "CONFIRMED"
    meeting.refresh_from_db()
    assert (meeting.state, meeting.convocation) == (MeetingState.CONVENED, "Merci d’être à l’heure.")
    assert meeting.convened_at


def test_the_subject_names_nobody(meeting, sit, coordinator):
    seat = sit("a@exemple.fr")
    send(meeting, coordinator)
    change(meeting, place="Ailleurs")
    cancel_meeting(meeting=meeting, user=coordinator)

    subjects = [message.subject for message in mail.outbox]

    assert [subject.partition(" :")[0] for subject in subjects] == ["Convocation", "Changement", "Annulation"]
    for private in (seat.representative.last_name, coordinator.last_name, "@"):
        assert private not in " ".join(subjects)


def test_all_the_seats_of_a_person_make_one_mail(meeting, sit, body):
    sit("a@exemple.fr", name="Ville")
    sit("A@exemple.fr", name="Agglomération")
    sit("b@exemple.fr", name="Hôpital", deputy="a@exemple.fr")

    send(meeting, with_deputies=True)

    assert sent_to() == ["a@exemple.fr", "b@exemple.fr"]
    body = next(message.body for message in mail.outbox if message.to == ["a@exemple.fr"])
    assert all(name in body for name in ("Ville", "Agglomération", "Hôpital (suppléance)"))


def test_the_deputies_are_written_to_when_asked(meeting, sit):
    sit("a@exemple.fr", deputy="suppleante@exemple.fr")

    send(meeting)
    assert sent_to() == ["a@exemple.fr"]
    send(meeting, with_deputies=True)

    assert sent_to() == ["a@exemple.fr", "suppleante@exemple.fr"]


def test_convened_twice_a_person_gets_one_mail_and_who_joined_gets_theirs(meeting, sit):
    sit("a@exemple.fr")
    send(meeting)
    sit("nouvelle@exemple.fr")

    assert send(meeting) == 1

    assert sent_to() == ["a@exemple.fr", "nouvelle@exemple.fr"]


def test_those_who_sit_the_day_of_the_meeting_are_written_to(meeting, sit):
    day = meeting.day
    sit("partie@exemple.fr", ended_on=day - timedelta(days=1))
    sit("arrive@exemple.fr", started_on=day)
    sit("pas-encore@exemple.fr", started_on=day + timedelta(days=1))

    send(meeting)

    assert sent_to() == ["arrive@exemple.fr"]


def test_a_person_without_a_professional_address_is_written_to_at_their_account(meeting, body, contract):
    make_member(body, person=make_contact(make_organisation(contract), email="", account=make_user("x@exemple.fr")))
    closed = make_user("ferme@exemple.fr", is_active=False)
    make_member(body, person=make_contact(make_organisation(contract), email="", account=closed))

    send(meeting)

    assert sent_to() == ["x@exemple.fr"]


def test_who_refuses_the_mails_of_the_contract_gets_none(meeting, sit, contract):
    sit("refus@exemple.fr")
    sit("a@exemple.fr")
    MailRefusal.objects.create(email="Refus@exemple.fr", root=trash_of(contract.pk))

    send(meeting)
    change(meeting, place="Ailleurs")

    assert sent_to() == ["a@exemple.fr"] * 2


def test_what_was_read_before_a_change_is_not_announced(meeting, sit):
    sit("a@exemple.fr")
    read = meeting.version
    change(meeting, place="Ailleurs")

    with pytest.raises(StaleVersionError):
        convene(meeting=meeting, read_version=read, user=None)

    assert mail.outbox == []


# What happens afterwards


def test_a_change_of_date_is_told_with_both_dates(convened):
    before = convened.starts_at
    change(convened, starts_at=before + timedelta(days=7))

    [message] = mail.outbox
    [event] = calendar_of(message).walk("VEVENT")
    assert (calendar_of(message)["METHOD"], event["SEQUENCE"], event["UID"]) == ("REQUEST", 1, str(convened.public_id))
    assert event.start == before + timedelta(days=7)
    assert "Il était prévu" in message.body
    assert message.to == ["a@exemple.fr"], "a deputy who was not convened hears nothing"


def test_a_deputy_who_was_convened_hears_of_the_change(convened):
    send(convened, with_deputies=True)
    mail.outbox.clear()
    change(convened, place="Ailleurs")

    assert sent_to() == ["a@exemple.fr", "suppleante@exemple.fr"]


def test_what_is_not_on_the_invitation_is_not_told(convened):
    change(convened, minutes="Brouillon de compte rendu")
    change(convened, convocation="Autre message")

    assert mail.outbox == []


def test_a_meeting_nobody_was_convened_to_changes_in_silence(meeting, sit):
    sit("a@exemple.fr")
    change(meeting, place="Ailleurs")
    cancel_meeting(meeting=meeting, user=None)

    assert mail.outbox == []


def test_a_cancellation_reaches_also_who_sits_no_more(convened):
    convened.body.members.all().delete()
    cancel_meeting(meeting=convened, user=None)

    [message] = mail.outbox
    assert message.to == ["a@exemple.fr"]
    assert calendar_of(message)["METHOD"] == "CANCEL"
    assert calendar_of(message).walk("VEVENT")[0]["SEQUENCE"] == 1


def test_who_does_not_sit_on_the_new_day_is_no_longer_awaited(convened, sit):
    """Their calendar would show for ever the day that was given up."""
    sit("b@exemple.fr")
    send(convened)
    convened.body.members.filter(representative__email="a@exemple.fr").update(ended_on=convened.day)
    mail.outbox.clear()

    change(convened, starts_at=convened.starts_at + timedelta(days=7))

    told = {message.to[0]: message for message in mail.outbox}
    assert sorted(told) == ["a@exemple.fr", "b@exemple.fr"]
    cancelled = calendar_of(told["a@exemple.fr"])
    [event] = cancelled.walk("VEVENT")
    assert (cancelled["METHOD"], event["STATUS"], event["UID"]) == ("CANCEL", "CANCELLED", str(convened.public_id))
    assert "vous n’y êtes plus attendu·e" in told["a@exemple.fr"].body
    assert calendar_of(told["b@exemple.fr"])["METHOD"] == "REQUEST"

    mail.outbox.clear()
    change(convened, place="Ailleurs")
    cancel_meeting(meeting=convened, user=None)

    assert sent_to() == ["b@exemple.fr"] * 2, "told once"


def test_who_sits_again_is_convened_again(convened):
    convened.body.members.update(ended_on=convened.day)
    change(convened, starts_at=convened.starts_at + timedelta(days=7))
    convened.body.members.update(ended_on=None)
    mail.outbox.clear()

    assert [line.recipient.email for line in Delivery(convened, with_deputies=False).new] == ["a@exemple.fr"]
    assert send(convened) == 1

    assert calendar_of(mail.outbox[0])["METHOD"] == "REQUEST"


def test_a_cancelled_meeting_that_takes_place_after_all_is_told(convened):
    cancel_meeting(meeting=convened, user=None)
    cancel_meeting(meeting=convened, user=None)
    change(convened, place="Ailleurs")
    assert len(mail.outbox) == 1, "cancelled once, changed in silence"

    reopen_meeting(meeting=convened, user=None)

    assert "rétablie" in mail.outbox[1].subject
    [event] = calendar_of(mail.outbox[1]).walk("VEVENT")
    assert (event["STATUS"], event["SEQUENCE"], event["LOCATION"]) == ("CONFIRMED", 3, "Ailleurs")


def test_a_deleted_meeting_is_cancelled_first(convened):
    convened.refresh_from_db()
    delete_meeting(meeting=convened, user=None)

    [message] = mail.outbox
    assert calendar_of(message)["METHOD"] == "CANCEL"


def test_nothing_is_told_of_a_meeting_that_is_over(convened):
    Meeting.objects.update(starts_at=timezone.now() - timedelta(hours=3))
    change(convened, place="C’était ailleurs")
    hold_meeting(meeting=convened, user=None)
    reopen_meeting(meeting=convened, user=None)

    assert mail.outbox == []


def test_no_mail_holds_anything_of_another_contract_nor_of_papers(convened, other_contract, sit):
    """A canary in each place that must not leak."""
    other = make_meeting(make_body(other_contract, name="CANARI instance"), place="CANARI lieu")
    make_agenda_item(other, title="CANARI point")
    make_agenda_item(convened, title="Point", detail="CANARI détail", notes="CANARI notes")
    change(convened, minutes="CANARI compte rendu")

    change(convened, place="Ailleurs")
    cancel_meeting(meeting=convened, user=None)

    assert len(mail.outbox) == 2
    assert not any("CANARI" in message.message().as_string() for message in mail.outbox)
    assert not any("CANARI" in message.body for message in mail.outbox)
