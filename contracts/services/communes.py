"""The communes of the official geographic code, as INSEE publishes them: loaded from its file, or added one by one."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction

from cls_portal.core.imports.errors import WorkbookError
from cls_portal.core.imports.reading import decode
from contracts.models import Commune, Department

# The headings of « v_commune_AAAA.csv » and of the population files, old and new.
CODES, NAMES, POPULATIONS = ("COM", "CODGEO"), ("LIBELLE", "LIBGEO", "COMMUNE"), ("PMUN", "POPULATION")
CODED = re.compile(r"(\d{4,5}|2[ABab]\d{3})[\s:–—-]+(?P<name>\D.*)")


# France has some 35,000 communes: below, the file is an extract, and says nothing of whole départements.
WHOLE_LIST = 30_000


@dataclass
class CommuneReport:
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)


def load_communes(content: bytes, *, population_year: int | None = None) -> CommuneReport:
    """Load the file again and nothing changes; a commune that it does not name stays. Raises ValidationError.

    Delegated communes and arrondissements are left out: they are in no perimeter of their own.
    """
    rows = _rows(content)
    heading = next(rows, (0, {}))[1]
    if not (_first(heading, *CODES) or "CODCOM" in heading) or not (_first(heading, *NAMES) or "CODCOM" in heading):
        raise ValidationError(
            "Colonnes attendues en tête\u00a0: COM (code) et LIBELLE (nom) entre virgules ou points-virgules."
        )
    counted = _first(heading, *POPULATIONS) is not None
    if counted and population_year is None:
        raise ValidationError("Ce fichier donne des populations\u00a0: dites leur année par --annee.")
    report = CommuneReport()
    found = _read(rows, population_year if counted else None, report)
    _write(found, ["name", "department", *(["population", "population_year"] if counted else [])], report)
    if counted and len(found) >= WHOLE_LIST:
        _count_departments(found.values(), population_year)
    return report


def _count_departments(communes: Iterable[Commune], year: int | None) -> None:
    """The population of a département is that of its communes."""
    totals: Counter[str] = Counter()
    for commune in communes:
        totals[commune.department_id] += commune.population or 0
    Department.objects.bulk_update(
        [Department(pk=code, population=total, population_year=year) for code, total in totals.items()],
        ["population", "population_year"],
    )


def create_commune(item: str) -> Commune | None:
    """« 28085 Chartres » made a commune of the portal; None when it is no code of a known département with a name."""
    if not (coded := CODED.fullmatch(item)):
        return None
    commune = Commune(code=coded[1].upper().zfill(5), name=coded["name"])
    commune.department = Department.objects.filter(code=department_code(commune.code)).first()
    try:
        commune.full_clean()
    except ValidationError:
        return None
    commune.save(force_insert=True)
    return commune


def department_code(code: str) -> str:
    return code[:3] if code.startswith(("97", "98")) else code[:2]


def _rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line with its number, the headings first, as the names of the columns in capitals."""
    try:
        text = decode(content)
    except WorkbookError as error:
        raise ValidationError(str(error)) from error
    separator = max(";,\t", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        names = [name.strip().upper() for name in next(reader, [])]
        yield 1, {name: name for name in names}
        for values in reader:
            if any(values):
                yield reader.line_num, dict(zip(names, (value.strip() for value in values), strict=False))
    except csv.Error as error:
        raise ValidationError(f"Ce fichier n’est pas un CSV lisible (ligne {reader.line_num}).") from error


def _read(rows, population_year: int | None, report: CommuneReport) -> dict[str, Commune]:
    departments = {department.code: department for department in Department.objects.all()}
    found: dict[str, Commune] = {}
    for line, row in rows:
        if row.get("TYPECOM", "COM") != "COM":
            continue
        try:
            commune = _commune(row, departments, population_year)
            if commune.code in found:
                raise ValidationError(f"le code {commune.code} est déjà plus haut dans le fichier.")
        except ValidationError as error:
            report.problems.append(f"Ligne {line}\u00a0: {' '.join(error.messages)}")
        else:
            found[commune.code] = commune
    return found


def _commune(row: dict[str, str], departments: dict[str, Department], population_year: int | None) -> Commune:
    # In the older population files COM is the name, and the code is in two columns: 971 and 101 make 97101.
    if "CODCOM" in row:
        code, name = row.get("CODDEP", "")[:2] + row["CODCOM"], row.get("COM", "")
    else:
        code, name = _first(row, *CODES) or "", _first(row, *NAMES) or ""
    code = code.upper().zfill(5)
    department = departments.get(department_code(code))
    if department is None:
        raise ValidationError(f"le code {code} n’est d’aucun département connu du portail.")
    commune = Commune(code=code, name=name, department=department)
    if population_year is not None:
        figures = re.sub(r"\s", "", _first(row, *POPULATIONS) or "")
        if figures and not figures.isdecimal():
            raise ValidationError(f"«\u202f{figures}\u202f» n’est pas une population.")
        commune.population, commune.population_year = (int(figures), population_year) if figures else (None, None)
    commune.clean_fields(exclude=["department"])
    return commune


@transaction.atomic
def _write(found: dict[str, Commune], fields: list[str], report: CommuneReport) -> None:
    columns = [Commune._meta.get_field(name).attname for name in fields]
    known = {code: tuple(rest) for code, *rest in Commune.objects.values_list("code", *columns)}
    new = [each for code, each in found.items() if code not in known]
    changed = [
        each
        for code, each in found.items()
        if code in known and known[code] != tuple(getattr(each, column) for column in columns)
    ]
    Commune.objects.bulk_create(new, batch_size=1000)
    Commune.objects.bulk_update(changed, fields, batch_size=500)
    report.created, report.changed = len(new), len(changed)
    report.unchanged = len(found) - len(new) - len(changed)


def _first(row: dict[str, str], *names: str) -> str | None:
    return next((row[name] for name in names if name in row), None)
