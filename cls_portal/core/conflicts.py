"""Two persons saved the same record: what each wrote, field by field, and the choice of the second one put in place.

Three states of one form are compared: what was read (`base`), what is stored now (`theirs`), what was typed (`mine`).
The page of choices is a form like the first one: its hidden fields hold all that was typed and what may replace
it, so that nothing is lost even when a third person saves in between. `docs/interface.md` says how a view uses it.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.db import models
from django.forms.widgets import ChoiceWidget
from django.http import QueryDict

from cls_portal.core.french import long_date, number
from cls_portal.core.versioning import VERSION, stamp_of

CHOICE, OTHER, TAKEN, STORED = "choix-", "autre-", "prend-", "prise-"
MINE, THEIRS, FREE = "mine", "theirs", "other"
NOT_CARRIED = {"csrfmiddlewaretoken", VERSION, "submission"}
MANY_WORDS = 4000
LARGEST_KEY = 2**31 - 1


@dataclass(frozen=True)
class Difference:
    """`name` is the field's name in the form's data, `suggested` the choice ticked at first, `free` the widget for a
    third value. `taken` is what « theirs » puts in the data: an empty list takes the key away."""

    name: str
    label: str
    before: str | None
    mine: str
    theirs: str
    taken: dict[str, list[str]]
    suggested: str = MINE
    free: str = ""

    @property
    def choice(self) -> str:
        return CHOICE + self.name

    @property
    def other(self) -> str:
        return OTHER + self.name

    @property
    def hidden(self) -> list[tuple[str, str]]:
        keys = [(TAKEN + self.name, key) for key in self.taken]
        return keys + [(STORED + key, value) for key, values in self.taken.items() for value in values]

    @property
    def my_pieces(self) -> list[tuple[str, bool]]:
        return differences(self.theirs if self.before is None else self.before, self.mine)

    @property
    def their_pieces(self) -> list[tuple[str, bool]]:
        return differences(self.mine if self.before is None else self.before, self.theirs)


@dataclass
class Comparison:
    """`differences` are to be settled; `merged` is what only the other person changed, to be put in the data."""

    differences: list[Difference] = field(default_factory=list)
    merged: dict[str, list[str]] = field(default_factory=dict)
    only_mine: list[str] = field(default_factory=list)
    only_theirs: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Somebody else changed something that this form shows."""
        return bool(self.differences or self.merged)


@dataclass
class Conflict:
    """What the page shows: `hidden` is the whole form, merged; `stamp` that of the stored record."""

    found: Comparison
    hidden: list[tuple[str, str]]
    stamp: int
    author: str
    saved_at: datetime | None


def stamp_read(data: QueryDict) -> int:
    """The stamp of what the person read; 0, which no record has, when the form does not say it."""
    text = data.get(VERSION, "")
    return min(int(text), LARGEST_KEY) if text.isascii() and text.isdigit() and len(text) < 12 else 0


def conflict_on(record: models.Model, found: Comparison, data: QueryDict, *, without: Iterable[str] = ()) -> Conflict:
    row = record.history.select_related("history_user").order_by("history_id").last()
    author = str(row.history_user) if row and row.history_user else "une autre personne"
    merged = put(data.copy(), found.merged)
    left_out = NOT_CARRIED.union(without)
    hidden = [(name, value) for name, values in merged.lists() if name not in left_out for value in values]
    return Conflict(found, hidden, stamp_of(record), author, row.history_date if row else None)


def compare(
    mine: forms.BaseForm,
    theirs: forms.BaseForm,
    base: forms.BaseForm | None,
    *,
    label: str = "",
    skip: Iterable[str] = (),
    found: Comparison | None = None,
) -> Comparison:
    """`mine` is bound and valid, the two others are unbound forms of the same fields; without `base`, nobody knows
    what was read. Adds to `found` when it is given."""
    found = Comparison() if found is None else found
    for name, each in mine.fields.items():
        if name not in skip and name in theirs.fields and not (each.disabled or each.widget.needs_multipart_form):
            known = base if base and name in base.fields else None
            _compare_field((mine, theirs, known), name, label, found)
    return found


def _compare_field(states: tuple, name: str, label: str, found: Comparison) -> None:
    mine, theirs, base = states
    typed = _plain(mine.fields[name], mine.cleaned_data.get(name))
    stored = _plain(theirs.fields[name], theirs[name].initial)
    read = _plain(base.fields[name], base[name].initial) if base else None
    key, title = mine.add_prefix(name), label + str(mine[name].label)
    if typed == stored:
        return
    if base and stored == read:
        found.only_mine.append(title)
    elif base and typed == read:
        found.only_theirs.append(title)
        found.merged[key] = raw(theirs, name)
    else:
        before = stored_words(base, name) if base else None
        texts = before, typed_words(mine, name), stored_words(theirs, name)
        found.differences.append(Difference(key, title, *texts, {key: raw(theirs, name)}, free=_free(mine, name)))


