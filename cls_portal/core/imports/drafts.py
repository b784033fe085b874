"""The workbook between its sending and its confirmation, kept on the server for its owner alone."""

from datetime import timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from cls_portal.core.imports.errors import WorkbookError
from cls_portal.core.imports.reading import Workbook, read_workbook
from cls_portal.core.models import ImportDraft
from cls_portal.core.uploads import clean_file_name, inspect_upload

if TYPE_CHECKING:
    from cls_portal.accounts.models import User

KEPT_FOR = timedelta(days=2)


def start_draft(*, upload: UploadedFile, root: str, user: "User") -> ImportDraft:
    """Keeps the file once it has been read without fault; raises WorkbookError otherwise, and keeps nothing."""
    if upload.size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 1024 // 1024
        raise WorkbookError(f"Ce fichier dépasse {limit} Mo\u00a0: gardez-y seulement les feuilles du plan.")
    workbook = read_workbook(upload.file)
    name = f"{PurePath(clean_file_name(upload.name)).stem}.{workbook.format}"
    try:
        inspect_upload(upload, name=name)
    except ValidationError as error:
        raise WorkbookError(" ".join(error.messages)) from error
    upload.seek(0)
    return ImportDraft.objects.create(root=root, user=user, name=name, file=upload)


def read_draft(draft: ImportDraft) -> Workbook:
    with draft.file.open("rb") as file:
        return read_workbook(file)


def close_draft(draft: ImportDraft, *, result: dict) -> None:
    """What came in is in; the file itself is no longer needed here."""
    draft.result, draft.done_at = result, timezone.now()
    draft.save(update_fields=["result", "done_at"])


def purge_drafts() -> int:
    """Forgets the files that nobody confirmed; the answer of a confirmed import stays readable as long."""
    old = ImportDraft.objects.filter(created_at__lt=timezone.now() - KEPT_FOR)
    count = 0
    for draft in old:
        if draft.file:
            draft.file.delete(save=False)
        draft.delete()
        count += 1
    return count
