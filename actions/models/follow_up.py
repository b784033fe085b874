"""The dated news of a fiche: added, never rewritten."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from actions.enums import PROGRESS_STEPS, STATUSES_WITH_REASON, Outlook, Status
from actions.models.action import Action, ActionPartQuerySet
from contracts.models import ReferenceTerm


class FollowUp(models.Model):
    """One point of follow-up. A change of status, wherever it is made, is one: the timeline tells the whole story.

    Rows are only ever added (a mistake is corrected by a later point) and go only with their fiche. The author's name
    is kept beside the account, so that it survives it.
    """

    action = models.ForeignKey(  # found by the index below, which begins with it
        Action, models.CASCADE, related_name="follow_ups", verbose_name="fiche action", db_index=False
    )
    date = models.DateField("date")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="auteur"
    )
    author_name = models.CharField("nom de l’auteur", max_length=200)
    recorded_at = models.DateTimeField("enregistré le", auto_now_add=True)
    status = models.CharField("statut", max_length=20, choices=Status)
    progress = models.PositiveSmallIntegerField("avancement", choices=PROGRESS_STEPS)
    reason = models.TextField("motif", blank=True, max_length=2000)
    new_date = models.DateField("nouvelle échéance", null=True, blank=True)
    headline = models.CharField("en une phrase", max_length=200, blank=True)
    done = models.TextField("réalisations, faits marquants", blank=True, max_length=10000)
    beneficiaries = models.PositiveIntegerField("personnes touchées", null=True, blank=True)
    brakes = models.ManyToManyField(ReferenceTerm, blank=True, related_name="+", verbose_name="freins")
    difficulties = models.TextField("difficultés, écarts", blank=True, max_length=5000)
    levers = models.TextField("leviers", blank=True, max_length=5000)
    next_steps = models.TextField("suite prévue", blank=True, max_length=5000)
    outlook = models.CharField("perspective", max_length=12, choices=Outlook, blank=True)
    asks_arbitration = models.BooleanField("arbitrage demandé", default=False)
    arbitration = models.TextField("arbitrage attendu", blank=True, max_length=2000)

    objects = ActionPartQuerySet.as_manager()

    class Meta:
        verbose_name = "point de suivi"
        verbose_name_plural = "points de suivi"
        ordering = ["-date", "-pk"]
        indexes = [models.Index(fields=["action", "-date"], name="follow_up_action_date")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=STATUSES_WITH_REASON) | ~Q(reason=""),
                name="follow_up_reason",
                violation_error_message="Ce statut demande un motif.",
            ),
            models.CheckConstraint(
                condition=Q(asks_arbitration=False) | ~Q(arbitration=""),
                name="follow_up_arbitration",
                violation_error_message="Dites quel arbitrage est attendu.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y}, {self.get_status_display()}"
