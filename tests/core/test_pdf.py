"""Documents fetch nothing but the site's own static files."""

import builtins
import http.server
import threading

import pytest
from django.core.exceptions import SuspiciousFileOperation

from cls_portal.core import pdf
from tests.pdf_checks import pdftotext

weasyprint = pytest.importorskip("weasyprint", reason="Pango manque : apt-get install libpango-1.0-0")


@pytest.fixture
def listener():
    """A server on loopback that writes down what is asked of it."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1], asked
    server.shutdown()
    server.server_close()


@pytest.fixture
def render(monkeypatch):
    """A document whose body is this HTML."""

    def _render(body: str) -> bytes:
        page = f'<!doctype html><html lang="fr"><head><title>Essai</title></head><body>{body}</body></html>'
        monkeypatch.setattr(pdf, "render_to_string", lambda *args: page)
        return pdf.render_pdf("essai.html", {})

    return _render


@pytest.mark.parametrize(
    "vector",
    [
        '<img src="{url}" alt="x">',
        '<link rel="attachment" href="{url}">',
        "<style>@import url({url});</style>",
        "<style>@font-face {{ font-family: x; src: url({url}) }} p {{ font-family: x }}</style><p>x</p>",
        '<p style="background: url({url})">x</p>',
        '<object data="{url}"></object>',
        '<embed src="{url}">',
        '<svg xmlns:xlink="http://www.w3.org/1999/xlink"><title>x</title><image xlink:href="{url}"/></svg>',
        '<ul style="list-style-image: url({url})"><li>x</li></ul>',
        '<a rel="attachment" href="{url}">x</a>',
    ],
)
@pytest.mark.parametrize("scheme", ["http", "file"])
def test_no_address_of_a_document_is_fetched(vector, scheme, listener, render, tmp_path):
    port, asked = listener
    secret = tmp_path / "secret.txt"
    secret.write_text("jeton-secret-7f3a")
    url = f"http://127.0.0.1:{port}/x" if scheme == "http" else secret.as_uri()

    content = render(vector.format(url=url))

    assert content.startswith(b"%PDF")
    assert asked == []
    assert b"jeton-secret-7f3a" not in content


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://127.0.0.1/x",
        "https://static.invalid.example/x",
        "https://static.invalid/../../cls_portal/settings.py",
        "https://static.invalid/%2e%2e/%2e%2e/manage.py",
        "data:text/plain,x",
    ],
)
def test_only_static_files_have_an_address(url):
    with pytest.raises((pdf.RefusedAddressError, SuspiciousFileOperation)):
        pdf._static_file(url)


def test_a_static_file_is_read():
    assert pdf._static_file("https://static.invalid/css/tokens.css").name == "tokens.css"


def test_without_pango_the_sentence_names_the_package(monkeypatch, render):
    monkeypatch.setattr(builtins, "__import__", _without_pango)

    with pytest.raises(pdf.PdfUnavailableError, match="libpango"):
        render("<p>x</p>")


def _without_pango(name, *args, _import=builtins.__import__, **kwargs):
    if name == "weasyprint":
        raise OSError("cannot load library 'libgobject-2.0-0'")
    return _import(name, *args, **kwargs)


def test_elements_start_without_margins_from_our_own_sheet(render):
    """The hook that puts it in place of WeasyPrint's is not a published one: an upgrade may take it away."""
    assert 'xMin="0.000000"' in pdftotext(render("<blockquote>Citation</blockquote>"), "-bbox")


def test_a_page_is_read_as_xml_with_its_void_elements_and_drawings():
    drawing = '<svg viewBox="0 0 1 1"><title>Barre</title></svg>'

    root = pdf.read_page(f'<!doctype html><html lang="fr"><body><p>Un<br>deux &lt;br&gt;</p>{drawing}</body></html>')

    assert [each.tag for each in root.iter()] == [
        *("html", "body", "p", "br"),
        *("{http://www.w3.org/2000/svg}svg", "{http://www.w3.org/2000/svg}title"),
    ]
    assert "".join(root.find("body/p").itertext()) == "Undeux <br>"


@pytest.mark.parametrize("body", ["<p>Saut\x0bde ligne</p>", "<p>Sans fin", "<p>A&nbsp;B</p>"])
def test_a_page_that_is_not_well_formed_is_printed_all_the_same(body, render):
    assert pdf.read_page(f"<html><body>{body}</body></html>") is None
    assert render(body).startswith(b"%PDF")
