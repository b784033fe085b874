"""What a tagged document must hold, read back from the file."""

import io
import itertools
import os
import re
import shutil
import subprocess

import pikepdf
import pytest


class Pdf:
    def __init__(self, content: bytes) -> None:
        self.content = content
        self.file = pikepdf.open(io.BytesIO(content))
        self.elements = list(self._walk(self.file.Root.StructTreeRoot))

    def _walk(self, node):
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield kid
                yield from self._walk(kid)

    @property
    def pages(self) -> int:
        return len(self.file.pages)

    def text(self) -> str:
        """The text in reading order, white space folded."""
        return re.sub(r"\s+", " ", pdftotext(self.content))

    def bookmarks(self) -> list[str]:
        with self.file.open_outline() as outline:
            return [item.title for item in self._items(outline.root)]

    def _items(self, items):
        for item in items:
            yield item
            yield from self._items(item.children)

    def headings(self) -> list[int]:
        return [int(str(each.S)[2:]) for each in self.elements if re.fullmatch(r"/H[1-6]", str(each.S))]


def pdftotext(content: bytes, *options: str) -> str:
    """What poppler reads in the document. Its absence skips the test, except where the integration runs."""
    if not shutil.which("pdftotext") and not os.environ.get("CI"):
        pytest.skip("pdftotext n’est pas installé (apt install poppler-utils)")
    command = ["pdftotext", *options, "-", "-"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()  # noqa: S603


def assert_accessible(pdf: Pdf) -> None:
    """Language, title, tags, texts for figures, headings without a skip, headers of tables."""
    root = pdf.file.Root
    assert str(root.Lang) == "fr"
    assert root.MarkInfo.Marked
    assert root.ViewerPreferences.DisplayDocTitle
    with pdf.file.open_metadata() as metadata:
        assert metadata["dc:title"]
        assert metadata["pdfuaid:part"] == "1"
    figures = [each for each in pdf.elements if str(each.S) == "/Figure"]
    assert [each for each in figures if not str(each.get("/Alt", ""))] == []
    levels = pdf.headings()
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    kinds = [str(each.S) for each in pdf.elements]
    assert kinds.count("/TH") >= kinds.count("/Table")
