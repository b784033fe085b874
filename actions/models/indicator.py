"""Indicators of a fiche, their targets by period and their dated measurements."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from simple_history.models import HistoricalRecords

from actions.enums import Direction, IndicatorKind
from actions.models.action import Action, ActionPartQuerySet
from cls_portal.core import french
from cls_portal.core.dates import today
from contracts.models.scope import ContractScopedQuerySet


def _value(label: str) -> models.DecimalField:
    return models.DecimalField(label, max_digits=16, decimal_places=4, null=True, blank=True)


class Indicator(models.Model):
    """The target is a number or a text (« en hausse »): real plans have both."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="indicators", verbose_name="fiche action")
    position = models.PositiveIntegerField("rang", default=0)
    title = models.CharField("intitulé", max_length=300)
    kind = models.CharField("nature", max_length=12, choices=IndicatorKind, default=IndicatorKind.MONITORING)
    unit = models.CharField("unité", max_length=40, blank=True, help_text="Par exemple\u00a0: personnes, %, séances.")
    direction = models.CharField("sens", max_length=12, choices=Direction, default=Direction.UP)
    baseline = _value("valeur de départ")
    baseline_date = models.DateField("date de la valeur de départ", null=True, blank=True)
    target = _value("cible")
    target_text = models.CharField("cible en mots", max_length=200, blank=True)
    target_date = models.DateField("échéance de la cible", null=True, blank=True)
    source = models.CharField("source", max_length=200, blank=True)
    collection = models.CharField("mode de recueil", max_length=200, blank=True)

    history = HistoricalRecords()
    objects = ActionPartQuerySet.as_manager()

    class Meta:
        verbose_name = "indicateur"
        verbose_name_plural = "indicateurs"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.target is not None and self.target_text:
            raise ValidationError({"target_text": "La cible est un nombre ou un texte, pas les deux."})


class IndicatorPartQuerySet(ContractScopedQuerySet):
    contract_path = "indicator__action__contract"


class IndicatorTarget(models.Model):
    """The target of one period, where the plan sets them year by year."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets", verbose_name="indicateur")
    period_end = models.DateField("à la date du")
    value = models.DecimalField("cible", max_digits=16, decimal_places=4)

    history = HistoricalRecords()
    objects = IndicatorPartQuerySet.as_manager()

    class Meta:
        verbose_name = "cible d’une période"
        verbose_name_plural = "cibles par période"
        ordering = ["period_end"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "period_end"],
                name="indicator_target_unique",
                violation_error_message="Cet indicateur a déjà une cible à cette date.",
            )
        ]

    def __str__(self) -> str:
        return f"{french.number(self.value)} au {self.period_end:%d/%m/%Y}"


class Measurement(models.Model):
    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="measurements", verbose_name="indicateur")
    date = models.DateField("à la date du")
    value = _value("valeur")
    text = models.CharField("valeur en mots", max_length=200, blank=True)
    comment = models.TextField("commentaire", blank=True, max_length=2000)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="saisi par"
    )
    recorded_at = models.DateTimeField("saisi le", auto_now_add=True)

    history = HistoricalRecords()
    objects = IndicatorPartQuerySet.as_manager()

    class Meta:
        verbose_name = "relevé"
        verbose_name_plural = "relevés"
        ordering = ["date", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "date"],
                name="measurement_unique",
                violation_error_message="Cet indicateur a déjà un relevé à cette date.",
            ),
            models.CheckConstraint(
                condition=models.Q(value__isnull=False) | ~models.Q(text=""),
                name="measurement_not_empty",
                violation_error_message="Donnez une valeur, en nombre ou en mots.",
            ),
        ]

    def __str__(self) -> str:
        said = french.number(self.value) if self.value is not None else self.text
        return f"{said} au {self.date:%d/%m/%Y}"

    def clean(self) -> None:
        if self.date and self.date > today():
            sentence = "Un relevé dit ce qui a été mesuré\u00a0: sa date ne peut pas être à venir."
            raise ValidationError({"date": sentence})
