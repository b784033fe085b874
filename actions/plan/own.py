"""The fiches on which a person gives news: what somebody who comes a few times a year is here for."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from actions.enums import CLOSED_STATUSES, Status
from actions.models import Action
from actions.plan.rows import alerts, short_date
from cls_portal.core.dates import today
from cls_portal.core.rows import union_of
from contracts.enums import Role
from contracts.models import Contract, Membership

READ = [
    *("contract_id", "pk", "code", "title", "axis__color", "status", "progress"),
    *("deadline", "last_news", "news_since", "is_late", "is_silent"),
]
SHOWN = 12


@dataclass(slots=True)
class OwnFiche:
    contract: Contract
    pk: int
    code: str
    title: str
    colour: int | None
    status: str
    progress: int
    deadline: date | None
    last_news: date | None
    news_since: date | None
    is_late: bool
    is_silent: bool

    @property
    def order(self) -> tuple:
        """Those without recent news first, then those heard of the longest ago; the closed ones last."""
        return (self.status in CLOSED_STATUSES, not self.is_silent, self.last_news or date.min, self.pk)

    @property
    def status_label(self) -> str:
        return Status(self.status).label

    @property
    def last(self) -> str:
        return short_date(self.last_news)

    @property
    def flags(self) -> list[tuple[str, str]]:
        return alerts(self, today())

    @property
    def url(self) -> str:
        return reverse("actions:detail", args=[self.contract.slug, self.pk])

    @property
    def news_url(self) -> str:
        return reverse("actions:follow_up_create", args=[self.contract.slug, self.pk])


@dataclass
class OwnFiches:
    """`plans`: of each contract in which the person pilots, the number of these fiches and their list in the plan."""

    fiches: list[OwnFiche]
    plans: list[tuple[Contract, int, str]]

    @property
    def first(self) -> list[OwnFiche]:
        return self.fiches[:SHOWN]

    @property
    def are_all_shown(self) -> bool:
        return len(self.fiches) <= SHOWN

    @property
    def of_several_contracts(self) -> bool:
        return len(self.plans) > 1


def own_fiches(user, contracts: Iterable[Contract]) -> OwnFiches | None:
    """None for who pilots nothing there. Two queries, whatever the contracts; those that are over are left out."""
    open_ones = {contract.pk: contract for contract in contracts if not contract.is_over}
    acts_for = defaultdict(list)
    held = Membership.objects.filter(user=user, role=Role.PILOT, contract__in=open_ones)
    for contract, organisation in held.order_by("contract", "pk").values_list("contract_id", "organisation_id"):
        acts_for[contract].append(organisation)
    if not acts_for:
        return None
    parts = [_read(open_ones[pk], organisations) for pk, organisations in acts_for.items()]
    fiches = [OwnFiche(open_ones[contract], *row) for contract, *row in union_of(parts)]
    plans = [_plan(open_ones[pk], fiches) for pk in acts_for]
    return OwnFiches(sorted(fiches, key=lambda fiche: fiche.order), plans)


def _read(contract: Contract, organisations: list[int]) -> QuerySet:
    fiches = Action.objects.filter(contract=contract).in_plan().led_by(organisations)
    return fiches.with_alerts(contract).order_by().values_list(*READ)


def _plan(contract: Contract, fiches: list[OwnFiche]) -> tuple[Contract, int, str]:
    number = sum(fiche.contract == contract for fiche in fiches)
    return contract, number, f"{reverse('actions:plan', args=[contract.slug])}?miennes=oui"
