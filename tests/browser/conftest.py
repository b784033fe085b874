"""Browser tests: Debian's chromium, driven by playwright on the live server."""

import os
import shutil
from pathlib import Path

import pytest

from tests.browser.helpers import sign_in

HERE = Path(__file__).parent
CHROMIUM = shutil.which("chromium")

# playwright runs an event loop in the test's thread; our own code is synchronous all the same.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items):
    if CHROMIUM or os.environ.get("CI"):
        return
    skip = pytest.mark.skip(reason="chromium n’est pas installé (apt install chromium)")
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if not CHROMIUM:
        pytest.fail("L’intégration continue passe les tests dans un navigateur : il faut chromium.")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "fr-FR", "viewport": {"width": 1440, "height": 900}}


@pytest.fixture(scope="session")
def base_url(live_server):
    """`page.goto("/…")` opens a page of the live server."""
    return live_server.url


@pytest.fixture
def window(browser, browser_context_args):
    """A browser of one's own: `window(coordinator, java_script_enabled=False)`; nobody is signed in without a person.

    At the end, no window may have seen a script fail or something refused by the content policy.
    """
    faults, contexts = [], []

    def open_window(person=None, **options):
        contexts.append(browser.new_context(**browser_context_args | options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: faults.append(f"{page.url} : {error}"))
        page.on("console", lambda said: faults.append(said.text) if "Policy" in said.text else None)
        if person:
            sign_in(page, person)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert faults == []
