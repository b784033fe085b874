"""The agenda and the hours as the papers write them."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import time_format

from actions.meeting.sheet import Line, agenda_of, with_hours
from actions.models import Action
from contracts.models import AgendaItem, Meeting


def hour_words(moment) -> str:
    """« 14 h 30 », in Paris."""
    return time_format(timezone.localtime(moment))


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
    def fiches(self) -> list[Action]:
        return [link.fiche for link in self.item.fiches.all()]


def points_of(meeting: Meeting) -> list[Point]:
    return [point(number, line) for number, line in enumerate(with_hours(meeting, agenda_of(meeting)), start=1)]


def point(number: int, line: Line) -> Point:
    return Point(line.item, hour_words(line.hour) if line.hour else "", number)
