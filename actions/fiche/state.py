"""What a fiche and its parts hold: now, or at a version that somebody read before it changed."""

from collections.abc import Iterable
from copy import copy

from django.db import models
from django.db.models import Q

from actions.enums import TermUsage
from actions.models import Action, ActionLink, ActionPilot, ActionTerm, IndicatorTarget
from contracts.models import Contract


class FicheState:
    """Now. Rows are read once per kind of part. `user` is the person who looks: choices stay within their scope."""

    def __init__(self, action: Action, user):
        self.action, self.user = action, user
        self._rows: dict[type[models.Model], list] = {}

    @property
    def contract(self) -> Contract:
        return self.action.contract

    def copy_of_action(self) -> Action:
        """A form writes on its object; the state stays as it was read."""
        return copy(self.action)

    def rows(self, model: type[models.Model]) -> list:
        if model not in self._rows:
            self._rows[model] = list(self.fetch(model))
        return self._rows[model]

    def fetch(self, model: type[models.Model]) -> Iterable[models.Model]:
        rows = model.objects.filter(owned_by(self.action, model))
        if model is ActionPilot:
            rows = list(rows.prefetch_related("contacts"))
            for pilot in rows:
                pilot.named = [contact.pk for contact in pilot.contacts.all()]
        return rows

    def related_keys(self, name: str) -> list:
        return [each.pk for each in getattr(self.action, name).all()]

    def term_keys(self, usage: TermUsage) -> list[int]:
        return [link.term_id for link in self.rows(ActionTerm) if link.usage == usage]

    @property
    def main_theme(self) -> int | None:
        return next((link.term_id for link in self.rows(ActionTerm) if link.is_main), None)

    @property
    def linked_keys(self) -> list[int]:
        own = self.action.pk
        return [link.other_id if link.action_id == own else link.action_id for link in self.rows(ActionLink)]


def owned_by(action: Action, model: type[models.Model]) -> Q:
    if model is ActionLink:
        return Q(action=action.pk) | Q(other=action.pk)
    return Q(indicator__action=action.pk) if model is IndicatorTarget else Q(action=action.pk)


class PastState(FicheState):
    """At the end of the version `record` (a history row of the fiche); `until` is when the next version began."""

    def __init__(self, record, until, contract: Contract, user):
        action = record.instance
        action.contract = contract
        super().__init__(action, user)
        self.record, self.until = record, until

    def fetch(self, model: type[models.Model]) -> Iterable[models.Model]:
        records = model.history.filter(owned_by(self.action, model)).order_by("history_date", "history_id")
        if self.until:
            records = records.filter(history_date__lt=self.until)
        last = {record.pk_of_row: record for record in with_keys(records, model)}
        return [past_row(record, model) for record in last.values() if record.history_type != "-"]

    def related_keys(self, name: str) -> list:
        key = Action._meta.get_field(name).m2m_reverse_field_name() + "_id"
        return [getattr(link, key) for link in getattr(self.record, name).all()]


def with_keys(records, model: type[models.Model]) -> Iterable:
    for record in records:
        record.pk_of_row = getattr(record, model._meta.pk.attname)
        yield record


def past_row(record, model: type[models.Model]) -> models.Model:
    row = record.instance
    if model is ActionPilot:
        row.named = [link.contact_id for link in record.contacts.all()]
    return row


def state_at(action: Action, version: int, user) -> PastState | None:
    """None when the history does not reach that version."""
    record = action.history.filter(version=version).order_by("-history_date", "-history_id").first()
    if record is None:
        return None
    following = action.history.filter(version__gt=version).order_by("history_date", "history_id").first()
    return PastState(record, following.history_date if following else None, action.contract, user)
