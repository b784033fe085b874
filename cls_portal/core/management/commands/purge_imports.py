"""Forgets the workbooks that were sent more than two days ago and never confirmed; to be run every day."""

from django.core.management.base import BaseCommand

from cls_portal.core.imports.drafts import purge_drafts


class Command(BaseCommand):
    help = "Efface les classeurs envoyés depuis plus de deux jours et jamais repris."

    def handle(self, *args, **options):
        count = purge_drafts()
        self.stdout.write(f"{count} classeur(s) en attente effacé(s).")
