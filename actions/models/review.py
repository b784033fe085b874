"""The review by the ARS: rounds on frozen versions, remarks on named fields, the checklist, colleagues' opinions.

What the ARS writes belongs to it until the avis is given. None of these models is followed by the contract's journal,
which all its readers open: the review tells its own story. `actions/review/viewer.py` says who reads what.
"""

from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from actions.enums import (
    Criterion,
    CriterionAnswer,
    DraftingState,
    ExpertOpinion,
    Opinion,
    RemarkAnswer,
    RemarkKind,
)
from actions.models.version import PlanVersion
from contracts.models import Contract

LONG = 5000
SHORT = 2000
CONTRACT_PART = "Le contrat"


def _person(verbose_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=verbose_name
    )


class ReviewQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        return self.filter(contract__in=Contract.objects.visible_to(user))

    def under_way(self) -> Self:
        return self.filter(decided_at=None, withdrawn_at=None)

    def given(self) -> Self:
        return self.filter(decided_at__isnull=False)

    def with_turn(self) -> Self:
        """Annotates what `Review.turn` reads: whether a later round follows, and how the remarks stand."""
        remarks = Q(parts__comments__kind=RemarkKind.CORRECTION, parts__comments__settled_at=None)
        return self.annotate(
            is_followed=Exists(Review.objects.filter(previous=OuterRef("pk"), withdrawn_at=None)),
            unanswered=Count("parts__comments", filter=remarks & Q(parts__comments__answered_at=None)),
            to_settle=Count("parts__comments", filter=remarks & Q(parts__comments__answered_at__isnull=False)),
            last_answer=Max("parts__comments__answered_at"),
        )

    def with_progress(self) -> Self:
        """Annotates `part_count` and `read_count`."""
        return self.annotate(
            part_count=Count("parts", distinct=True),
            read_count=Count("parts", filter=Q(parts__read_at__isnull=False), distinct=True),
        )


class Review(models.Model):
    """One round: what was submitted, frozen, who reads it, and the avis given on it.

    `opinion` and `opinion_text` are a draft of the ARS while `decided_at` is empty.
    """

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="reviews", verbose_name="contrat")
    version = models.OneToOneField(PlanVersion, models.RESTRICT, related_name="review", verbose_name="version figée")
    previous = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="following", verbose_name="fait suite à"
    )
    is_whole = models.BooleanField("tout le contrat", default=False)
    message = models.TextField("message à l’ARS", blank=True, max_length=LONG)
    submitted_at = models.DateTimeField("soumis le")
    submitted_by = _person("soumis par")
    referent = _person("suivi par")
    taken_at = models.DateTimeField("pris en charge le", null=True, blank=True)
    opinion = models.CharField("avis", max_length=20, choices=Opinion, blank=True)
    opinion_text = models.TextField("texte de l’avis", blank=True, max_length=LONG)
    decided_at = models.DateTimeField("avis rendu le", null=True, blank=True)
    decided_by = _person("avis rendu par")
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)
    withdrawn_by = _person("retiré par")

    history = HistoricalRecords()
    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "demande d’avis à l’ARS"
        verbose_name_plural = "demandes d’avis à l’ARS"
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(is_whole=True, decided_at=None, withdrawn_at=None),
                name="review_whole_once",
                violation_error_message="Le contrat est déjà à l’avis de l’ARS.",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None) | (~Q(opinion="") & Q(withdrawn_at=None)),
                name="review_decided_with_opinion",
                violation_error_message="Dites si l’avis est favorable, avec réserves, ou à retravailler.",
            ),
        ]

    def __str__(self) -> str:
        return f"Avis de l’ARS, version {self.version.number}"

    def get_absolute_url(self) -> str:
        return reverse("actions:review", args=[self.contract.slug, self.pk])

    @property
    def is_under_way(self) -> bool:
        return self.decided_at is None and self.withdrawn_at is None

    @property
    def is_given(self) -> bool:
        return self.decided_at is not None


