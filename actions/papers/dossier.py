"""The dossier of a meeting: what its sections show. A section that was not chosen is never read."""

from functools import cached_property

from actions.measures import Reading
from actions.models import Action
from actions.papers.agenda import Point, points_of, when_words
from actions.papers.money import FunderTable, by_funder
from actions.papers.people import chairs_of
from actions.papers.picture import Picture, highlight, last_point
from actions.papers.quotes import Quote, followed, quotable
from actions.papers.sections import Choice, Section
from actions.plan.changes import Changes, changes_between
from cls_portal.core import french
from cls_portal.core.dates import end_of
from contracts.models import GoverningBody, Meeting
from contracts.permissions import people_in_charge


class Dossier:
    def __init__(self, meeting: Meeting, user, choice: Choice):
        self.meeting, self.user, self.choice = meeting, user, choice
        self.contract, self.on = meeting.body.contract, choice.as_of
        self.plan = Picture(self.contract, user, self.on)

    @property
    def sections(self) -> list[tuple[int, Section]]:
        return list(enumerate(self.choice.chosen, start=1))

    @property
    def when(self) -> str:
        return when_words(self.meeting)

    @cached_property
    def chairs(self) -> list[tuple[str, str]]:
        return chairs_of(self.meeting)

    @cached_property
    def agenda(self) -> list[Point]:
        return points_of(self.meeting)

    # The contract in short

    @cached_property
    def signatories(self) -> list:
        return list(self.contract.signatories.select_related("organisation"))

    @cached_property
    def bodies(self) -> list[GoverningBody]:
        return list(self.contract.bodies.active(self.on))

    @cached_property
    def in_charge(self) -> dict[str, list[str]]:
        return people_in_charge(self.contract)

    @cached_property
    def commune_count(self) -> int:
        return self.contract.perimeter.present(self.on).count()

    # Decisions

    @cached_property
    def previous(self) -> Meeting | None:
        return self.meeting.previous()

    @cached_property
    def quotes(self) -> list[Quote]:
        return followed(self.meeting, self.user, self.on)

    @property
    def has_foreign_quotes(self) -> bool:
        return any(quote.decision.meeting.body_id != self.meeting.body_id for quote in self.quotes)

    @property
    def quotes_said(self) -> str:
        """« 7 décisions, 4 appliquées, 1 en retard. »"""
        applied = sum(not quote.is_open for quote in self.quotes)
        late = sum(quote.is_late for quote in self.quotes)
        parts = [french.count_noun(len(self.quotes), "décision"), f"{applied}{french.NBSP}close{'s' * (applied > 1)}"]
        return ", ".join([*parts, *([f"{late}{french.NBSP}en retard"] if late else [])]) + "."

    @cached_property
    def changes(self) -> Changes | None:
        """Since the previous meeting of the body; the decisions that this paper may not quote are left out."""
        if not self.previous:
            return None
        start = min(self.previous.day, self.on)
        changes = changes_between(self.contract, self.user, start, self.on, meeting=self.previous)
        allowed = set(quotable(self.meeting, self.user).values_list("pk", flat=True))
        for name in ("settled", "pending"):
            told = getattr(changes, name)
            setattr(changes, name, [each for each in told if each.decision.meeting_id in allowed])
        return changes

    # The plan

    @property
    def arbitrations(self) -> list[tuple[Action, str]]:
        return [(sheet.action, last_point(sheet).arbitration) for sheet in self.plan.asking]

    @cached_property
    def progress(self) -> list[tuple]:
        """Per axis, its fiches with what is worth saying of each."""
        return [(part, [(sheet, highlight(sheet)) for sheet in part.sheets]) for part in self.plan.parts]

    @cached_property
    def focus(self) -> list:
        return [sheet for sheet in self.plan.sheets if sheet.action.pk in self.choice.fiches]

    @cached_property
    def annexes(self) -> list[tuple]:
        """Per axis, the fiches that are not presented already."""
        shown = {sheet.action.pk for sheet in self.focus} if "focus" in self.choice.sections else set()
        return [(part, [sheet for sheet in part.sheets if sheet.action.pk not in shown]) for part in self.plan.parts]

    @cached_property
    def printed(self) -> set[int]:
        """The fiches to which a line of a table may lead."""
        sheets = self.focus if "focus" in self.choice.sections else []
        found = {sheet.action.pk for sheet in sheets}
        if "annexes" in self.choice.sections:
            found |= {sheet.action.pk for sheet in self.plan.sheets}
        return found

    @cached_property
    def indicators(self) -> list[tuple]:
        """Per axis, the indicators of which something is known: a figure, or a target."""
        found = [(part, [line for sheet in part.sheets for line in readings_of(sheet)]) for part in self.plan.parts]
        return [(part, lines) for part, lines in found if lines]

    @cached_property
    def money(self) -> FunderTable | None:
        return by_funder(self.plan.money)

    # What comes

    @cached_property
    def coming(self) -> list[tuple[Meeting, str]]:
        meetings = Meeting.objects.visible_to(self.user).to_come().filter(body__contract=self.contract)
        later = meetings.filter(starts_at__gte=end_of(self.on)).exclude(pk=self.meeting.pk).select_related("body")
        return [(meeting, when_words(meeting)) for meeting in later]


def readings_of(sheet) -> list[tuple[Action, Reading]]:
    return [(sheet.action, reading) for reading in sheet.readings if reading.measurements or reading.target_words]
