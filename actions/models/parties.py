"""Who leads a fiche and who takes part: organisations first, persons second."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from actions.enums import PartnerRole, PartnerState, PilotRole
from actions.models.action import Action, ActionPartQuerySet, refuse_foreign
from contracts.models import Contact, Organisation


class _Party(models.Model):
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="structure")
    position = models.PositiveIntegerField("rang", default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.organisation)

    def clean(self) -> None:
        if self.organisation_id:
            refuse_foreign(self.action, organisation=self.organisation)


class ActionPilot(_Party):
    """An organisation answerable for the fiche; at most one is the principal, the persons may have no account."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="pilots", verbose_name="fiche action")
    role = models.CharField("rôle", max_length=10, choices=PilotRole, default=PilotRole.PRINCIPAL)
    contacts = models.ManyToManyField(Contact, blank=True, related_name="piloted", verbose_name="personnes référentes")

    history = HistoricalRecords(m2m_fields=[contacts])
    objects = ActionPartQuerySet.as_manager()

    class Meta(_Party.Meta):
        verbose_name = "pilote"
        verbose_name_plural = "pilotes"
        constraints = [
            models.UniqueConstraint(
                fields=["action", "organisation"],
                name="pilot_unique",
                violation_error_message="Cette structure pilote déjà la fiche.",
            ),
            models.UniqueConstraint(
                fields=["action"],
                condition=Q(role=PilotRole.PRINCIPAL),
                name="pilot_one_principal",
                violation_error_message="Une fiche a un seul pilote principal\u202f; les autres sont copilotes.",
            ),
        ]


class ActionPartner(_Party):
    action = models.ForeignKey(Action, models.CASCADE, related_name="partners", verbose_name="fiche action")
    state = models.CharField("engagement", max_length=10, choices=PartnerState, default=PartnerState.AGREED)
    role = models.CharField("rôle", max_length=12, choices=PartnerRole, blank=True)

    history = HistoricalRecords()
    objects = ActionPartQuerySet.as_manager()

    class Meta(_Party.Meta):
        verbose_name = "partenaire"
        verbose_name_plural = "partenaires"
        constraints = [
            models.UniqueConstraint(
                fields=["action", "organisation"],
                name="partner_unique",
                violation_error_message="Cette structure est déjà partenaire de la fiche.",
            )
        ]
