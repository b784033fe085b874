"""The mails of a meeting: who is written to, and what. One mail per person and gesture, with all their seats."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from cls_portal.accounts.models import User
from cls_portal.core import refusals
from cls_portal.core.mail import written
from cls_portal.core.models import OutgoingMail
from cls_portal.core.outbox import post
from cls_portal.core.refusals import Mailing
from contracts.calendar import invitation, method_for
from contracts.enums import BodyRole, MeetingState
from contracts.models import BodyMember, Contact, Contract, Meeting
from contracts.services.contracts import trash_of

CONVOCATION, CHANGE, CANCELLATION, WITHDRAWAL = (
    f"emails/contracts/meeting_{what}" for what in ("convocation", "change", "cancellation", "withdrawal")
)
# How the keys of the mails end that take the meeting off the calendars.
CANCELS = ":annulation"
# What a change is told for.
FACTS = ("starts_at", "ends_at", "place", "video_url")
NO_SPEAKER, NO_ADDRESS = "personne n’est désigné", "sans adresse électronique"


@dataclass
class Recipient:
    """An address: two persons of one service may share it."""

    email: str
    names: list[str] = field(default_factory=list)
    seats: list[str] = field(default_factory=list)
    is_deputy: bool = True  # for all the seats
    refuses: bool = False

    @property
    def name(self) -> str:
        return ", ".join(self.names)


@dataclass
class Recipients:
    reached: list[Recipient]
    refusing: list[Recipient]
    unreachable: list[tuple[str, str]]  # seat, why


def mailing_of(contract: Contract) -> Mailing:
    return Mailing(trash_of(contract.pk), str(contract))


def recipients_of(meeting: Meeting, *, with_deputies: bool) -> Recipients:
    """Those who sit in the body on the day of the meeting."""
    found: dict[str, Recipient] = {}
    unreachable = []
    for seat in meeting.seats().select_related(*_WITH_ACCOUNTS):
        if reason := _no_way_to(seat.speaker):
            unreachable.append((str(seat), reason))
        else:
            _add(found, seat, seat.speaker)
        if with_deputies and seat.deputy and address_of(seat.deputy):
            _add(found, seat, seat.deputy)
    refusing = refusals.refusing(trash_of(meeting.body.contract_id), found)
    for email, recipient in found.items():
        recipient.refuses = email in refusing
    people = list(found.values())
    return Recipients([p for p in people if not p.refuses], [p for p in people if p.refuses], unreachable)


_WITH_ACCOUNTS = ("representative__account", "deputy__account", "person__account")


def address_of(contact: Contact) -> str:
    account = contact.account
    return contact.email or (account.email if account and account.is_active else "")


def _no_way_to(contact: Contact | None) -> str:
    if contact is None:
        return NO_SPEAKER
    return "" if address_of(contact) else f"{contact}, {NO_ADDRESS}"


def _add(found: dict[str, Recipient], seat: BodyMember, contact: Contact) -> None:
    email = address_of(contact)
    recipient = found.setdefault(email.lower(), Recipient(email))
    if str(contact) not in recipient.names:
        recipient.names.append(str(contact))
    is_deputy = contact == seat.deputy
    recipient.is_deputy = recipient.is_deputy and is_deputy
    recipient.seats.append(_seat(seat, "suppléance" if is_deputy else ""))


def _seat(seat: BodyMember, detail: str) -> str:
    if seat.organisation is None:
        return seat.get_role_display()
    role = seat.get_role_display() if seat.role != BodyRole.MEMBER else ""
    details = ", ".join(part for part in (role, detail) if part)
    return f"{seat.organisation} ({details})" if details else str(seat.organisation)


# The mails


def mails_of(meeting: Meeting) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(key__startswith=_occasion(meeting))


def _occasion(meeting: Meeting) -> str:
    return f"meeting:{meeting.public_id}:"


def _key(meeting: Meeting, email: str, template: str) -> str:
    """Each revision of the invitation is sent once to an address."""
    key = f"{_occasion(meeting)}{meeting.calendar_sequence}:{_digest(email)}"
    return key + CANCELS if template in (CANCELLATION, WITHDRAWAL) else key


def cancels(mail: OutgoingMail) -> bool:
    return mail.key.endswith(CANCELS)


def _thread(meeting: Meeting, email: str) -> str:
    """The last revision is the one that counts."""
    return f"{_occasion(meeting)}{_digest(email)}"


def _digest(email: str) -> str:
    """Keeps the keys short."""
    return sha256(email.lower().encode()).hexdigest()[:32]


def send(meeting: Meeting, template: str, recipients: Iterable[Recipient], *, user: User | None, **context) -> int:
    """How many are written to who were not yet, for this revision of the invitation."""
    already = set(mails_of(meeting).values_list("key", flat=True))
    new = [recipient for recipient in recipients if _key(meeting, recipient.email, template) not in already]
    context |= _context(meeting, user)
    posted = [
        post(
            key=_key(meeting, recipient.email, template),
            thread=_thread(meeting, recipient.email),
            to=recipient.email,
            template_prefix=template,
            context=context | {"recipient": recipient},
            attachments=[_calendar_file(meeting, recipient, withdrawn=template == WITHDRAWAL)],
            unsubscribe=mailing_of(meeting.body.contract),
            reply_to=user.email if user else "",
        )
        for recipient in new
    ]
    return len([mail for mail in posted if mail])


def _context(meeting: Meeting, user: User | None) -> dict:
    return {
        "meeting": meeting,
        "contract": meeting.body.contract,
        "titles": list(meeting.agenda.values_list("title", flat=True)),
        "sender": user,
        "meeting_url": settings.SITE_URL + meeting.get_absolute_url(),
    }


def _calendar_file(meeting: Meeting, recipient: Recipient, *, withdrawn: bool) -> tuple[str, str, str]:
    kind = f"text/calendar; method={method_for(meeting, withdrawn=withdrawn)}"
    return "reunion.ics", kind, invitation(meeting, to=recipient.email, withdrawn=withdrawn)


def preview(
    meeting: Meeting, recipient: Recipient, *, user: User | None, message: str, template: str = CONVOCATION
) -> tuple[str, str]:
    """Subject and text of the mail that this recipient would get."""
    context = _context(meeting, user) | {"recipient": recipient, "message": message}
    unsubscribe_url = "(un lien propre à chaque personne)"
    mail = written(template, recipient.email, context | {"unsubscribe_url": unsubscribe_url})
    return mail.subject, mail.body


def tell_change(meeting: Meeting, *, before: Meeting, user: User | None, message: str = "") -> int:
    """To those who were convened: another date or place, a cancellation, a meeting that takes place after all.

    Nothing is told of what is over. Whoever awaits the meeting learns of a cancellation, even without a seat by now,
    and that they are no longer awaited if they have no seat the day it is moved to.
    """
    if not before.convened_at or max(before.starts_at, meeting.starts_at) <= timezone.now():
        return 0
    if meeting.state == MeetingState.CANCELLED != before.state:
        return send(meeting, CANCELLATION, awaiting(meeting), user=user, message=message)
    moved = any(getattr(before, name) != getattr(meeting, name) for name in FACTS)
    if meeting.state == MeetingState.CONVENED and (moved or before.state == MeetingState.CANCELLED):
        gone = [each for each in awaiting(meeting) if not each.seats]
        told = send(meeting, CHANGE, _still_sitting(meeting), user=user, before=before, moved=moved)
        return told + send(meeting, WITHDRAWAL, gone, user=user, before=before)
    return 0


def awaiting(meeting: Meeting) -> list[Recipient]:
    """Those whose last mail has them write down the meeting; without a seat, those who do not sit that day.

    Not those who refuse the mails of the contract: they are to be told otherwise.
    """
    sitting = {each.email.lower(): each for each in recipients_of(meeting, with_deputies=True).reached}
    last = {mail.to.lower(): mail for mail in mails_of(meeting).order_by("pk")}
    refusing = refusals.refusing(trash_of(meeting.body.contract_id), last)
    return [
        sitting.get(lower, Recipient(mail.to))
        for lower, mail in last.items()
        if not cancels(mail) and lower not in refusing
    ]


def _still_sitting(meeting: Meeting) -> list[Recipient]:
    """The members, and those of the deputies who were convened."""
    convened = {address.lower() for address in mails_of(meeting).values_list("to", flat=True)}
    reached = recipients_of(meeting, with_deputies=True).reached
    return [each for each in reached if not each.is_deputy or each.email.lower() in convened]
