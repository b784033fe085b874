"""The agenda with its hours: each point begins where the one before ends, as long as the durations are known."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from cls_portal.core.french import NBSP
from contracts.models import AgendaItem, Meeting


def hour_words(moment: datetime) -> str:
    """« 14 h 30 », « 9 h », in Paris."""
    local = timezone.localtime(moment)
    return f"{local.hour}{NBSP}h" + (f"{NBSP}{local.minute:02}" if local.minute else "")


def when_words(meeting: Meeting) -> str:
    """« 14 h 30 », « de 14 h 30 à 16 h 30 »."""
    start = hour_words(meeting.starts_at)
    return f"de {start} à {hour_words(meeting.ends_at)}" if meeting.ends_at else start


@dataclass(frozen=True)
class Point:
    item: AgendaItem
    hour: str
    number: int

    @property
    def fiches(self) -> list:
        return [link.action for link in self.item.fiches.all()]


def agenda_of(meeting: Meeting) -> list[Point]:
    found, moment = [], meeting.starts_at
    items = meeting.agenda.prefetch_related("fiches__action__axis", "decisions__meeting")
    for number, item in enumerate(items, start=1):
        found.append(Point(item, hour_words(moment) if moment else "", number))
        moment = moment + timedelta(minutes=item.duration) if moment and item.duration else None
    return found
