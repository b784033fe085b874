"""What every form of the portal gets: French dates and figures, bounded dates and texts, no invisible character."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from cls_portal.core.validators import no_control_characters, plausible_date

LINE_LENGTH = 255
TEXT_LENGTH = 20_000
DJANGO_ROWS, TEXT_ROWS = "10", "5"
SPACES = str.maketrans("", "", " \u00a0\u202f\u2009")


class DateInput(forms.DateInput):
    """The browser's date field: it shows 31/12/2025 and sends 2025-12-31. Where it is typed, both are understood."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class FigureInput(forms.TextInput):
    """A text field, since `type=number` refuses « 12 500,5 » as it is pasted from a workbook."""

    def format_value(self, value):
        """Without the zeros of the column: 2400,0000 is 2 400."""
        if isinstance(value, Decimal) and value.is_finite():
            value = Decimal(f"{value.normalize():f}")
        return super().format_value(value)

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        return value.translate(SPACES).removesuffix("€") if isinstance(value, str) else value


class SeveralField(forms.ModelMultipleChoiceField):
    """SQLite cannot even look for a key beyond its integers: it is no choice, like any key that is not offered."""

    def _check_values(self, value):
        try:
            return super()._check_values(value)
        except OverflowError as error:
            keys = ", ".join(str(each)[:20] for each in value)
            raise ValidationError(self.error_messages["invalid_choice"], params={"value": keys}) from error


class PortalFormMixin:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            dress(field)
            if name.endswith("year"):
                field.localize = field.widget.is_localized = False  # a year is not a quantity: 2020, not 2 020


class PortalForm(PortalFormMixin, forms.Form):
    pass


class PortalModelForm(PortalFormMixin, forms.ModelForm):
    pass


def dress(field: forms.Field) -> None:
    if isinstance(field, forms.DateField):
        bound_date(field)
    elif isinstance(field, forms.IntegerField) and type(field.widget) is forms.NumberInput:
        figure(field, "decimal" if isinstance(field, forms.FloatField | forms.DecimalField) else "numeric")
    elif type(field) in (forms.CharField, forms.SlugField, forms.EmailField, forms.URLField):
        bound_text(field)


def bound_date(field: forms.DateField) -> None:
    if type(field.widget) is forms.DateInput:
        replace_widget(field, DateInput(field.widget.attrs))
    if plausible_date not in field.validators:
        field.validators.append(plausible_date)


def replace_widget(field: forms.Field, widget: forms.Widget) -> None:
    widget.is_required = field.required
    field.widget = widget


def figure(field: forms.Field, keyboard: str) -> None:
    attrs = {key: value for key, value in field.widget.attrs.items() if key not in {"step", "min", "max"}}
    replace_widget(field, FigureInput({**attrs, "inputmode": keyboard}))
    field.localize = field.widget.is_localized = True


def bound_text(field: forms.CharField) -> None:
    if field.max_length is None:
        field.max_length = TEXT_LENGTH if isinstance(field.widget, forms.Textarea) else LINE_LENGTH
        field.validators.append(MaxLengthValidator(field.max_length))
        field.widget.attrs.setdefault("maxlength", str(field.max_length))
    if isinstance(field.widget, forms.Textarea) and field.widget.attrs.get("rows") == DJANGO_ROWS:
        field.widget.attrs["rows"] = TEXT_ROWS
    if no_control_characters not in field.validators:
        field.validators.append(no_control_characters)
