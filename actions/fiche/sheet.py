"""A fiche as it is read: what each section shows, and what it hides because nobody filled it in."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch, Q
from django.utils.functional import cached_property

from actions.enums import PartnerState, PilotRole, StepState
from actions.fiche import facts
from actions.fiche.money import money_table
from actions.fiche.sections import SECTIONS, Section
from actions.measures import Reading, by_year
from actions.models import (
    Action,
    ActionPartner,
    ActionPilot,
    ActionTerm,
    DecisionFiche,
    FollowUp,
    FundingLine,
    Step,
)
from actions.models.querysets import CORE_ELEMENTS
from actions.wording import date_words, since_words
from cls_portal.core import french
from cls_portal.core.dates import today
from contracts.models import Contract

NEWS_ON_THE_PAGE = 5
CORE_TEXTS = {"context", "general_objective", "description"}
STEP_ICONS = {StepState.TO_DO: "non_demarree", StepState.DOING: "en_cours", StepState.DONE: "realisee"}


def readable(user, contract: Contract):
    """The fiches of `contract` with what print and page read of each: as many queries for one as for all."""
    return (
        Action.objects.visible_to(user)
        .filter(contract=contract)
        .with_alerts(contract)
        .with_gaps()
        .select_related("axis", "objective__parent", "successor", "elected_contact__organisation")
        .prefetch_related(
            Prefetch("action_terms", ActionTerm.objects.select_related("term")),
            Prefetch("steps", Step.objects.select_related("organisation")),
            Prefetch("funding_lines", FundingLine.objects.select_related("funder", "scheme")),
            Prefetch("pilots", ActionPilot.objects.select_related("organisation").prefetch_related("contacts")),
            Prefetch("partners", ActionPartner.objects.select_related("organisation")),
            "indicators__measurements",
            "indicators__targets",
            "documents",
        )
    )


@dataclass
class Sheet:
    """What the template asks of a fiche that comes from `readable()`. `editor` also sees what is empty; delays are
    told on the day `on`; `decisions` are those that concern it and that the person may read; `is_chained`: it comes
    from an earlier contract, or something became of it in a later one."""

    action: Action
    editor: bool = False
    on: date = field(default_factory=today)
    decisions: Sequence[DecisionFiche] = ()
    is_chained: bool = False

    @property
    def sections(self) -> list[Section]:
        """The decisions are not filled in here: without any, the section says nothing to anybody."""
        shown = [section for section in SECTIONS if self.editor or self.shows(section.key)]
        return [section for section in shown if self.decisions or section.key != "decisions"]

    def shows(self, key: str) -> bool:
        shown = {
            "etapes": self.steps,
            "moyens": self.money or self.means,
            "evaluation": self.texts["evaluation"] or self.action.participation,
            "liens": self.linked or self.is_chained or self.action.successor_id,
            "documents": self.action.documents.all(),
        }
        return bool(shown.get(key, True))

    @cached_property
    def gaps(self) -> list[tuple[str, str]]:
        """What is missing from the core of the fiche: (what, section where it is filled in)."""
        return [(label, key) for name, label, key in CORE_ELEMENTS if getattr(self.action, f"no_{name}")]

    @cached_property
    def texts(self) -> dict[str, list[tuple[str, str]]]:
        """Per section: (label, text) of what is filled in; a core text that is missing comes empty."""
        found = {}
        for section in SECTIONS:
            pairs = [(name, self.label(name), getattr(self.action, name)) for name in section.texts]
            found[section.key] = [(label, text) for name, label, text in pairs if text or name in CORE_TEXTS]
        return found

    @property
    def printed_texts(self) -> list[dict]:
        """The sections made of long texts, in order, without those that nobody filled in."""
        return [
            {"title": section.title, "pairs": self.texts[section.key]}
            for section in SECTIONS
            if self.texts[section.key]
        ]

    def label(self, name: str) -> str:
        label = str(self.action._meta.get_field(name).verbose_name)
        return label[:1].upper() + label[1:]

    # The head

    @property
    def lateness(self) -> str:
        if not self.action.is_late:
            return ""
        return f"En retard, {since_words((self.on - self.action.deadline).days)}"

    @property
    def silence(self) -> str:
        if not self.action.is_silent:
            return ""
        since = self.action.news_since
        return f"Sans nouvelle, {since_words((self.on - since).days)}" if since else "Sans nouvelle"

    @property
    def deadline(self) -> str:
        if self.action.postponed_to:
            return date_words(self.action.postponed_to)
        return date_words(self.action.end_date, self.action.end_precision)

    @property
    def last_news_age(self) -> str:
        if not self.action.last_news:
            return ""
        days = (self.on - self.action.last_news).days
        return f"il y a {since_words(days)}" if days > 0 else "aujourd’hui"

    # The sections

    @cached_property
    def steps(self) -> list[tuple[Step, str, bool]]:
        """(step, icon of its state, late)."""
        found, is_over = [], self.action.contract.is_over
        for step in self.action.steps.all():
            is_past = step.end_date is not None and step.end_date < self.on
            late = is_past and step.state != StepState.DONE and not is_over
            found.append((step, STEP_ICONS[step.state], late))
        return found

    @property
    def steps_done(self) -> str:
        done = sum(step.state == StepState.DONE for step, _icon, _late in self.steps)
        if not self.steps:
            return ""
        return f"{french.count_noun(done, 'étape')} faite{'s' if done > 1 else ''} sur {len(self.steps)}"

    @cached_property
    def terms(self) -> dict[str, str]:
        """Per usage, the terms in one line, the main one said so."""
        found = defaultdict(list)
        for link in self.action.action_terms.all():
            found[link.usage].append(f"{link.term.label} (principale)" if link.is_main else link.term.label)
        return {usage: ", ".join(labels) for usage, labels in found.items()}

    @property
    def identity(self) -> list[tuple[str, str]]:
        return facts.shown(facts.identity(self.action))

    @property
    def audience(self) -> list[tuple[str, str]]:
        return facts.shown(facts.audience(self.action, self.terms))

    @property
    def timetable(self) -> list[tuple[str, str]]:
        return facts.shown(facts.timetable(self.action))

    @cached_property
    def pilots(self) -> list[ActionPilot]:
        return sorted(self.action.pilots.all(), key=lambda pilot: pilot.role != PilotRole.PRINCIPAL)

    @cached_property
    def partners(self) -> list[tuple[str, str]]:
        found = []
        for state in PartnerState:
            partners = [partner for partner in self.action.partners.all() if partner.state == state]
            if partners:
                found.append((f"Partenaires {state.label}s", ", ".join(map(partner_words, partners))))
        return found

    @cached_property
    def means(self) -> list[tuple[str, str]]:
        return facts.shown(facts.means(self.action))

    @cached_property
    def money(self):
        return money_table(self.action.funding_lines.all())

    @cached_property
    def readings(self) -> list[Reading]:
        return [Reading(indicator, self.on) for indicator in self.action.indicators.all()]

    @cached_property
    def indicators(self):
        return by_year(self.readings)

    @cached_property
    def linked(self) -> list[Action]:
        """Whichever side the link was made from."""
        either = Q(links_in__action=self.action) | Q(links_out__other=self.action)
        return list(Action.objects.filter(either).distinct().select_related("axis").in_plan_order())


def news_of(action: Action, limit: int | None = None):
    """The points of follow-up, newest first, with what each says."""
    points = FollowUp.objects.filter(action=action).prefetch_related("brakes")
    return points[:limit] if limit else points


def decisions_on(action: Action, user) -> list[DecisionFiche]:
    """The latest meeting first."""
    links = DecisionFiche.objects.readable_by(user).filter(action=action)
    return list(
        links.select_related("decision__meeting__body", "decision__owner").order_by(
            "-decision__meeting__starts_at", "-decision__meeting", "-decision__number"
        )
    )


def partner_words(partner: ActionPartner) -> str:
    return partner.organisation.label + (f" ({partner.get_role_display()})" if partner.role else "")
