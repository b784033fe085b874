"""The rows of a fiche's parts: steps, funding lines, indicators, pilots, partners. One set of rows per part."""

from copy import copy

from django import forms
from django.db import models
from django.forms.formsets import BaseFormSet
from django.forms.utils import ErrorDict
from django.utils.functional import cached_property

from actions.fiche.state import FicheState
from actions.forms.choices import PickField
from actions.services.parts import RowChange
from cls_portal.core.forms import PortalModelForm
from contracts.models import Organisation

NOT_DATA = {"row", "DELETE"}
LAST = 10**6


class RowForm(PortalModelForm):
    """`row` is the key of the row that is edited, empty for a new one; a row left blank is not one."""

    row = forms.IntegerField(required=False, widget=forms.HiddenInput)
    # Relation to an organisation that may be named for the first time: field → label of the name.
    named: dict[str, str] = {}

    def __init__(self, *args, rows: "RowFormSet", **kwargs):
        self.part = rows
        super().__init__(*args, **kwargs)
        for name in self.named:
            self.fields[name].among(rows.organisations, label=lambda each: each.name)
        self.prepare()

    def prepare(self) -> None:
        """Where the choices of a row depend on the fiche."""

    def has_changed(self) -> bool:
        return bool(set(self.changed_data) - NOT_DATA)

    def clean_position(self) -> int:
        position = self.cleaned_data.get("position")
        return LAST if position is None else min(position, LAST)

    def clean(self) -> dict:
        cleaned = super().clean()
        for name, name_field in self.named.items():
            typed = (cleaned.get(name_field) or "").strip()
            if typed and not cleaned.get(name):
                territory = self.part.state.contract.territory
                present = [each for each in self.part.organisations if each.name.lower() == typed.lower()]
                cleaned[name] = present[0] if present else Organisation(territory=territory, name=typed)
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """An organisation that is about to be created has no key yet: the service creates it, then validates."""
        unsaved = {
            name for name in self.named if (chosen := self.cleaned_data.get(name)) is not None and chosen.pk is None
        }
        return super()._get_validation_exclusions() | unsaved

    @property
    def people(self):
        return None


class RowFormSet(BaseFormSet):
    """`key` is the prefix in the form's data. Rows known to `state` are edited, blank ones at the end are added."""

    key = title = singular = ""
    model: type[models.Model]
    extra = 1
    min_num, max_num, absolute_max = 0, 100, 120
    can_order = can_delete_extra = validate_min = False
    can_delete = validate_max = True
    edit_only = False

    def __init__(self, data=None, *, state: FicheState):
        self.state = state
        self.renderer = forms.renderers.get_default_renderer()
        self.known = {row.pk: row for row in state.rows(self.model)}
        super().__init__(data, prefix=self.key, initial=[{"row": key} for key in self.known])

    @cached_property
    def organisations(self) -> list[Organisation]:
        return list(Organisation.objects.filter(territory=self.state.contract.territory_id))

    def key_at(self, index: int) -> int | None:
        if not self.is_bound:
            keys = list(self.known)
            return keys[index] if index < len(keys) else None
        typed = self.data.get(f"{self.add_prefix(index)}-row", "")
        return int(typed) if typed.isdecimal() and len(typed) < 19 else None

    def get_form_kwargs(self, index: int) -> dict:
        present = self.known.get(self.key_at(index))
        row = copy(present) if present else self.blank()
        initial = {"row": present.pk} if present else {"row": None, "position": None}
        return {"instance": row, "rows": self, "initial": initial, "empty_permitted": present is None}

    def blank(self) -> models.Model:
        return self.model(action=self.state.action)

    def add_fields(self, form, index) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = "Supprimer cette ligne"

    def forget_errors(self) -> None:
        """What was typed is shown again as it is: a line is being added, nothing is checked yet."""
        for form in self.forms:
            forget_errors(form)
        self._errors, self._non_form_errors = [], self.error_class()

    @property
    def kept(self) -> list[RowForm]:
        deleted = self.deleted_forms
        return [form for form in self.forms if form not in deleted and (form.instance.pk or form.has_changed())]

    def clean(self) -> None:
        if not any(self.errors):
            self.check(self.kept)

    def check(self, kept: list[RowForm]) -> None:
        """What one row alone cannot tell; raises ValidationError."""

    @property
    def changes(self) -> list[RowChange]:
        kept = self.rank(self.kept)
        gone = [RowChange(form.instance, delete=True) for form in self.deleted_forms if form.instance.pk]
        written = [form for form in kept if form.has_changed() or form.instance.pk is None or form.moved]
        return gone + [RowChange(form.instance, people=form.people) for form in written]

    def rank(self, kept: list[RowForm]) -> list[RowForm]:
        """Rows in the order typed; numbered anew only when that order changes what was known."""
        for form in kept:
            form.moved = False
        if "position" not in {field.name for field in self.model._meta.fields}:
            return kept
        kept = sorted(kept, key=lambda form: form.cleaned_data.get("position", LAST))
        order = [form.instance.pk for form in kept if form.instance.pk]
        added_last = all(form.instance.pk is None for form in kept[len(order) :])
        if order == [key for key in self.known if key in order] and added_last:
            last = max((self.known[key].position for key in order), default=0)
            for place, form in enumerate(kept[len(order) :], start=last + 1):
                form.instance.position = place
            return kept
        for place, form in enumerate(kept, start=1):
            form.moved = form.instance.pk is None or self.known[form.instance.pk].position != place
            form.instance.position = place
        return kept

    def form_of(self, row: models.Model) -> RowForm | None:
        return next((form for form in self.forms if form.instance is row), None)


def forget_errors(form: forms.BaseForm) -> None:
    form._errors = ErrorDict(renderer=form.renderer)
    form.cleaned_data = {}


def pick_organisation(label: str) -> PickField:
    return PickField(label=label, required=False)


def new_organisation(label: str = "Ou une nouvelle structure") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=200)


def rank_field() -> forms.IntegerField:
    return forms.IntegerField(label="Rang", required=False, min_value=0, max_value=LAST)
