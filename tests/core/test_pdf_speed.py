"""What is computed once prints what WeasyPrint computes again and again."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from cls_portal.core import pdf
from tests.bench.measure import in_fresh_process
from tests.pdf_checks import Pdf, pdftotext

pytest.importorskip("weasyprint", reason="Pango manque : apt-get install libpango-1.0-0")

# Everything that a saving looks at.
STYLE = """
@page { size: 480px 600px; margin: 20px; @bottom-right { content: counter(page) "/" counter(pages) } }
body { font: 12px/16px sans-serif }
table { width: 100%; border-collapse: separate; border-spacing: 0 }
th, td { height: 18px; padding: 0; border-bottom: 2px solid #247; text-align: left }
.joined table, table.joined { border-collapse: collapse }
.joined td { padding: 2px; border: 4px solid }
.rule { border-block: 4px solid #a31 }
.mark { border-left: 6px solid #3a1 }
.right { border-right: 8px solid #31a }
.two { border-top: 6px solid #c00; border-left: 6px solid #00c }
.round { border-bottom: 6px solid; border-radius: 10px }
.dashed { border-bottom: 4px dashed }
.clear { border-bottom: 4px solid transparent }
.hidden { visibility: hidden; border-bottom: 4px solid }
.tint { background: #def; border-radius: 6px }
.share { width: 50%; margin-left: 10%; padding: 2% }
.sized { box-sizing: border-box; width: 200px; min-height: 40px; padding: 10px; border-left: 4px solid }
.out { position: absolute; right: 0; bottom: 0; width: 100px; border-top: 2px solid }
.float { float: right; width: 60px; margin: 4px }
.justified { width: 300px; text-align: justify; hyphens: auto }
.pair { padding-left: 120px; text-indent: -120px; white-space: pre-wrap; tab-size: 120px }
.spaced { letter-spacing: 1px; word-spacing: 3px }
.small { font: italic small-caps 700 10px/1.3 serif; font-variant-numeric: oldstyle-nums }
.columns { columns: 2; column-rule: 2px solid }
.flex { display: flex; gap: 8px }
.flex > * { flex: 1; border-left: 2px solid }
u { text-decoration: underline }
p { orphans: 2; widows: 2 }
"""
A_RULE_MISSING = 80
LONG = "Les établissements anticonstitutionnellement réorganisés accompagnent les habitants du territoire. " * 4
CLASSES = re.findall(r"^\.(\w+)", STYLE, re.MULTILINE)
BLOCKS = "".join(
    f'<div class="{name}"><p>{name} {LONG}</p><p>Avant<br>après <u>souligné</u>\tet\n\nla suite</p>'
    "<ul><li>Un</li><li>Deux</li></ul></div>"
    for name in CLASSES
    if name != "joined"
)
ROWS = "".join(f'<tr><th scope="row">Ligne {row}</th><td>{LONG[: 30 * (row % 5)]}</td></tr>' for row in range(60))
TABLE = f'<thead><tr><th scope="col">Nom</th><th scope="col">Texte</th></tr></thead><tbody>{ROWS}</tbody>'
PAGE = (
    f'<!doctype html><html lang="fr"><head><title>Essai</title><style>{STYLE}</style></head><body>'
    f'<h1>Essai</h1>{BLOCKS}<table>{TABLE}</table><table class="joined">{TABLE}</table></body></html>'
)


def printed(saving: bool) -> bytes:
    if not saving:
        pdf.save_work = lambda *libraries: None
    return pdf.lay_out(PAGE)


@pytest.fixture(scope="module")
def both() -> tuple[bytes, bytes]:
    return in_fresh_process(printed, False), in_fresh_process(printed, True)


def test_each_word_is_at_the_same_place(both):
    slow, fast = (pdftotext(content, "-bbox") for content in both)

    assert slow.count("<word") > 1500
    assert fast == slow


def test_the_tags_are_the_same(both):
    slow, fast = (tags(content) for content in both)

    assert {"/Table", "/TH", "/TD", "/H1", "/LI", "/P"} <= set(slow)
    assert fast == slow


def tags(content: bytes) -> list[str]:
    document = Pdf(content)
    return [str(each.S) for each in document.elements]


def test_each_rule_and_ground_is_drawn_where_it_was(both):
    slow, fast = (pictures(content) for content in both)

    assert len(slow) == len(fast) > 5
    differences = [ImageChops.difference(*pages).getextrema()[1] for pages in zip(slow, fast, strict=True)]
    assert max(differences) < A_RULE_MISSING


def pictures(content: bytes) -> list[Image.Image]:
    """Nine points for a pixel of CSS, then one for four of these: an edge rounded otherwise hardly shows."""
    if not shutil.which("pdftoppm"):
        pytest.skip("pdftoppm n’est pas installé (apt install poppler-utils)")
    with tempfile.TemporaryDirectory() as folder:
        command = ["pdftoppm", "-r", "288", "-gray", "-", f"{folder}/page"]
        subprocess.run(command, input=content, check=True)  # noqa: S603
        return [Image.open(path).reduce(6) for path in sorted(Path(folder).iterdir())]


def test_the_file_is_smaller(both):
    slow, fast = both

    assert len(fast) < len(slow)
