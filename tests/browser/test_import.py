"""The workbook comes in, in a browser: each step is sound, on a large screen and on a phone."""

import io
import os

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.actions.workbooks import untidy_plan
from tests.browser.helpers import browser_faults, sign_in

SCREENS = os.environ.get("SCREENS", "")


@pytest.fixture
def person(transactional_db, coordinator):
    return coordinator


def faulty_plan() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(untidy_plan()))
    book.worksheets[0]["K12"], book.worksheets[0]["J13"] = "peut-être", "31/02/2015"
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def look(page, name: str) -> list[str]:
    """The faults of the page; its picture too when SCREENS names a folder."""
    for width in (1440, 390) if SCREENS else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=f"{SCREENS}/{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1440, "height": 900})
    return browser_faults(page)


def test_each_step_of_the_import_is_sound(live_server, page, person, contract):
    sign_in(page, person)
    faults = []
    page.goto(f"{live_server.url}/contrats/{contract.slug}/plan/import/")
    faults += look(page, "1-envoi")
    page.get_by_label("Classeur").set_input_files(
        {"name": "plan.xlsx", "mimeType": "application/octet-stream", "buffer": faulty_plan()}
    )
    page.get_by_role("button", name="Envoyer et continuer").click()
    faults += look(page, "2-feuilles")
    page.get_by_role("button", name="Continuer").click()
    faults += look(page, "3-colonnes")
    page.get_by_role("button", name="Voir l’aperçu").click()
    faults += look(page, "4-problemes")
    page.get_by_role("link", name="Interprétées").click()
    faults += look(page, "5-interpretees")
    page.get_by_role("link", name="Laissées de côté").click()
    faults += look(page, "6-ignorees")
    page.get_by_role("button", name="Reprendre seulement").click()
    faults += look(page, "7-resultat")

    assert faults == []
    assert page.get_by_role("heading", level=1).inner_text() == "Le classeur est repris"
    assert contract.actions.count() == 8
    page.get_by_role("link", name="Ouvrir le plan d’actions").click()
    line = page.locator("table.plan tbody tr", has_text="Pôle de santé des trois cantons")
    expect(line.locator("td.state")).to_contain_text("Reportée")
    expect(line).to_contain_text("31/12/2014")
