"""Every page of the access table in a browser: axe, narrow screens, keyboard, nothing refused by the policy."""

import pytest
from playwright.sync_api import Error

from tests.access import Scene, codes
from tests.browser.helpers import browser_faults, sign_in
from tests.test_access import TABLE

# The long walk is cut, so that several processes share it.
PARTS = 4


def is_page(row) -> bool:
    return row.get is not None and codes(row.get)["administrator"] == 200 and not row.fragment


def faults_of(page, url: str) -> list[str]:
    refused = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    if not opens(page, url):
        return []
    return browser_faults(page) + [f"{url} : {text}" for text in refused]


def opens(page, url: str) -> bool:
    """False for a file, which has no page to look at."""
    try:
        return page.goto(url).headers["content-type"].startswith("text/html")
    except Error as error:
        if "Download is starting" in error.message:
            return False
        raise


def faults_of_all(context, urls: list[str]) -> list[str]:
    found = []
    for url in urls:
        page = context.new_page()
        found += faults_of(page, url)
        page.close()
    return found


@pytest.fixture
def scene(transactional_db, contract, pilot_organisation) -> Scene:
    return Scene(contract, pilot_organisation)


def test_every_page_open_to_visitors_is_sound(live_server, page, scene):
    urls = [row.url(scene) for row in TABLE if str(row.anonymous).startswith("200") and not row.fragment]

    assert faults_of_all(page.context, [live_server.url + url for url in urls]) == []


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_of_the_administrator_is_sound(live_server, page, scene, administrator, part):
    sign_in(page, administrator)
    urls = [row.url(scene) for row in TABLE[part::PARTS] if is_page(row) and not str(row.anonymous).startswith("200")]

    assert faults_of_all(page.context, [live_server.url + url for url in urls]) == []


def test_a_faulty_page_is_found(page):
    page.set_content(
        "<html lang=fr><title>x</title><main><h1>x</h1><img src=x><p style='width:999px'>x</p>"
        "<a href='/' style='outline:none'>Invisible</a></main></html>"
    )

    found = "\n".join(browser_faults(page))

    assert "image-alt" in found
    assert "px de large sur un écran de 320 px" in found
    assert "le focus ne se voit pas sur a « Invisible »" in found


def test_a_keyboard_trap_is_found(page):
    page.set_content("<button>A</button><button>B</button>")
    page.evaluate("() => { document.onkeydown = (event) => event.preventDefault(); }")

    assert "le clavier ne sort pas de la page" in browser_faults(page)[-1]
