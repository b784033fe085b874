"""Puts back in the queue the documents whose making was interrupted; to be run before the worker starts."""

from django.core.management.base import BaseCommand

from contracts.models import DocumentJob
from contracts.services.production import take_up_dead_jobs


class Command(BaseCommand):
    help = "Remet en file les documents dont la production s’est interrompue."

    def handle(self, *args, **options):
        count = take_up_dead_jobs(DocumentJob.objects.all())
        self.stdout.write(f"{count} document(s) remis en file.")
