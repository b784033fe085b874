"""Saving a section: the fields of the fiche and the rows of its parts, in one piece and under one version."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import models, transaction

from actions.enums import PilotRole, TermUsage
from actions.models import Action, ActionLink, ActionPilot
from actions.services.fiches import save_section, set_terms
from cls_portal.core.deletion import delete_with_way_back
from cls_portal.core.history import save_as, sign
from contracts.models import Contact, Organisation, ReferenceTerm
from contracts.services import create_organisation, create_term, trash_of


@dataclass
class RowChange:
    """A row to write or to delete; `people` are the persons to name in it, those without a key being new."""

    row: models.Model
    delete: bool = False
    people: list[Contact] | None = None


@dataclass
class TermChange:
    """The terms of one usage; `added` are labels of the contract's own, created when no list has them."""

    usage: TermUsage
    kind: str
    terms: list[ReferenceTerm]
    main: ReferenceTerm | None = None
    added: list[str] = field(default_factory=list)


class RowError(ValidationError):
    """What a row was refused for; the form that holds it shows it."""

    def __init__(self, row: models.Model, error: ValidationError):
        super().__init__(error)
        self.row = row


@transaction.atomic
def save_whole_section(
    *,
    action: Action,
    read_version: int,
    user,
    relations: dict[str, Iterable[models.Model]] | None = None,
    rows: Iterable[RowChange] = (),
    terms: Iterable[TermChange] = (),
    links: Iterable[Action] | None = None,
    reason: str = "",
) -> Action:
    """Raises StaleVersionError, or ValidationError (RowError when it is about a row). `relations`: many-to-many."""
    save_section(action=action, read_version=read_version, user=user, reason=reason)
    for name, objects in (relations or {}).items():
        sign(action, user=user)
        getattr(action, name).set(objects)
    for change in terms:
        _set_terms(action, change, user=user)
    if links is not None:
        set_links(action=action, others=links, user=user)
    for change in sorted(rows, key=_order):
        _write(change, action, user=user, reason=reason)
    return action


def _order(change: RowChange) -> int:
    """Deletions first, then the pilots that give up being the principal: constraints hold at every moment."""
    if change.delete:
        return 0
    return 2 if isinstance(change.row, ActionPilot) and change.row.role == PilotRole.PRINCIPAL else 1


def _write(change: RowChange, action: Action, *, user, reason: str) -> None:
    row = change.row
    if change.delete:
        _delete(row, action, user=user)
        return
    try:
        for name in ("organisation", "funder"):
            _keep_organisation(row, name, user=user)
        save_as(row, user=user, reason=reason)
        if change.people is not None:
            _name_people(row, change.people, user=user)
    except ValidationError as error:
        raise RowError(row, error) from error


def _delete(row: models.Model, action: Action, *, user) -> None:
    """With a way back: an indicator takes its measurements along. Some rows have gone with another one."""
    if type(row)._base_manager.filter(pk=row.pk).exists():
        delete_with_way_back(row, user=user, root=trash_of(action.contract_id))


def _keep_organisation(row: models.Model, name: str, *, user) -> None:
    """An organisation named for the first time is created; the same name twice is the same organisation."""
    organisation = getattr(row, name, None) if hasattr(row, f"{name}_id") else None
    if organisation is None or organisation.pk:
        return
    present = Organisation.objects.filter(territory=organisation.territory, name__iexact=organisation.name).first()
    created = present or create_organisation(territory=organisation.territory, user=user, name=organisation.name)
    setattr(row, name, created)


def _name_people(pilot: ActionPilot, people: list[Contact], *, user) -> None:
    for person in people:
        if person.pk is None:
            person.organisation = pilot.organisation
            save_as(person, user=user)
    sign(pilot, user=user)
    pilot.contacts.set(people)


def _set_terms(action: Action, change: TermChange, *, user) -> None:
    terms = list(change.terms)
    for label in change.added:
        available = ReferenceTerm.objects.available_in(action.contract).filter(kind=change.kind)
        term = available.filter(label__iexact=label).first()
        if term is None:
            term = create_term(contract=action.contract, user=user, kind=change.kind, label=label)
        terms.append(term)
    set_terms(action=action, usage=change.usage, terms=terms, main=change.main, user=user)


@transaction.atomic
def set_links(*, action: Action, others: Iterable[Action], user) -> None:
    """The fiches that go with this one, whichever side the link was made from."""
    wanted = {other.pk: other for other in others if other.pk != action.pk}
    present = ActionLink.objects.filter(models.Q(action=action) | models.Q(other=action)).order_by("pk")
    for link in present:
        other = link.other_id if link.action_id == action.pk else link.action_id
        if other not in wanted:
            sign(link, user=user)
            link.delete()
        wanted.pop(other, None)
    for other in wanted.values():
        save_as(ActionLink(action=action, other=other), user=user)
