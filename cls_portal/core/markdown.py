"""Long texts are Markdown. Raw HTML stays text, links go to web pages and mail addresses, images are not loaded."""

from urllib.parse import urlsplit

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

SCHEMES = {"http", "https", "mailto"}


def allowed_link(url: str) -> bool:
    try:
        return urlsplit(url.strip()).scheme.lower() in SCHEMES
    except ValueError:
        return False


def build_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    parser.disable("image")
    parser.validateLink = allowed_link
    return parser


PARSER = build_parser()


def fit_in_page(tokens: list) -> None:
    """A page has one h1 and its own h2: titles typed in a text start at h3. The policy of the pages forbids the inline
    style by which a column of a table would be aligned."""
    for token in tokens:
        token.attrs.pop("style", None)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + 2)}"


def render(text: str) -> SafeString:
    tokens = PARSER.parse(text or "")
    fit_in_page(tokens)
    return mark_safe(PARSER.renderer.render(tokens, PARSER.options, {}))  # noqa: S308 — raw HTML is disabled above


def plain(text: str) -> str:
    """The words alone, on one line: for a cell, a slide, a sentence."""
    words = (child.content for token in PARSER.parse(text or "") for child in token.children or [token])
    return " ".join(" ".join(words).split())
