"""The meetings of a body: agenda, attendance, decisions."""

import uuid
from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from cls_portal.core import french
from cls_portal.core.dates import today
from cls_portal.core.versioning import VersionedModel
from contracts.enums import (
    DECISION_ICONS,
    MEETING_ICONS,
    MEETINGS_HELD,
    MEETINGS_TO_COME,
    AgendaKind,
    DecisionKind,
    DecisionState,
    Expected,
    MeetingState,
    Presence,
    Role,
)
from contracts.models.contract import Contract
from contracts.models.governance import BodyMember, GoverningBody
from contracts.models.membership import Membership
from contracts.models.organisation import Contact, Organisation
from contracts.models.scope import ContractScopedQuerySet

READS_EVERY_PAPER = (Role.COORDINATOR, Role.ARS_REFERENT)


def read_in_full_by(user) -> Q:
    """Meetings whose papers this person reads before they are validated: those of the bodies where the person sits,
    and all those of a contract that the person coordinates or follows for the ARS."""
    if user.is_superuser:
        return ~Q(pk=None)
    held = Membership.objects.filter(user=user if user.is_authenticated else None, role__in=READS_EVERY_PAPER)
    followed = Contract.objects.filter(
        Q(pk__in=held.values("contract"))
        | Q(territory__in=held.values("territory"))
        | Q(territory__department__in=held.values("department"))
        | Q(territory__department__region__in=held.values("region"))
    )
    seats = BodyMember.objects.present().held_by(user) if user.is_authenticated else BodyMember.objects.none()
    return Q(body__contract__in=followed) | Q(body__in=seats.values("body"))


class MeetingQuerySet(ContractScopedQuerySet):
    """`meeting_path` leads to the meeting among whose papers a row is, from the rows of its history."""

    contract_path = "body__contract"
    meeting_path = "id"

    def to_come(self) -> Self:
        return self.filter(state__in=MEETINGS_TO_COME).order_by("starts_at", "pk")

    def before(self, starts_at, pk) -> Self:
        """Those that come before this one, of two at the same minute the first written: one order for all who ask.

        Values of a meeting, or references to them in an outer query.
        """
        return self.filter(Q(starts_at__lt=starts_at) | Q(starts_at=starts_at, pk__lt=pk))

    def after(self, starts_at, pk) -> Self:
        return self.filter(Q(starts_at__gt=starts_at) | Q(starts_at=starts_at, pk__gt=pk))

    def awaited(self) -> Self:
        return self.filter(state=MeetingState.CONVENED, starts_at__gt=timezone.now()).order_by("starts_at", "pk")

    def past(self) -> Self:
        """Held, or of a day that has passed: cancelled, or nobody has said what became of them. The latest first."""
        gone = Q(state__in=MEETINGS_HELD) | Q(starts_at__date__lt=today())
        return self.filter(gone).order_by("-starts_at", "-pk")

    def held(self) -> Self:
        return self.filter(state__in=MEETINGS_HELD).order_by("-starts_at", "-pk")

    def read_in_full(self, user) -> Self:
        """Those whose papers this person follows while they are written, drafts included."""
        return self.filter(read_in_full_by(user))

    def with_open_papers(self, user) -> Self:
        """Those whose papers (notes, minutes, decisions, files) this person may read: once the minutes are validated,
        all who read the contract; before, those of the body, the coordination and the ARS."""
        validated = Q(state=MeetingState.VALIDATED)
        return self.visible_to(user).filter(validated | Q(pk__in=Meeting.objects.read_in_full(user)))


class Meeting(VersionedModel):
    """All who read the contract see that it takes place; its papers follow `with_open_papers`."""

    public_id = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    body = models.ForeignKey(GoverningBody, models.CASCADE, related_name="meetings", verbose_name="instance")
    number = models.PositiveSmallIntegerField(
        "numéro",
        validators=[MinValueValidator(1), MaxValueValidator(999)],
        help_text="Dans la suite des réunions.",
    )
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin", null=True, blank=True)
    place = models.CharField("lieu", max_length=300, blank=True)
    video_url = models.URLField("lien de la visioconférence", blank=True, max_length=500)
    state = models.CharField("état", max_length=12, choices=MeetingState, default=MeetingState.PLANNED)
    convocation = models.TextField(
        "message de la convocation", blank=True, max_length=5000, help_text="En tête du courriel et de la lettre."
    )
    convened_at = models.DateTimeField("convoquée le", null=True, blank=True, editable=False)
    calendar_sequence = models.PositiveIntegerField("révision de l’invitation", default=0, editable=False)
    minutes = models.TextField("compte rendu", blank=True, max_length=50000)
    validated_on = models.DateField("compte rendu validé le", null=True, blank=True)

    history = HistoricalRecords()
    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "réunion"
        verbose_name_plural = "réunions"
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "number"],
                name="meeting_number_unique",
                violation_error_message="Cette instance a déjà une réunion de ce numéro.",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="meeting_times_ordered",
                violation_error_message="La fin précède le début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.heading}, {french.long_date(self.day)}"

    def get_absolute_url(self) -> str:
        return reverse("actions:meeting", args=[self.body.contract.slug, self.pk])

    @property
    def heading(self) -> str:
        return f"{self.body.heading} n°\u00a0{self.number}"

    @property
    def day(self) -> date:
        """In Paris, where the people meet."""
        return timezone.localdate(self.starts_at)

    @property
    def icon(self) -> str:
        return MEETING_ICONS[self.state]

    def seats(self) -> QuerySet[BodyMember]:
        """Of those whose mandate runs that day, chairs first, with the names."""
        seats = self.body.members.present(self.day).in_order()
        return seats.select_related("organisation", "representative", "deputy", "person__organisation")

    @property
    def is_to_come(self) -> bool:
        return self.state in MEETINGS_TO_COME

    @property
    def is_awaited(self) -> bool:
        """People have it in their calendar."""
        return self.state == MeetingState.CONVENED and self.starts_at > timezone.now()

    @property
    def is_held(self) -> bool:
        return self.state in MEETINGS_HELD

    def previous(self) -> "Meeting | None":
        """The last one held by the same body before this one."""
        return Meeting.objects.filter(body=self.body_id).before(self.starts_at, self.pk).held().first()


