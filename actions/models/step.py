"""The ordered steps of a fiche."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from actions.enums import StepState
from actions.models.action import Action, ActionPartQuerySet, refuse_foreign
from contracts.models import Organisation


class Step(models.Model):
    action = models.ForeignKey(Action, models.CASCADE, related_name="steps", verbose_name="fiche action")
    position = models.PositiveIntegerField("rang", default=0)
    title = models.CharField("étape", max_length=300)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="responsable"
    )
    start_date = models.DateField("début", null=True, blank=True)
    end_date = models.DateField("échéance", null=True, blank=True)
    state = models.CharField("état", max_length=10, choices=StepState, default=StepState.TO_DO)
    done_on = models.DateField("faite le", null=True, blank=True)

    history = HistoricalRecords()
    objects = ActionPartQuerySet.as_manager()

    class Meta:
        verbose_name = "étape"
        verbose_name_plural = "étapes"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_date__isnull=True) | Q(start_date__isnull=True) | Q(end_date__gte=F("start_date")),
                name="step_dates_ordered",
                violation_error_message="L’échéance de l’étape précède son début.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.organisation_id:
            refuse_foreign(self.action, organisation=self.organisation)
