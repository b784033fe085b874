"""What has become of the mails of a meeting, person by person, as the coordination reads it."""

from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.functional import cached_property

from cls_portal.core import french
from cls_portal.core.models import MailState, OutgoingMail
from contracts.models import Meeting
from contracts.services.invitations import Recipient, Recipients, cancels, mails_of, recipients_of

INTERRUPTED = "Envoi interrompu, peut-être reçu"
ICONS = {
    MailState.WAITING: "non_demarree",
    MailState.SENDING: "en_cours",
    MailState.SENT: "realisee",
    MailState.GIVEN_UP: "abandonnee",
    MailState.REPLACED: "reorientee",
    MailState.REFUSED: "abandonnee",
}


@dataclass
class Line:
    """A recipient, with the last mail to them if there is one, and those whose place it took before they left."""

    recipient: Recipient
    mail: OutgoingMail | None
    is_stuck: bool
    replaced: list["Line"] = field(default_factory=list)

    @property
    def icon(self) -> str:
        return "suspendue" if self.is_stuck and self.mail.state == MailState.SENDING else ICONS[self.mail.state]

    @property
    def label(self) -> str:
        mail = self.mail
        if mail.state == MailState.SENT:
            moment = timezone.localtime(mail.tried_at)
            return f"Envoyé le {french.long_date(moment.date())} à {moment:%H}\u00a0h\u00a0{moment:%M}"
        if mail.state == MailState.SENDING and self.is_stuck:
            return INTERRUPTED
        if mail.state == MailState.WAITING and mail.attempts:
            return "Sera essayé de nouveau"
        return mail.get_state_display().capitalize()

    @property
    def what(self) -> str:
        """« Convocation », « Changement », « Annulation »: how its subject begins."""
        return self.mail.subject.partition(":")[0].strip()


class Delivery:
    """The deputies count once they are asked for, or were written to."""

    def __init__(self, meeting: Meeting, *, with_deputies: bool):
        self.meeting, self.with_deputies = meeting, with_deputies

    @cached_property
    def _written(self) -> list[OutgoingMail]:
        return list(mails_of(self.meeting).order_by("pk"))

    @cached_property
    def mails(self) -> dict[str, OutgoingMail]:
        """The last one to each address."""
        return {mail.to.lower(): mail for mail in self._written}

    @cached_property
    def stuck(self) -> set[int]:
        return set(mails_of(self.meeting).stuck().values_list("pk", flat=True))

    @cached_property
    def recipients(self) -> Recipients:
        found = self._everybody
        return Recipients(self._concerned(found.reached), self._concerned(found.refusing), found.unreachable)

    @cached_property
    def _everybody(self) -> Recipients:
        return recipients_of(self.meeting, with_deputies=True)

    @property
    def deputies(self) -> int:
        """How many could be written to."""
        return sum(each.is_deputy and each.email.lower() not in self.mails for each in self._everybody.reached)

    def _concerned(self, people: list[Recipient]) -> list[Recipient]:
        return [p for p in people if self.with_deputies or not p.is_deputy or p.email.lower() in self.mails]

    @cached_property
    def lines(self) -> list[Line]:
        """The members, then whoever was written to and sits no more."""
        reached = self.recipients.reached
        known = {each.email.lower() for each in [*reached, *self.recipients.refusing]}
        former = [Recipient(mail.to) for address, mail in self.mails.items() if address not in known]
        return [self._line(recipient) for recipient in [*reached, *former]]

    def _line(self, recipient: Recipient) -> Line:
        address = recipient.email.lower()
        mail = self.mails.get(address)
        replaced = [m for m in self._written if m.to.lower() == address and m.state == MailState.REPLACED]
        former = [Line(recipient, each, is_stuck=False) for each in replaced]
        return Line(recipient, mail, bool(mail and mail.pk in self.stuck), former)

    @property
    def new(self) -> list[Line]:
        """Those to convene: never written to, or told since that they were not awaited, and sitting again."""
        return [line for line in self.lines if line.recipient.seats and (not line.mail or cancels(line.mail))]

    @property
    def sent(self) -> int:
        return sum(mail.state == MailState.SENT for mail in self.mails.values())

    @property
    def under_way(self) -> bool:
        """Some leave at this moment; those of a server that is down leave much later."""
        return any(_is_moving(mail) for mail in self.mails.values() if mail.pk not in self.stuck)


def _is_moving(mail: OutgoingMail) -> bool:
    return mail.state == MailState.SENDING or (mail.state == MailState.WAITING and not mail.attempts)
