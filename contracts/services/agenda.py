"""The points of an agenda: their order, what they follow, the notes taken on them during the meeting."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from cls_portal.accounts.models import User
from cls_portal.core.deletion import delete_with_way_back
from cls_portal.core.history import bulk_update_as, save_as, sign
from cls_portal.core.models import Deletion
from cls_portal.core.ordering import Direction, last_position, move
from cls_portal.core.versioning import lock_if_current
from contracts.models import AgendaItem, Decision, Meeting
from contracts.services.contracts import set_fields, trash_of
from contracts.services.meetings import lock_open_meeting


@transaction.atomic
def create_agenda_item(
    *, meeting: Meeting, user: User | None, title: str, decisions: Iterable[Decision] = (), **fields: Any
) -> AgendaItem:
    """After the other points. `decisions`: those whose follow-up is told there."""
    meeting = lock_open_meeting(meeting)
    position = last_position(meeting.agenda.all()) + 1
    item = AgendaItem(meeting=meeting, title=title, **{"position": position} | fields)
    save_as(item, user=user, reason="Création")
    follow_decisions(item=item, decisions=decisions, user=user)
    return item


@transaction.atomic
def update_agenda_item(
    *, item: AgendaItem, user: User | None, decisions: Iterable[Decision] | None = None, **changes: Any
) -> AgendaItem:
    lock_open_meeting(item.meeting)
    save_as(set_fields(item, changes), user=user)
    if decisions is not None:
        follow_decisions(item=item, decisions=decisions, user=user)
    return item


def follow_decisions(*, item: AgendaItem, decisions: Iterable[Decision], user: User | None) -> None:
    wanted = {decision.pk for decision in decisions}
    if wanted != set(item.decisions.values_list("pk", flat=True)):
        sign(item, user=user)
        item.decisions.set(wanted)


@transaction.atomic
def write_notes(*, item: AgendaItem, user: User | None, read_stamp: int, notes: str) -> AgendaItem:
    """StaleVersionError when the point is no longer as it was read."""
    lock_open_meeting(item.meeting)
    lock_if_current(item, read_stamp=read_stamp)
    item.notes = notes
    return save_as(item, user=user, reason="Notes de séance")


@transaction.atomic
def move_agenda_item(*, item: AgendaItem, direction: Direction, user: User | None) -> bool:
    lock_open_meeting(item.meeting)
    return move(item, siblings=AgendaItem.objects.filter(meeting=item.meeting_id), direction=direction, user=user)


def put_first(*, item: AgendaItem, user: User | None) -> None:
    others = item.meeting.agenda.exclude(pk=item.pk)
    moved = [each for place, each in enumerate(others, start=2) if each.position != place]
    for place, each in enumerate(others, start=2):
        each.position = place
    item.position = 1
    bulk_update_as([item, *moved], ["position"], user=user, reason="Changement d’ordre")


def delete_agenda_item(*, item: AgendaItem, user: User | None) -> Deletion:
    with transaction.atomic():
        meeting = lock_open_meeting(item.meeting)
        return delete_with_way_back(item, user=user, root=trash_of(meeting.body.contract_id))
