"""The levels above the fiches actions: axes, then objectives on at most two levels."""

from django.core.exceptions import ValidationError
from django.db import models
from simple_history.models import HistoricalRecords

from contracts.models.contract import Contract
from contracts.models.scope import ContractScopedQuerySet

AXIS_COLORS = [(number, f"couleur {number}") for number in range(1, 9)]


class Axis(models.Model):
    """`code` is a free label and `position` the order: neither is ever derived from the other."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="axes", verbose_name="contrat")
    code = models.CharField("numéro", max_length=20, blank=True)
    title = models.CharField("intitulé", max_length=300)
    description = models.TextField("présentation", blank=True, max_length=10000)
    color = models.PositiveSmallIntegerField("couleur", choices=AXIS_COLORS, default=1)
    is_transversal = models.BooleanField("transversal", default=False)
    position = models.PositiveIntegerField("rang", default=0)
    carried_from = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="carried_to",
        verbose_name="repris de",
        help_text="L’axe de la génération précédente.",
    )

    history = HistoricalRecords()
    objects = ContractScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "axe"
        verbose_name_plural = "axes"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()


class ObjectiveQuerySet(ContractScopedQuerySet):
    contract_path = "axis__contract"


class Objective(models.Model):
    axis = models.ForeignKey(Axis, models.CASCADE, related_name="objectives", verbose_name="axe")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children", verbose_name="objectif parent"
    )
    code = models.CharField("numéro", max_length=20, blank=True)
    title = models.CharField("intitulé", max_length=300)
    position = models.PositiveIntegerField("rang", default=0)

    history = HistoricalRecords()
    objects = ObjectiveQuerySet.as_manager()

    class Meta:
        verbose_name = "objectif"
        verbose_name_plural = "objectifs"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()

    def clean(self) -> None:
        if not self.parent_id:
            return
        if self.parent_id == self.pk:
            raise ValidationError({"parent": "Un objectif ne peut pas être son propre parent."})
        if self.parent.axis_id != self.axis_id:
            raise ValidationError({"parent": "L’objectif parent appartient à un autre axe."})
        if self.parent.parent_id or (self.pk and self.children.exists()):
            raise ValidationError({"parent": "Il y a au plus deux niveaux d’objectifs sous un axe."})
