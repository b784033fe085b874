"""What every journey in the browser needs: signing in, and the checks of accessibility every page must pass."""

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

NARROW_WIDTHS = (320, 390)
KEYS_AT_ONCE = 20

# Each stop of the focus, said in the page itself: asking after every key would double the time of the walk.
WATCH_FOCUS = """() => {
    const stops = [];
    const seen = (element) => {
        const style = getComputedStyle(element);
        const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
        const name = element.getAttribute("aria-label") || element.labels?.[0]?.innerText || element.innerText
            || element.title || element.name || "";
        return {tag: element.tagName.toLowerCase(), name: name.trim().replace(/\\s+/g, " "),
                visible: outlined || style.boxShadow !== "none"};
    };
    window.focusStops = stops;
    document.activeElement?.blur();
    document.addEventListener("focusin", (event) => stops.push(seen(event.target)));
    document.addEventListener("focusout", (event) => { if (!event.relatedTarget) stops.push(null); });
}"""


def sign_in(page, user) -> None:
    """Opens the session without the sign-in page, which has tests of its own."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "domain": "localhost", "path": "/"}])


def assert_accessible(page) -> None:
    """axe finds nothing on the page as it stands."""
    violations = Axe().run(page).response["violations"]
    assert not violations, "\n".join(
        f"{page.url} : {violation['id']} ({violation['help']}) {node['html'][:160]}"
        for violation in violations
        for node in violation["nodes"]
    )


def assert_fits_narrow_screens(page) -> None:
    """No sideways scrolling of the page on a phone (WCAG 1.4.10); a wide table scrolls inside its own frame."""
    before = page.viewport_size
    for width in NARROW_WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        needed = page.evaluate("document.documentElement.scrollWidth")
        assert needed <= width, f"{page.url} demande {needed} px de large sur un écran de {width} px"
    page.set_viewport_size(before)


def keyboard_walk(page, limit: int = 200) -> list[str]:
    """Tab through the page from its start: the « tag name » of each stop. Every stop must show its focus.

    Fails on a trap: after `limit` stops the focus should have left the page.
    """
    stops = []
    for stop in walk_of_focus(page, limit):
        assert stop["visible"], f"{page.url} : le focus ne se voit pas sur {stop['tag']} « {stop['name']} »"
        stops.append(f"{stop['tag']} {stop['name']}")
    return stops


def walk_of_focus(page, limit: int) -> list[dict]:
    page.evaluate(WATCH_FOCUS)
    for _ in range(0, limit, KEYS_AT_ONCE):
        for _ in range(KEYS_AT_ONCE):
            page.keyboard.press("Tab")
        stops = page.evaluate("window.focusStops")
        if None in stops:
            return stops[: stops.index(None)]
    raise AssertionError(f"{page.url} : le clavier ne sort pas de la page après {limit} arrêts")


def tab_to(page, name: str, limit: int = 100) -> None:
    """Tab until the focus is on what bears this name."""
    name = " ".join(name.split())
    page.evaluate(WATCH_FOCUS)
    for _ in range(limit):
        page.keyboard.press("Tab")
        stop = page.evaluate("window.focusStops.at(-1)")
        if stop and name in stop["name"]:
            assert stop["visible"], f"{page.url} : le focus ne se voit pas sur « {name} »"
            return
    raise AssertionError(f"{page.url} : « {name} » ne s’atteint pas au clavier en {limit} arrêts")


def assert_page_is_sound(page) -> None:
    """The checks that hold for every page, at the width of the test and on narrow screens."""
    assert_accessible(page)
    assert_fits_narrow_screens(page)
    keyboard_walk(page)


def browser_faults(page) -> list[str]:
    """The same, but every fault is gathered: for a walk over many pages."""
    found = []
    for check in (assert_accessible, assert_fits_narrow_screens, keyboard_walk):
        try:
            check(page)
        except AssertionError as fault:
            found.append(str(fault) if check is assert_accessible else str(fault).splitlines()[0])
    return found
