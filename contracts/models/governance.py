"""The bodies of a contract and who sits in them."""

import secrets
from datetime import date
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from simple_history.models import HistoricalRecords

from cls_portal.core import french
from cls_portal.core.dates import today
from cls_portal.core.versioning import VersionedModel
from contracts.enums import BodyKind, BodyRole, SharedWith, TermKind
from contracts.models.axis import Axis
from contracts.models.contract import Contract
from contracts.models.organisation import Contact, Organisation
from contracts.models.reference import ReferenceTerm
from contracts.models.scope import ContractScopedQuerySet


class GoverningBodyQuerySet(ContractScopedQuerySet):
    def active(self, on: date | None = None) -> Self:
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on or today()))


class GoverningBody(VersionedModel):
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="bodies", verbose_name="contrat")
    kind = models.CharField("nature", max_length=20, choices=BodyKind, default=BodyKind.STEERING)
    name = models.CharField(
        "nom",
        max_length=120,
        help_text="Celui du contrat\u00a0: comité de pilotage, comité des signataires…",
    )
    axis = models.ForeignKey(
        Axis, models.SET_NULL, null=True, blank=True, related_name="bodies", verbose_name="axe suivi"
    )
    theme = models.ForeignKey(
        ReferenceTerm, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="thématique suivie"
    )
    rhythm = models.CharField(
        "rythme", max_length=120, blank=True, help_text="Par exemple\u00a0: deux fois par an, en juin et en décembre."
    )
    mission = models.TextField("rôle", blank=True, max_length=5000)
    shared_with = models.CharField("commune avec", max_length=20, choices=SharedWith, blank=True)
    shared_name = models.CharField("nom de ce dispositif", max_length=200, blank=True)
    closed_on = models.DateField("dissoute le", null=True, blank=True)
    position = models.PositiveIntegerField("rang", default=0)

    history = HistoricalRecords()
    objects = GoverningBodyQuerySet.as_manager()

    class Meta:
        verbose_name = "instance"
        verbose_name_plural = "instances"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                "contract",
                Lower("name"),
                name="body_name_unique",
                violation_error_message="Une instance de ce contrat porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("contracts:body", args=[self.contract.slug, self.pk])

    def clean(self) -> None:
        if self.axis_id and self.axis.contract_id != self.contract_id:
            raise ValidationError({"axis": "Cet axe appartient à un autre contrat."})
        if self.theme_id and self.theme.kind != TermKind.THEME:
            raise ValidationError({"theme": "Ce terme n’est pas une thématique."})
        if self.theme_id and self.theme.contract_id not in (None, self.contract_id):
            raise ValidationError({"theme": "Cette thématique est propre à un autre contrat."})
        if self.shared_name and not self.shared_with:
            raise ValidationError({"shared_with": "Dites de quel dispositif il s’agit."})

    @property
    def heading(self) -> str:
        """The name where a sentence begins: it is written in the middle of one."""
        return f"{self.name[:1].upper()}{self.name[1:]}"

    @property
    def of_name(self) -> str:
        """« du comité de pilotage », « de l’assemblée plénière »."""
        return french.of(self.name)

    @property
    def is_closed(self) -> bool:
        return bool(self.closed_on and self.closed_on <= today())


class BodyMemberQuerySet(ContractScopedQuerySet):
    contract_path = "body__contract"

    def present(self, on: date | None = None) -> Self:
        """Those whose mandate runs that day."""
        day = on or today()
        begun = Q(started_on__isnull=True) | Q(started_on__lte=day)
        return self.filter(begun, Q(ended_on__isnull=True) | Q(ended_on__gte=day))

    def held_by(self, user) -> Self:
        """The seats of this person: in their own name, as representative or as deputy of an organisation."""
        mine = Contact.objects.filter(account=user)
        return self.filter(Q(person__in=mine) | Q(representative__in=mine) | Q(deputy__in=mine))

    def in_order(self) -> Self:
        """Chairs first, guests last."""
        ranks = [models.When(role=role, then=rank) for rank, role in enumerate(BodyRole.values)]
        return self.order_by(models.Case(*ranks, default=len(ranks)), "position", "pk")


class BodyMember(models.Model):
    """A seat, between two dates: that of an organisation, with who speaks for it, or that of a person."""

    body = models.ForeignKey(GoverningBody, models.CASCADE, related_name="members", verbose_name="instance")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="seats", verbose_name="structure"
    )
    representative = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="seats_held", verbose_name="représentée par"
    )
    deputy = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="seats_as_deputy", verbose_name="suppléance"
    )
    person = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="seats", verbose_name="personne"
    )
    role = models.CharField("qualité", max_length=20, choices=BodyRole, default=BodyRole.MEMBER)
    started_on = models.DateField("depuis le", null=True, blank=True)
    ended_on = models.DateField("jusqu’au", null=True, blank=True)
    position = models.PositiveIntegerField("rang", default=0)

    history = HistoricalRecords()
    objects = BodyMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "membre d’instance"
        verbose_name_plural = "membres d’instance"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) ^ Q(person__isnull=True),
                name="body_member_one_party",
                violation_error_message="Un siège est celui d’une structure ou celui d’une personne.",
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | Q(representative__isnull=True, deputy__isnull=True),
                name="body_member_representation",
                violation_error_message="Seule une structure a un représentant et un suppléant.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(started_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="body_member_dates_ordered",
                violation_error_message="La fin du mandat précède son début.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation or self.person)

    @property
    def speaker(self) -> Contact | None:
        """Who is expected in the room."""
        return self.person or self.representative

    @property
    def is_former(self) -> bool:
        return bool(self.ended_on and self.ended_on < today())

    def clean(self) -> None:
        territory = self.body.contract.territory_id
        if self.organisation_id and self.organisation.territory_id != territory:
            raise ValidationError({"organisation": "Cette structure appartient à un autre territoire."})
        if self.person_id and self.person.organisation.territory_id != territory:
            raise ValidationError({"person": "Cette personne appartient à un autre territoire."})
        for name in ("representative", "deputy"):
            contact = getattr(self, name)
            if contact and contact.organisation_id != self.organisation_id:
                raise ValidationError({name: f"{contact} n’est pas un contact de cette structure."})
        if self._overlaps():
            raise ValidationError("Ce siège est déjà tenu pendant cette période\u00a0: mettez d’abord fin au mandat.")

    def _overlaps(self) -> bool:
        others = BodyMember.objects.filter(body=self.body_id, organisation=self.organisation_id, person=self.person_id)
        if self.ended_on:
            others = others.filter(Q(started_on__isnull=True) | Q(started_on__lte=self.ended_on))
        if self.started_on:
            others = others.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=self.started_on))
        return others.exclude(pk=self.pk).exists()


def new_token() -> str:
    return secrets.token_urlsafe(32)


class CalendarFeed(models.Model):
    """The secret address at which a person's calendar reads the meetings they may see; a new token revokes the old."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed")
    token = models.CharField(max_length=64, unique=True, default=new_token)
    created_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "agenda partagé"
        verbose_name_plural = "agendas partagés"

    def __str__(self) -> str:
        return f"Agenda de {self.user}"
