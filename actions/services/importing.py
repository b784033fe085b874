"""Bringing a workbook into the plan: what the preview announced, all of it or nothing, signed with the file's name."""

from collections.abc import Iterable
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import IntegrityError, transaction

from actions.services.import_references import ImportRefusedError
from actions.services.import_writer import ImportReport, write_lines
from actions.workbook.line import Line
from actions.workbook.part_line import PartLine
from actions.workbook.preview import Choices, Preview, build_preview
from cls_portal.accounts.models import User
from cls_portal.core.imports.drafts import close_draft, read_draft
from cls_portal.core.models import ImportDraft
from cls_portal.core.versioning import StaleVersionError
from contracts.enums import DocumentKind
from contracts.models import Contract, Document
from contracts.services import add_document, lock


class StalePreviewError(Exception):
    """The plan, or the answers given in another tab, changed since the preview was shown."""


@transaction.atomic
def import_lines(
    *,
    contract: Contract,
    user: User | None,
    lines: Iterable[Line],
    parts: Iterable[PartLine] = (),
    file_name: str,
) -> ImportReport:
    """Write the lines of a preview made in the same transaction; ImportRefusedError undoes everything."""
    lock(contract)
    reason = f"Import du classeur «\u202f{file_name}\u202f»"
    try:
        with transaction.atomic():
            return write_lines(contract=contract, user=user, reason=reason, lines=list(lines), parts=list(parts))
    except StaleVersionError as error:
        raise ImportRefusedError("Une fiche a été enregistrée par quelqu’un d’autre pendant l’import.") from error
    except IntegrityError as error:
        raise ImportRefusedError("Le plan a changé pendant l’import\u00a0: rien n’est repris. Recommencez.") from error


@transaction.atomic
def confirm_import(*, draft: ImportDraft, contract: Contract, user: User, seen: str, only_sound: bool) -> ImportDraft:
    """Import once what the person saw: a second confirmation finds the first one's result.

    `seen` is the fingerprint of the preview shown: StalePreviewError when today's differs. Without `only_sound`, one
    problem is enough for nothing to be written (ImportRefusedError).
    """
    draft = ImportDraft.objects.select_for_update().get(pk=draft.pk)
    if draft.done_at:
        return draft
    lock(contract)
    preview = build_preview(read_draft(draft), Choices.from_json(draft.choices), contract, draft.name)
    if preview.fingerprint != seen:
        raise StalePreviewError
    _check(preview, only_sound=only_sound)
    report = import_lines(
        contract=contract,
        user=user,
        lines=preview.accepted(),
        parts=preview.accepted_parts(),
        file_name=draft.name,
    )
    document = _keep_file(draft, contract, user)
    close_draft(
        draft,
        result={
            "created": report.created,
            "changed": report.changed,
            "also": report.also_created,
            "left": preview.counts["problem"] + preview.part_counts["problem"],
            "parts": [[title, *counts] for title, counts in report.parts.items()],
            "same": preview.counts["same"],
            "document": document.pk,
        },
    )
    return draft


def _check(preview: Preview, *, only_sound: bool) -> None:
    if preview.problems and not only_sound:
        raise ImportRefusedError(
            "Des lignes ont un problème\u00a0: rien n’est repris. Corrigez-les, ou laissez-les de côté."
        )
    if not preview.changing():
        raise ImportRefusedError("Il n’y a rien à reprendre de ce classeur.")


def _keep_file(draft: ImportDraft, contract: Contract, user: User) -> Document:
    with draft.file.open("rb") as file:
        try:
            return add_document(
                contract=contract,
                user=user,
                file=File(file, name=draft.name),
                kind=DocumentKind.IMPORT,
                title=f"Classeur importé\u00a0: {PurePath(draft.name).stem}",
            )
        except ValidationError as error:
            raise ImportRefusedError(" ".join(error.messages)) from error