class ReviewedPart(models.Model):
    """One of the things to read in a round: a fiche, by its identity in the frozen version, or the contract itself.

    A fiche may be deleted since: the version keeps it readable, and the remarks with it. `state_before` is the
    drafting state that a withdrawal gives back. `is_open` follows the review: a fiche is under one review at a time.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="parts", verbose_name="demande d’avis")
    fiche = models.PositiveBigIntegerField("fiche", null=True, blank=True)
    position = models.PositiveIntegerField("rang")
    code = models.CharField("numéro", max_length=20, blank=True)
    title = models.CharField("intitulé", max_length=300)
    state_before = models.CharField("rédaction avant", max_length=20, choices=DraftingState, blank=True)
    is_open = models.BooleanField("à l’avis de l’ARS", default=True)
    read_at = models.DateTimeField("lu le", null=True, blank=True)
    read_by = _person("lu par")

    class Meta:
        verbose_name = "pièce à lire"
        verbose_name_plural = "pièces à lire"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "fiche"], name="reviewed_part_unique"),
            models.UniqueConstraint(
                fields=["fiche"],
                condition=Q(is_open=True, fiche__isnull=False),
                name="fiche_under_one_review",
                violation_error_message="Cette fiche est déjà à l’avis de l’ARS.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()

    def get_absolute_url(self) -> str:
        review = self.review
        return reverse("actions:review_part", args=[review.contract.slug, review.pk, self.pk])

    @property
    def name(self) -> str:
        """« Fiche 2.1 » in a sentence, a button, the title of a page."""
        if self.fiche is None:
            return CONTRACT_PART
        return f"Fiche {self.code}" if self.code else self.title


class ReviewComment(models.Model):
    """A remark on a named field. `section` and `label` are those of the frozen version, kept to be read without it."""

    part = models.ForeignKey(ReviewedPart, models.CASCADE, related_name="comments", verbose_name="pièce lue")
    field = models.CharField("champ", max_length=60)
    section = models.CharField("section", max_length=40)
    label = models.CharField("sur", max_length=300)
    kind = models.CharField("nature", max_length=10, choices=RemarkKind, default=RemarkKind.CORRECTION)
    text = models.TextField("remarque", max_length=SHORT)
    author = _person("écrite par")
    created_at = models.DateTimeField("écrite le")
    answer = models.CharField("suite donnée", max_length=10, choices=RemarkAnswer, blank=True)
    answer_text = models.TextField("réponse", blank=True, max_length=SHORT)
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)
    answered_by = _person("répondu par")
    settled_at = models.DateTimeField("levée le", null=True, blank=True)
    settled_by = _person("levée par")

    history = HistoricalRecords()
    told_in_losses = False

    class Meta:
        verbose_name = "remarque de l’ARS"
        verbose_name_plural = "remarques de l’ARS"
        ordering = ["part__position", "created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="comment_answer_dated",
                violation_error_message="Dites si la fiche est corrigée, ou si la remarque n’est pas retenue.",
            ),
            models.CheckConstraint(
                condition=~Q(answer=RemarkAnswer.DECLINED) | ~Q(answer_text=""),
                name="comment_declined_says_why",
                violation_error_message="Dites pourquoi cette remarque n’est pas retenue.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part}, {self.label}"

    @property
    def anchor(self) -> str:
        return f"r-{self.pk}"

    @property
    def waits_for_coordination(self) -> bool:
        return not self.answer and not self.settled_at and self.kind == RemarkKind.CORRECTION

    @property
    def waits_for_ars(self) -> bool:
        return bool(self.answer) and not self.settled_at


class ChecklistAnswer(models.Model):
    """Working grid of the ARS on one fiche: it stays with the ARS."""

    part = models.ForeignKey(ReviewedPart, models.CASCADE, related_name="checklist", verbose_name="pièce lue")
    criterion = models.CharField("critère", max_length=20, choices=Criterion)
    answer = models.CharField("réponse", max_length=12, choices=CriterionAnswer, blank=True)
    note = models.CharField("note", max_length=500, blank=True)

    history = HistoricalRecords()
    told_in_losses = False

    class Meta:
        verbose_name = "réponse à la grille"
        verbose_name_plural = "réponses à la grille"
        constraints = [models.UniqueConstraint(fields=["part", "criterion"], name="checklist_answer_unique")]

    def __str__(self) -> str:
        return f"{self.get_criterion_display()}\u00a0: {self.get_answer_display()}"


class OpinionRequest(models.Model):
    """Asked to a colleague of the ARS, on the whole round or on some of its parts; the référent may join the answer to
    the avis, which shows it to the coordination."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="requests", verbose_name="demande d’avis")
    parts = models.ManyToManyField(ReviewedPart, blank=True, related_name="requests", verbose_name="pièces concernées")
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="opinion_requests",
        verbose_name="collègue",
    )
    question = models.TextField("question", max_length=SHORT)
    due_on = models.DateField("pour le")
    asked_at = models.DateTimeField("demandé le")
    asked_by = _person("demandé par")
    opinion = models.CharField("avis", max_length=12, choices=ExpertOpinion, blank=True)
    text = models.TextField("réponse", blank=True, max_length=LONG)
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)
    is_joined = models.BooleanField("joint à l’avis", default=False)

    history = HistoricalRecords()
    told_in_losses = False

    class Meta:
        verbose_name = "avis demandé à un service"
        verbose_name_plural = "avis demandés aux services"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opinion="", answered_at=None) | (~Q(opinion="") & Q(answered_at__isnull=False)),
                name="opinion_answer_dated",
                violation_error_message="Dites si votre avis est favorable, avec réserves ou défavorable.",
            ),
            models.CheckConstraint(
                condition=Q(is_joined=False) | Q(answered_at__isnull=False),
                name="opinion_joined_once_given",
                violation_error_message="Seul un avis rendu peut être joint.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.expert}, pour le {self.due_on:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("actions:opinion_request", args=[self.review.contract.slug, self.pk])

    def clean(self) -> None:
        if self.opinion and not self.text.strip():
            raise ValidationError({"text": "Expliquez votre avis en une phrase au moins."})
