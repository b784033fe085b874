"""Who holds which role, and where."""

from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from contracts.enums import Role
from contracts.models.organisation import Organisation
from contracts.models.scope import ContractScopedQuerySet
from contracts.models.territory import Department, Region, Territory

_SCOPES = ("contract", "territory", "department", "region")


def _only(scope: str | None) -> Q:
    return Q(**{f"{other}__isnull": other != scope for other in _SCOPES})


PILOT_NEEDS_ORGANISATION = "Indiquez la structure dont cette personne pilote les fiches."


class MembershipQuerySet(ContractScopedQuerySet):
    def reaching(self, contract) -> Self:
        """The roles held on this contract, on its territory, its département or its région, or on all contracts."""
        department = contract.territory.department
        return self.filter(
            Q(contract=contract)
            | Q(territory=contract.territory_id)
            | Q(department=department)
            | Q(region=department.region_id)
            | Q(role=Role.NATIONAL_READER)
        )


class Membership(models.Model):
    """One role of one person on exactly one contract, territory, département or région; the national reader's on all.

    Nothing about rights is kept in the session: withdrawing a role holds at the next request.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name="personne"
    )
    role = models.CharField("rôle", max_length=20, choices=Role)
    contract = models.ForeignKey(
        "contracts.Contract",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name="contrat",
    )
    territory = models.ForeignKey(
        Territory, models.CASCADE, null=True, blank=True, related_name="memberships", verbose_name="territoire"
    )
    department = models.ForeignKey(
        Department, models.CASCADE, null=True, blank=True, related_name="memberships", verbose_name="département"
    )
    region = models.ForeignKey(
        Region, models.CASCADE, null=True, blank=True, related_name="memberships", verbose_name="région"
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name="structure",
        help_text="Celle au nom de laquelle la personne agit\u202f; nécessaire pour un pilotage.",
    )
    created_at = models.DateTimeField("donné le", auto_now_add=True)

    history = HistoricalRecords()
    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "rôle"
        verbose_name_plural = "rôles"
        ordering = ["user__last_name", "user__first_name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    _only("contract")
                    | _only("territory")
                    | _only("department")
                    | _only("region")
                    | Q(role=Role.NATIONAL_READER)
                ),
                name="membership_one_scope",
                violation_error_message="Un rôle porte sur un seul contrat, territoire, département ou région.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(role=Role.COORDINATOR) & (_only("contract") | _only("territory"))
                    | Q(role=Role.ARS_REFERENT) & (_only("department") | _only("region"))
                    | Q(role__in=[Role.PILOT, Role.READER]) & _only("contract")
                    | Q(role=Role.NATIONAL_READER) & _only(None)
                ),
                name="membership_role_fits_scope",
                violation_error_message="Ce rôle ne se donne pas à cette échelle.",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.PILOT) | Q(organisation__isnull=False),
                name="membership_pilot_organisation",
                violation_error_message=PILOT_NEEDS_ORGANISATION,
            ),
            models.UniqueConstraint(
                fields=["user", "contract"],
                condition=Q(contract__isnull=False),
                name="membership_unique_contract",
                violation_error_message="Cette personne a déjà un rôle sur ce contrat\u00a0: changez-le.",
            ),
            *[
                models.UniqueConstraint(
                    fields=["user", "role", scope],
                    condition=Q(**{f"{scope}__isnull": False}),
                    name=f"membership_unique_{scope}",
                    violation_error_message="Cette personne a déjà ce rôle.",
                )
                for scope in _SCOPES[1:]
            ],
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(role=Role.NATIONAL_READER),
                name="membership_unique_national",
                violation_error_message="Cette personne a déjà ce rôle.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}\u00a0: {self.get_role_display()}, {self.scope or 'tous les contrats'}"

    def clean(self) -> None:
        if self.role == Role.PILOT and not self.organisation_id:
            raise ValidationError({"organisation": PILOT_NEEDS_ORGANISATION})
        if self.organisation_id and self.contract_id and self.organisation.territory_id != self.contract.territory_id:
            raise ValidationError({"organisation": "Cette structure appartient à un autre territoire."})

    @property
    def scope(self) -> models.Model | None:
        return self.contract or self.territory or self.department or self.region
