"""The fiches of an agenda, and the agenda that the state of the plan proposes."""

from collections.abc import Iterable

from django.db import transaction

from actions.meeting.proposal import Heading, propose
from actions.models import Action, AgendaFiche
from cls_portal.core.history import save_as, sign
from contracts.enums import AgendaKind
from contracts.models import AgendaItem, Decision, Meeting
from contracts.services import create_agenda_item, follow_decisions, lock_open_meeting, put_first, update_agenda_item


def kind_of(fiches: Iterable[Action], decisions: Iterable[Decision]) -> AgendaKind:
    if decisions:
        return AgendaKind.DECISIONS
    return AgendaKind.FICHES if fiches else AgendaKind.FREE


@transaction.atomic
def add_to_agenda(*, meeting: Meeting, user, title: str, fiches=(), decisions=(), **fields) -> AgendaItem:
    kind = kind_of(fiches, decisions)
    item = create_agenda_item(meeting=meeting, user=user, title=title, kind=kind, decisions=decisions, **fields)
    set_fiches(item=item, fiches=fiches, user=user)
    return item


@transaction.atomic
def change_agenda_item(*, item: AgendaItem, user, fiches: list[Action], decisions: list[Decision], **changes):
    changes["kind"] = kind_of(fiches, decisions)
    update_agenda_item(item=item, user=user, decisions=decisions, **changes)
    set_fiches(item=item, fiches=fiches, user=user)
    return item


def set_fiches(*, item: AgendaItem, fiches: Iterable[Action], user) -> None:
    """Those of this point, in the order given; the ones that stay keep their place, those deleted since among them."""
    wanted = {action.pk: action for action in fiches}
    present = list(item.fiches.exclude(action=None))
    for link in present:
        if link.action_id not in wanted:
            sign(link, user=user)
            link.delete()
        wanted.pop(link.action_id, None)
    last = max((link.position for link in present), default=0)
    for place, action in enumerate(wanted.values(), start=last + 1):
        save_as(AgendaFiche(item=item, action=action, position=place), user=user)


@transaction.atomic
def propose_agenda(*, meeting: Meeting, user, chosen: Iterable[str]) -> list[AgendaItem]:
    """Put on the agenda what was chosen (keys of candidates) of what the plan proposes at this moment.

    What has come on the agenda since the proposal was read is not proposed any more: nothing is put there twice. A
    heading that is already a point of the agenda takes the newcomers.
    """
    meeting = lock_open_meeting(meeting)
    chosen = set(chosen)
    changed = []
    for heading in propose(meeting):
        objects = [each.object for each in heading.candidates if each.key in chosen]
        if objects:
            changed.append(_put(meeting, heading, objects, user=user))
    return changed


def _put(meeting: Meeting, heading: Heading, objects: list, *, user) -> AgendaItem:
    item = meeting.agenda.filter(title=heading.title, kind=heading.kind).first()
    if item is None:
        fields = {"title": heading.title, "kind": heading.kind, "expected": heading.expected}
        item = create_agenda_item(meeting=meeting, user=user, **fields)
        if heading.kind == AgendaKind.DECISIONS:
            put_first(item=item, user=user)
    if heading.kind == AgendaKind.DECISIONS:
        follow_decisions(item=item, decisions=[*item.decisions.all(), *objects], user=user)
    else:
        set_fiches(
            item=item, fiches=[*(link.action for link in item.fiches.exclude(action=None)), *objects], user=user
        )
    return item
