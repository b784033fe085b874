"""The table of `docs/benchmarks.md`: the last run, its command, its date, its machine."""

import os
import platform
import subprocess
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.bench.measure import Line

HEAD = """# Mesures de vitesse

Chaque ligne compare deux façons de faire la même chose, mesurées en alternance dans le même passage : seul le rapport
compte, les durées changent d’une machine à l’autre. Un rapport de 0,5 dit que le portail met deux fois moins de temps.

"""


def number(value: float | None) -> str:
    if value is None:
        return "non mesuré"
    return (f"{value:.2f}" if abs(value) < 10 else f"{value:.0f}").replace(".", ",")


def commit() -> str:
    answer = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip() or "inconnue"


def circumstances(command: str) -> str:
    return (
        f"- Commande : `{command}`\n"
        f"- Date : {date.today():%d/%m/%Y}, révision {commit()}\n"
        f"- Machine : {os.cpu_count()} cœurs, {platform.system()}, Python {platform.python_version()}, "
        f"{connection.vendor}\n"
    )


def table(lines: list[Line]) -> str:
    rows = [
        f"| {line.what} | {line.against} | {number(line.figure)} {line.unit} | "
        f"{'≤ ' + number(line.bound) if line.bound else ''} | {'' if line.kept else 'non'} | {line.detail} |"
        for line in lines
    ]
    head = ["| Mesure | Comparée à | Résultat | Objectif | Tenu | Détail |", "| --- | --- | ---: | ---: | --- | --- |"]
    return "\n".join(head + [row.replace("|  | ≤", "| | ≤") for row in rows]) + "\n"


def write(path: Path, command: str, lines: list[Line]) -> None:
    path.write_text(HEAD + circumstances(command) + "\n" + table(lines))
