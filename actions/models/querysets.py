"""Questions asked of the plan: which fiches are late, silent, to be completed. Each rule is written once, here."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from actions.enums import CLOSED_STATUSES, STARTED_STATUSES, DraftingState, TermUsage
from cls_portal.core.dates import months_before, today
from contracts.enums import STATES_OVER
from contracts.models import Contract
from contracts.models.scope import ContractScopedQuerySet


def _absent(related: str, **conditions) -> Exists:
    """No row of this reverse relation of the fiche."""
    from actions.models import Action  # its queryset is defined here

    model = Action._meta.get_field(related).related_model
    return ~Exists(model._default_manager.filter(action=OuterRef("pk"), **conditions))


def _last_news() -> Subquery:
    """Read in the index of each fiche: a join would group by every column of the fiche, its long texts included."""
    from actions.models import FollowUp  # it needs the fiche, whose queryset is defined here

    return Subquery(FollowUp.objects.filter(action=OuterRef("pk")).order_by("-date").values("date")[:1])


# What the core of a fiche holds: key, how it is said, the section where it is filled in. Never blocking.
CORE_ELEMENTS = [
    ("axis", "axe", "identite"),
    ("pilot", "pilote", "pilotage"),
    ("deadline", "échéance", "calendrier"),
    ("context", "contexte", "contexte"),
    ("objective", "objectif", "objectifs"),
    ("description", "description", "description"),
    ("audience", "public", "publics"),
    ("theme", "thématique", "publics"),
    ("indicator", "indicateur", "indicateurs"),
    ("rewriting", "texte à réécrire", "description"),
]


def core_gaps() -> dict[str, Q | Exists]:
    """For each core element, the condition under which it is missing."""
    return {
        "axis": Q(axis=None),
        "pilot": _absent("pilots"),
        "deadline": Q(end_date=None, postponed_to=None, is_recurring=False),
        "context": Q(context=""),
        "objective": Q(general_objective="", operational_objectives=""),
        "description": Q(description=""),
        "audience": _absent("action_terms", usage=TermUsage.AUDIENCE),
        "theme": _absent("action_terms", usage=TermUsage.THEME),
        "indicator": _absent("indicators"),
        "rewriting": Q(to_rewrite=True),
    }


# Of the fiches of a contract that is over, nothing more is expected: neither late nor silent.
UNDER_WAY = ~Q(contract__state__in=STATES_OVER)


def _boolean(condition) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


class ActionQuerySet(ContractScopedQuerySet):
    def in_plan(self) -> Self:
        """The fiches that count: archived ones stay readable but leave the plan and its figures."""
        return self.exclude(drafting_state=DraftingState.ARCHIVED)

    def led_by(self, organisations: Iterable[int]) -> Self:
        """Those that one of these organisations leads or co-leads."""
        return self.filter(~_absent("pilots", organisation__in=organisations))

    def with_deadline(self) -> Self:
        """`deadline`: the date announced at the last postponement, else the end of the calendar."""
        return self.annotate(deadline=Coalesce("postponed_to", "end_date"))

    def with_lateness(self, on: date | None = None) -> Self:
        """Annotates `deadline` and `is_late`: past its deadline, neither the fiche nor its contract closed.

        Closed: réalisée, pérennisée, abandonnée, réorientée; a contract: échu, renouvelé, clos.
        """
        late = Q(deadline__lt=on or today(), deadline__isnull=False) & ~Q(status__in=CLOSED_STATUSES) & UNDER_WAY
        return self.with_deadline().annotate(is_late=_boolean(late))

    def with_alerts(self, contract: Contract, on: date | None = None) -> Self:
        """Annotates `deadline`, `is_late`, `last_news`, `is_silent` for the fiches of one contract.

        Silent: begun, not closed, of a contract that is not over, and no follow-up for the contract's number of
        months; where there never was one, the months run from the fiche's start, else from the signature.
        """
        silent_since = months_before(on or today(), contract.silent_after_months)
        return (
            self.with_lateness(on)
            .annotate(last_news=_last_news())
            .annotate(
                news_since=Coalesce("last_news", "start_date", Value(contract.signed_on)),
                heard_of=Coalesce("last_news", "start_date", Value(contract.signed_on or date.min)),
            )
            .annotate(is_silent=_boolean(Q(status__in=STARTED_STATUSES, heard_of__lt=silent_since) & UNDER_WAY))
        )

    def with_gap_flags(self) -> Self:
        """Annotates `no_<element>` for each core element."""
        return self.annotate(**{f"no_{key}": _boolean(condition) for key, condition in core_gaps().items()})

    def with_gaps(self) -> Self:
        """Annotates `no_<element>` for each core element and `gap_count`, the number of those missing."""
        counted = (Cast(F(f"no_{key}"), IntegerField()) for key, _label, _section in CORE_ELEMENTS)
        return self.with_gap_flags().annotate(gap_count=sum(counted, start=Value(0)))

    def late(self, contract: Contract, on: date | None = None) -> Self:
        return self.with_alerts(contract, on).filter(is_late=True)

    def silent(self, contract: Contract, on: date | None = None) -> Self:
        return self.with_alerts(contract, on).filter(is_silent=True)

    def incomplete(self) -> Self:
        return self.with_gaps().filter(gap_count__gt=0)

    def with_arbitration(self) -> Self:
        """Annotates `asks_arbitration`: the last point of follow-up asks for one; a later point closes it."""
        from actions.models import FollowUp  # its fiche's queryset is defined here

        last = FollowUp.objects.filter(action=OuterRef("pk")).order_by("-date", "-pk")
        return self.annotate(asks_arbitration=Subquery(last.values("asks_arbitration")[:1]))

    def asking_for_arbitration(self) -> Self:
        """Those whose last point of follow-up asks for one: an answer, or silence, in a later point closes it."""
        return self.with_arbitration().filter(asks_arbitration=True)

    def in_plan_order(self) -> Self:
        """By axis, the fiches without axis last, then by their own position."""
        return self.order_by(
            F("axis__position").asc(nulls_last=True), F("axis_id").asc(nulls_last=True), "position", "pk"
        )
