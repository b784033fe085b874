"""A round as its page shows it: what to read and how far one has come, the avis, what happened."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from actions.enums import CriterionAnswer, RemarkKind
from actions.models import ChecklistAnswer, OpinionRequest, Review, ReviewComment, ReviewedPart
from actions.review.earlier import earlier_parts
from actions.review.frozen import Frozen
from actions.review.timeline import Event, events_of
from actions.review.turn import Turn, turn_of
from actions.review.viewer import Viewer
from actions.versions.reading import FrozenAxis
from cls_portal.core.french import count_noun

WEAK_ANSWERS = (CriterionAnswer.NO, CriterionAnswer.PARTLY)


@dataclass
class Row:
    part: ReviewedPart
    axis: FrozenAxis | None
    change: str
    remarks: list[ReviewComment] = field(default_factory=list)
    weak: int = 0
    carried: int = 0
    can_open: bool = True

    @property
    def corrections(self) -> int:
        return sum(each.kind == RemarkKind.CORRECTION for each in self.remarks)

    @property
    def remark_words(self) -> str:
        advice = len(self.remarks) - self.corrections
        parts = [f"{self.corrections} à corriger"] if self.corrections else []
        return ", ".join([*parts, count_noun(advice, "conseil")] if advice else parts)

    @property
    def awaited(self) -> str:
        """What the ARS looks at on this part: its remarks, those of earlier rounds that wait, the grid."""
        carried = count_noun(self.carried, "remarque à vérifier", "remarques à vérifier") if self.carried else ""
        grid = count_noun(self.weak, "critère à revoir", "critères à revoir") if self.weak else ""
        return ", ".join(words for words in (carried, grid) if words)

    @property
    def standing(self) -> str:
        """Once the avis is given: what is still awaited on this part."""
        waiting = sum(each.waits_for_coordination for each in self.remarks)
        to_settle = sum(each.waits_for_ars for each in self.remarks)
        if waiting:
            return f"{count_noun(waiting, 'réponse')} à donner"
        if to_settle:
            return f"{count_noun(to_settle, 'réponse')} à vérifier"
        return "sans suite attendue" if self.remarks else ""


class ReviewSheet:
    def __init__(self, viewer: Viewer, review: Review):
        self.viewer, self.review = viewer, review

    @property
    def turn(self) -> Turn:
        return turn_of(self.review)

    @cached_property
    def following(self) -> Review | None:
        """The round that went on from this one."""
        if not self.review.is_followed:
            return None
        rounds = Review.objects.filter(previous=self.review, withdrawn_at=None).select_related("version", "contract")
        return rounds.defer("version__content").first()

    @cached_property
    def parts(self) -> list[ReviewedPart]:
        return list(self.review.parts.all())

    @cached_property
    def rows(self) -> list[Row]:
        frozen = Frozen(self.review.version)
        before = earlier_parts(self.review, [part.fiche for part in self.parts])
        open_parts = set(self.viewer.parts(self.review).values_list("pk", flat=True))
        found = []
        for part in self.parts:
            part.review = self.review
            content, then = frozen.part(part.fiche), before.get(part.fiche)
            changed = len(content.changes_since(then)) if then else 0
            words = (count_noun(changed, "champ modifié") if changed else "inchangé") if then else "nouveau"
            row = Row(part, content.axis, words if before else "", self.remarks[part.pk], self.weak[part.pk])
            row.carried = self.carried[part.fiche]
            row.can_open = part.pk in open_parts
            found.append(row)
        return found

    @cached_property
    def groups(self) -> list[tuple[FrozenAxis | None, list[Row]]]:
        """The contract first, then the fiches by axis, in the order of the plan."""
        found: list[tuple[FrozenAxis | None, list[Row]]] = []
        for row in self.rows:
            if not found or found[-1][0] != row.axis:
                found.append((row.axis, []))
            found[-1][1].append(row)
        return found

    @cached_property
    def remarks(self) -> dict[int, list[ReviewComment]]:
        found = defaultdict(list)
        comments = self.viewer.comments().filter(part__review=self.review)
        for comment in comments.select_related("part", "answered_by", "settled_by"):
            found[comment.part_id].append(comment)
        return found

    @cached_property
    def carried(self) -> Counter:
        """Of each fiche, the remarks of earlier rounds that nobody settled."""
        earlier = self.viewer.comments().filter(
            part__review__decided_at__isnull=False,
            part__review__submitted_at__lt=self.review.submitted_at,
            settled_at=None,
        )
        return Counter(earlier.values_list("part__fiche", flat=True))

    @property
    def remark_count(self) -> int:
        return sum(map(len, self.remarks.values()))

    @cached_property
    def weak(self) -> Counter:
        """Of each part, how many criteria are not met; read by the ARS alone."""
        if not self.viewer.is_ars:
            return Counter()
        rows = ChecklistAnswer.objects.filter(part__review=self.review, answer__in=WEAK_ANSWERS)
        return Counter(rows.values_list("part", flat=True))

    @property
    def has_changes(self) -> bool:
        return any(row.change for row in self.rows)

    @property
    def read_count(self) -> int:
        return sum(part.read_at is not None for part in self.parts)

    @property
    def unread(self) -> list[ReviewedPart]:
        return [part for part in self.parts if part.read_at is None]

    @property
    def next_unread(self) -> ReviewedPart | None:
        return next(iter(self.unread), None)

    @property
    def awaited(self) -> list[OpinionRequest]:
        return [request for request in self.requests if not request.opinion]

    @cached_property
    def requests(self) -> list[OpinionRequest]:
        rows = self.viewer.requests(self.review).select_related("expert").prefetch_related("parts")
        for request in rows:
            request.review = self.review
        return list(rows)

    @cached_property
    def events(self) -> list[Event]:
        comments = [comment for comments in self.remarks.values() for comment in comments]
        return events_of(self.viewer, self.review, self.requests, comments)
