"""The fiches that a meeting discusses, and what its decisions make of them."""

from django.core.exceptions import ValidationError
from django.db import models
from simple_history.models import HistoricalRecords

from actions.enums import DecisionEffect
from actions.models.action import Action, ActionPartQuerySet
from actions.models.follow_up import FollowUp
from contracts.models import AgendaItem, Decision, Meeting

EFFECTS_DONE = {
    DecisionEffect.VALIDATE: "validée",
    DecisionEffect.POSTPONE: "reportée",
    DecisionEffect.SUSPEND: "suspendue",
    DecisionEffect.DROP: "abandonnée",
}


def refuse_foreign_meeting(action: Action, meeting: Meeting) -> None:
    if meeting.body.contract_id != action.contract_id:
        raise ValidationError({"action": "Cette fiche appartient à un autre contrat."})


class AgendaFicheQuerySet(ActionPartQuerySet):
    meeting_path = "item__meeting"


class AgendaFiche(models.Model):
    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="fiches", verbose_name="point")
    action = models.ForeignKey(Action, models.CASCADE, related_name="agenda_fiches", verbose_name="fiche action")
    position = models.PositiveIntegerField("rang", default=0)

    history = HistoricalRecords()
    objects = AgendaFicheQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche à l’ordre du jour"
        verbose_name_plural = "fiches à l’ordre du jour"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "action"],
                name="agenda_fiche_unique",
                violation_error_message="Ce point comporte déjà cette fiche.",
            )
        ]

    def __str__(self) -> str:
        return str(self.action)

    def clean(self) -> None:
        refuse_foreign_meeting(self.action, self.item.meeting)


class DecisionFicheQuerySet(ActionPartQuerySet):
    meeting_path = "decision__meeting"

    def readable_by(self, user):
        return self.visible_to(user).filter(decision__in=Decision.objects.readable_by(user))


class DecisionFiche(models.Model):
    """A fiche that a decision concerns. `follow_up` is the point by which the decision changed its status."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="fiches", verbose_name="décision")
    action = models.ForeignKey(Action, models.CASCADE, related_name="decision_fiches", verbose_name="fiche action")
    effect = models.CharField("effet", max_length=12, choices=DecisionEffect, default=DecisionEffect.NONE)
    follow_up = models.ForeignKey(
        FollowUp, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="point de suivi"
    )

    history = HistoricalRecords()
    objects = DecisionFicheQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche concernée par une décision"
        verbose_name_plural = "fiches concernées par une décision"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "action"],
                name="decision_fiche_unique",
                violation_error_message="Cette décision concerne déjà cette fiche.",
            )
        ]

    def __str__(self) -> str:
        return str(self.action)

    @property
    def done(self) -> str:
        """What the decision made of the fiche, in a word."""
        return EFFECTS_DONE.get(self.effect, "")

    def clean(self) -> None:
        refuse_foreign_meeting(self.action, self.decision.meeting)
