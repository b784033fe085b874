"""Real files spoiled in a hundred and fifty ways: a sentence in French or a preview, no line lost, little memory.

FUZZ=14 tries two thousand of them.
"""

import io
import re
import resource
from collections import Counter
from random import Random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from actions.services.import_references import ImportRefusedError
from actions.services.importing import import_lines
from actions.workbook.preview import Preview, build_preview
from actions.workbook.screens import sentence_of
from cls_portal.core.imports.annotate import annotate
from cls_portal.core.imports.drafts import read_draft, start_draft
from cls_portal.core.imports.errors import WorkbookError
from contracts.services import trash_of
from tests.actions.mutations import mutated
from tests.actions.workbooks import SAMPLE, exported, guessed_choices, untidy_plan
from tests.factories import make_full_action
from tests.hostile import TIMES
from tests.people import signed_in

FILES, MEGABYTES = 150 * TIMES, 150
SENTENCE = re.compile(r"[A-ZÀÉÊ«][^\n]*[.!]")


@pytest.fixture
def sources(contract) -> list[tuple[str, str, bytes]]:
    """The plan of a real contract where it is at hand, one in its manner, and our own exports."""
    for _ in range(2):
        make_full_action(contract, parts=1)
    plans = [("sample", "xlsx", SAMPLE.read_bytes())] if SAMPLE.exists() else []
    own = [(f"export {kind}", kind, exported(contract, kind)) for kind in ("xlsx", "ods", "csv")]
    return [*plans, ("untidy plan", "xlsx", untidy_plan()), *own]


def come_in(contract, user, content: bytes, name: str, *, client=None) -> Preview | None:
    """As far as the file goes: to its refusal, or to its writing, which is undone; with a client, page by page."""
    try:
        draft = start_draft(upload=SimpleUploadedFile(name, content), root=trash_of(contract.pk), user=user)
    except WorkbookError as error:
        assert_sentence(error)
        return None
    workbook = read_draft(draft)
    choices = guessed_choices(workbook, contract)
    if client:
        draft.choices = choices.to_json()
        draft.save()
        for page in ("sheet", "columns", "preview", "problems"):
            assert (
                client.get(reverse(f"actions:import_{page}", args=[contract.slug, draft.public_id])).status_code == 200
            )
    preview = build_preview(workbook, choices, contract, name)
    for sheet in workbook.sheets:
        if sheet.name in choices.sheets:
            filled = [number for number, row in enumerate(sheet.rows) if any(value is not None for value in row)]
            heads = range(choices.sheets[sheet.name].first, choices.sheets[sheet.name].body)
            told = {line.row for line in [*preview.lines, *preview.ignored] if _sheet_of(line) == sheet.name}
            assert [number for number in filled if number not in told and number not in heads] == []
    assert all(SENTENCE.fullmatch(problem.sentence) for problem in preview.problems)
    assert sentence_of(preview)
    annotate(io.BytesIO(content), workbook, preview.problems)
    write(contract, user, preview, name)
    return preview


def assert_sentence(error: Exception) -> None:
    assert SENTENCE.fullmatch(str(error)), str(error)


def _sheet_of(line) -> str:
    return getattr(line.sheet, "name", line.sheet)


def write(contract, user, preview: Preview, name: str) -> None:
    with transaction.atomic():
        try:
            import_lines(
                contract=contract,
                user=user,
                lines=preview.accepted(),
                parts=preview.accepted_parts(),
                file_name=name,
            )
        except ImportRefusedError as error:
            assert_sentence(error)
        transaction.set_rollback(True)


def test_a_spoiled_workbook_is_refused_in_a_sentence_or_shown_whole(contract, coordinator, sources):
    outcomes, client = Counter(), signed_in(coordinator)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for seed in range(FILES):
        random = Random(seed)  # noqa: S311 - the same file for the same number
        source, kind, content = sources[seed % len(sources)]
        way, spoiled = mutated(content, kind, random)
        try:
            with transaction.atomic():
                preview = come_in(contract, coordinator, spoiled, f"plan.{kind}", client=None if seed % 9 else client)
                transaction.set_rollback(True)
        except BaseException as error:
            error.add_note(f"Seed {seed}: {source}, {way}.")
            raise
        outcomes["refused" if preview is None else "shown"] += 1

    assert min(outcomes["refused"], outcomes["shown"]) > FILES / 10, outcomes
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < MEGABYTES
