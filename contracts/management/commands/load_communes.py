"""`manage.py load_communes FICHIER`: the official list of communes, without which a contract has no perimeter."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from contracts.services.communes import load_communes

SHOWN = 20


class Command(BaseCommand):
    help = "Charge les communes du code officiel géographique, ou leurs populations, depuis un CSV de l’Insee."

    def add_arguments(self, parser):
        parser.add_argument(
            "file", type=Path, metavar="FICHIER", help="v_commune_AAAA.csv, ou un fichier de populations"
        )
        parser.add_argument("--annee", type=int, metavar="AAAA", help="année des populations du fichier")

    def handle(self, *args, **options):
        try:
            report = load_communes(options["file"].read_bytes(), population_year=options["annee"])
        except OSError as error:
            raise CommandError(f"Ce fichier ne peut pas être lu\u00a0: {error.strerror}.") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        for problem in report.problems[:SHOWN]:
            self.stderr.write(problem)
        if rest := len(report.problems) - SHOWN if len(report.problems) > SHOWN else 0:
            self.stderr.write(f"… et {rest} autres lignes.")
        self.stdout.write(
            f"Communes\u00a0: {report.created} ajoutées, {report.changed} changées, {report.unchanged} inchangées, "
            f"{len(report.problems)} lignes laissées de côté."
        )
