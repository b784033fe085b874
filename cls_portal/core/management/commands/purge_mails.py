"""Forgets the text of old mails, then the mails; to be run every day."""

from django.core.management.base import BaseCommand

from cls_portal.core.notices import purge_notices
from cls_portal.core.outbox import purge_mails


class Command(BaseCommand):
    help = "Efface le texte des courriels de plus de trois mois, et les courriels de plus de deux ans."

    def handle(self, *args, **options):
        emptied, forgotten = purge_mails()
        purge_notices()
        self.stdout.write(f"{emptied} courriel(s) vidé(s) de leur texte, {forgotten} oublié(s).")
