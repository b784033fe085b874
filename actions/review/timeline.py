"""What happened in a round, dated and named, as far as this person reads it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from actions.models import OpinionRequest, Review, ReviewComment
from actions.review.viewer import Viewer
from cls_portal.core.french import count_noun

SOMEBODY = "Une personne dont le compte a été supprimé"


@dataclass(frozen=True)
class Event:
    when: datetime
    who: str
    words: str
    internal: bool = False

    @property
    def day(self) -> date:
        return timezone.localtime(self.when).date()


def events_of(
    viewer: Viewer, review: Review, requests: Iterable[OpinionRequest], comments: Iterable[ReviewComment]
) -> list[Event]:
    """The oldest first. `requests` and `comments` are those that the person may read."""
    events = [event(review.submitted_at, review.submitted_by, f"soumet la version {review.version.number} à l’ARS")]
    if review.taken_at and review.taken_at != review.decided_at:
        events.append(event(review.taken_at, review.referent, "suit la demande pour l’ARS"))
    if viewer.is_ars:
        events += [asked for request in requests for asked in asking(request)]
    if review.decided_at:
        words = f"rend l’avis\u00a0: {review.get_opinion_display()}"
        events.append(event(review.decided_at, review.decided_by, words))
    if review.withdrawn_at:
        events.append(event(review.withdrawn_at, review.withdrawn_by, "retire la demande"))
    comments = list(comments)
    events += by_day(comments, "answered", "répond à {}")
    events += by_day(comments, "settled", "lève {}")
    return sorted(events, key=lambda each: each.when)


def event(when: datetime, who, words: str, *, internal: bool = False) -> Event:
    return Event(when, str(who or SOMEBODY), words, internal)


def asking(request: OpinionRequest) -> list[Event]:
    found = [event(request.asked_at, request.asked_by, f"demande l’avis de {request.expert}", internal=True)]
    if request.answered_at:
        words = f"donne son avis\u00a0: {request.get_opinion_display()}"
        found.append(event(request.answered_at, request.expert, words, internal=not request.is_joined))
    return found


def by_day(comments: list[ReviewComment], deed: str, words: str) -> list[Event]:
    """Ten answers of one afternoon are one event."""
    days: dict[tuple, list[datetime]] = defaultdict(list)
    for comment in comments:
        if when := getattr(comment, f"{deed}_at"):
            who = getattr(comment, f"{deed}_by_id")
            days[timezone.localtime(when).date(), who].append((when, getattr(comment, f"{deed}_by")))
    return [event(done[-1][0], done[-1][1], words.format(count_noun(len(done), "remarque"))) for done in days.values()]
