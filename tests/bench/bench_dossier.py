"""The dossier of a committee with its 56 fiches in annex, against Debian's chromium printing the same HTML to PDF."""

import shutil
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from django.template.loader import render_to_string

from actions.papers.making import dossier_context, dossier_pdf
from actions.papers.sections import SECTIONS, Choice
from cls_portal.core.dates import today
from contracts.enums import MeetingState
from tests.bench.bench_pdf import AGAINST, FICHES, filled_contract, lay_out_page, print_with_chromium, write_page
from tests.bench.measure import Line, alternate, peak_memory, shown
from tests.factories import make_agenda_item, make_body, make_decision, make_held_meeting, make_meeting

WHAT = f"Dossier de COPIL avec {FICHES} fiches en annexe"
DECISIONS = 8


def run() -> list[Line]:
    chromium = shutil.which("chromium")
    if not chromium:
        return [Line(WHAT, AGAINST, None, 2.3, "chromium n’est pas installé")]
    contract, reader = filled_contract()
    meeting = next_meeting(contract)
    everything = Choice(meeting.pk, today(), tuple(section.key for section in SECTIONS))
    with tempfile.TemporaryDirectory() as folder:
        context = dossier_context(meeting, reader, everything)
        page = write_page(render_to_string("pdf/papers/dossier.html", {"demo": False, **context}), Path(folder))
        ours, theirs = alternate(
            lambda: dossier_pdf(meeting, reader, everything, lambda done, total: None),
            lambda: print_with_chromium(chromium, page, Path(folder)),
            repeat=3,
        )
        memory = peak_memory("Dossier, mémoire", partial(lay_out_page, str(page.with_name("ours.html"))))
    detail = f"{shown(ours)} contre {shown(theirs)}, {shown(ours / FICHES)} par fiche"
    return [Line(WHAT, AGAINST, ours / theirs, 2.3, detail), memory]


def next_meeting(contract):
    """Of a committee that met once, and decided."""
    body = make_body(contract)
    earlier = make_held_meeting(body, starts_at=datetime(2025, 6, 12, 12, tzinfo=UTC), state=MeetingState.VALIDATED)
    for _ in range(DECISIONS):
        make_decision(earlier)
    meeting = make_meeting(body)
    for duration in (15, 30, 30, 15):
        make_agenda_item(meeting, duration=duration)
    return meeting
