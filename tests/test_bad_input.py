"""Whatever is sent to any address of the site, the answer is a page or a sentence, never a failure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from html import unescape
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, resolve, reverse
from hypothesis import given
from hypothesis import strategies as st

from actions.fiche.sections import EDITABLE
from cls_portal.core.imports.drafts import read_draft, start_draft
from contracts.enums import Role, TermKind
from contracts.models import Contract
from contracts.services import trash_of
from tests.access import Row, Scene, row, undone
from tests.actions.workbooks import guessed_choices, untidy_plan
from tests.factories import (
    make_action,
    make_colleague,
    make_contract,
    make_full_action,
    make_membership,
    make_opinion_request,
)
from tests.hostile import TIMES, few, queries, spoiled
from tests.page_forms import PageForm, forms_of
from tests.people import signed_in
from tests.test_access import TABLE

FORM_EXAMPLES, LIST_EXAMPLES = 4, 6
# The pages that are different with what their address names, and those of a workbook under way.
VARIANTS = [
    *(row("actions:edit", 200, post=200, pk="action", section=f"={section.key}") for section in EDITABLE),
    *(row("contracts:term_create", 200, post=200, kind=f"={kind}") for kind in TermKind.values),
    row("actions:import_sheet", 200, post=200, public_id="draft.public_id"),
    row("actions:import_columns", 200, post=200, public_id="draft.public_id"),
    row("actions:import_preview", 200, public_id="draft.public_id"),
    row("actions:import_confirm", post=200, public_id="draft.public_id", data={"seen": "", "mode": "bonnes"}),
    row("actions:import_problems", 200, public_id="draft.public_id"),
]
ROWS = [*(each for each in TABLE if each.name not in {variant.name for variant in VARIANTS}), *VARIANTS]
PARTS = {
    "the site": lambda row: ":" not in row.name,
    "the plan": lambda row: row.name.startswith("actions:"),
    "the contract": lambda row: row.name.startswith("contracts:"),
}


@dataclass
class Page:
    row: Row
    client: Client
    url: str
    html: str

    @property
    def forms(self) -> list[PageForm]:
        return forms_of(self.html)

    @property
    def names(self) -> set[str]:
        """What the page's own links and filters say in its query string."""
        links = [urlsplit(urljoin(self.url, unescape(link))) for link in re.findall(r'href="([^"]*)"', self.html)]
        linked = {name for link in links if link.path == self.path for name, _value in parse_qsl(link.query)}
        filters = [form for form in self.forms if form.method == "get" and form.action in {"", self.path}]
        return linked.union(*(form.kinds for form in filters))

    @property
    def path(self) -> str:
        return urlsplit(self.url).path


@pytest.fixture
def scene(contract, pilot_organisation, administrator) -> Scene:
    Contract.objects.filter(pk=contract.pk).update(generation=2)
    contract.refresh_from_db()
    make_action(make_contract(territory=contract.territory))  # left to decide
    scene = Scene(contract, pilot_organisation)
    make_membership(Role.ARS_REFERENT, administrator, department=contract.territory.department)  # its forms too
    make_colleague(contract)
    upload = SimpleUploadedFile("plan.xlsx", untidy_plan())
    draft = start_draft(upload=upload, root=trash_of(contract.pk), user=administrator)
    draft.choices = guessed_choices(read_draft(draft), contract).to_json()
    draft.save()
    scene.built |= {"action": make_full_action(contract, parts=1), "draft": draft}
    scene.built["opinion_request"] = make_opinion_request(scene["review"], expert=administrator)
    return scene


@pytest.fixture
def clients(client, administrator) -> list[Client]:
    return [signed_in(administrator), client]


def send(client: Client, method: str, url: str, data: dict | None = None):
    """The answer to one request, whose effects are undone."""
    with undone(client):
        response = getattr(client, method)(url, data)
        response.consumed = b"".join(response)  # a file is closed when it was read
    return response


def opened(rows: list[Row], clients: list[Client], scene: Scene) -> Iterator[Page]:
    """As the administrator, and as a visitor what a visitor may open."""
    for each in rows:
        for client in clients if str(each.anonymous).startswith("200") else clients[:1]:
            response = send(client, "get", each.url(scene))
            if response.status_code == 200 and response.headers["Content-Type"].startswith("text/html"):
                yield Page(each, client, each.url(scene), response.consumed.decode())


def sendings(pages: list[Page]) -> Iterator[tuple[str, str, Client, PageForm]]:
    """The forms of these pages, each once: (view, address, …)."""
    met = set()
    for page in pages:
        for form in page.forms:
            if form.method == "post":
                url = urljoin(page.url, form.action or page.url)
                view = resolve(urlsplit(url).path)
                shape = (view.view_name, view.kwargs.get("section"), *sorted({*form.kinds, *form.data}))
                if shape not in met:
                    met.add(shape)
                    yield view.view_name, url, page.client, form


def never_fails(strategy: st.SearchStrategy, examples: int, ask: Callable) -> None:
    @few(examples)
    @given(strategy)
    def each(drawn):
        assert ask(drawn).status_code < 500

    each()


@pytest.mark.parametrize("part", PARTS)
def test_no_form_fails_whatever_is_sent(part, clients, scene):
    rows = [each for each in ROWS if PARTS[part](each)]
    pages = list(opened(rows, clients, scene))
    tried = set()
    for view, url, client, form in sendings(pages):
        never_fails(spoiled(form), FORM_EXAMPLES, partial(send, client, "post", url))
        tried.add(view)
    assert {page.row.name for page in pages if page.row.post is not None and page.forms} <= tried

    for each in rows:
        if each.post is not None and each.name not in tried:
            data = each.data(scene) if callable(each.data) else each.data
            form = PageForm("", "post", True, {name: [str(value)] for name, value in data.items()})
            never_fails(spoiled(form), FORM_EXAMPLES, partial(send, clients[0], "post", each.url(scene)))


@pytest.mark.parametrize("part", PARTS)
def test_no_query_string_fails(part, clients, scene):
    """The lists, that are filtered, sorted or cut into pages; every page when FUZZ asks for more."""
    for page in opened([each for each in ROWS if PARTS[part](each)], clients[:1], scene):
        names = page.names
        if names or TIMES > 1:
            strategy = queries(names).map(f"{page.path}?{{}}".format)
            never_fails(strategy, LIST_EXAMPLES if names else 2, partial(send, page.client, "get"))


def test_the_walk_finds_the_one_value_that_fails():
    form = PageForm("", "post", True, {"title": ["Former"], "year": ["2025"], "state": ["brouillon"]})

    def fragile(data: dict) -> HttpResponse:
        return HttpResponse(status=500 if data["year"] in ([b"0"], [b"NaN"]) else 200)

    with pytest.raises(AssertionError):
        never_fails(spoiled(form), 200, fragile)


def test_no_address_fails_whatever_it_names(clients, scene):
    """The last thing that the address names: an axis, a fiche, a document…"""
    codes = {}
    for each in ROWS:
        arguments = each.url_arguments(scene)
        for value in ("0", "9" * 30, "é" * 300):
            try:
                url = reverse(each.name, kwargs=arguments | {list(arguments)[-1]: value})
            except (NoReverseMatch, IndexError):
                continue
            codes[url] = send(clients[0], "get", url).status_code

    assert len(codes) > 50
    assert {url: code for url, code in codes.items() if code >= 500} == {}
