"""The reference lists: themes, publics, settings… They are data, common to all and extended by each contract."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from simple_history.models import HistoricalRecords

from contracts.enums import TermKind
from contracts.models.contract import Contract


class ReferenceTermQuerySet(models.QuerySet):
    contract_path = "contract"

    def visible_to(self, user) -> Self:
        if user.is_superuser:
            return self
        return self.filter(Q(contract=None) | Q(contract__in=Contract.objects.visible_to(user)))

    def available_in(self, contract: Contract) -> Self:
        return self.filter(Q(contract=None) | Q(contract=contract))


class ReferenceTerm(models.Model):
    kind = models.CharField("liste", max_length=20, choices=TermKind)
    label = models.CharField("libellé", max_length=120)
    position = models.PositiveIntegerField("rang", default=0)
    contract = models.ForeignKey(
        Contract,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="terms",
        verbose_name="propre au contrat",
        help_text="Vide\u00a0: commun à tous les contrats.",
    )

    history = HistoricalRecords()
    objects = ReferenceTermQuerySet.as_manager()

    class Meta:
        verbose_name = "terme de référence"
        verbose_name_plural = "termes de référence"
        ordering = ["kind", "position", "label"]
        constraints = [
            models.UniqueConstraint(
                "kind",
                Lower("label"),
                condition=Q(contract=None),
                name="term_unique_common",
                violation_error_message="Cette liste a déjà ce terme.",
            ),
            models.UniqueConstraint(
                "kind",
                Lower("label"),
                "contract",
                condition=Q(contract__isnull=False),
                name="term_unique_contract",
                violation_error_message="Cette liste a déjà ce terme.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """A contract does not repeat a term that is common to all."""
        common = type(self).objects.filter(contract=None, kind=self.kind, label__iexact=self.label)
        if self.contract_id and common.exists():
            raise ValidationError({"label": "Ce terme figure déjà dans la liste commune à tous les contrats."})