class MeetingPartQuerySet(ContractScopedQuerySet):
    contract_path = "meeting__body__contract"
    meeting_path = "meeting"

    def readable_by(self, user) -> Self:
        """Those of the meetings whose papers this person may read."""
        return self.filter(meeting__in=Meeting.objects.with_open_papers(user))


class DecisionQuerySet(MeetingPartQuerySet):
    def open(self) -> Self:
        return self.filter(state=DecisionState.OPEN)

    def late(self, on: date | None = None) -> Self:
        """Open, and its date has passed."""
        return self.open().filter(due_on__lt=on or today())

    def in_number_order(self) -> Self:
        return self.order_by("meeting__starts_at", "meeting_id", "number")


class Decision(VersionedModel):
    """What a meeting decided; the fiches it concerns, and what it made of them, are told by `actions`."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions", verbose_name="réunion")
    number = models.PositiveSmallIntegerField("rang", validators=[MinValueValidator(1)])
    kind = models.CharField("nature", max_length=12, choices=DecisionKind, default=DecisionKind.VALIDATION)
    text = models.TextField("décision", max_length=5000)
    owner = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name="structure responsable",
    )
    owner_detail = models.CharField(
        "précision", max_length=160, blank=True, help_text="Une personne, un service, «\u202fla présidence\u202f»…"
    )
    due_on = models.DateField("échéance", null=True, blank=True)
    state = models.CharField("état", max_length=12, choices=DecisionState, default=DecisionState.OPEN)
    settled_on = models.DateField("appliquée ou close le", null=True, blank=True)
    outcome = models.TextField("suite donnée", blank=True, max_length=5000)

    history = HistoricalRecords()
    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "décision"
        verbose_name_plural = "décisions"
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="decision_number_unique",
                violation_error_message="Cette réunion a déjà une décision de ce numéro.",
            )
        ]

    def __str__(self) -> str:
        return f"Décision {self.reference}"

    def get_absolute_url(self) -> str:
        return f"{self.meeting.get_absolute_url()}#decision-{self.pk}"

    @property
    def reference(self) -> str:
        """« 8.2 »: the second decision of the eighth meeting of the body."""
        return f"{self.meeting.number}.{self.number}"

    @property
    def icon(self) -> str:
        return DECISION_ICONS[self.state]

    @property
    def owner_label(self) -> str:
        return ", ".join(part for part in (self.owner.label if self.owner else "", self.owner_detail) if part)

    @property
    def is_late(self) -> bool:
        return self.is_late_on(today())

    def is_late_on(self, day: date) -> bool:
        return self.state == DecisionState.OPEN and bool(self.due_on and self.due_on < day)

    def clean(self) -> None:
        if self.owner_id and self.owner.territory_id != self.meeting.body.contract.territory_id:
            raise ValidationError({"owner": "Cette structure appartient à un autre territoire."})


class AgendaItem(models.Model):
    """A point of the agenda; the fiches it brings are told by `actions`."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda", verbose_name="réunion")
    position = models.PositiveIntegerField("rang", default=0)
    kind = models.CharField("nature", max_length=12, choices=AgendaKind, default=AgendaKind.FREE)
    title = models.CharField("intitulé", max_length=300)
    detail = models.TextField("précisions", blank=True, max_length=5000)
    presenter = models.CharField("présenté par", max_length=160, blank=True)
    expected = models.CharField("attendu", max_length=12, choices=Expected, default=Expected.INFORMATION)
    duration = models.PositiveSmallIntegerField(
        "durée (minutes)", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    notes = models.TextField("notes de séance", blank=True, max_length=20000)
    decisions = models.ManyToManyField(
        Decision, blank=True, related_name="followed_in", verbose_name="décisions à suivre"
    )

    history = HistoricalRecords(m2m_fields=[decisions])
    objects = MeetingPartQuerySet.as_manager()

    class Meta:
        verbose_name = "point de l’ordre du jour"
        verbose_name_plural = "points de l’ordre du jour"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """Who came: for a seat of the body, or for a guest of this meeting alone.

    `name` and `organisation_name` are what the sheet said that day: they survive the member.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances", verbose_name="réunion")
    member = models.ForeignKey(
        BodyMember, models.SET_NULL, null=True, blank=True, related_name="attendances", verbose_name="membre"
    )
    organisation_name = models.CharField("structure", max_length=200, blank=True)
    name = models.CharField("personne", max_length=200, blank=True)
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="contact"
    )
    presence = models.CharField("présence", max_length=12, choices=Presence)
    represented_by = models.CharField("représenté par", max_length=200, blank=True)

    history = HistoricalRecords()
    objects = MeetingPartQuerySet.as_manager()

    class Meta:
        verbose_name = "présence"
        verbose_name_plural = "présences"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member"],
                name="attendance_unique",
                violation_error_message="La présence de ce membre est déjà notée.",
            ),
            models.CheckConstraint(
                condition=~Q(organisation_name="", name=""),
                name="attendance_named",
                violation_error_message="Nommez la structure ou la personne.",
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.organisation_name, self.name) if part)
