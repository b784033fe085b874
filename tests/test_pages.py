"""What holds for every page of the access table: its title, its headings, its identifiers, nothing written inline."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from tests.access import Scene, codes
from tests.people import signed_in
from tests.test_access import TABLE
from tests.test_consistency import inline_faults


class Outline(HTMLParser):
    def __init__(self, html: str):
        super().__init__()
        self.tags, self.identifiers, self.title, self.language = Counter(), Counter(), "", None
        self.in_title = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags[tag] += 1
        self.identifiers.update(filter(None, [attributes.get("id")]))
        self.in_title = self.in_title or (tag == "title" and not self.title)
        if tag == "html":
            self.language = attributes.get("lang")

    def handle_endtag(self, tag):
        self.in_title = self.in_title and tag != "title"

    def handle_data(self, data):
        if self.in_title:
            self.title += data


def page_faults(html: str, *, fragment: bool = False) -> list[str]:
    outline = Outline(html)
    found = [f"twice the id {name}" for name, times in outline.identifiers.items() if times > 1]
    found += inline_faults(html)
    if fragment:
        return found
    found += [] if outline.tags["h1"] == 1 else [f"{outline.tags['h1']} h1"]
    found += [] if outline.language == "fr" else ["not said to be in French"]
    found += [] if re.search(r"\w.* — Portail CLS$", outline.title.strip(), re.DOTALL) else ["no title of its own"]
    return found


def open_page(row, clients: dict, scene: Scene):
    """As the administrator, else as a visitor; None when the answer is no page."""
    role = "administrator" if row.get is not None and codes(row.get)["administrator"] == 200 else "anonymous"
    if role == "anonymous" and not str(row.anonymous).startswith("200"):
        return None
    response = clients[role].get(row.url(scene))
    b"".join(response)  # a file is closed when it was read
    return response if response.headers["Content-Type"].startswith("text/html") else None


@pytest.fixture
def pages(client, administrator, contract, pilot_organisation) -> list[tuple]:
    """The rows that answer with a page, and its HTML."""
    clients = {"anonymous": client, "administrator": signed_in(administrator)}
    scene = Scene(contract, pilot_organisation)
    responses = [(row, open_page(row, clients, scene)) for row in TABLE]
    return [(row, response.content.decode()) for row, response in responses if response is not None]


def test_every_page_is_sound(pages):
    faults = {row.name + row.query: page_faults(html, fragment=row.fragment) for row, html in pages}

    assert len(faults) > 15
    assert {name: found for name, found in faults.items() if found} == {}


def test_every_page_has_a_title_of_its_own(pages):
    names = {}
    for row, html in pages:
        if not row.fragment:
            names.setdefault(Outline(html).title.strip(), set()).add(row.name)

    assert {title: sorted(same) for title, same in names.items() if len(same) > 1} == {}


SOUND = """<html lang="fr"><title>Plan — Portail CLS</title>
<h1>Plan</h1><svg><title>x</title></svg><p id="a"></p></html>"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<h1>Plan</h1>", ""),
        ("<h1>Plan</h1>", "<h1>Plan</h1><h1>Plan</h1>"),
        ('lang="fr"', ""),
        ("Plan — ", " — "),
        ('<p id="a"></p>', '<p id="a"></p><p id="a"></p>'),
        ("<p ", '<p style="color:red" '),
    ],
)
def test_an_unsound_page_is_found(before, after):
    assert page_faults(SOUND) == []

    assert len(page_faults(SOUND.replace(before, after))) == 1
