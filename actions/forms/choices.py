"""Relations chosen among objects that are read once for all the rows of a page."""

from collections.abc import Iterable

from django import forms
from django.db import models


class PickField(forms.TypedChoiceField):
    """One object among `objects`; nothing chosen is None."""

    def __init__(self, **kwargs):
        super().__init__(coerce=self.object_of, empty_value=None, **kwargs)
        self.objects: dict[str, models.Model] = {}

    def object_of(self, key: str) -> models.Model:
        return self.objects[str(key)]

    def among(self, objects: Iterable[models.Model], label=str, empty: str = "—") -> None:
        self.objects = {str(each.pk): each for each in objects}
        self.choices = [("", empty), *((key, label(each)) for key, each in self.objects.items())]
        self.coerce = self.object_of

    def prepare_value(self, value):
        return value.pk if isinstance(value, models.Model) else value

    def has_changed(self, initial, data) -> bool:
        initial = self.prepare_value(initial)
        return str("" if initial is None else initial) != str(data or "")


class PickSeveralField(forms.TypedMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(coerce=self.object_of, empty_value=[], **kwargs)
        self.objects: dict[str, models.Model] = {}

    def object_of(self, key: str) -> models.Model:
        return self.objects[str(key)]

    def among(self, objects: Iterable[models.Model], label=str) -> None:
        self.objects = {str(each.pk): each for each in objects}
        self.choices = [(key, label(each)) for key, each in self.objects.items()]
        self.coerce = self.object_of

    def prepare_value(self, value):
        return [str(getattr(each, "pk", each)) for each in value or []]

    def has_changed(self, initial, data) -> bool:
        return set(self.prepare_value(initial)) != {str(each) for each in data or []}
