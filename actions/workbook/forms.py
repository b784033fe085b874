"""The answers of the import's steps: which sheets, which header line, which column feeds what."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from actions.workbook.fields import APPEND, BY_KEY, COLUMNS, IGNORE
from actions.workbook.part_sheets import recognise_part
from actions.workbook.preview import Choices, UsedColumn
from cls_portal.core.forms import PortalForm
from cls_portal.core.imports.headers import Header
from cls_portal.core.imports.reading import Sheet, Workbook

# Several columns may feed these: their texts are put together.
SHARED = {"text", "news", "pilots", "partners", "terms", "amount", "funder", "calendar", "tick"}
GROUPS = [
    ("Identité", ["identifier", "code", "title", "kind", "origin", "priority", "entered_on", "drafting_state"]),
    ("Place dans le plan", ["axis_code", "axis", "objective_code", "objective"]),
    ("Avancement", ["status", "progress", "status_reason", "postponed_to", "news"]),
    (
        "Calendrier",
        [
            *("start_date", "start_precision", "end_date", "end_precision", "calendar", "ticked_year"),
            *("is_recurring", "calendar_detail"),
        ],
    ),
    (
        "Structures et personnes",
        ["pilots", "pilot", "co_pilots", "pilot_contacts", "elected_contact", "agreed_partners", "expected_partners"],
    ),
    ("Budget", ["planned", "requested", "granted", "spent", "funder"]),
]


def destinations() -> list[tuple[str, list[tuple[str, str]]]]:
    """What a column may feed, in groups, everything that is not in another group under « Contenu de la fiche »."""
    grouped = {key for _label, keys in GROUPS for key in keys}
    rest = [column.key for column in COLUMNS if column.key not in grouped and not column.why_ignored]
    groups = [*GROUPS, ("Contenu de la fiche", rest)]
    return [
        ("Autrement", [(IGNORE, "Ne pas reprendre"), (APPEND, "Ajouter à la description, avec l’en-tête")]),
        *((label, [(key, BY_KEY[key].label) for key in keys]) for label, keys in groups),
    ]


class UploadForm(PortalForm):
    file = forms.FileField(
        label="Classeur",
        help_text="Fichier .xlsx, .ods ou .csv, tel que vous l’avez, sans rien retoucher, de 20\u00a0Mo au plus.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )


class SheetsForm(PortalForm):
    """For each sheet: taken or not, first line of the header, one or two lines."""

    def __init__(self, *args, workbook: Workbook, choices: Choices, guesses: dict[str, Header], **kwargs):
        self.workbook = workbook
        super().__init__(*args, **kwargs)
        self.rows: list[tuple[int, Sheet, Header | None]] = []
        for number, sheet in enumerate(workbook.sheets):
            if sheet.is_empty:
                continue
            if recognise_part(sheet):
                self._add_part(number, sheet, choices)
                continue
            header = choices.sheets.get(sheet.name) or guesses[sheet.name]
            last = max(len(sheet.rows), 1)
            self.fields[f"use{number}"] = forms.BooleanField(
                label=f"Reprendre la feuille «\u202f{sheet.name}\u202f»",
                required=False,
                initial=sheet.name in choices.sheets,
            )
            self.fields[f"first{number}"] = forms.IntegerField(
                label="Ligne des en-têtes", min_value=1, max_value=last, initial=header.first + 1
            )
            self.fields[f"lines{number}"] = forms.TypedChoiceField(
                label="Hauteur des en-têtes",
                choices=[(1, "une ligne"), (2, "deux lignes")],
                coerce=int,
                initial=header.lines,
            )
            self.rows.append((number, sheet, header))

    def _add_part(self, number: int, sheet: Sheet, choices: Choices) -> None:
        """A further sheet of the export: its header line and its columns are known."""
        self.fields[f"use{number}"] = forms.BooleanField(
            label=f"Reprendre la feuille «\u202f{sheet.name}\u202f»",
            required=False,
            initial=sheet.name in choices.parts,
            help_text="Feuille de l’export du portail\u00a0: ses colonnes sont connues.",
        )
        self.rows.append((number, sheet, None))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not any(data.get(f"use{number}") for number, _sheet, _header in self.rows):
            raise ValidationError("Choisissez au moins une feuille.")
        return data

    def headers(self) -> dict[str, Header]:
        data = self.cleaned_data
        return {
            sheet.name: Header(data[f"first{number}"] - 1, data[f"lines{number}"])
            for number, sheet, header in self.rows
            if header and data.get(f"use{number}")
        }

    def parts(self) -> list[str]:
        data = self.cleaned_data
        return [sheet.name for number, sheet, header in self.rows if not header and data.get(f"use{number}")]


class ColumnsForm(PortalForm):
    erase = forms.BooleanField(
        label="Une case vide vide aussi le champ de la fiche",
        required=False,
        help_text="Sans cela, une case vide laisse la fiche comme elle est.",
    )

    def __init__(self, *args, columns: list[UsedColumn], mapping: dict[str, str], **kwargs):
        self.columns = columns
        super().__init__(*args, **kwargs)
        options = destinations()
        for number, column in enumerate(columns):
            key = mapping.get(column.heading.key, IGNORE)
            self.fields[f"to{number}"] = forms.ChoiceField(
                label=f"Reprendre «\u202f{column.heading.label}\u202f» dans",
                choices=self._options(options, key),
                initial=key,
            )
        self.order_fields([name for name in self.fields if name != "erase"])

    @staticmethod
    def _options(options: list, key: str) -> list:
        column = BY_KEY.get(key)
        if column and column.why_ignored:
            return [(column.key, f"Ne se reprend pas\u00a0: {column.label}"), *options]
        return options

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        chosen: dict[str, str] = {}
        for number, column in enumerate(self.columns):
            key = data.get(f"to{number}")
            if key in (None, IGNORE, APPEND) or BY_KEY[key].kind in SHARED | {"ignored"}:
                continue
            if key in chosen:
                self.add_error(
                    f"to{number}",
                    f"La colonne «\u202f{chosen[key]}\u202f» est déjà reprise dans «\u202f{BY_KEY[key].label}\u202f».",
                )
            chosen.setdefault(key, column.heading.label)
        if "title" not in chosen and not self.errors:
            raise ValidationError("Dites quelle colonne donne l’intitulé des fiches\u00a0: c’est la seule nécessaire.")
        return data

    def mapping(self) -> dict[str, str]:
        return {column.heading.key: self.cleaned_data[f"to{number}"] for number, column in enumerate(self.columns)}


class ConfirmForm(PortalForm):
    ALL, SOUND = "tout", "bonnes"
    mode = forms.ChoiceField(choices=[(ALL, "Tout"), (SOUND, "Les lignes sans problème")])
    seen = forms.CharField(max_length=64)
