"""What becomes of each fiche when the next generation of its contract is prepared."""

from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from simple_history.models import HistoricalRecords

from actions.enums import RenewalDecision
from actions.models.action import Action
from actions.models.follow_up import FollowUp
from actions.models.governance import DecisionFiche
from actions.models.indicator import Measurement
from contracts.models import Contract
from contracts.models.scope import ContractScopedQuerySet

NO_REASON = "Dites pourquoi cette fiche ne se reprend pas\u00a0: le motif restera lisible sur elle."


class RenewalChoiceQuerySet(ContractScopedQuerySet):
    def with_undo(self) -> Self:
        """Annotates `can_undo`: the fiche that came of it is gone, or nobody has touched it since."""
        copy = {"action": OuterRef("result")}
        measured = Measurement.objects.filter(indicator__action=OuterRef("result"))
        used = Exists(FollowUp.objects.filter(**copy)) | Exists(DecisionFiche.objects.filter(**copy))
        untouched = Q(result__version=1) & ~used & ~Exists(measured)
        condition = Q(result=None) | untouched
        return self.annotate(can_undo=models.ExpressionWrapper(condition, output_field=models.BooleanField()))


class RenewalChoice(models.Model):
    """A fiche of an earlier contract × a later contract of the territory; `result` is the fiche copied into it."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="renewal_choices", verbose_name="contrat")
    former = models.ForeignKey(
        Action, models.CASCADE, related_name="renewal_choices", verbose_name="fiche du contrat précédent"
    )
    decision = models.CharField("choix", max_length=12, choices=RenewalDecision)
    reason = models.TextField("motif", blank=True, max_length=2000)
    result = models.ForeignKey(
        Action, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="nouvelle fiche"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="choisi par"
    )
    decided_at = models.DateTimeField("choisi le", auto_now_add=True)

    history = HistoricalRecords()
    objects = RenewalChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = "reprise de fiche"
        verbose_name_plural = "reprises de fiches"
        ordering = ["former__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "former"],
                name="renewal_choice_unique",
                violation_error_message="Le devenir de cette fiche est déjà décidé.",
            ),
            models.CheckConstraint(
                condition=~Q(decision=RenewalDecision.CLOSE) | ~Q(reason=""),
                name="renewal_choice_reason",
                violation_error_message=NO_REASON,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.former}\u00a0: {self.get_decision_display()}"

    def clean(self) -> None:
        origin = self.former.contract
        if origin.territory_id != self.contract.territory_id or origin.generation >= self.contract.generation:
            raise ValidationError({"former": "Cette fiche n’est pas d’un contrat antérieur du territoire."})
