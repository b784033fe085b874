"""Organisations that sign, sit, lead or take part, and the persons who speak for them."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from simple_history.models import HistoricalRecords

from contracts.enums import OrganisationKind
from contracts.models.territory import Territory


class TerritoryScopedQuerySet(models.QuerySet):
    territory_path = "territory"

    def visible_to(self, user) -> "TerritoryScopedQuerySet":
        if user.is_superuser:
            return self
        return self.filter(**{f"{self.territory_path}__in": Territory.objects.visible_to(user)})


class Organisation(models.Model):
    """Kept by territory: the same agency in two territories is two rows, so that nothing of one shows in the other."""

    territory = models.ForeignKey(Territory, models.CASCADE, related_name="organisations", verbose_name="territoire")
    name = models.CharField("nom", max_length=200)
    short_name = models.CharField(
        "nom court", max_length=60, blank=True, help_text="Sigle ou nom d’usage, par exemple CPAM."
    )
    kind = models.CharField("nature", max_length=20, choices=OrganisationKind, default=OrganisationKind.OTHER)
    website = models.URLField("site", blank=True)

    history = HistoricalRecords()
    objects = TerritoryScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "structure"
        verbose_name_plural = "structures"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "territory",
                Lower("name"),
                name="organisation_name_unique",
                violation_error_message="Une structure de ce territoire porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return self.short_name or self.name


class ContactQuerySet(TerritoryScopedQuerySet):
    territory_path = "organisation__territory"


class Contact(models.Model):
    """A person in an organisation, with professional details only; an account is not needed to be named in a fiche."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="contacts", verbose_name="structure")
    first_name = models.CharField("prénom", max_length=80, blank=True)
    last_name = models.CharField("nom", max_length=80)
    job_title = models.CharField("fonction", max_length=160, blank=True)
    email = models.EmailField("adresse professionnelle", blank=True)
    phone = models.CharField("téléphone professionnel", max_length=30, blank=True)
    is_elected = models.BooleanField("élu·e", default=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name="compte",
    )

    history = HistoricalRecords()
    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = "contact"
        verbose_name_plural = "contacts"
        ordering = ["last_name", "first_name"]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()
