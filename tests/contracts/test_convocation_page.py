"""« Convoquer »: the page where the coordination reads what leaves, sends it, and sees what became of it."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from cls_portal.core.models import MailRefusal, MailState, OutgoingMail
from contracts.enums import MeetingState
from contracts.models import Meeting
from contracts.services import trash_of
from tests.contracts.meetings import change, sent_to
from tests.factories import make_held_meeting, make_member
from tests.page_forms import form_data
from tests.people import signed_in


def url_of(meeting) -> str:
    return reverse("contracts:convocation", args=[meeting.body.contract.slug, meeting.pk])


def test_the_coordination_sees_whom_it_writes_to_then_what_became_of_it(meeting, sit, coordinator, queue, contract):
    sit("a@exemple.fr", name="Ville")
    sit("", name="Sans adresse")
    sit("refus@exemple.fr", name="Refus")
    MailRefusal.objects.create(email="refus@exemple.fr", root=trash_of(contract.pk))
    client = signed_in(coordinator)

    opened = client.get(url_of(meeting))
    html = opened.content.decode()
    assert "a@exemple.fr" in html
    assert re.search(r"Sans adresse\s*:.*sans adresse électronique", html)
    assert "ne veut plus recevoir" in html
    assert "à convoquer" in html

    waiting = client.post(url_of(meeting), form_data(opened, message="Bonjour", geste="envoi"), follow=True)
    assert "un courriel part à 1\u00a0personne" in waiting.content.decode()
    assert "À envoyer" in waiting.content.decode()
    assert "0 sur 1" in waiting.content.decode()
    queue()

    assert "Envoyé le" in client.get(url_of(meeting)).content.decode()
    assert sent_to() == ["a@exemple.fr"]


def test_a_body_in_which_nobody_sits_convenes_nobody(meeting, coordinator):
    html = signed_in(coordinator).get(url_of(meeting)).content.decode()

    assert "Personne à qui écrire" in html
    assert f'href="{meeting.body.get_absolute_url()}">Composer l’instance' in html
    assert "Envoyer la convocation" not in html


def test_the_preview_sends_nothing_and_keeps_what_was_typed(meeting, sit, coordinator):
    sit("a@exemple.fr")
    client = signed_in(coordinator)
    opened = client.get(url_of(meeting))

    html = client.post(
        url_of(meeting), form_data(opened, message="Venez <b>nombreux</b>", geste="apercu")
    ).content.decode()

    assert html.count("Venez &lt;b&gt;nombreux&lt;/b&gt;") == 2  # in the field, and in the text that would leave
    assert mail.outbox == []
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.PLANNED


def test_sent_twice_the_form_convenes_once(meeting, sit, coordinator):
    sit("a@exemple.fr")
    client = signed_in(coordinator)
    data = form_data(client.get(url_of(meeting)), geste="envoi")

    client.post(url_of(meeting), data)
    again = client.post(url_of(meeting), data, follow=True)

    assert "déjà été envoyé" in again.content.decode()
    assert len(mail.outbox) == 1


def test_a_change_made_meanwhile_is_shown_before_anything_is_sent(meeting, sit, coordinator):
    sit("a@exemple.fr")
    client = signed_in(coordinator)
    data = form_data(client.get(url_of(meeting)), message="Mon message", geste="envoi")
    change(meeting, place="Nouvelle salle")

    refused = client.post(url_of(meeting), data)

    assert refused.status_code == 409
    assert "Mon message" in refused.content.decode()
    assert "Nouvelle salle" in refused.content.decode()
    assert mail.outbox == []

    client.post(url_of(meeting), form_data(refused, geste="envoi"))

    assert len(mail.outbox) == 1


def test_a_meeting_of_the_past_is_not_convened(meeting, sit, coordinator):
    sit("a@exemple.fr")
    client = signed_in(coordinator)
    Meeting.objects.update(starts_at=timezone.now() - timedelta(days=1))

    html = client.post(url_of(meeting), form_data(client.get(url_of(meeting)), geste="envoi")).content.decode()

    assert "est passée" in html
    assert mail.outbox == []


def test_a_held_meeting_offers_no_convocation(body, coordinator):
    html = signed_in(coordinator).get(url_of(make_held_meeting(body))).content.decode()

    assert 'value="envoi"' not in html


def test_what_did_not_leave_is_sent_again_on_demand(convened, coordinator, queue):
    OutgoingMail.objects.update(state=MailState.GIVEN_UP, problem="Le serveur n’a pas répondu.")
    client = signed_in(coordinator)
    html = client.get(url_of(convened)).content.decode()
    assert "Non parti" in html
    assert "Le serveur n’a pas répondu." in html

    client.post(url_of(convened), {"geste": "relance"})
    queue()

    assert sent_to() == ["a@exemple.fr"]
    assert "Envoyer de nouveau" not in client.get(url_of(convened)).content.decode()


def test_a_convocation_that_had_not_left_is_replaced_by_the_change(convened, coordinator, queue):
    OutgoingMail.objects.update(state=MailState.GIVEN_UP, problem="Le serveur n’a pas répondu.")
    change(convened, place="Nouvelle salle")
    client = signed_in(coordinator)

    html = client.get(url_of(convened)).content.decode()
    assert re.search(r"À envoyer.*Changement.*Remplacé.*Convocation", html, re.DOTALL)
    assert "Envoyer de nouveau" not in html
    client.post(url_of(convened), {"geste": "relance"})
    queue()

    assert [message.subject.partition(" :")[0] for message in mail.outbox] == ["Changement"]


def test_a_member_reads_nothing_of_the_mails(convened, reader):
    make_member(convened.body, user=reader)

    assert signed_in(reader).get(url_of(convened)).status_code == 403


def test_once_everybody_is_written_to_nothing_more_is_offered(convened, coordinator):
    """But to write to the deputies, as long as there are some."""
    client = signed_in(coordinator)
    opened = client.get(url_of(convened))
    assert "Écrire aussi aux suppléantes" in opened.content.decode()

    client.post(url_of(convened), form_data(opened, with_deputies="on", geste="envoi"))

    assert sent_to() == ["suppleante@exemple.fr"]
    assert 'value="envoi"' not in client.get(url_of(convened)).content.decode()


@pytest.mark.parametrize("screen", ["body_delete", "delete"])
def test_who_deletes_what_holds_a_convened_meeting_is_told_that_mails_leave(convened, coordinator, screen):
    client, contract = signed_in(coordinator), convened.body.contract
    deletion = reverse(
        f"contracts:{screen}", args=[contract.slug, *([convened.body_id] if screen != "delete" else [])]
    )
    assert "recevront une annulation" in client.get(deletion).content.decode()

    client.post(deletion, {"confirmed": "on"})

    assert [message.subject.partition(" :")[0] for message in mail.outbox] == ["Annulation"]
    assert not Meeting.objects.exists()


def test_a_cancellation_says_first_who_is_told_then_why(convened, sit, coordinator, contract):
    sit("refus@exemple.fr", name="Refus")
    MailRefusal.objects.create(email="refus@exemple.fr", root=trash_of(contract.pk))
    client = signed_in(coordinator)
    address = reverse("contracts:meeting_cancel", args=[contract.slug, convened.pk])
    assert address in client.get(convened.get_absolute_url()).content.decode()

    asked = client.get(address)
    page = asked.content.decode()
    assert "a@exemple.fr" in page
    assert "La réunion suivante est annulée" in page
    assert "ne veut plus recevoir" in page
    assert mail.outbox == []
    client.get(address, {"geste": "annulee"})
    client.post(reverse("actions:meeting_state", args=[contract.slug, convened.pk]), {"geste": "annulee"})
    convened.refresh_from_db()
    assert convened.state == MeetingState.CONVENED, "not in one click"

    done = client.post(address, form_data(asked, message="Trop peu de réponses."), follow=True)

    assert "un courriel part à 1\u00a0personne" in done.content.decode()
    [message] = mail.outbox
    assert "est annulée.\n\nTrop peu de réponses.\n\nComité" in message.body
    convened.refresh_from_db()
    assert convened.state == MeetingState.CANCELLED
    assert client.get(address).status_code == 302


def test_the_cancellation_of_a_meeting_nobody_awaits_sends_nothing(meeting, coordinator, contract):
    client = signed_in(coordinator)
    address = reverse("contracts:meeting_cancel", args=[contract.slug, meeting.pk])

    assert "aucun courriel ne part" in client.get(address).content.decode()
    client.post(address)

    meeting.refresh_from_db()
    assert (meeting.state, mail.outbox) == (MeetingState.CANCELLED, [])


def test_who_changes_or_deletes_a_convened_meeting_is_told_that_mails_leave(convened, coordinator):
    client, address = signed_in(coordinator), [convened.body.contract.slug, convened.pk]

    assert "part aussitôt par courriel" in client.get(reverse("actions:meeting_edit", args=address)).content.decode()
    deletion = reverse("actions:meeting_delete", args=address)
    assert "recevront une annulation" in client.get(deletion).content.decode()

    client.post(deletion)

    assert [message.subject.partition(" :")[0] for message in mail.outbox] == ["Annulation"]
