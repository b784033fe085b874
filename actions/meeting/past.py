"""The fiches of a point or of a decision: now, or as they were when somebody read the record before it changed."""

from django.db import models
from django.db.models import QuerySet

from actions.models import AgendaFiche, DecisionFiche
from cls_portal.core.versioning import VersionedModel
from contracts.models import AgendaItem, Decision

LINKS = {AgendaItem: (AgendaFiche, "item"), Decision: (DecisionFiche, "decision")}


def fiches_read(record: AgendaItem | Decision) -> list[int]:
    """Their keys, in order. `record` may come from its history (`state_at`)."""
    model, name = LINKS[type(record)]
    line = getattr(record, "_history", None)
    if line is None:
        present = model.objects.filter(**{name: record.pk}).exclude(action=None)
        return list(present.values_list("action_id", flat=True))
    rows = model.history.filter(**{name: record.pk}).order_by("history_date", "history_id")
    after = following(record, line)
    if after:
        rows = rows.filter(history_date__lt=after.history_date)
    last = {row.id: row for row in rows}
    return [row.action_id for row in last.values() if row.history_type != "-" and row.action_id]


def decisions_read(item: AgendaItem) -> QuerySet[Decision]:
    """Those that a point follows, or followed."""
    line = getattr(item, "_history", None)
    keys = item.decisions.all() if line is None else [link.decision_id for link in line.decisions.all()]
    return Decision.objects.filter(pk__in=keys).select_related("meeting").in_number_order()


def following(record: models.Model, line: models.Model) -> models.Model | None:
    """The line of history that ended the state read: rows of the parts are written after that of the record."""
    if isinstance(record, VersionedModel):
        later = type(record).history.filter(id=record.pk, version__gt=line.version)
    else:
        later = type(record).history.filter(id=record.pk, history_id__gt=line.history_id)
    return later.order_by("history_date", "history_id").first()
