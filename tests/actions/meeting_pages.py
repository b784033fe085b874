"""What the tests of the pages of a meeting share."""

from datetime import UTC, datetime

from django.urls import reverse

from tests.people import signed_in

LAST_JUNE = datetime(2025, 6, 12, 12, 30, tzinfo=UTC)


def url(contract, name, *args) -> str:
    return reverse(f"actions:{name}", args=[contract.slug, *args])


def html(user, address) -> str:
    return signed_in(user).get(address).content.decode()


def section(page: str, title: str) -> str:
    """What stands between this title and the end of its section."""
    return page.split(f'aria-labelledby="{title}"')[1].split("</section>", maxsplit=1)[0]
