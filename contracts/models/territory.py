"""Where a contract lives: the administrative geography, and the territory that carries successive contracts."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from simple_history.models import HistoricalRecords

from cls_portal.core.validators import commune_code
from contracts.enums import WIDE_ROLES, Role, TerritoryKind


class Region(models.Model):
    code = models.CharField("code", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=100, unique=True)

    class Meta:
        verbose_name = "région"
        verbose_name_plural = "régions"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DepartmentQuerySet(models.QuerySet):
    def followed_by(self, user) -> Self:
        """Those whose contracts `user` follows: for the ARS, as a national reader, as the administration."""
        from contracts.models.membership import Membership  # which refers to Department

        if user.is_superuser:
            return self
        held = Membership.objects.filter(user=user if user.is_authenticated else None, role__in=WIDE_ROLES)
        place = Q(department=OuterRef("pk")) | Q(region=OuterRef("region"))
        return self.filter(Exists(held.filter(place | Q(role=Role.NATIONAL_READER))))


class Department(models.Model):
    code = models.CharField("code", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=100, unique=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="departments", verbose_name="région")
    population = models.PositiveIntegerField("population municipale", null=True, blank=True)
    population_year = models.PositiveSmallIntegerField("année de la population", null=True, blank=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = "département"
        verbose_name_plural = "départements"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Commune(models.Model):
    """A commune of the official geographic code; codes are texts (2A004), populations carry their year."""

    code = models.CharField("code officiel", max_length=5, primary_key=True, validators=[commune_code])
    name = models.CharField("nom", max_length=100)
    department = models.ForeignKey(Department, models.PROTECT, related_name="communes", verbose_name="département")
    population = models.PositiveIntegerField("population municipale", null=True, blank=True)
    population_year = models.PositiveSmallIntegerField("année de la population", null=True, blank=True)

    class Meta:
        verbose_name = "commune"
        verbose_name_plural = "communes"
        ordering = ["name", "code"]

    def __str__(self) -> str:
        return self.name


class TerritoryQuerySet(models.QuerySet):
    def visible_to(self, user) -> "TerritoryQuerySet":
        """The territories on which, or on one contract of which, `user` holds a role."""
        from contracts.models.membership import Membership  # which refers to Territory

        if user.is_superuser:
            return self
        held = Membership.objects.filter(user=user if user.is_authenticated else None)
        return self.filter(
            Exists(
                held.filter(
                    Q(territory=OuterRef("pk"))
                    | Q(contract__territory=OuterRef("pk"))
                    | Q(department=OuterRef("department"))
                    | Q(region=OuterRef("department__region"))
                    | Q(role=Role.NATIONAL_READER)
                )
            )
        )


class Territory(models.Model):
    """The lineage: one territory, successive contracts, with gaps between them allowed."""

    name = models.CharField("nom", max_length=160, unique=True)
    kind = models.CharField("nature", max_length=20, choices=TerritoryKind, default=TerritoryKind.EPCI)
    department = models.ForeignKey(Department, models.PROTECT, related_name="territories", verbose_name="département")

    history = HistoricalRecords()
    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = "territoire"
        verbose_name_plural = "territoires"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def trash(self) -> str:
        """What groups the contracts deleted in this territory."""
        return f"territory:{self.pk}"
