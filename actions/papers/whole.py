"""The whole contract as it is signed: its chapters in the usual order, then the fiches in annex."""

from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_

from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils.text import capfirst

from actions.fiche.money import MoneyStage
from actions.models import Action, ActionPartner, ActionPilot, FundingLine
from actions.papers.making import File, framed
from actions.papers.money import planned_by_year
from actions.papers.picture import Picture, PlanPart
from cls_portal.core.dates import today
from cls_portal.core.french import count_noun
from cls_portal.core.pdf import render_pdf
from contracts.models import BodyMember, Contract, GoverningBody, Objective, Organisation, Signatory
from contracts.permissions import people_in_charge
from contracts.services.production import Report

WHOLE, TITLE = "contrat", "Contrat complet"
PAGES_BEFORE, PAGES_PER_FICHE = 8, 1.5


@dataclass(frozen=True)
class Chapter:
    """`text` is what is written of it, `template` what the portal adds; `where` is the page on which it is filled in,
    `note` what it still lacks there."""

    key: str
    title: str
    is_filled: bool
    where: str
    text: str = ""
    template: str = ""
    note: str = ""


class WholeContract:
    """Read part by part: the page that lists the chapters reads no fiche."""

    def __init__(self, contract: Contract, user):
        self.contract, self.user, self.on = contract, user, today()
        self.plan = Picture(contract, user, self.on)

    @cached_property
    def chapters(self) -> list[Chapter]:
        axes = f"{capfirst(self.contract.axis_label)}s et priorités"
        signatories = "contracts:signatories"
        return [
            self.chapter("visas", "Visas", field="recitals"),
            self.chapter("preambule", "Préambule", field="preamble"),
            self.chapter("contexte", "Genèse et contexte", field="presentation"),
            self.chapter("parties", "Parties prenantes", self.signatories, signatories),
            self.chapter("perimetre", "Périmètre et population", self.communes, "contracts:perimeter"),
            self.chapter("diagnostic", "Diagnostic", field="diagnostic_summary"),
            self.chapter("axes", axes, self.contract.axes.all(), "contracts:axes"),
            self.chapter("articulation", "Articulation avec les autres démarches", field="articulation"),
            self.chapter("gouvernance", "Gouvernance et pilotage", self.bodies, field="governance_terms"),
            self.chapter(
                "engagements", "Engagements réciproques", self.committed, signatories, note=self.silent_words
            ),
            self.chapter("financement", "Financement", self.has_funding, field="funding_terms"),
            self.chapter("duree", "Durée et révision", self.has_dates, field="duration_terms"),
            self.chapter("evaluation", "Suivi et évaluation", field="evaluation_method"),
            self.chapter("signatures", "Signatures", self.signatories, signatories),
            self.chapter("fiches", "Annexe\u00a0: fiches actions", self.has_fiches, "actions:plan"),
            self.chapter("sigles", "Annexe\u00a0: sigles et noms courts", self.short_names, "contracts:organisations"),
        ]

    def chapter(
        self, key: str, title: str, held=None, page: str = "contracts:edit", *, field: str = "", note: str = ""
    ):
        """`held`: what the portal knows and prints below the text of `field`."""
        text = getattr(self.contract, field) if field else ""
        template = f"pdf/contract/_{key}.html" if held else ""
        where = reverse(page, args=[self.contract.slug])
        return Chapter(key, title, bool(text or held), where, text, template, note if held else "")

    @property
    def filled(self) -> list[Chapter]:
        return [chapter for chapter in self.chapters if chapter.is_filled]

    # What the chapters hold

    @cached_property
    def signatories(self) -> list[Signatory]:
        return list(self.contract.signatories.select_related("organisation", "representative", "amendment"))

    @property
    def committed(self) -> list[Signatory]:
        return [signatory for signatory in self.signatories if signatory.commitments]

    @property
    def silent_words(self) -> str:
        silent = len(self.signatories) - len(self.committed)
        return f"{count_noun(silent, 'signataire')} sans engagement écrit" if silent else ""

    @cached_property
    def communes(self) -> list[str]:
        present = self.contract.perimeter.present(self.on).select_related("commune").order_by("commune__name")
        return [link.commune.name for link in present]

    @cached_property
    def bodies(self) -> list[GoverningBody]:
        seats = BodyMember.objects.present(self.on).in_order()
        seats = seats.select_related("organisation", "representative", "person__organisation")
        return list(self.contract.bodies.active(self.on).prefetch_related(Prefetch("members", seats, "seats")))

    @cached_property
    def in_charge(self) -> dict[str, list[str]]:
        return people_in_charge(self.contract)

    @cached_property
    def has_funding(self) -> bool:
        return FundingLine.objects.filter(action__contract=self.contract, planned__isnull=False).exists()

    @cached_property
    def has_fiches(self) -> bool:
        return Action.objects.visible_to(self.user).filter(contract=self.contract).in_plan().exists()

    @property
    def has_dates(self) -> bool:
        return bool(self.contract.start_date or self.contract.end)

    @cached_property
    def amendments(self) -> list:
        return list(self.contract.amendments.all())

    @cached_property
    def funding(self) -> tuple[list[int], MoneyStage] | None:
        return planned_by_year(self.plan.money)

    @cached_property
    def axes(self) -> list[tuple[PlanPart, list[Objective]]]:
        """Each axis with its objectives, the upper level first, and its fiches."""
        objectives = list(
            Objective.objects.filter(axis__contract=self.contract, parent=None).prefetch_related("children")
        )
        parts = [part for part in self.plan.parts if part.axis]
        return [(part, [each for each in objectives if each.axis_id == part.axis.pk]) for part in parts]

    @cached_property
    def short_names(self) -> list[tuple[str, str]]:
        """Of the organisations that the contract names: those that sign, sit, lead, take part or fund."""
        of_fiches = {"action__contract": self.contract}
        named = [
            self.contract.signatories.values("organisation"),
            BodyMember.objects.filter(body__contract=self.contract).values("organisation"),
            *(model.objects.filter(**of_fiches).values("organisation") for model in (ActionPilot, ActionPartner)),
            FundingLine.objects.filter(**of_fiches).values("funder"),
        ]
        cited = reduce(or_, [Q(pk__in=rows.order_by()) for rows in named])
        known = Organisation.objects.filter(cited).exclude(short_name="").exclude(short_name=F("name"))
        return list(known.order_by("short_name", "pk").values_list("short_name", "name"))


def whole_context(contract: Contract, user) -> dict:
    return framed(contract, today()) | {"whole": WholeContract(contract, user)}


def whole_pdf(contract: Contract, user, report: Report) -> File:
    context = whole_context(contract, user)
    pages = PAGES_BEFORE + round(PAGES_PER_FICHE * len(context["whole"].plan.fiches))
    content = render_pdf("pdf/contract.html", context, on_page=lambda page: report(page, pages))
    return f"{TITLE}, {contract}, {today():%Y-%m-%d}.pdf", content
