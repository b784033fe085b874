"""`manage.py load_demo`: fill an empty site with the demonstration; with a volume, for measuring."""

from time import monotonic

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

REAL_SITE = (
    "La démonstration ouvre des comptes dont le mot de passe est public, celui de l’administration compris\u00a0: "
    "elle ne se charge que sur un site de démonstration (DEMO=1) ou de développement (DEBUG=1)."
)
NOT_EMPTY = (
    "Ce site a déjà des données\u00a0: la démonstration ne s’y ajoute pas. Pour passer outre, ajoutez --forcer\u202f; "
    "pour repartir de rien, «\u202fmake reset\u202f»."
)
ALREADY_THERE = "La démonstration est déjà chargée\u00a0: seul un volume (--multiply ou --contracts) peut s’y ajouter."
INCOMPLETE = "Un volume se dit par --multiply, ou par --contracts, --fiches et --follow-ups ensemble, de 1 ou plus."


class Command(BaseCommand):
    help = "Charge les données de démonstration dans un site vide."

    def add_arguments(self, parser):
        parser.add_argument("--forcer", action="store_true", help="charger aussi dans un site qui a déjà des données")
        parser.add_argument("--multiply", type=int, metavar="N", help="ajouter N fois la taille de la démonstration")
        parser.add_argument("--contracts", type=int, metavar="N", help="ajouter N contrats pour mesurer la vitesse")
        parser.add_argument("--fiches", type=int, metavar="N", help="fiches à répartir entre ces contrats")
        parser.add_argument("--follow-ups", type=int, metavar="N", help="points de suivi à répartir entre ces fiches")

    def handle(self, *args, **options):
        from cls_portal.demo.load import is_empty, is_loaded, load  # only this command reads the demonstration
        from cls_portal.demo.volume import load_volume  # idem

        if not (settings.DEBUG or settings.DEMO):
            raise CommandError(REAL_SITE)
        volume = self.volume_of(options)
        if not (options["forcer"] or is_empty()):
            raise CommandError(NOT_EMPTY)
        if is_loaded() and not volume:
            raise CommandError(ALREADY_THERE)
        started, today = monotonic(), timezone.localdate()
        if not is_loaded():
            load(today)
        if volume:
            load_volume(volume, today)
        self.stdout.write(f"Démonstration chargée en {monotonic() - started:.0f}\u00a0s.")
        self.show_accounts()

    def volume_of(self, options):
        from cls_portal.demo.volume import Volume  # only this command reads the demonstration

        numbers = [options["contracts"], options["fiches"], options["follow_ups"]]
        given = [number for number in [options["multiply"], *numbers] if number is not None]
        if not given:
            return None
        complete = None not in numbers if options["multiply"] is None else len(given) == 1
        if min(given) < 1 or not complete:
            raise CommandError(INCOMPLETE)
        return Volume.times_the_demonstration(options["multiply"]) if options["multiply"] else Volume(*numbers)

    def show_accounts(self):
        from cls_portal.demo.accounts import ACCOUNTS, PASSWORD  # only this command reads the demonstration

        self.stdout.write(f"Comptes, tous avec le mot de passe «\u202f{PASSWORD}\u202f»\u00a0:")
        for account in ACCOUNTS:
            self.stdout.write(f"  {account.email:36} {account.role}")
