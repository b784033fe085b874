"""What is said of a contract without anybody choosing it; each rule is written once, as a condition on contracts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property

from actions.enums import DraftingState, RemarkKind, TermUsage
from actions.models import Action, ActionTerm, FollowUp, Review, ReviewComment
from cls_portal.core.dates import MonthsBefore, months_before
from contracts.enums import STATES_IN_FORCE, ContractState, DocumentKind, TermKind
from contracts.models import Axis, Contract, Document, ReferenceTerm

MENTAL_HEALTH = "santé mentale"
# Twelve months are what a renewal takes at the least.
MONTHS_BEFORE_THE_END = 12


@dataclass(frozen=True)
class Alert:
    """`icon` of the vocabulary; `label` may name the year that is reported on; `page` is where it can be mended."""

    key: str
    icon: str
    label: str
    rule: str
    page: str
    condition: Callable[["Day"], Q]
    query: str = ""

    def said(self, on: date) -> str:
        return self.label.format(year=on.year - 1)


class Day:
    """The conditions as they are on one day, asked of contracts that come from `prepared`."""

    def __init__(self, on: date):
        self.on = on
        self.reported_year = on.year - 1

    def prepared(self, contracts: QuerySet[Contract]) -> QuerySet[Contract]:
        """Annotates `current_end`, `began_on`, and `silent_since`, the day after which news is recent."""
        return contracts.with_current_end().annotate(
            began_on=Coalesce("start_date", "signed_on"),
            silent_since=MonthsBefore(self.on, "silent_after_months"),
        )

    @property
    def ends_soon(self) -> Q:
        return Q(state__in=STATES_IN_FORCE, current_end__lte=months_before(self.on, -MONTHS_BEFORE_THE_END))

    @property
    def is_silent(self) -> Q:
        news = FollowUp.objects.filter(action__contract=OuterRef("pk"), date__gte=OuterRef("silent_since"))
        return Q(state__in=STATES_IN_FORCE, began_on__lt=F("silent_since")) & ~Q(Exists(news))

    @property
    def owes_a_report(self) -> Q:
        """In force on a day at least of the year before, and not replaced or closed since."""
        year = self.reported_year
        begun = Q(state__in=(*STATES_IN_FORCE, ContractState.EXPIRED), began_on__lte=date(year, 12, 31))
        return begun & (Q(current_end=None) | Q(current_end__gte=date(year, 1, 1)))

    @property
    def reports(self) -> QuerySet[Document]:
        """One made before the year was over does not count."""
        found = Document.objects.filter(kind=DocumentKind.ANNUAL_REPORT, year=self.reported_year)
        return found.filter(Q(as_of=None) | Q(as_of__gte=date(self.reported_year, 12, 31)))

    @property
    def lacks_a_report(self) -> Q:
        return self.owes_a_report & ~Q(Exists(self.reports.filter(contract=OuterRef("pk"))))

    @cached_property
    def mental_health_terms(self) -> list[int]:
        terms = ReferenceTerm.objects.filter(kind=TermKind.THEME, label__contains_folded=MENTAL_HEALTH)
        return list(terms.order_by("pk").values_list("pk", flat=True))

    @property
    def lacks_mental_health(self) -> Q:
        links = ActionTerm.objects.filter(usage=TermUsage.THEME, term__in=self.mental_health_terms)
        kept = links.filter(action__contract=OuterRef("pk")).exclude(action__drafting_state=DraftingState.ARCHIVED)
        return Q(state__in=(ContractState.TO_SIGN, *STATES_IN_FORCE)) & ~Q(Exists(kept))

    @property
    def awaits_an_opinion(self) -> Q:
        return Q(Exists(Review.objects.under_way().filter(contract=OuterRef("pk"))))

    @property
    def has_open_remarks(self) -> Q:
        """Corrections asked by a given avis that no later round follows, and that the ARS has not settled."""
        followed = Review.objects.filter(previous=OuterRef("part__review"), withdrawn_at=None)
        remarks = ReviewComment.objects.filter(kind=RemarkKind.CORRECTION, settled_at=None)
        given = remarks.filter(part__review__contract=OuterRef("pk"), part__review__decided_at__isnull=False)
        return Q(Exists(given.filter(~Exists(followed))))

    @property
    def has_an_empty_axis(self) -> Q:
        empty = Axis.objects.filter(~Exists(Action.objects.filter(axis=OuterRef("pk")).in_plan()))
        return Q(state__in=STATES_IN_FORCE) & Q(Exists(empty.filter(contract=OuterRef("pk"))))


ALERTS = (
    Alert(
        "avis",
        "ars",
        "Avis à donner",
        "la coordination a soumis le contrat ou des fiches, et l’ARS n’a pas encore rendu son avis.",
        "actions:reviews",
        lambda day: day.awaits_an_opinion,
    ),
    Alert(
        "remarques",
        "ars",
        "Remarques en attente",
        "le dernier avis rendu demande des corrections qui ne sont pas toutes levées.",
        "actions:reviews",
        lambda day: day.has_open_remarks,
    ),
    Alert(
        "echeance",
        "retard",
        "Échéance sous 12 mois",
        "le contrat est en vigueur ou prorogé, et sa fin, avenants compris, est passée ou arrive dans les douze mois.",
        "actions:life",
        lambda day: day.ends_soon,
    ),
    Alert(
        "bilan",
        "retard",
        "Bilan {year} manquant",
        "le contrat courait cette année-là et aucun document de nature «\u202fbilan annuel\u202f» n’en rend compte.",
        "actions:annual_report",
        lambda day: day.lacks_a_report,
    ),
    Alert(
        "silence",
        "muette",
        "Sans nouvelle",
        "le contrat est en vigueur, et aucune de ses fiches n’a de point de suivi depuis le nombre de mois choisi par "
        "le contrat (six d’ordinaire).",
        "actions:plan",
        lambda day: day.is_silent,
        "?alerte=silence",
    ),
    Alert(
        "sante-mentale",
        "manque",
        "Sans volet santé mentale",
        "le contrat est à signer ou en vigueur, et aucune fiche de son plan n’a pour thématique la santé mentale.",
        "actions:plan",
        lambda day: day.lacks_mental_health,
    ),
    Alert(
        "axe-vide",
        "manque",
        "Axe sans fiche",
        "le contrat est en vigueur, et un axe au moins n’a pas de fiche.",
        "contracts:axes",
        lambda day: day.has_an_empty_axis,
    ),
)
BY_KEY = {alert.key: alert for alert in ALERTS}


def flag_name(alert: Alert) -> str:
    return f"alert_{alert.key.replace('-', '_')}"
