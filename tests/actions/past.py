"""Deeds told on their day, for what reads the history."""

from datetime import date, timedelta

from actions.enums import DraftingState, Status
from actions.models import Action
from actions.services.fiches import create_action, save_section
from actions.services.lifecycle import archive_action, delete_action, unarchive_action
from actions.services.news import record_follow_up
from cls_portal.core.deletion import restore
from cls_portal.demo.diary import as_of
from contracts.models import Contract

FIRST_DAY = date(2025, 1, 1)
REASONS = {Status.POSTPONED: "Recrutement", Status.SUSPENDED: "Sans pilote", Status.DROPPED: "Sans objet"}


def day(number: int) -> date:
    """« Day 0 » is that on which the contract enters the portal."""
    return FIRST_DAY + timedelta(days=number)


def known_from_the_first_day(contract: Contract) -> Contract:
    """The factories write today: the contract is told as entered on day 0."""
    with as_of(day(0)):
        contract.save()
    contract.history.exclude(history_id=contract.history.earliest("history_date").history_id).delete()
    return contract


class Story:
    """What the coordination does to a contract, each deed on a day, in the order of the days."""

    def __init__(self, contract: Contract, user):
        self.contract, self.user = known_from_the_first_day(contract), user

    def fresh(self, action: Action) -> Action:
        return Action.objects.select_related("contract").get(pk=action.pk)

    def create(self, number: int, title: str = "Fiche", **fields) -> Action:
        with as_of(day(number)):
            fields = {"drafting_state": DraftingState.VALIDATED} | fields
            return create_action(contract=self.contract, user=self.user, title=title, **fields)

    def news(
        self, number: int, action: Action, status: str = Status.IN_PROGRESS, *, dated: int | None = None, **facts
    ):
        facts = {"reason": REASONS.get(status, "")} | facts
        with as_of(day(number)):
            on = day(number if dated is None else dated)
            return record_follow_up(action=action, user=self.user, status=status, on=on, **facts)

    def edit(self, number: int, action: Action, **fields) -> None:
        with as_of(day(number)):
            action = self.fresh(action)
            for name, value in fields.items():
                setattr(action, name, value)
            save_section(action=action, read_version=action.version, user=self.user)

    def archive(self, number: int, action: Action) -> None:
        with as_of(day(number)):
            archive_action(action=action, user=self.user)

    def unarchive(self, number: int, action: Action) -> None:
        with as_of(day(number)):
            unarchive_action(action=action, user=self.user)

    def delete(self, number: int, action: Action):
        with as_of(day(number)):
            return delete_action(action=self.fresh(action), user=self.user)

    def restore(self, number: int, deletion) -> None:
        with as_of(day(number)):
            restore(deletion, user=self.user)
