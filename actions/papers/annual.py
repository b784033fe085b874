"""The report of a year: every reader of the contract opens it, so it quotes validated minutes alone."""

from datetime import date
from functools import cached_property

from actions.measures import Reading
from actions.models import Action, FollowUp
from actions.papers.money import FunderTable, by_funder
from actions.papers.picture import Picture, PlanPart
from actions.papers.quotes import Quote, public, quotes
from cls_portal.core.dates import today
from contracts.enums import MeetingState
from contracts.models import Contract, Meeting


class Year:
    def __init__(self, contract: Contract, user, year: int):
        self.contract, self.user, self.year = contract, user, year
        self.on = min(today(), date(year, 12, 31))
        self.plan = Picture(contract, user, self.on)

    @cached_property
    def done(self) -> list[tuple[PlanPart, list[tuple[Action, list[FollowUp]]]]]:
        """Per axis, the fiches of which something was told that year, the oldest point first."""
        told = [
            (part, [(sheet.action, self.points(sheet.action)) for sheet in part.sheets]) for part in self.plan.parts
        ]
        return [(part, [line for line in lines if line[1]]) for part, lines in told]

    def points(self, action: Action) -> list[FollowUp]:
        found = [point for point in action.follow_ups.all() if point.date.year == self.year]
        return sorted(found, key=lambda point: (point.date, point.pk))

    @cached_property
    def indicators(self) -> list[tuple[PlanPart, list[tuple[Action, Reading]]]]:
        """Those of which something was measured that year."""
        found = [
            (
                part,
                [
                    (sheet.action, reading)
                    for sheet in part.sheets
                    for reading in sheet.readings
                    if self.was_read(reading)
                ],
            )
            for part in self.plan.parts
        ]
        return [(part, lines) for part, lines in found if lines]

    def was_read(self, reading: Reading) -> bool:
        return any(measurement.date.year == self.year for measurement in reading.measurements)

    @cached_property
    def money(self) -> FunderTable | None:
        return by_funder(line for line in self.plan.money if line.year == self.year)

    @cached_property
    def meetings(self) -> list[Meeting]:
        """All those held: everybody sees that they take place."""
        found = Meeting.objects.visible_to(self.user).held().filter(body__contract=self.contract)
        return [meeting for meeting in found.select_related("body") if self.is_of_year(meeting)][::-1]

    @cached_property
    def to_validate(self) -> list[Meeting]:
        """Those whose decisions are not quoted yet."""
        return [meeting for meeting in self.meetings if meeting.state != MeetingState.VALIDATED]

    def is_of_year(self, meeting: Meeting) -> bool:
        return meeting.day.year == self.year and meeting.day <= self.on

    @cached_property
    def quotes(self) -> list[Quote]:
        return quotes([meeting for meeting in public(self.contract, self.user) if self.is_of_year(meeting)], self.on)
