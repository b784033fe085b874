"""What was submitted or signed, frozen: read and printed for ever as it was that day."""

from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse

from actions.enums import Occasion
from contracts.models import Amendment, Contract
from contracts.models.scope import ContractScopedQuerySet


class FrozenError(Exception):
    """A frozen version is never written again."""


class PlanVersionQuerySet(ContractScopedQuerySet):
    def update(self, **fields):
        raise FrozenError

    def without_content(self) -> Self:
        """For lists: the content of a plan of 56 fiches weighs several hundred kilobytes."""
        return self.defer("content")


class PlanVersion(models.Model):
    """The contract and fiches in reading form, labels included: whatever the models become, the text stays.

    Written once by `freeze`. `digest` is the SHA-256 of the canonical JSON of `content`, which also holds the contract
    title, the number, the day and the author; the database itself refuses that any of these be rewritten.
    """

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="plan_versions", verbose_name="contrat")
    number = models.PositiveIntegerField("numéro")
    occasion = models.CharField("occasion", max_length=20, choices=Occasion)
    amendment = models.ForeignKey(
        Amendment, models.SET_NULL, null=True, blank=True, related_name="plan_versions", verbose_name="avenant"
    )
    frozen_at = models.DateTimeField("figée le")
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="figée par"
    )
    content = models.JSONField("contenu")
    digest = models.CharField("empreinte", max_length=64)

    objects = PlanVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version figée"
        verbose_name_plural = "versions figées"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "number"],
                name="plan_version_number_unique",
                violation_error_message="Une version de ce numéro vient d’être figée\u00a0: recommencez.",
            )
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("actions:version", args=[self.contract.slug, self.number])
