"""Money: one line per year, funder and scheme."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from simple_history.models import HistoricalRecords

from actions.models.action import Action, ActionPartQuerySet, refuse_foreign, refuse_foreign_term
from contracts.models import Organisation, ReferenceTerm


def _euros(label: str) -> models.DecimalField:
    """Euros; empty says « not known », zero says « none »."""
    return models.DecimalField(
        label, max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )


class FundingLine(models.Model):
    action = models.ForeignKey(Action, models.CASCADE, related_name="funding_lines", verbose_name="fiche action")
    year = models.PositiveSmallIntegerField("année", validators=[MinValueValidator(1990), MaxValueValidator(2100)])
    funder = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="funding_lines", verbose_name="financeur"
    )
    scheme = models.ForeignKey(
        ReferenceTerm, models.RESTRICT, null=True, blank=True, related_name="funding_lines", verbose_name="dispositif"
    )
    planned = _euros("prévu")
    requested = _euros("demandé")
    granted = _euros("obtenu")
    spent = _euros("réalisé")

    history = HistoricalRecords()
    objects = ActionPartQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne de financement"
        verbose_name_plural = "lignes de financement"
        ordering = ["year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "year", "funder", "scheme"],
                name="funding_line_unique",
                violation_error_message="Cette fiche a déjà une ligne pour cette année, ce financeur, ce dispositif.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}, {self.funder or 'financeur à préciser'}"

    def clean(self) -> None:
        if self.funder_id:
            refuse_foreign(self.action, funder=self.funder)
        if self.scheme_id:
            refuse_foreign_term(self.action, scheme=self.scheme)
