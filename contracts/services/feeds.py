"""The calendar of a person: a secret address that their calendar program reads."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from cls_portal.accounts.models import User
from contracts.models import CalendarFeed, Meeting
from contracts.models.governance import new_token

# Calendars keep what they have read: a year back is enough to correct them, and the feed stays light.
REACHES_BACK = timedelta(days=365)


def open_feed(user: User) -> CalendarFeed:
    """Asked twice, it keeps its address."""
    return CalendarFeed.objects.get_or_create(user=user)[0]


def renew_feed(user: User) -> CalendarFeed:
    """The former address leads nowhere any more."""
    return CalendarFeed.objects.update_or_create(user=user, defaults={"token": new_token()})[0]


def close_feed(user: User) -> None:
    CalendarFeed.objects.filter(user=user).delete()


def meetings_of_feed(user: User) -> tuple[QuerySet[Meeting], set[int]]:
    """The meetings this person may see at this very moment, and those of which they read the papers."""
    recent = Meeting.objects.filter(starts_at__gte=timezone.now() - REACHES_BACK)
    seen = recent.visible_to(user).select_related("body__contract").order_by("starts_at", "pk")
    return seen, set(recent.exclude(video_url="").with_open_papers(user).values_list("pk", flat=True))
