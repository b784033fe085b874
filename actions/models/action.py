"""The fiche action, and what qualifies or links it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from actions.enums import (
    PROGRESS_STEPS,
    STATUSES_WITH_REASON,
    ActionKind,
    DatePrecision,
    DraftingState,
    Origin,
    Participation,
    Priority,
    Status,
    TermUsage,
)
from actions.models.querysets import ActionQuerySet
from actions.wording import period_bounds
from cls_portal.core.versioning import VersionedModel
from contracts.models import Axis, Commune, Contact, Contract, Document, Objective, Organisation, ReferenceTerm
from contracts.models.scope import ContractScopedQuerySet

LONG = 20000
MEDIUM = 10000


class Action(VersionedModel):
    """Only the title is compulsory. Long texts are Markdown; lists (objectives, results) have one item per line."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="actions", verbose_name="contrat")
    axis = models.ForeignKey(Axis, models.SET_NULL, null=True, blank=True, related_name="actions", verbose_name="axe")
    objective = models.ForeignKey(
        Objective, models.SET_NULL, null=True, blank=True, related_name="actions", verbose_name="objectif"
    )
    position = models.PositiveIntegerField("rang", default=0)
    code = models.CharField("numéro", max_length=20, blank=True, help_text="Libre\u00a0: 2.1.3, A, FA 12…")
    title = models.CharField("intitulé", max_length=300)
    kind = models.CharField("nature", max_length=20, choices=ActionKind, default=ActionKind.THEMATIC)
    origin = models.CharField("origine", max_length=20, choices=Origin, default=Origin.NEW)
    carried_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="carried_to", verbose_name="reconduite de"
    )
    to_rewrite = models.BooleanField("texte à réécrire", default=False, editable=False)
    priority = models.CharField("priorité", max_length=10, choices=Priority, blank=True)
    entered_on = models.DateField(
        "entrée dans le plan le", null=True, blank=True, help_text="À remplir si la fiche s’ajoute après la signature."
    )
    drafting_state = models.CharField("rédaction", max_length=20, choices=DraftingState, default=DraftingState.DRAFT)

    status = models.CharField("statut", max_length=20, choices=Status, default=Status.NOT_STARTED)
    status_reason = models.TextField("motif", blank=True, max_length=2000)
    status_since = models.DateField("statut depuis le", null=True, blank=True, editable=False)
    progress = models.PositiveSmallIntegerField("avancement", choices=PROGRESS_STEPS, default=0)
    postponed_to = models.DateField("reportée au", null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaced", verbose_name="réorientée vers"
    )

    context = models.TextField("contexte et constats", blank=True, max_length=LONG)
    general_objective = models.TextField("objectif général", blank=True, max_length=MEDIUM)
    specific_objectives = models.TextField("objectifs spécifiques", blank=True, max_length=MEDIUM)
    operational_objectives = models.TextField("objectifs opérationnels", blank=True, max_length=MEDIUM)
    expected_results = models.TextField("résultats attendus", blank=True, max_length=MEDIUM)
    description = models.TextField("description, modalités de mise en œuvre", blank=True, max_length=LONG)
    deliverables = models.TextField("livrables", blank=True, max_length=MEDIUM)
    audience_detail = models.TextField("précisions sur le public", blank=True, max_length=2000)
    covers_whole_territory = models.BooleanField("tout le territoire du contrat", default=True)
    communes = models.ManyToManyField(Commune, blank=True, related_name="actions", verbose_name="communes concernées")
    territory_detail = models.TextField("précisions sur le territoire", blank=True, max_length=2000)

    start_date = models.DateField("début", null=True, blank=True)
    start_precision = models.CharField(
        "précision du début", max_length=10, choices=DatePrecision, default=DatePrecision.DAY
    )
    end_date = models.DateField("échéance", null=True, blank=True)
    end_precision = models.CharField(
        "précision de l’échéance", max_length=10, choices=DatePrecision, default=DatePrecision.DAY
    )
    is_recurring = models.BooleanField("action récurrente", default=False)
    calendar_detail = models.TextField("précisions sur le calendrier", blank=True, max_length=2000)

    elected_contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="élu·e référent·e"
    )
    human_means = models.TextField("moyens humains", blank=True, max_length=5000)
    full_time_equivalents = models.DecimalField(
        "équivalents temps plein", max_digits=6, decimal_places=2, null=True, blank=True
    )
    material_means = models.TextField("moyens matériels", blank=True, max_length=5000)
    in_kind = models.TextField("contributions en nature, droit commun mobilisé", blank=True, max_length=5000)
    evaluation_method = models.TextField("méthode d’évaluation", blank=True, max_length=5000)
    planned_levers = models.TextField("leviers", blank=True, max_length=5000)
    caution_points = models.TextField("points de vigilance", blank=True, max_length=5000)
    participation = models.CharField("participation des habitants", max_length=20, choices=Participation, blank=True)
    regional_plan_link = models.TextField("lien avec le projet régional de santé", blank=True, max_length=2000)
    schemes_detail = models.TextField("articulation avec d’autres démarches", blank=True, max_length=2000)
    documents = models.ManyToManyField(Document, blank=True, related_name="actions", verbose_name="documents")
    terms = models.ManyToManyField(ReferenceTerm, through="ActionTerm", related_name="actions")

    history = HistoricalRecords(m2m_fields=[communes, documents])
    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche action"
        verbose_name_plural = "fiches actions"
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["contract", "position"], name="action_contract_position")]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_date__isnull=True) | Q(start_date__isnull=True) | Q(end_date__gte=F("start_date")),
                name="action_dates_ordered",
                violation_error_message="L’échéance précède le début.",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=STATUSES_WITH_REASON) | ~Q(status_reason=""),
                name="action_status_reason",
                violation_error_message="Ce statut demande un motif.",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.POSTPONED) | Q(postponed_to__isnull=False),
                name="action_postponed_date",
                violation_error_message="Une fiche reportée demande une nouvelle date.",
            ),
            models.CheckConstraint(
                condition=Q(progress__in=[value for value, _label in PROGRESS_STEPS]),
                name="action_progress_steps",
                violation_error_message="L’avancement se dit par pas de 25\u00a0%.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()

    def get_absolute_url(self) -> str:
        return reverse("actions:detail", args=[self.contract.slug, self.pk])

    def clean(self) -> None:
        if self.start_date:
            self.start_date = period_bounds(self.start_date, self.start_precision)[0]
        if self.end_date:
            self.end_date = period_bounds(self.end_date, self.end_precision)[1]
        if self.axis_id and self.axis.contract_id != self.contract_id:
            raise ValidationError({"axis": "Cet axe appartient à un autre contrat."})
        if self.objective_id and self.objective.axis_id != self.axis_id:
            raise ValidationError({"objective": "Cet objectif appartient à un autre axe."})
        if self.status == Status.REDIRECTED and not self.successor_id:
            raise ValidationError({"successor": "Une fiche réorientée demande la fiche qui prend la suite."})
        if self.successor_id and self.successor_id == self.pk:
            raise ValidationError({"successor": "Une fiche ne peut pas prendre sa propre suite."})
        if self.successor_id and self.successor.contract_id != self.contract_id:
            raise ValidationError({"successor": "La fiche qui prend la suite appartient à un autre contrat."})
        if self.carried_from_id and self.carried_from.contract.territory_id != self.contract.territory_id:
            raise ValidationError({"carried_from": "Cette fiche appartient à un autre territoire."})
        if self.elected_contact_id:
            refuse_foreign(self, elected_contact=self.elected_contact.organisation)

    def set_of_terms(self, usage: TermUsage) -> list["ActionTerm"]:
        """In one query for all usages when `action_terms__term` was prefetched."""
        return [link for link in self.action_terms.all() if link.usage == usage]


def refuse_foreign(action: Action, **organisations: Organisation) -> None:
    """A fiche refers to the organisations of its territory and to no other's; the keys are the fields that say so."""
    for name, organisation in organisations.items():
        if organisation.territory_id != action.contract.territory_id:
            raise ValidationError({name: "Cette structure appartient à un autre territoire."})


def refuse_foreign_term(action: Action, **terms: ReferenceTerm) -> None:
    for name, term in terms.items():
        if term.contract_id not in (None, action.contract_id):
            raise ValidationError({name: "Ce terme est propre à un autre contrat."})


class ActionPartQuerySet(ContractScopedQuerySet):
    contract_path = "action__contract"


class ActionTerm(models.Model):
    """A term of the reference lists that qualifies a fiche, in one of several capacities."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="action_terms", verbose_name="fiche action")
    term = models.ForeignKey(ReferenceTerm, models.RESTRICT, related_name="action_terms", verbose_name="terme")
    usage = models.CharField("usage", max_length=20, choices=TermUsage)
    is_main = models.BooleanField("principal", default=False)

    history = HistoricalRecords()
    objects = ActionPartQuerySet.as_manager()

    class Meta:
        verbose_name = "terme choisi (thématique, public…)"
        verbose_name_plural = "thématiques, publics et autres termes choisis"
        ordering = ["usage", "-is_main", "term__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "usage", "term"],
                name="action_term_unique",
                violation_error_message="La fiche porte déjà ce terme.",
            ),
            models.UniqueConstraint(
                fields=["action", "usage"],
                condition=Q(is_main=True),
                name="action_term_one_main",
                violation_error_message="Une seule thématique est la principale.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.term)

    def clean(self) -> None:
        if self.term_id:
            refuse_foreign_term(self.action, term=self.term)


class ActionLink(models.Model):
    """Two fiches that go together; stored once, read from both sides."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="links_out", verbose_name="fiche action")
    other = models.ForeignKey(Action, models.CASCADE, related_name="links_in", verbose_name="fiche liée")

    history = HistoricalRecords()
    objects = ActionPartQuerySet.as_manager()

    class Meta:
        verbose_name = "lien entre fiches"
        verbose_name_plural = "liens entre fiches"
        constraints = [
            models.UniqueConstraint(
                fields=["action", "other"],
                name="action_link_unique",
                violation_error_message="Ces fiches sont déjà liées.",
            ),
            models.CheckConstraint(
                condition=~Q(action=F("other")),
                name="action_link_not_self",
                violation_error_message="Une fiche ne se lie pas à elle-même.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} ↔ {self.other}"

    def clean(self) -> None:
        if self.other_id and self.other.contract_id != self.action.contract_id:
            raise ValidationError({"other": "Cette fiche appartient à un autre contrat."})
