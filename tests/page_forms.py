"""What a browser sends back from a page: the fields of its forms as they stand."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class PageForm:
    """`kinds` says of each field what it is: the type of its input, « select » or « textarea »."""

    action: str
    method: str
    is_main: bool
    data: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    """A field stands in its form, or elsewhere with the identifier of it."""

    def __init__(self, html: str):
        super().__init__()
        self.forms: list[PageForm] = []
        self.by_identifier: dict[str, PageForm] = {}
        self.form = self.select = self.textarea = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "form":
            self.open_form(attributes)
        owner, name = self.by_identifier.get(attributes.get("form"), self.form), attributes.get("name")
        if tag == "option" and self.select:
            self.options.append((attributes.get("value", ""), "selected" in attributes))
        if not owner or not name:
            return
        if tag == "input":
            self.input(owner, name, attributes)
        elif tag == "select":
            owner.kinds[name], self.select, self.options = tag, (owner, name), []
        elif tag == "textarea":
            owner.kinds[name], self.textarea, self.text = tag, (owner, name), ""

    def open_form(self, attributes: dict) -> None:
        classes = (attributes.get("class") or "").split()
        self.form = PageForm(
            attributes.get("action") or "", attributes.get("method", "get").lower(), "form" in classes
        )
        self.forms.append(self.form)
        self.by_identifier[attributes.get("id") or len(self.forms)] = self.form

    @staticmethod
    def input(owner: PageForm, name: str, attributes: dict) -> None:
        kind = attributes.get("type", "text")
        owner.kinds[name] = kind
        if kind not in {"checkbox", "radio"} or "checked" in attributes:
            value = attributes.get("value") or ("on" if kind == "checkbox" else "")
            owner.data.setdefault(name, []).append(value)

    def handle_data(self, data):
        if self.textarea:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "select" and self.select:
            owner, name = self.select
            chosen = [value for value, selected in self.options if selected] or [v for v, _s in self.options[:1]]
            owner.data.setdefault(name, []).extend(chosen)
            self.select = None
        elif tag == "textarea" and self.textarea:
            owner, name = self.textarea
            owner.data.setdefault(name, []).append(re.sub(r"^\r?\n", "", self.text))
            self.textarea = None
        elif tag == "form":
            self.form = None


def forms_of(html: str) -> list[PageForm]:
    forms = _Reader(html).forms
    for form in forms:
        form.data.pop("csrfmiddlewaretoken", None)
        form.kinds.pop("csrfmiddlewaretoken", None)
    return forms


def form_data(response, **changes) -> dict[str, list[str]]:
    """The data of the page's main form; `changes` replaces fields (None takes one away), dashes written as `__`."""
    data: dict[str, list[str]] = {}
    for form in forms_of(response.content.decode()):
        if form.is_main and form.method == "post":
            for name, values in form.data.items():
                data.setdefault(name, []).extend(values)
    for name, value in changes.items():
        key = name.replace("__", "-")
        data.pop(key, None)
        if value is not None:
            data[key] = value if isinstance(value, list) else [value]
    return data
