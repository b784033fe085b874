"""Printed documents: the only module that imports WeasyPrint.

WeasyPrint needs Pango, a system library: it is imported when a document is made, so that the portal runs without.
"""

import gc
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from cls_portal.core.pdf_speed import save_work

# Our own addresses inside a document. The host does not exist: the fetcher below answers for it from the static files,
# and for nothing else, neither network nor other files. An address in https keeps relative addresses working.
STATIC_BASE = "https://static.invalid/"
VOID_ELEMENTS = re.compile(r"<((?:br|col|hr|img|link|meta)\b[^>]*?)\s*/?>")
SVG = "http://www.w3.org/2000/svg"


class PdfUnavailableError(Exception):
    """The system library that lays documents out is missing; the sentence says which package to install."""

    def __init__(self) -> None:
        super().__init__(
            "Ce serveur ne peut pas encore produire de PDF\u00a0: il lui manque la bibliothèque Pango. "
            "À installer par\u00a0: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        )


class RefusedAddressError(ValueError):
    pass


def _static_file(url: str) -> Path:
    """The static file behind this address; raises RefusedAddressError for any other address or a file not found."""
    if not url.startswith(STATIC_BASE):
        raise RefusedAddressError(f"Adresse refusée dans un document\u00a0: {url[:100]}")
    found = finders.find(unquote(urlsplit(url).path).lstrip("/"))
    if not found:
        raise RefusedAddressError(f"Fichier introuvable pour un document\u00a0: {url[:100]}")
    return Path(found)


def _weasyprint():
    try:
        import pydyf  # comes with WeasyPrint
        import weasyprint  # needs Pango, see the module
    except OSError as error:
        raise PdfUnavailableError from error
    save_work(weasyprint, pydyf)
    return weasyprint


def _fetcher(weasyprint):
    class StaticOnly(weasyprint.urls.URLFetcher):
        """`fetch` is the one door that WeasyPrint uses, redirects and attachments included."""

        def fetch(self, url, headers=None):
            path = _static_file(url)
            content = _font(path) if path.suffix == ".woff2" else path.read_bytes()
            return weasyprint.urls.URLFetcherResponse(url, content, {"Content-Type": _content_type(path)})

    return StaticOnly(allow_redirects=False)


@cache
def _font(path: Path) -> bytes:
    """Unfolded once in the life of the server, rather than for each document."""
    from fontTools.ttLib import woff2  # comes with WeasyPrint

    unfolded = BytesIO()
    woff2.decompress(BytesIO(path.read_bytes()), unfolded)
    return unfolded.getvalue()


def _document_class(weasyprint):
    """Its elements start from a short sheet of ours: less time and a third less memory than from WeasyPrint’s own."""
    ground = weasyprint.CSS(filename=finders.find("css/pdf-ground.css"))

    class Document(weasyprint.HTML):
        def __init__(self, page: str, **options) -> None:
            root = read_page(page)
            super().__init__(string=page if root is None else "<html></html>", **options)
            if root is not None:
                self.wrapper_element = self.wrapper_element.from_html_root(root)
                self.etree_element = root

        def _ua_stylesheets(self, forms=False):
            return [ground]

    return Document


def read_page(page: str) -> ElementTree.Element | None:
    """The elements of a page of ours, read as XML: twenty times faster than by the rules of HTML.

    None when it is not well formed (a control character pasted in a text, a tag left open).
    """
    start = page.find("<html")
    closed = VOID_ELEMENTS.sub(r"<\1/>", page[start:]).replace("<svg ", f'<svg xmlns="{SVG}" ')
    try:
        return ElementTree.fromstring(closed)  # noqa: S314 — no doctype is left, so no entity to expand
    except ElementTree.ParseError:
        return None


def _content_type(path: Path) -> str:
    types = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png"}
    return types.get(path.suffix, "application/octet-stream")


class _PageCounter(logging.Handler):
    """Tells how many pages were laid out so far, as WeasyPrint logs them."""

    def __init__(self, told: Callable[[int], None]) -> None:
        super().__init__(logging.INFO)
        self.told, self.pages = told, 0

    def emit(self, record: logging.LogRecord) -> None:
        """Pages are laid out several times when they refer to one another: only a page further on is told."""
        if "layout - Page" in record.msg and record.args[0] > self.pages:
            self.pages = record.args[0]
            self.told(self.pages)


def render_pdf(template: str, context: dict, *, on_page: Callable[[int], None] | None = None) -> bytes:
    """A tagged PDF (declared PDF/UA-1) of this template; `on_page` hears the number of pages laid out.

    Raises PdfUnavailableError where Pango is missing.
    """
    return lay_out(render_to_string(template, {"demo": settings.DEMO, **context}), on_page=on_page)


def lay_out(html: str, *, on_page: Callable[[int], None] | None = None) -> bytes:
    weasyprint = _weasyprint()
    with _pages_told(on_page), _collector_paused():
        document = _document_class(weasyprint)(html, base_url=STATIC_BASE, url_fetcher=_fetcher(weasyprint))
        return document.write_pdf(pdf_variant="pdf/ua-1")


@contextmanager
def _pages_told(on_page: Callable[[int], None] | None) -> Iterator[None]:
    logger = logging.getLogger("weasyprint.progress")
    logger.propagate = False
    if on_page is None:
        yield
        return
    counter = _PageCounter(on_page)
    logger.setLevel(logging.INFO)
    logger.addHandler(counter)
    try:
        yield
    finally:
        logger.removeHandler(counter)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """A layout makes millions of objects and drops almost none: looking for garbage was a third of its time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
