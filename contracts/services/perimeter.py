"""The communes of a contract, added from a list as it is pasted: one per line, codes or names."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from cls_portal.accounts.models import User
from cls_portal.core.deletion import delete_with_way_back
from cls_portal.core.history import save_as
from cls_portal.core.models import Deletion
from contracts.models import Commune, Contract, PerimeterCommune
from contracts.services.communes import CODED, create_commune, department_code
from contracts.services.contracts import lock, set_fields, trash_of

SEPARATORS = re.compile(r"[\n\r;,\t]+")
# A workbook drops the first zero of 01004.
CODE = re.compile(r"(?<![0-9A-Za-z])(\d{4,5}|2[ABab]\d{3})(?![0-9A-Za-z])")
DEPARTMENT = re.compile(r"\((\d{2,3}|2[ABab])\)\s*$")
SHORTENED = {"st": "saint", "ste": "sainte", "s": "sur", "/": "sur"}


@dataclass
class PerimeterReport:
    """What came of each item of the list; `unknown` and `ambiguous` keep it as it was written."""

    added: list[Commune] = field(default_factory=list)
    already: list[Commune] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    ambiguous: dict[str, list[Commune]] = field(default_factory=dict)

    @property
    def left_over(self) -> list[str]:
        return [*self.ambiguous, *self.unknown]


@transaction.atomic
def add_communes(
    *, contract: Contract, user: User | None, text: str, joined_on: date | None = None, create_unknown: bool = False
) -> PerimeterReport:
    """Add the communes named in `text`; what cannot be told apart or is not known is reported, and nothing is guessed.

    A name is looked for in the département of the territory first: its neighbours' namesakes do not count.
    `create_unknown` makes a commune of what is written with its code and its name.
    """
    lock(contract)
    report = PerimeterReport()
    present = set(contract.perimeter.values_list("commune_id", flat=True))
    finder = CommuneFinder(contract.territory.department_id)
    for item in items_of(text):
        found = finder.find(item)
        if create_unknown and not found:
            if namesakes := finder.namesakes(item):
                report.ambiguous[item] = namesakes
                continue
            found = [created] if (created := create_commune(item)) else []
        if len(found) != 1:
            report.ambiguous.update({item: found} if found else {})
            report.unknown.extend([] if found else [item])
        elif found[0].pk in present:
            report.already.append(found[0])
        else:
            link = PerimeterCommune(contract=contract, commune=found[0], joined_on=joined_on)
            save_as(link, user=user, reason="Entrée dans le périmètre")
            present.add(found[0].pk)
            report.added.append(found[0])
    return report


def items_of(text: str) -> list[str]:
    """The distinct items of a pasted list, in its order."""
    parts = (" ".join(part.split()) for part in SEPARATORS.split(text))
    return list(dict.fromkeys(part for part in parts if part))


def plain(name: str) -> str:
    """A name without accents, capitals, hyphens and usual shortenings, to compare."""
    letters = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "oe"))
    words = re.sub(r"[^\w/]+", " ", "".join(c for c in letters if not unicodedata.combining(c))).casefold().split()
    return " ".join(SHORTENED.get(word, word) for word in words)


class CommuneFinder:
    """Reads the communes of the département once, those of the country only when a name is not there."""

    def __init__(self, department_id: str):
        self.department_id = department_id
        self._names: dict[str | None, dict[str, list[Commune]]] = {}

    def find(self, item: str) -> list[Commune]:
        if code := CODE.search(item):
            return list(Commune.objects.filter(code=code[1].upper().zfill(5)))
        if hint := DEPARTMENT.search(item):
            return self.named(DEPARTMENT.sub("", item), hint[1].upper())
        return self.named(item, self.department_id) or self.named(item, None)

    def namesakes(self, item: str) -> list[Commune]:
        """Those that bear in their département the name of « 28805 Chartres »: its code may be a slip."""
        coded = CODED.fullmatch(item)
        return self.named(coded["name"], department_code(coded[1].upper().zfill(5))) if coded else []

    def named(self, name: str, department_id: str | None) -> list[Commune]:
        if department_id not in self._names:
            self._names[department_id] = {}
            communes = Commune.objects.order_by("code")
            for commune in communes.filter(department=department_id) if department_id else communes:
                self._names[department_id].setdefault(plain(commune.name), []).append(commune)
        return self._names[department_id].get(plain(name), [])


@transaction.atomic
def update_perimeter_commune(*, link: PerimeterCommune, user: User | None, **changes: Any) -> PerimeterCommune:
    return save_as(set_fields(link, changes), user=user)


def remove_commune(*, link: PerimeterCommune, user: User | None) -> Deletion:
    """Take a commune away as if it had never been there; one that leaves has a date of leaving instead."""
    return delete_with_way_back(link, user=user, root=trash_of(link.contract_id))
