"""Files of a contract, and the documents that the portal is producing for it."""

import uuid
from datetime import timedelta
from pathlib import PurePath
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from contracts.enums import QUOTING_PAPERS, DocumentKind, JobState, MeetingState, PaperKind
from contracts.models.contract import Contract
from contracts.models.meeting import Meeting, read_in_full_by
from contracts.models.scope import ContractScopedQuerySet

REPORT_NEEDS_YEAR = "Dites de quelle année ce bilan rend compte."


def random_path(document: "Document", filename: str) -> str:
    """A name nobody can guess; the extension is kept for the operator, the original name in the database."""
    return f"documents/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:10]}"


class DocumentQuerySet(ContractScopedQuerySet):
    meeting_path = "meeting"

    def visible_to(self, user) -> Self:
        """The files of a meeting are among its papers. Those that quote the earlier decisions of the body are shared
        with everybody once all its earlier minutes are validated too; a draft of the minutes, never."""
        shared = Q(meeting=None) | Q(meeting__in=Meeting.objects.with_open_papers(user))
        of_body = Meeting.objects.filter(body=OuterRef("meeting__body"))
        earlier = of_body.before(OuterRef("meeting__starts_at"), OuterRef("meeting"))
        drafts = earlier.exclude(state=MeetingState.VALIDATED)
        has_papers = Q(state=MeetingState.HELD) | Q(decisions__isnull=False)  # some decide before they are said held
        quotes_drafts = Q(paper__in=QUOTING_PAPERS) & Exists(drafts.filter(has_papers))
        own = Q(meeting__in=Meeting.objects.filter(read_in_full_by(user)))
        return super().visible_to(user).filter(shared).exclude((quotes_drafts | Q(is_draft=True)) & ~own)


class Document(models.Model):
    public_id = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="documents", verbose_name="contrat")
    kind = models.CharField("nature", max_length=20, choices=DocumentKind, default=DocumentKind.OTHER)
    title = models.CharField("intitulé", max_length=200)
    file = models.FileField("fichier", upload_to=random_path, max_length=120)
    original_name = models.CharField("nom du fichier", max_length=200, editable=False)
    content_type = models.CharField("type", max_length=100, editable=False)
    size = models.PositiveBigIntegerField("taille", editable=False, help_text="En octets.")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="déposé par"
    )
    uploaded_at = models.DateTimeField("déposé le", auto_now_add=True)
    meeting = models.ForeignKey(
        Meeting, models.CASCADE, null=True, blank=True, related_name="documents", verbose_name="réunion"
    )
    paper = models.CharField("pièce de la réunion", max_length=12, choices=PaperKind, blank=True, editable=False)
    year = models.PositiveSmallIntegerField(
        "année",
        null=True,
        blank=True,
        validators=[MinValueValidator(1990), MaxValueValidator(2100)],
        help_text="Celle dont un bilan annuel rend compte.",
    )
    as_of = models.DateField("données arrêtées au", null=True, blank=True, editable=False)
    is_draft = models.BooleanField("projet", default=False, editable=False)

    history = HistoricalRecords()
    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document"
        verbose_name_plural = "documents"
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=DocumentKind.ANNUAL_REPORT) | Q(year__isnull=False),
                name="annual_report_year",
                violation_error_message=REPORT_NEEDS_YEAR,
            )
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.kind == DocumentKind.ANNUAL_REPORT and not self.year:
            raise ValidationError({"year": REPORT_NEEDS_YEAR})

    def get_absolute_url(self) -> str:
        return reverse("contracts:document", args=[self.contract.slug, self.public_id])


class DocumentJobQuerySet(ContractScopedQuerySet):
    FAILURE_SHOWN_FOR = timedelta(days=1)

    def announced(self) -> Self:
        """Those under way, and the recent failures that nobody has asked again."""
        same = {name: OuterRef(name) for name in ("contract", "kind", "parameters")}
        again = DocumentJob.objects.filter(**same, pk__gt=OuterRef("pk"))
        failed = Q(state=JobState.FAILED)
        old = failed & Q(requested_at__lt=timezone.now() - self.FAILURE_SHOWN_FOR)
        return self.exclude(state=JobState.DONE).exclude(old).exclude(failed & Exists(again))


class DocumentJob(models.Model):
    """A long document being made in the background: what was asked, how far it is, and what came of it.

    `kind` names a maker registered by an app; `parameters` are its arguments. While one waits or runs, asking the same
    again leads to it: two clicks make one document.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="document_jobs")
    kind = models.CharField(max_length=40)
    parameters = models.CharField(max_length=2000, blank=True)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=500, blank=True)
    document = models.ForeignKey(Document, models.SET_NULL, null=True, related_name="+")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    beat_at = models.DateTimeField("dernier signe de vie", auto_now=True)

    QUIET_AFTER = timedelta(seconds=30)

    objects = DocumentJobQuerySet.as_manager()

    class Meta:
        verbose_name = "production de document"
        verbose_name_plural = "productions de documents"
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "kind", "parameters"],
                condition=Q(state__in=[JobState.WAITING, JobState.RUNNING]),
                name="document_job_once",
                violation_error_message="Ce document est déjà en préparation.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_quiet(self) -> bool:
        """Its process may have died: it gives a sign of life at each page."""
        return self.state == JobState.RUNNING and self.beat_at < timezone.now() - self.QUIET_AFTER

    @property
    def is_laid_out(self) -> bool:
        """Or nearly: the total is an estimate. Writing the file takes as long again, and tells no page."""
        return bool(self.total) and self.done >= self.total

    def get_absolute_url(self) -> str:
        return reverse("contracts:document_job", args=[self.contract.slug, self.public_id])
