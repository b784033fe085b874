"""The fiches that a meeting discusses, and what its decisions make of them."""

from django.core.exceptions import ValidationError
from django.db import models
from simple_history.models import HistoricalRecords

from actions.enums import DecisionEffect
from actions.models.action import Action
from actions.models.follow_up import FollowUp
from contracts.models import AgendaItem, Decision, Meeting
from contracts.models.scope import ContractScopedQuerySet

EFFECTS_DONE = {
    DecisionEffect.VALIDATE: "validée",
    DecisionEffect.POSTPONE: "reportée",
    DecisionEffect.SUSPEND: "suspendue",
    DecisionEffect.DROP: "abandonnée",
}


def refuse_foreign_meeting(action: Action, meeting: Meeting) -> None:
    if action.pk and meeting.body.contract_id != action.contract_id:
        raise ValidationError({"action": "Cette fiche appartient à un autre contrat."})


class FicheOfMeeting(models.Model):
    """A fiche among the papers of a meeting: deleted, its number and its title stay there in writing."""

    kept_code = models.CharField("numéro gardé", max_length=20, blank=True, editable=False)
    kept_title = models.CharField("intitulé gardé", max_length=300, blank=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.fiche)

    @property
    def fiche(self) -> Action:
        """The deleted one as it was last called, without key nor page."""
        return self.action or self.kept

    @property
    def short_name(self) -> str:
        """A deleted one in full: nothing else tells what it was."""
        return (self.action.code or self.action.title) if self.action else str(self)

    @property
    def kept(self) -> Action:
        return Action(code=self.kept_code, title=self.kept_title)


class AgendaFicheQuerySet(ContractScopedQuerySet):
    contract_path = "item__meeting__body__contract"
    meeting_path = "item__meeting"


class AgendaFiche(FicheOfMeeting):
    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="fiches", verbose_name="point")
    action = models.ForeignKey(
        Action, models.SET_NULL, null=True, related_name="agenda_fiches", verbose_name="fiche action"
    )
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

    def clean(self) -> None:
        refuse_foreign_meeting(self.fiche, self.item.meeting)


class DecisionFicheQuerySet(ContractScopedQuerySet):
    contract_path = "decision__meeting__body__contract"
    meeting_path = "decision__meeting"

    def readable_by(self, user):
        return self.visible_to(user).filter(decision__in=Decision.objects.readable_by(user))


class DecisionFiche(FicheOfMeeting):
    """A fiche that a decision concerns. `follow_up` is the point by which the decision changed its status."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="fiches", verbose_name="décision")
    action = models.ForeignKey(
        Action, models.SET_NULL, null=True, related_name="decision_fiches", verbose_name="fiche action"
    )
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

    @property
    def done(self) -> str:
        """What the decision made of the fiche, in a word."""
        return EFFECTS_DONE.get(self.effect, "")

    def clean(self) -> None:
        refuse_foreign_meeting(self.fiche, self.decision.meeting)
