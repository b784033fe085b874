"""One section being edited: its form and its sets of rows, and how they compare with what somebody else saved."""

from django.core.exceptions import ValidationError
from django.http import QueryDict

from actions.fiche.sections import Section
from actions.fiche.state import FicheState
from actions.forms.rows import RowForm, RowFormSet, forget_errors
from actions.models import Action
from actions.services.parts import RowError, save_whole_section
from cls_portal.core.conflicts import THEIRS, Comparison, Difference, compare, raw, stored_words, typed_words

NOT_COMPARED = ("row", "DELETE", "position")
GONE = "Ligne supprimée"


class SectionEditor:
    def __init__(self, section: Section, state: FicheState, data: QueryDict | None = None):
        self.section, self.state, self.data = section, state, data
        self.form = section.form(data, state=state)
        self.formsets = [rows(data, state=state) for rows in section.rows]

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), *(rows.is_valid() for rows in self.formsets)])

    def has_changed(self) -> bool:
        return self.form.has_changed() or any(rows.changes for rows in self.formsets)

    def save(self, *, read_version: int, user) -> Action:
        """Raises StaleVersionError; ValidationError once it is shown where it belongs."""
        try:
            return save_whole_section(
                action=self.form.instance,
                read_version=read_version,
                user=user,
                relations=self.form.relation_changes,
                rows=[change for rows in self.formsets for change in rows.changes],
                terms=self.form.term_changes,
                links=self.form.links,
            )
        except ValidationError as error:
            self.show(error)
            raise

    def show(self, error: ValidationError) -> None:
        row = error.row if isinstance(error, RowError) else None
        form = next((found for rows in self.formsets if row is not None and (found := rows.form_of(row))), self.form)
        for name, sentences in error.update_error_dict({}).items():
            form.add_error(name if name in form.fields else None, list(sentences))

    def with_one_more_row(self, key: str) -> "SectionEditor":
        """The same, a blank row added to one part; nothing is checked, all that was typed stays."""
        data = self.data.copy()
        for rows in self.formsets:
            if rows.key == key:
                total = rows.total_form_count()
                data[f"{key}-TOTAL_FORMS"] = str(min(total + 1, rows.absolute_max))
        editor = type(self)(self.section, self.state, data)
        forget_errors(editor.form)
        for rows in editor.formsets:
            rows.forget_errors()
        return editor

    # Two people at once

    def compared(self, base: "SectionEditor | None") -> Comparison:
        """What somebody else changed in this section since `base`, other than as typed here."""
        theirs = type(self)(self.section, self.state)
        found = compare(self.form, theirs.form, base.form if base else None)
        for place, mine in enumerate(self.formsets):
            compare_rows(mine, theirs.formsets[place], base.formsets[place] if base else None, found)
        return found


def compare_rows(mine: RowFormSet, theirs: RowFormSet, base: RowFormSet | None, found: Comparison) -> None:
    stored = {form.instance.pk: form for form in theirs.forms if form.instance.pk}
    read = {form.instance.pk: form for form in base.forms if form.instance.pk} if base else {}
    for index, form in enumerate(mine.forms):
        key = mine.key_at(index)
        is_deleted = form in mine.deleted_forms
        if key in stored and is_deleted:
            deleted_here(mine, form, stored[key], read.get(key), found)
        elif key in stored:
            label = f"{label_of(mine, stored[key])}, "
            compare(form, stored[key], read.get(key), label=label, skip=NOT_COMPARED, found=found)
        elif key is not None and not is_deleted:
            deleted_there(mine, form, read.get(key), found)


def deleted_here(rows: RowFormSet, mine: RowForm, theirs: RowForm, base: RowForm | None, found: Comparison) -> None:
    label, before, stored = label_of(rows, theirs), (words_of(base) if base else None), words_of(theirs)
    if before == stored:
        found.only_mine.append(label)
        return
    taken = {mine.add_prefix(name): raw(theirs, name) for name in theirs.fields if name not in ("row", "DELETE")}
    taken[mine.add_prefix("DELETE")] = []
    name = mine.add_prefix("row")
    found.differences.append(Difference(name, label, before, GONE, stored, taken, suggested=THEIRS))


def deleted_there(rows: RowFormSet, mine: RowForm, base: RowForm | None, found: Comparison) -> None:
    label, before, typed = label_of(rows, mine), (words_of(base) if base else None), typed_row(mine)
    taken = {mine.add_prefix("DELETE"): ["on"]}
    if before == typed:
        found.only_theirs.append(label)
        found.merged |= taken
        return
    name = mine.add_prefix("row")
    found.differences.append(Difference(name, label, before, typed, GONE, taken, suggested=THEIRS))


def label_of(rows: RowFormSet, form: RowForm) -> str:
    return f"{rows.singular.capitalize()} «\u202f{form.instance}\u202f»"


def words_of(form: RowForm) -> str:
    """A stored row in one line."""
    return row_words(form, stored_words)


def typed_row(form: RowForm) -> str:
    return row_words(form, typed_words)


def row_words(form: RowForm, read) -> str:
    said = [(form[name].label, read(form, name)) for name in form.fields if name not in NOT_COMPARED]
    return ", ".join(f"{label.lower()}\u00a0: {text}" for label, text in said if text)
