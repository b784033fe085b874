"""Reading what the demonstration tells: TOML for the stories, CSV for the communes of the official geography."""

import csv
import tomllib
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


def read(name: str) -> dict[str, Any]:
    with (DATA / name).open("rb") as file:
        return tomllib.load(file)


def read_fiches(folder: str, pattern: str) -> list[dict[str, Any]]:
    """Each fiche with the code of its axis, in the order of the plan."""
    fiches = []
    for path in sorted((DATA / folder).glob(pattern)):
        axis = path.stem.rsplit("-", 1)[-1]
        fiches += [{"axis": axis} | fiche for fiche in read(f"{folder}/{path.name}")["fiches"]]
    return fiches


def read_communes(perimeter: str) -> list[dict[str, str]]:
    with (DATA / "communes.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["perimeter"] == perimeter]
