"""What the shared blocks store."""

import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone


class Deletion(models.Model):
    """What a deletion took away, whole, so that it can be put back; `links` are the keys that it emptied elsewhere."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    root = models.CharField("rattachement", max_length=100, db_index=True)
    model = models.CharField("modèle", max_length=100)
    object_id = models.CharField("identifiant", max_length=40)
    kind = models.CharField("nature", max_length=100)
    label = models.CharField("intitulé", max_length=300)
    content = models.JSONField(encoder=DjangoJSONEncoder)
    links = models.JSONField(encoder=DjangoJSONEncoder)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="supprimé par"
    )
    deleted_at = models.DateTimeField("supprimé le", auto_now_add=True)
    restored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="rétabli par"
    )
    restored_at = models.DateTimeField("rétabli le", null=True)

    class Meta:
        verbose_name = "suppression"
        verbose_name_plural = "suppressions"
        ordering = ["-deleted_at"]

    def __str__(self) -> str:
        return f"{self.kind} «\u202f{self.label}\u202f»"


class Submission(models.Model):
    """A form already handled: its key, sent a second time, leads to the first result instead of a second record."""

    key = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    result_url = models.CharField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "envoi de formulaire"
        verbose_name_plural = "envois de formulaires"

    def __str__(self) -> str:
        return str(self.key)


def random_import_path(draft: "ImportDraft", filename: str) -> str:
    return f"imports/{uuid.uuid4().hex}"


class ImportDraftQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ImportDraftQuerySet":
        """One's own: what a workbook holds is nobody else's business before it is confirmed."""
        return self.filter(user=user)


class ImportDraft(models.Model):
    """A workbook on its way in, between its sending and its confirmation: one per sending, two tabs do not mix.

    `root` names what it goes into (the same words as for a deletion); `choices` are the answers given at each step.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    root = models.CharField("rattachement", max_length=100, db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="envoyé par")
    file = models.FileField("fichier", upload_to=random_import_path, max_length=120, blank=True)
    name = models.CharField("nom du fichier", max_length=200)
    choices = models.JSONField("choix", default=dict, encoder=DjangoJSONEncoder)
    result = models.JSONField("résultat", null=True, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField("envoyé le", auto_now_add=True)
    done_at = models.DateTimeField("repris le", null=True)

    objects = ImportDraftQuerySet.as_manager()

    class Meta:
        verbose_name = "import en cours"
        verbose_name_plural = "imports en cours"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class MailState(models.TextChoices):
    WAITING = "attente", "à envoyer"
    SENDING = "envoi", "en cours d’envoi"
    SENT = "envoye", "envoyé"
    GIVEN_UP = "abandon", "non parti"
    REPLACED = "remplace", "remplacé"
    REFUSED = "refus", "refusé avant son départ"


class OutgoingMailQuerySet(models.QuerySet):
    # Handing over a mail takes seconds: beyond, the process died and nobody knows whether the mail left.
    INTERRUPTED_AFTER = timedelta(minutes=10)
    # Longer than any delay between two attempts: no attempt is planned any more.
    LOST_AFTER = timedelta(hours=13)

    def stuck(self) -> Self:
        """Those that no attempt will deliver, the last of each thread: a person decides whether they go again."""
        now = timezone.now()
        interrupted = Q(state=MailState.SENDING, tried_at__lt=now - self.INTERRUPTED_AFTER)
        old = now - self.LOST_AFTER
        lost = Q(state=MailState.WAITING, created_at__lt=old) & (Q(tried_at=None) | Q(tried_at__lt=old))
        stuck = self.filter(Q(state=MailState.GIVEN_UP) | interrupted | lost)
        return stuck.exclude(body="").exclude(pk__in=OutgoingMail.objects.overtaken().values("pk"))

    def overtaken(self) -> Self:
        """Those that a later mail of their thread corrects: arriving after it, they would mislead."""
        later = OutgoingMail.objects.filter(thread=OuterRef("thread"), pk__gt=OuterRef("pk"))
        return self.exclude(thread="").filter(Exists(later))


class OutgoingMail(models.Model):
    """A mail on its way out. Its `key` names the occasion and the address: asked twice, it is sent once.

    The mails of a `thread` correct one another; those of a `root` (the same words as for a deletion) may be refused.
    """

    key = models.CharField(max_length=200, unique=True)
    thread = models.CharField("fil", max_length=200, blank=True, db_index=True)
    root = models.CharField("rattachement", max_length=100, blank=True)
    to = models.EmailField("destinataire")
    subject = models.CharField("objet", max_length=200)
    body = models.TextField("texte")
    headers = models.JSONField(default=dict)
    attachments = models.JSONField(default=list, help_text="[nom, type, texte]")
    state = models.CharField(max_length=10, choices=MailState, default=MailState.WAITING)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    problem = models.CharField("difficulté", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    tried_at = models.DateTimeField(null=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel"
        verbose_name_plural = "courriels"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.key


class MailRefusal(models.Model):
    """An address that no longer wants the grouped mails of `root` (the same words as for a deletion)."""

    email = models.EmailField()
    root = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "refus des courriels"
        verbose_name_plural = "refus des courriels"
        constraints = [models.UniqueConstraint("root", models.functions.Lower("email"), name="mail_refusal_unique")]

    def __str__(self) -> str:
        return self.email


class Notice(models.Model):
    """A sentence for one person, sent with the others of its `root` (the same words as for a deletion)."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="destinataire"
    )
    root = models.CharField("rattachement", max_length=100)
    label = models.CharField("sujet", max_length=300)
    text = models.CharField("texte", max_length=500)
    path = models.CharField("adresse", max_length=500)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "nouvelle à envoyer"
        verbose_name_plural = "nouvelles à envoyer"
        indexes = [models.Index(fields=["recipient", "root"], condition=Q(sent_at=None), name="notice_waiting")]

    def __str__(self) -> str:
        return self.text
