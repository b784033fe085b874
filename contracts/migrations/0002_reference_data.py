"""Seed what every site needs: regions, départements and the common reference lists."""

import csv
from pathlib import Path

from django.db import migrations

from contracts.reference.terms import TERMS

FOLDER = Path(__file__).resolve().parent.parent / "reference"


def rows(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def seed(apps, schema_editor):
    region, department, term = (apps.get_model("contracts", name) for name in ("Region", "Department", "ReferenceTerm"))
    region.objects.bulk_create(region(**row) for row in rows("regions.csv"))
    department.objects.bulk_create(
        department(code=row["code"], name=row["name"], region_id=row["region"]) for row in rows("departments.csv")
    )
    term.objects.bulk_create(
        term(kind=kind, label=label, position=position)
        for kind, labels in TERMS.items()
        for position, label in enumerate(labels, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("contracts", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