def _free(form: forms.BaseForm, name: str) -> str:
    """The widget for a third value, under its own name; a box has no third value."""
    bound = form[name]
    if isinstance(bound.field, forms.BooleanField):
        return ""
    key = OTHER + form.add_prefix(name)
    return bound.field.widget.render(key, bound.value(), {"id": key, "aria-label": f"{bound.label}, autre valeur"})


def settled(data: QueryDict) -> QueryDict:
    """The data of a form as the choices made on the page of a conflict leave it; untouched when it is no such page."""
    choices = {key.removeprefix(CHOICE): data[key] for key in data if key.startswith(CHOICE)}
    if not choices:
        return data
    page = (CHOICE, OTHER, TAKEN, STORED)
    result = data.copy()
    for key in [key for key in data if key.startswith(page)]:
        del result[key]
    for name, choice in choices.items():
        if choice == THEIRS:
            put(result, {key: data.getlist(STORED + key) for key in data.getlist(TAKEN + name)})
        elif choice == FREE:
            put(result, {name: data.getlist(OTHER + name)})
    return result


def put(data: QueryDict, values: dict[str, list[str]]) -> QueryDict:
    """A box that is not ticked sends nothing: an empty list takes the key away."""
    for key, texts in values.items():
        data.pop(key, None)
        if texts:
            data.setlist(key, texts)
    return data


def raw(form: forms.BaseForm, name: str) -> list[str]:
    """What an untouched form would send for this field."""
    widget, value = form.fields[name].widget, form[name].value()
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if value else []
    if getattr(widget, "allow_multiple_selected", False):
        return [str(getattr(each, "pk", each)) for each in value or []]
    shown = value if isinstance(widget, ChoiceWidget) else widget.format_value(value)
    return ["" if shown is None else str(shown)]


def stored_words(form: forms.BaseForm, name: str) -> str:
    return words(form.fields[name], form[name].initial)


def typed_words(form: forms.BaseForm, name: str) -> str:
    return words(form.fields[name], form.cleaned_data.get(name))


def words(form_field: forms.Field, value: Any) -> str:
    """A value of a field as it is read, whether it comes from a form or from the database."""
    if not isinstance(form_field, forms.ChoiceField) or value in (None, ""):
        return in_words(value)
    wanted = _keys(value)
    found = []
    for key, label in form_field.choices:
        options = label if isinstance(label, list | tuple) else [(key, label)]
        found += [str(text) for code, text in options if str(code) in wanted]
    return ", ".join(found)


def in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if value is None:
        return ""
    if isinstance(value, date):
        return long_date(value.date() if isinstance(value, datetime) else value)
    if isinstance(value, int | float | Decimal):
        return number(value)
    return str(value).replace("\r\n", "\n").strip()


def _plain(form_field: forms.Field, value: Any):
    """The one shape in which cleaned data, initial values and history can be compared."""
    if isinstance(form_field, forms.BooleanField):
        return bool(value)
    return _keys(value) if isinstance(form_field, forms.ChoiceField) else words(form_field, value)


def _keys(value: Any) -> set[str]:
    several = not isinstance(value, str) and isinstance(value, Iterable)
    keys = {str(getattr(each, "pk", each)) for each in (value if several else [value]) if each is not None}
    return keys - {"", "None"}


def differences(old: str, new: str) -> list[tuple[str, bool]]:
    """`new` cut in pieces, each with whether it is new in comparison with `old`, word by word."""
    before, after = re.split(r"(\s+)", old), re.split(r"(\s+)", new)
    if len(before) + len(after) > MANY_WORDS:
        return [(new, old != new)]
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    pieces = [["".join(after[start:end]), tag != "equal"] for tag, _a, _b, start, end in matcher.get_opcodes()]
    return _joined([piece for piece in pieces if piece[0]])


def _joined(pieces: list[list]) -> list[tuple[str, bool]]:
    """New words that only a space parts are one piece."""
    for place in range(1, len(pieces) - 1):
        if pieces[place - 1][1] and pieces[place + 1][1] and not pieces[place][0].strip():
            pieces[place][1] = True
    parts = groupby(pieces, key=lambda piece: piece[1])
    return [("".join(text for text, _new in group), is_new) for is_new, group in parts]
