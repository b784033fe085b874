"""What may be uploaded, told from the content of the file and never from what the browser says of it."""

import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File

ACCEPTED = "PDF, Word, Excel, PowerPoint, OpenDocument, texte, CSV, image PNG ou JPEG"
NAME_LENGTH = 150
HEAD = 4096
MACROS = "Ce document contient des macros\u00a0: enregistrez-le sans macros, puis déposez-le."
NO_PLAIN_TEXT = (
    "Le contenu de ce fichier n’est pas un simple texte\u00a0: des balises de page web, comme «\u202f<script>\u202f», "
    "ou des caractères illisibles s’y trouvent. Retirez-les, puis déposez-le."
)
# Parts read inside an archive: longer ones are not those of an office document.
PART_LENGTH = 2_000_000
MANY_PARTS = 20_000

PDF = "application/pdf"
OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
TYPES = {
    ".pdf": PDF,
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".docx": f"{OFFICE}wordprocessingml.document",
    ".xlsx": f"{OFFICE}spreadsheetml.sheet",
    ".pptx": f"{OFFICE}presentationml.presentation",
    ".odt": f"{OPEN_DOCUMENT}text",
    ".ods": f"{OPEN_DOCUMENT}spreadsheet",
    ".odp": f"{OPEN_DOCUMENT}presentation",
    ".txt": "text/plain",
    ".csv": "text/csv",
}
SIGNATURES = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
MAIN_PARTS = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx", "ppt/presentation.xml": ".pptx"}
MACRO_PART = re.compile(r"(^|/)vba[^/]*\.(bin|xml)$|^(basic|scripts)/|(^|/)activex/", re.IGNORECASE)
MARKUP = re.compile(rb"^\s*<|<(!doctype|html|script|svg|iframe|body|\?xml)", re.IGNORECASE)


@dataclass(frozen=True)
class UploadType:
    content_type: str
    extension: str


PLAIN = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "’": "'", "‘": "'", "°": "o", "–": "-", "—": "-"})


def clean_file_name(name: str) -> str:
    """The last part of the name, readable, without what hides or turns letters around, of a bounded length."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(" " if c.isspace() else c for c in base if c.isspace() or unicodedata.category(c)[0] != "C")
    tidy = " ".join(re.sub(r'[<>:"|?*]', " ", visible).split()).strip(". ")
    suffix = PurePath(tidy).suffix[:10]
    stem = tidy.removesuffix(suffix).strip(". ") if suffix else tidy
    return f"{stem[: NAME_LENGTH - len(suffix)] or 'document'}{suffix}"


def plain_file_name(name: str) -> str:
    """The same in plain letters, for what reads no others: « Dossier de seance, COPIL no 9.pdf »."""
    letters = unicodedata.normalize("NFKD", name.translate(PLAIN))
    ascii_only = letters.encode("ascii", "ignore").decode()
    return re.sub(r'["\\]', "", ascii_only).strip() or "document"


def inspect_upload(file: File, *, name: str) -> UploadType:
    """The type of the file, which its extension and its content must agree on; ValidationError otherwise."""
    if not file.size:
        raise ValidationError("Ce fichier est vide.")
    if file.size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // (1024 * 1024)
        raise ValidationError(f"Ce fichier est trop lourd\u00a0: la limite est de {limit}\u00a0Mo.")
    extension = PurePath(name).suffix.lower()
    if extension not in TYPES:
        raise ValidationError(f"Ce type de fichier n’est pas accepté. Sont acceptés\u00a0: {ACCEPTED}.")
    if not is_of_type(file, TYPES[extension]):
        raise (
            ValidationError(NO_PLAIN_TEXT)
            if TYPES[extension].startswith("text/")
            else ValidationError(
                f"Le contenu de ce fichier n’est pas celui d’un fichier «\u202f{extension}\u202f»\u00a0: "
                "enregistrez-le de nouveau depuis son logiciel, puis déposez-le."
            )
        )
    return UploadType(TYPES[extension], extension)


def is_of_type(file: File, expected: str) -> bool:
    """Refuses a file that is two things at once: an archive behind an image, a web page before a document."""
    file.seek(0)
    head = file.read(HEAD)
    try:
        if expected in SIGNATURES.values():
            starts = any(head.startswith(sign) for sign, found in SIGNATURES.items() if found == expected)
            return starts and not zipfile.is_zipfile(file)
        if expected.startswith("text/"):
            file.seek(0)
            return is_plain_text(file.read())
        return head.startswith(b"PK\x03\x04") and type_of_archive(file) == expected
    finally:
        file.seek(0)


def is_plain_text(content: bytes) -> bool:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", errors="replace")
    else:
        text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="surrogateescape")
    if any(ord(character) < 32 and character not in "\t\n\r\f" for character in text):
        return False
    return not MARKUP.search(text[:HEAD].encode("utf-8", errors="replace"))


def type_of_archive(file: File) -> str | None:
    """The type of an office document; None for any other archive."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            if len(names) > MANY_PARTS:
                return None
            if any(MACRO_PART.search(name) for name in names):
                raise ValidationError(MACROS)
            if "[Content_Types].xml" in names:
                return type_of_office(archive, names)
            if names and names[0] == "mimetype" and archive.getinfo("mimetype").file_size < 100:
                return archive.read("mimetype").decode("ascii", errors="replace").strip()
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError, zlib.error, EOFError):
        return None
    return None


def type_of_office(archive: zipfile.ZipFile, names: list[str]) -> str | None:
    info = archive.getinfo("[Content_Types].xml")
    if info.file_size > PART_LENGTH:
        return None
    if b"macroenabled" in archive.read(info).lower():
        raise ValidationError(MACROS)
    return next((TYPES[extension] for part, extension in MAIN_PARTS.items() if part in names), None)
