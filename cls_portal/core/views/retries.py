"""What a request had read may change before it writes: it starts again from what is stored now."""

from collections.abc import Callable

from django.http import HttpResponse

from cls_portal.core.versioning import StaleVersionError

ATTEMPTS = 3
SAVED_BY_OTHERS = (
    "D’autres personnes enregistrent ici au même moment. Rien n’est perdu\u00a0: relisez, puis enregistrez de nouveau."
)


def save_anew(save: Callable[[], HttpResponse], show_again: Callable[[], HttpResponse]) -> HttpResponse:
    """`save` reads, compares and writes; when others save each time in between, `show_again` gives back what was
    typed, with SAVED_BY_OTHERS."""
    for _attempt in range(ATTEMPTS):
        try:
            return save()
        except StaleVersionError:
            continue
    return show_again()
