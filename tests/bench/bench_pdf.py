"""The plan of 56 fiches on paper, against Debian's chromium printing the same HTML to PDF."""

import shutil
import subprocess
import tempfile
from functools import partial
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from actions.documents import plan_context, plan_pdf
from cls_portal.core.pdf import lay_out
from tests.bench.measure import Line, alternate, peak_memory, shown
from tests.factories import make_axis, make_contract, make_user
from tests.factories.full_action import make_full_action

FICHES = 56
WHAT, AGAINST = f"PDF du plan, {FICHES} fiches", "chromium imprimant la même page"


def run() -> list[Line]:
    chromium = shutil.which("chromium")
    if not chromium:
        return [Line(WHAT, AGAINST, None, 2.3, "chromium n’est pas installé")]
    contract, reader = filled_contract()
    with tempfile.TemporaryDirectory() as folder:
        page = written_page(contract, reader, Path(folder))
        ours, theirs = alternate(
            lambda: plan_pdf(contract, reader, lambda done, total: None),
            lambda: print_with_chromium(chromium, page, Path(folder)),
            repeat=3,
        )
        html = str(page.with_name("ours.html"))
        memory = peak_memory("PDF du plan, mémoire", partial(lay_out_page, html))
    return [
        Line(
            WHAT,
            AGAINST,
            ours / theirs,
            2.3,
            f"{shown(ours)} contre {shown(theirs)}, {shown(ours / FICHES)} par fiche",
        ),
        memory,
    ]


def filled_contract():
    contract = make_contract(title="Contrat du banc d’essai")
    axes = [make_axis(contract) for _ in range(4)]
    for number in range(FICHES):
        make_full_action(contract, axis=axes[number % 4], code=f"{number % 4 + 1}.{number // 4 + 1}")
    contract.actions.filter(axis=None).delete()
    contract.axes.filter(actions=None).delete()
    return contract, make_user(is_superuser=True)


def written_page(contract, reader, folder: Path) -> Path:
    return write_page(render_to_string("pdf/plan.html", {"demo": False, **plan_context(contract, reader)}), folder)


def write_page(html: str, folder: Path) -> Path:
    """As we lay it out, beside; and as chromium reads it, with our sheets under their names on the disk."""
    (folder / "ours.html").write_text(html)
    page = folder / "plan.html"
    styles = (settings.BASE_DIR / "static/css").as_uri()
    ground = f'<style>@import url("{styles}/pdf-ground.css") layer(ground);</style>'
    page.write_text(html.replace("<head>", f"<head>{ground}").replace('href="/css/', f'href="{styles}/'))
    return page


def print_with_chromium(chromium: str, page: Path, folder: Path) -> None:
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    target = [f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={folder / 'plan.pdf'}", page.as_uri()]
    subprocess.run([chromium, *options, *target], check=True, capture_output=True)  # noqa: S603


def lay_out_page(page: str) -> None:
    lay_out(Path(page).read_text())
