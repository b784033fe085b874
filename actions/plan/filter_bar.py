"""A filter form as plain values: hundreds of options cost ten times less than through form widgets."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from actions.filters import SORTS, AddressFilter

FIRST = ["q", "axe", "statut", "pilote", "public", "echeance", "manque"]
MORE = [
    "alerte",
    "objectif",
    "redaction",
    "partenaire",
    "theme",
    "milieu",
    "financeur",
    "priorite",
    "origine",
    "du",
    "au",
]
KINDS = {
    "q": "search",
    "fiche": "search",
    "statut": "checks",
    "etat": "checks",
    "du": "date",
    "au": "date",
    "avant": "date",
}


@dataclass(frozen=True)
class Control:
    name: str
    label: str
    kind: str
    value: str
    options: list[tuple[str, str, bool]]

    @property
    def chosen(self) -> str:
        return ", ".join(label for _value, label, selected in self.options if selected)


@dataclass(frozen=True)
class Chip:
    text: str
    url: str


@dataclass(frozen=True)
class Column:
    key: str
    label: str
    url: str
    direction: str


def controls(filterset: AddressFilter, names: Iterable[str]) -> list[Control]:
    """Those that offer nothing in this plan are left out."""
    found = (control(filterset, name) for name in names)
    return [one for one in found if one.options or one.kind in ("search", "date")]


def control(filterset: AddressFilter, name: str) -> Control:
    declared = filterset.filters[name]
    kind = KINDS.get(name, "select")
    given = filterset.data.getlist(name) if filterset.data else []
    choices = filterset.choices(name)
    value = given[-1] if given and not choices else ""
    options = [(key, label, key in given) for key, label in choices]
    return Control(name, declared.label, kind, value, options)


def address(path: str, params: QueryDict) -> str:
    return f"{path}?{params.urlencode()}" if params else path


def without(params: QueryDict, name: str, value: str = "") -> QueryDict:
    rest = params.copy()
    values = [other for other in rest.getlist(name) if value and other != value]
    rest.setlist(name, values) if values else rest.pop(name, None)
    return rest


def with_value(params: QueryDict, name: str, value: str) -> QueryDict:
    changed = params.copy()
    changed[name] = value
    return changed


def chips(filterset: AddressFilter, path: str) -> list[Chip]:
    """Each value that narrows the list, and the address without it."""
    found = []
    for name, value in filterset.active.items():
        declared = filterset.filters[name]
        labels = dict(filterset.choices(name))
        several = isinstance(value, list)
        for one in value if several else [value]:
            text = f"{one:%d/%m/%Y}" if isinstance(one, date) else labels.get(one, str(one))
            rest = without(filterset.data, name, one if several else "")
            found.append(Chip(f"{declared.label}\u00a0: {text}", address(path, rest)))
    return found


def columns(params: QueryDict, sort: str, path: str, sorts: dict[str, str] = SORTS) -> list[Column]:
    """The heads of the table: a click sorts upwards, a second one downwards, a third goes back to the groups."""
    heads = []
    for key, label in sorts.items():
        following = {key: f"-{key}", f"-{key}": ""}.get(sort, key)
        rest = without(params, "tri")
        if following:
            rest["tri"] = following
        direction = {key: "ascending", f"-{key}": "descending"}.get(sort, "")
        heads.append(Column(key, label, address(path, rest), direction))
    return heads
