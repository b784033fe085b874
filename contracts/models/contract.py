"""The contrat local de santé: one generation of a territory's lineage, its perimeter, its parties and its avenants."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from simple_history.models import HistoricalRecords

from cls_portal.core.dates import today
from cls_portal.core.versioning import VersionedModel
from contracts.enums import (
    STATES_BEFORE_SIGNATURE,
    STATES_IN_FORCE,
    STATES_OVER,
    Capacity,
    ContractKind,
    ContractState,
    Role,
)
from contracts.models.membership import Membership
from contracts.models.organisation import Contact, Organisation
from contracts.models.scope import ContractScopedQuerySet
from contracts.models.territory import Commune, Territory

FLAGS = ("in_evaluation", "in_renewal")
# The chapters that people write, in the order of a signed contract.
TEXTS = (
    *("recitals", "preamble", "presentation", "diagnostic_summary", "articulation"),
    *("governance_terms", "funding_terms", "duration_terms", "evaluation_method"),
)


class ContractQuerySet(models.QuerySet):
    def visible_to(self, user, roles: Iterable[str] = ()) -> "ContractQuerySet":
        """The contracts in whose scope `user` holds a role, one of `roles` when given."""
        if user.is_superuser:
            return self
        held = Membership.objects.filter(user=user if user.is_authenticated else None)
        held = held.filter(role__in=roles) if roles else held
        return self.filter(
            Exists(
                held.filter(
                    Q(contract=OuterRef("pk"))
                    | Q(territory=OuterRef("territory"))
                    | Q(department=OuterRef("territory__department"))
                    | Q(region=OuterRef("territory__department__region"))
                    | Q(role=Role.NATIONAL_READER)
                )
            )
        )

    def in_force_first(self) -> "ContractQuerySet":
        in_force = Q(state__in=STATES_IN_FORCE)
        return self.order_by(
            Case(When(in_force, then=0), default=1), "territory__name", F("start_date").desc(nulls_last=True), "pk"
        )

    def earlier_than(self, contract: "Contract") -> "ContractQuerySet":
        """The generations of its territory before this one, the last first."""
        found = self.filter(territory=contract.territory_id, generation__lt=contract.generation)
        return found.order_by("-generation", F("start_date").desc(nulls_last=True), "-pk")

    def later_than(self, contract: "Contract") -> "ContractQuerySet":
        """The generations of its territory after this one, the next first."""
        found = self.filter(territory=contract.territory_id, generation__gt=contract.generation)
        return found.order_by("generation", "pk")

    def with_current_end(self) -> "ContractQuerySet":
        """Annotates `current_end`: the end set by the last avenant that moves it, else the initial end."""
        moved = Amendment.objects.filter(contract=OuterRef("pk")).moving_the_end()
        return self.annotate(current_end=Coalesce(Subquery(moved.values("new_end_date")[:1]), F("end_date")))


class Contract(VersionedModel):
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="contracts", verbose_name="territoire")
    kind = models.CharField("nature", max_length=20, choices=ContractKind, default=ContractKind.CLS)
    generation = models.PositiveSmallIntegerField(
        "génération",
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text="1 pour le premier contrat du territoire, 2 pour le suivant…",
    )
    title = models.CharField("intitulé", max_length=200, help_text="Par exemple\u00a0: Chartres métropole 2020-2025.")
    slug = models.SlugField("adresse", max_length=100, unique=True, editable=False)
    state = models.CharField("état", max_length=20, choices=ContractState, default=ContractState.DRAFTING)
    state_since = models.DateField("dans cet état depuis le", null=True, blank=True, editable=False)
    in_evaluation = models.BooleanField("évaluation en cours", default=False)
    in_renewal = models.BooleanField("renouvellement en préparation", default=False)
    signed_on = models.DateField("date de signature", null=True, blank=True)
    start_date = models.DateField("date de début", null=True, blank=True)
    end_date = models.DateField(
        "date de fin initiale", null=True, blank=True, help_text="Une prorogation s’enregistre par un avenant."
    )
    population = models.PositiveIntegerField("population", null=True, blank=True)
    population_year = models.PositiveSmallIntegerField("année de la population", null=True, blank=True)
    axis_label = models.CharField(
        "nom du premier niveau", max_length=30, default="axe", help_text="Axe, orientation, ambition, priorité…"
    )
    objective_label = models.CharField("nom du deuxième niveau", max_length=30, default="objectif")
    sub_objective_label = models.CharField("nom du troisième niveau", max_length=30, default="objectif opérationnel")
    silent_after_months = models.PositiveSmallIntegerField(
        "mois sans nouvelle avant alerte", default=6, validators=[MinValueValidator(1), MaxValueValidator(36)]
    )
    recitals = models.TextField(
        "visas", blank=True, max_length=20000, help_text="Les textes sur lesquels le contrat se fonde, un par ligne."
    )
    preamble = models.TextField("préambule", blank=True, max_length=20000)
    presentation = models.TextField("genèse et contexte", blank=True, max_length=20000)
    diagnostic_summary = models.TextField("synthèse du diagnostic", blank=True, max_length=20000)
    articulation = models.TextField("articulation avec les autres démarches", blank=True, max_length=20000)
    governance_terms = models.TextField(
        "gouvernance et pilotage",
        blank=True,
        max_length=20000,
        help_text="Les instances, leur rythme et leurs membres s’ajoutent d’eux-mêmes dans le contrat imprimé.",
    )
    funding_terms = models.TextField(
        "financement",
        blank=True,
        max_length=20000,
        help_text="Le tableau par financeur et par année s’ajoute de lui-même dans le contrat imprimé.",
    )
    duration_terms = models.TextField("durée et révision", blank=True, max_length=20000)
    evaluation_method = models.TextField("suivi et évaluation", blank=True, max_length=20000)
    communes = models.ManyToManyField(Commune, through="PerimeterCommune", related_name="contracts")
    organisations = models.ManyToManyField(Organisation, through="Signatory", related_name="signed_contracts")

    history = HistoricalRecords()
    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = "contrat local de santé"
        verbose_name_plural = "contrats locaux de santé"
        ordering = ["territory__name", "-generation", "-start_date"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_date__isnull=True) | Q(start_date__isnull=True) | Q(end_date__gte=F("start_date")),
                name="contract_dates_ordered",
                violation_error_message="La date de fin précède la date de début.",
            ),
            models.UniqueConstraint(
                fields=["territory", "kind", "generation"],
                name="contract_generation_unique",
                violation_error_message="Ce territoire a déjà un contrat de cette nature et de cette génération.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("contract", args=[self.slug])

    def clean(self) -> None:
        if self.state in STATES_IN_FORCE and self.state != self.state_in_force:
            extended = "Un avenant a déplacé la fin de ce contrat\u00a0: en vigueur, il est prorogé."
            not_extended = "Un contrat devient prorogé par un avenant qui déplace sa fin\u00a0: ajoutez cet avenant."
            is_extended = self.state_in_force == ContractState.EXTENDED
            raise ValidationError({"state": extended if is_extended else not_extended})

    @property
    def without_axis(self) -> str:
        return f"Sans {self.axis_label}"

    @property
    def texts(self) -> list[tuple[str, str]]:
        """(label, text) of what is written, in the order of a signed contract."""
        pairs = [(self._meta.get_field(name).verbose_name, getattr(self, name)) for name in TEXTS]
        return [(f"{label[:1].upper()}{label[1:]}", text) for label, text in pairs if text]

    @property
    def state_in_force(self) -> ContractState:
        """How a contract in force is called: extended once an avenant moves its end."""
        moved = self.pk and self.amendments.moving_the_end().exists()
        return ContractState.EXTENDED if moved else ContractState.IN_FORCE

    @property
    def end(self) -> date | None:
        """The end in force, the avenants taken into account; read from the annotation when the list made it."""
        if hasattr(self, "current_end"):
            return self.current_end
        moved = self.amendments.moving_the_end().first()
        return moved.new_end_date if moved else self.end_date

    @property
    def is_before_signature(self) -> bool:
        """A contract in force whose date of signature is not known was signed all the same."""
        return self.state in STATES_BEFORE_SIGNATURE

    @property
    def state_words(self) -> str:
        """« En vigueur, évaluation en cours »"""
        return ", ".join([self.get_state_display(), *self.flags])

    @property
    def flags(self) -> list[str]:
        """What goes on beside the stage."""
        fields = [each for each in FLAGS if getattr(self, each)]
        return [str(self._meta.get_field(each).verbose_name) for each in fields]

    @property
    def is_over(self) -> bool:
        """Nothing more is expected of its fiches; its state says so, since an avenant may come after its last day."""
        return self.state in STATES_OVER


class PerimeterCommuneQuerySet(ContractScopedQuerySet):
    def present(self, on: date | None = None) -> Self:
        """Those that belong to the perimeter that day: entered, and not left yet."""
        day = on or today()
        entered = Q(joined_on__isnull=True) | Q(joined_on__lte=day)
        return self.filter(entered, Q(left_on__isnull=True) | Q(left_on__gt=day))


class PerimeterCommune(models.Model):
    """A commune of the perimeter, with the dates between which it belongs to it; empty: from start to end."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="perimeter", verbose_name="contrat")
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="perimeters", verbose_name="commune")
    joined_on = models.DateField("entrée le", null=True, blank=True)
    left_on = models.DateField("sortie le", null=True, blank=True)

    history = HistoricalRecords()
    objects = PerimeterCommuneQuerySet.as_manager()

    class Meta:
        verbose_name = "commune du périmètre"
        verbose_name_plural = "communes du périmètre"
        ordering = ["commune__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "commune"],
                name="perimeter_commune_unique",
                violation_error_message="Cette commune est déjà dans le périmètre.",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(joined_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="perimeter_dates_ordered",
                violation_error_message="La date de sortie précède la date d’entrée.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.commune)


class AmendmentQuerySet(ContractScopedQuerySet):
    def moving_the_end(self) -> Self:
        """Those signed that give the contract a new end, the one that counts first."""
        return self.filter(new_end_date__isnull=False, signed_on__isnull=False).order_by("-signed_on", "-pk")


class Amendment(models.Model):
    """In preparation until it is signed: it then changes nothing of the contract yet."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="amendments", verbose_name="contrat")
    number = models.PositiveSmallIntegerField("numéro", validators=[MinValueValidator(1)])
    signed_on = models.DateField(
        "date de signature", null=True, blank=True, help_text="Vide tant que l’avenant est en préparation."
    )
    purpose = models.TextField("objet", max_length=5000)
    new_end_date = models.DateField(
        "nouvelle date de fin", null=True, blank=True, help_text="À remplir si l’avenant proroge le contrat."
    )

    history = HistoricalRecords()
    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = "avenant"
        verbose_name_plural = "avenants"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "number"],
                name="amendment_number_unique",
                violation_error_message="Ce contrat a déjà un avenant de ce numéro.",
            )
        ]

    def __str__(self) -> str:
        return f"Avenant n° {self.number}"

    def clean(self) -> None:
        start = self.contract.start_date if self.contract_id else None
        if self.new_end_date and start and self.new_end_date < start:
            raise ValidationError({"new_end_date": "La nouvelle fin précède le début du contrat."})


class Signatory(models.Model):
    """An organisation bound by the contract, and what it commits to."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="signatories", verbose_name="contrat")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="signatures", verbose_name="structure")
    capacity = models.CharField("qualité", max_length=20, choices=Capacity, default=Capacity.SIGNATORY)
    representative = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="signatures", verbose_name="représentée par"
    )
    signed_on = models.DateField("signature le", null=True, blank=True)
    amendment = models.ForeignKey(
        Amendment,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="new_signatories",
        verbose_name="entrée par l’avenant",
    )
    commitments = models.TextField("engagements", blank=True, max_length=10000)
    position = models.PositiveIntegerField("rang", default=0)

    history = HistoricalRecords()
    objects = ContractScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "signataire"
        verbose_name_plural = "signataires"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "organisation"],
                name="signatory_unique",
                violation_error_message="Cette structure est déjà signataire du contrat.",
            )
        ]

    def __str__(self) -> str:
        return str(self.organisation)

    def clean(self) -> None:
        if not self.organisation_id:
            return
        if self.organisation.territory_id != self.contract.territory_id:
            raise ValidationError({"organisation": "Cette structure appartient à un autre territoire."})
        if self.representative_id and self.representative.organisation_id != self.organisation_id:
            sentence = f"{self.representative} n’est pas un contact de cette structure."
            raise ValidationError({"representative": sentence})
        if self.amendment_id and self.amendment.contract_id != self.contract_id:
            raise ValidationError({"amendment": "Cet avenant appartient à un autre contrat."})
