"""What a browser sends back from a page: the fields of its main form as they stand."""

import re
from html.parser import HTMLParser


class _Form(HTMLParser):
    def __init__(self, submit: str):
        super().__init__()
        self.data: dict[str, list[str]] = {}
        self.inside, self.method_post, self.select, self.textarea = False, False, None, None
        self.submit = submit
        self.skipped = False

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.inside = attrs.get("method") == "post" and "form" in (attrs.get("class") or "").split()
        if not self.inside:
            return
        name = attrs.get("name")
        if tag == "input" and name:
            if attrs.get("type") in {"checkbox", "radio"} and "checked" not in attrs:
                return
            self.add(name, attrs.get("value") or ("on" if attrs.get("type") == "checkbox" else ""))
        elif tag == "select":
            self.select, self.options = name, []
        elif tag == "option" and self.select:
            self.options.append((attrs.get("value", ""), "selected" in attrs))
        elif tag == "textarea":
            self.textarea, self.text = name, ""

    def handle_data(self, data):
        if self.textarea:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "select" and self.select:
            chosen = [value for value, selected in self.options if selected] or [v for v, _s in self.options[:1]]
            self.add(self.select, *chosen)
            self.select = None
        elif tag == "textarea" and self.textarea:
            self.add(self.textarea, re.sub(r"^\r?\n", "", self.text))
            self.textarea = None
        elif tag == "form":
            self.inside = False

    def add(self, name, *values):
        self.data.setdefault(name, []).extend(values)


def form_data(response, **changes) -> dict[str, list[str]]:
    """The data of the page's form; `changes` replaces fields (None takes one away), dashes written as `__`."""
    parser = _Form("")
    parser.feed(response.content.decode())
    data = {name: values for name, values in parser.data.items() if name != "csrfmiddlewaretoken"}
    for name, value in changes.items():
        key = name.replace("__", "-")
        data.pop(key, None)
        if value is not None:
            data[key] = value if isinstance(value, list) else [value]
    return data
