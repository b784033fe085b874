"""The files of a contract: checked by their content before anything is kept."""

from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction

from cls_portal.accounts.models import User
from cls_portal.core.history import save_as
from cls_portal.core.uploads import clean_file_name, inspect_upload
from contracts.enums import DocumentKind
from contracts.models import Contract, Document
from contracts.services.contracts import set_fields


@transaction.atomic
def add_document(
    *,
    contract: Contract,
    user: User | None,
    file: File,
    title: str = "",
    kind: str = DocumentKind.OTHER,
    **about: Any,
) -> Document:
    """Keep a file under a name nobody can guess; ValidationError when its type, size or content is refused.

    Also for what the portal produces: `ContentFile(content, name="Plan d’actions.pdf")` with kind PRODUCED; `about`
    says of which meeting it is a paper, and of which day its data are.
    """
    name = clean_file_name(file.name or "")
    try:
        found = inspect_upload(file, name=name)
    except ValidationError as error:
        raise ValidationError({"file": error.messages}) from error
    document = Document(
        contract=contract,
        kind=kind,
        title=(title or PurePath(name).stem)[:200],
        original_name=name,
        content_type=found.content_type,
        size=file.size,
        uploaded_by=user,
        **about,
    )
    document.file = File(file, name=f"document{found.extension}")
    return save_as(document, user=user, reason="Dépôt")


@transaction.atomic
def update_document(*, document: Document, user: User | None, **changes: Any) -> Document:
    return save_as(set_fields(document, changes), user=user)
