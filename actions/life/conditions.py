"""What a passage expects, met or missing: advice, but for what the passage itself consists of (`is_needed`)."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from actions.enums import CLOSED_STATUSES, DRAFTING_STATES, Opinion, Status, TermUsage
from actions.filters import UNFINISHED
from actions.governance import decision_counts
from actions.life.stages import has_ended
from actions.models import Action, Review
from actions.region.alerts import MENTAL_HEALTH
from cls_portal.core.french import count_noun, long_date
from contracts.enums import STATES_BEFORE_SIGNATURE, Capacity, ContractState, DocumentKind
from contracts.models import Contract, Document
from contracts.permissions import can_renew_contract

# What each fiche of a plan to be signed holds: gap, in words, value of the filter « Il manque » of the plan.
FICHE_PARTS = [
    ("pilot", "un pilote", "pilote"),
    ("objective", "un objectif", "objectif"),
    ("deadline", "un calendrier", "echeance"),
    ("audience", "un public", "public"),
    ("indicator", "un indicateur", "indicateur"),
]
REPORTS = (DocumentKind.REPORT, DocumentKind.ANNUAL_REPORT)


@dataclass(frozen=True)
class Condition:
    label: str
    is_met: bool
    detail: str = ""
    url: str = ""
    is_needed: bool = False


def conditions_of(contract: Contract, state: str, user) -> list[Condition]:
    return _CONDITIONS[state](contract, user)


def opinion_given(contract: Contract) -> Condition:
    """The last avis given on the whole contract."""
    last = Review.objects.filter(contract=contract, is_whole=True).given().order_by("-decided_at").first()
    is_met = last is not None and last.opinion != Opinion.REWORK
    detail = last.get_opinion_display() if last else "aucun avis sur le contrat entier"
    return Condition(
        "L’ARS a donné un avis favorable", is_met, detail, reverse("actions:reviews", args=[contract.slug])
    )


def to_draft(contract: Contract, user) -> list[Condition]:
    leads = contract.signatories.filter(capacity=Capacity.LEAD).exists()
    return [
        Condition("Le porteur est nommé", leads, url=_settings(contract, "signatories")),
        Condition(
            "Les communes du périmètre sont connues",
            contract.perimeter.exists(),
            url=_settings(contract, "perimeter"),
        ),
        Condition(
            "Un comité ou un groupe projet est installé",
            contract.bodies.exists(),
            url=reverse("actions:governance", args=[contract.slug]),
        ),
    ]


def to_sign(contract: Contract, user) -> list[Condition]:
    plan = plan_conditions(contract, user)
    return [*plan, opinion_given(contract), *named(contract)]


def plan_conditions(contract: Contract, user) -> list[Condition]:
    url = reverse("actions:plan", args=[contract.slug])
    actions = Action.objects.visible_to(user).filter(contract=contract).in_plan()
    missing = {f"without_{key}": Count("pk", filter=Q(**{f"no_{key}": True})) for key, _words, _filter in FICHE_PARTS}
    found = actions.with_gap_flags().aggregate(
        total=Count("pk"), drafts=Count("pk", filter=Q(drafting_state__in=DRAFTING_STATES)), **missing
    )
    written = found["total"] > 0
    return [
        axes_filled(contract, url),
        *(
            _on_fiches(f"Chaque fiche a {words}", found[f"without_{key}"], f"{url}?manque={name}", written=written)
            for key, words, name in FICHE_PARTS
        ),
        Condition(
            "Les fiches sont validées",
            written and not found["drafts"],
            f"{count_noun(found['drafts'], 'fiche')} en rédaction" if written else "aucune fiche",
            f"{url}?redaction={UNFINISHED}",
        ),
        Condition(
            "Le plan a un volet santé mentale",
            actions.filter(
                action_terms__usage=TermUsage.THEME, action_terms__term__label__contains_folded=MENTAL_HEALTH
            ).exists(),
            "aucune fiche n’a pour thématique la santé mentale",
            url,
        ),
    ]


def axes_filled(contract: Contract, url: str) -> Condition:
    empty = contract.axes.exclude(actions__in=Action.objects.filter(contract=contract).in_plan())
    titles = [str(axis) for axis in empty]
    label = f"Chaque {contract.axis_label} a une fiche"
    if not titles and not contract.axes.exists():
        return Condition(label, is_met=False, detail=f"aucun premier niveau ({contract.axis_label})", url=url)
    return Condition(label, not titles, ", ".join(titles), url)


def named(contract: Contract) -> list[Condition]:
    signatories = list(contract.signatories.select_related("organisation"))
    silent = [str(each.organisation) for each in signatories if not each.commitments]
    url = _settings(contract, "signatories")
    return [
        Condition("Les signataires sont nommés", bool(signatories), url=url),
        Condition(
            "Chaque signataire a écrit ses engagements", bool(signatories) and not silent, ", ".join(silent), url
        ),
    ]


def to_be_in_force(contract: Contract, user) -> list[Condition]:
    """The dates are asked by the passage itself."""
    dates = [contract.start_date, contract.end_date]
    unsigned = [str(each) for each in contract.signatories.filter(signed_on=None).select_related("organisation")]
    plan = [each for each in plan_conditions(contract, user) if not each.is_met]
    return [
        Condition(
            "La date de signature est donnée", contract.signed_on is not None, "demandée au passage", is_needed=True
        ),
        Condition("Le début et la fin du contrat sont fixés", all(dates), "demandés au passage", is_needed=True),
        Condition(
            "Chaque signataire a signé",
            contract.signatories.exists() and not unsigned,
            ", ".join(unsigned),
            _settings(contract, "signatories"),
        ),
        opinion_given(contract),
        *plan,
    ]


def to_expire(contract: Contract, user) -> list[Condition]:
    end = contract.end
    detail = f"elle est prévue le {long_date(end)}" if end else "elle n’est pas fixée"
    return [Condition("La date de fin est passée", has_ended(contract), detail, is_needed=end is not None)]


def to_renew(contract: Contract, user) -> list[Condition]:
    """The next generation may live outside the portal, and out of the reader's scope."""
    found = Contract.objects.visible_to(user).later_than(contract).first()
    url = found.get_absolute_url() if found else ""
    if can_renew_contract(user, contract):
        url = reverse("contracts:renew", args=[contract.slug])
    signed = bool(found) and found.state not in STATES_BEFORE_SIGNATURE
    return [
        Condition("La génération suivante est ouverte", bool(found), str(found or ""), url),
        Condition("Elle est signée", signed, found.get_state_display().lower() if found else "", url if found else ""),
    ]


