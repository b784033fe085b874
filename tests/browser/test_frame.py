"""The frame and every component: nothing for axe to say, no sideways scroll, menus at the keyboard, no CSP refusal."""

import pytest

from tests.browser.helpers import NARROW_WIDTHS, assert_accessible, assert_page_is_sound


@pytest.fixture
def gallery(page, settings):
    settings.ROOT_URLCONF = "tests.gallery_urls"
    page.goto("/composants/?envoyer=1")
    return page


@pytest.mark.django_db(transaction=True)
def test_page_that_does_not_exist_is_sound(page):
    page.goto("/nulle-part/")

    assert_page_is_sound(page)


@pytest.mark.django_db(transaction=True)
def test_every_component_is_sound(gallery):
    assert_page_is_sound(gallery)


@pytest.mark.parametrize("width", NARROW_WIDTHS)
@pytest.mark.django_db(transaction=True)
def test_every_component_is_accessible_on_a_phone(gallery, width):
    gallery.set_viewport_size({"width": width, "height": 800})

    assert_accessible(gallery)


@pytest.mark.django_db(transaction=True)
def test_gallery_breaks_no_rule_of_the_csp(page, settings):
    settings.ROOT_URLCONF = "tests.gallery_urls"
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    page.goto("/composants/")
    page.wait_for_load_state("networkidle")

    assert said == []
    assert page.evaluate("htmx.config.allowEval") is False


@pytest.mark.django_db(transaction=True)
def test_menu_closes_with_escape_and_gives_the_focus_back(gallery):
    summary = gallery.locator("details.menu > summary").first
    summary.click()
    gallery.keyboard.press("Tab")

    gallery.keyboard.press("Escape")

    assert gallery.locator("details.menu[open]").count() == 0
    assert summary.evaluate("element => element === document.activeElement")


@pytest.mark.django_db(transaction=True)
def test_menu_closes_with_a_click_elsewhere(gallery):
    gallery.locator("details.menu > summary").first.click()

    gallery.locator("h1").click()

    assert gallery.locator("details.menu[open]").count() == 0


@pytest.mark.django_db(transaction=True)
def test_refused_form_is_read_from_its_errors(gallery):
    assert gallery.evaluate("document.activeElement.id") == "erreurs"

    gallery.get_by_role("link", name="Intitulé : Ce champ est obligatoire.").click()

    assert gallery.evaluate("document.activeElement.id") == "id_title"


@pytest.mark.django_db(transaction=True)
def test_skip_link_leads_to_the_content(page):
    page.goto("/aide/")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "contenu"


def press_htmx_button(page, url: str):
    page.goto("/aide/")
    page.evaluate(
        """url => {
            const button = Object.assign(document.createElement("button"), {textContent: "Essai"});
            button.setAttribute("hx-post", url);
            document.querySelector("main").append(button);
            htmx.process(button);
        }""",
        url,
    )
    with page.expect_request(f"**{url}") as caught:
        page.get_by_role("button", name="Essai").click()
    return caught.value


@pytest.mark.django_db(transaction=True)
def test_htmx_request_carries_the_csrf_token(page):
    request = press_htmx_button(page, "/compte/deconnexion/")

    assert request.headers["x-csrftoken"] == page.locator('meta[name="csrf-token"]').get_attribute("content")
    assert request.response().status != 403


@pytest.mark.django_db(transaction=True)
def test_failed_htmx_request_is_announced(page):
    press_htmx_button(page, "/nulle-part/")

    notice = page.locator("#messages .notice--error")
    notice.wait_for()
    assert "n’a pas été enregistré" in notice.inner_text()
