"""What no form and no link of ours would send, drawn for any form and any list of the site."""

import os

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.http import urlencode
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.page_forms import PageForm

TIMES = int(os.environ.get("FUZZ", "1"))
NOTHING = ["", " ", "\x00", "a\x00b", "\ud800", "\u202e", "\ufeff", "²", "٣"]
NUMBERS = ["0", "-1", "9" * 40, "1e400", "NaN", "Infinity", "-0", "12 500,5", "1.5.2", "0x10", "True"]
DATES = ["0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "31/02/2025", "2025-13-45", "1/1/1"]
CODES = ["' OR 1=1 --", "{{ 7|add:7 }}", "%00", "<script>", "../../etc/passwd", "//exemple.fr", "javascript:x"]
LONG = ["é" * 70_000, "a b " * 10_000]
SHORT = st.one_of(
    st.sampled_from(NUMBERS + NOTHING),
    st.sampled_from(DATES + CODES),
    st.text(max_size=40),
    st.integers().map(str),
    st.dates().map(str),
)
VALUES = st.one_of(SHORT, st.sampled_from(LONG))
NAMES = st.one_of(st.sampled_from(["q", "page", "tri", "format", "pk", "id", "next", "version"]), st.text(max_size=8))
FILES = st.builds(SimpleUploadedFile, st.sampled_from(["a.pdf", "é.xlsx", "a" * 300, ".csv"]), st.binary(max_size=60))


def few(examples: int):
    """Settings of a property that is tried on many pages; FUZZ=50 tries fifty times as much."""
    every = list(HealthCheck)
    return settings(max_examples=examples * TIMES, deadline=None, database=None, suppress_health_check=every)


def raw(text: str) -> bytes:
    """As a client may send it: a lone surrogate is no valid UTF-8."""
    return text.encode("utf-8", "surrogatepass")


@st.composite
def spoiled(draw, form: PageForm) -> dict:
    """The form as it was opened, with awkward values in one or two of its fields or in all, missing or repeated."""
    names = sorted(form.data.keys() | form.kinds)
    data: dict = {name: [raw(value) for value in values] for name, values in form.data.items()}
    some = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True) if names else st.just([])
    for name in draw(some | st.just(names)):
        values = FILES if form.kinds.get(name) == "file" and draw(st.booleans()) else VALUES.map(raw)
        data[name] = [draw(values) for _ in range(draw(st.sampled_from([1, 1, 1, 1, 0, 2])))]
    extra = draw(NAMES)
    return data if extra in data or not extra else data | {extra: [draw(SHORT.map(raw))]}


def queries(names: set[str]) -> st.SearchStrategy[str]:
    """A query string with the names that a page knows, and others; a name may come twice or without a value."""
    pairs = st.tuples(st.sampled_from(sorted(names)) | NAMES if names else NAMES, SHORT)
    return st.lists(pairs, max_size=4).map(lambda drawn: urlencode([(raw(name), raw(value)) for name, value in drawn]))
