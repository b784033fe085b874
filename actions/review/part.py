"""A part of a round as it is read: section by section, at each field what changed and what was remarked."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from actions.enums import Criterion
from actions.models import ChecklistAnswer, Review, ReviewComment, ReviewedPart
from actions.review.earlier import earlier_parts
from actions.review.frozen import Frozen, FrozenPart
from actions.review.viewer import Viewer
from actions.versions.compare import FieldChange
from actions.versions.reading import FrozenField, FrozenSection

# A value longer than a line takes the whole width, as Markdown.
SHORT_VALUE = 160


@dataclass
class Line:
    """A field: its value, what changed since the last avis, the remarks on it."""

    field: FrozenField
    change: FieldChange | None
    comments: list[ReviewComment] = field(default_factory=list)
    form: object = None
    edited: int | None = None
    answered: int | None = None
    focused: bool = False

    @property
    def anchor(self) -> str:
        return f"f-{self.field.name}"

    @property
    def is_short(self) -> bool:
        return len(self.field.value) <= SHORT_VALUE and "\n" not in self.field.value

    @property
    def shows_before(self) -> bool:
        """Where nothing was taken away, the text as it is now says all."""
        return any(differs for _text, differs in self.change.before_pieces)

    @property
    def is_shown(self) -> bool:
        """The others are only named: there may be a dozen of them."""
        return bool(self.field.value or self.change or self.comments or self.form)


@dataclass
class SectionView:
    section: FrozenSection
    lines: list[Line]

    @property
    def shown(self) -> list[Line]:
        return [line for line in self.lines if line.is_shown]

    @property
    def empty(self) -> list[Line]:
        return [line for line in self.lines if not line.is_shown]


class PartSheet:
    def __init__(self, viewer: Viewer, review: Review, part: ReviewedPart):
        self.viewer, self.review, self.part = viewer, review, part

    @cached_property
    def frozen(self) -> FrozenPart:
        return Frozen(self.review.version).part(self.part.fiche)

    @cached_property
    def before(self) -> FrozenPart | None:
        return earlier_parts(self.review, [self.part.fiche]).get(self.part.fiche)

    @cached_property
    def changes(self) -> dict[str, FieldChange]:
        return self.frozen.changes_since(self.before)

    @cached_property
    def comments(self) -> list[ReviewComment]:
        """Of this round and of the earlier ones on the same fiche, the oldest first."""
        comments = self.viewer.comments().filter(
            part__fiche=self.part.fiche, part__review__submitted_at__lte=self.review.submitted_at
        )
        if self.part.fiche is None:
            comments = comments.filter(part__fiche__isnull=True)
        related = ("author", "answered_by", "settled_by", "part__review")
        return list(comments.select_related(*related).order_by("created_at", "pk"))

    @cached_property
    def lines(self) -> dict[str, Line]:
        found = {each.name: Line(each, self.changes.get(each.name)) for each in self.frozen.fields}
        for comment in self.comments:
            if comment.field in found:
                found[comment.field].comments.append(comment)
        return found

    @cached_property
    def sections(self) -> list[SectionView]:
        views = [
            SectionView(section, [self.lines[each.name] for each in section.fields])
            for section in self.frozen.sections
        ]
        return [view for view in views if view.shown or (view.lines and self.writes)]

    def line(self, name: str) -> Line | None:
        return self.lines.get(name) or next((line for line in self.gone if line.field.name == name), None)

    @cached_property
    def gone(self) -> list[Line]:
        """Fields that this version no longer has: a signatory that left, an axis dropped; their remarks stay."""
        lost = defaultdict(list)
        for comment in self.comments:
            if comment.field not in self.lines:
                lost[comment.field].append(comment)
        return [Line(FrozenField(name, rows[0].label, ""), None, rows) for name, rows in lost.items()]

    @property
    def writes(self) -> bool:
        """Remarks are written while the round is under way, by the ARS."""
        return self.review.is_under_way and self.viewer.is_ars

    @cached_property
    def neighbours(self) -> tuple[ReviewedPart | None, ReviewedPart | None]:
        parts = list(self.viewer.parts(self.review).order_by("position", "pk"))
        place = parts.index(self.part)
        for each in parts:
            each.review = self.review
        return (parts[place - 1] if place else None), (parts[place + 1] if place + 1 < len(parts) else None)

    @cached_property
    def checklist(self) -> dict[str, ChecklistAnswer]:
        return {each.criterion: each for each in self.part.checklist.all()}

    @cached_property
    def earlier_checklist(self) -> dict[str, str]:
        """Criterion → what was answered in the last round."""
        if self.before is None:
            return {}
        rows = ChecklistAnswer.objects.filter(
            part__fiche=self.part.fiche,
            part__review__contract=self.review.contract_id,
            part__review__submitted_at__lt=self.review.submitted_at,
        ).exclude(answer="")
        return {row.criterion: row.get_answer_display() for row in rows.order_by("part__review__submitted_at")}

    @property
    def has_checklist(self) -> bool:
        return self.part.fiche is not None

    @property
    def criteria(self) -> list[tuple[str, str]]:
        return Criterion.choices