def to_close(contract: Contract, user) -> list[Condition]:
    reports = Document.objects.visible_to(user).filter(contract=contract, kind__in=REPORTS)
    decisions = decision_counts(contract, user).open
    plan = Action.objects.visible_to(user).filter(contract=contract).in_plan()
    going_on = plan.exclude(status__in=CLOSED_STATUSES).count()
    unfinished = urlencode({"statut": [each.value for each in Status if each not in CLOSED_STATUSES]}, doseq=True)
    return [
        Condition(
            "Un bilan ou une évaluation est gardé",
            reports.exists(),
            "aucun bilan ni rapport parmi les documents",
            reverse("contracts:documents", args=[contract.slug]),
        ),
        Condition("L’évaluation est terminée", not contract.in_evaluation, "elle est en cours"),
        Condition(
            "Aucune décision n’est ouverte",
            not decisions,
            count_noun(decisions, "décision ouverte", "décisions ouvertes"),
            f"{reverse('actions:decisions', args=[contract.slug])}?etat=ouverte",
        ),
        Condition(
            "Chaque fiche est close",
            not going_on,
            count_noun(going_on, "fiche encore ouverte", "fiches encore ouvertes"),
            f"{reverse('actions:plan', args=[contract.slug])}?{unfinished}",
        ),
    ]


def _on_fiches(label: str, missing: int, url: str, *, written: bool) -> Condition:
    """`written`: there is at least one fiche of which to say it."""
    detail = f"il manque à {count_noun(missing, 'fiche')}" if written else "aucune fiche"
    return Condition(label, written and not missing, detail, url)


def _settings(contract: Contract, name: str) -> str:
    return reverse(f"contracts:{name}", args=[contract.slug])


_CONDITIONS: dict[str, Callable[[Contract, object], list[Condition]]] = {
    ContractState.DRAFTING: to_draft,
    ContractState.TO_SIGN: to_sign,
    ContractState.IN_FORCE: to_be_in_force,
    ContractState.EXPIRED: to_expire,
    ContractState.RENEWED: to_renew,
    ContractState.CLOSED: to_close,
}
