"""What became of the decisions between two evenings."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from math import inf

from actions.models import DecisionFiche
from actions.plan.as_of import rows_at
from actions.plan.versions import Version
from cls_portal.core.dates import end_of
from cls_portal.core.history import records_around
from contracts.enums import DecisionState
from contracts.models import Contract, Decision, Meeting


@dataclass(frozen=True)
class KeptFiche:
    """One deleted since, as it was last called; after those of the plan."""

    code: str
    title: str
    colour = pk = None
    rank = (True, (), inf, 0)


@dataclass
class FollowedDecision:
    """`decision` as it was on the second evening; `date`: when it was settled, for those that are."""

    decision: Decision
    fiches: list[Version | KeptFiche]
    is_late: bool
    date: date | None


def decisions_followed(
    contract: Contract, user, fiches: dict[int, Version], start: date, end: date
) -> tuple[list[FollowedDecision], list[FollowedDecision]]:
    """Those settled in the meantime, then those still open, among the decisions that this person may read today."""
    readable = Meeting.objects.with_open_papers(user).filter(body__contract=contract)
    records = records_around(Decision, end_of(start), end_of(end), meeting__in=readable)
    was_settled, last = {}, {}
    for record in records.select_related("meeting__body", "owner"):
        if record.history_date < end_of(start):
            was_settled[record.id] = record.history_type != "-" and record.state != DecisionState.OPEN
        last[record.id] = record
    present = [record for record in last.values() if record.history_type != "-"]
    settled = [each for each in present if each.state != DecisionState.OPEN and not was_settled.get(each.id)]
    pending = [each for each in present if each.state == DecisionState.OPEN]
    concerned = _concerned([*settled, *pending], fiches, end)
    told = [
        [_followed(contract, record, concerned, end) for record in sorted(rows, key=_rank)]
        for rows in (settled, pending)
    ]
    return told[0], told[1]


def _rank(record) -> tuple:
    return (record.meeting.starts_at, record.meeting_id, record.number)


def _concerned(records: list, fiches: dict[int, Version], end: date) -> dict[int, list[Version | KeptFiche]]:
    concerned = defaultdict(list)
    for row in rows_at(DecisionFiche, end_of(end), decision_id__in=[record.id for record in records]):
        if row.action_id in fiches:
            concerned[row.decision_id].append(fiches[row.action_id])
        elif row.action_id is None:
            concerned[row.decision_id].append(KeptFiche(row.kept_code, row.kept_title))
    return concerned


def _followed(
    contract: Contract, record, concerned: dict[int, list[Version | KeptFiche]], end: date
) -> FollowedDecision:
    decision = record.instance
    decision.meeting, decision.owner = record.meeting, record.owner
    decision.meeting.body.contract = contract
    fiches = sorted(concerned[decision.pk], key=lambda fiche: fiche.rank)
    settled_on = None if decision.state == DecisionState.OPEN else decision.settled_on
    return FollowedDecision(decision, fiches, decision.is_late_on(end), settled_on)
