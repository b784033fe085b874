"""What may be opened: the type told by the content, and archives that cannot swell beyond what they declare."""

import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from cls_portal.core.imports.errors import WorkbookError

MAX_BYTES = 50 * 1024 * 1024
MAX_RATIO = 100
# A small entry compresses very well without being an attack.
RATIO_COUNTS_FROM = 1024 * 1024
MAX_ENTRIES = 2000
CHUNK = 64 * 1024
NESTED = (".zip", ".xlsx", ".xlsm", ".ods", ".docx", ".pptx", ".odt", ".jar", ".gz", ".7z", ".rar", ".bz2", ".xz")

TOO_BIG = (
    "Ce fichier se déplie en un contenu démesuré\u00a0: il est refusé. Enregistrez une copie qui ne garde que le plan."
)
DAMAGED = "Ce fichier est abîmé ou incomplet. Ouvrez-le dans votre tableur, enregistrez-le de nouveau et renvoyez-le."
ACCEPTED = "Envoyez un classeur .xlsx ou .ods, ou un fichier .csv."

# What the first bytes say, and what to do about it.
FOREIGN = [
    (b"%PDF", f"C’est un document PDF. {ACCEPTED}"),
    (b"\x89PNG", f"C’est une image. {ACCEPTED}"),
    (b"\xff\xd8\xff", f"C’est une image. {ACCEPTED}"),
    (b"GIF8", f"C’est une image. {ACCEPTED}"),
    (b"{\\rtf", f"C’est un document de texte. {ACCEPTED}"),
    (b"\x1f\x8b", f"C’est une archive compressée. {ACCEPTED}"),
    (b"7z\xbc\xaf", f"C’est une archive compressée. {ACCEPTED}"),
    (b"Rar!", f"C’est une archive compressée. {ACCEPTED}"),
    (b"MZ", f"C’est un programme. {ACCEPTED}"),
    (b"\x7fELF", f"C’est un programme. {ACCEPTED}"),
]


def detect_format(file: BinaryIO) -> str:
    """`xlsx`, `ods` or `csv`, from the content: the name of the file is not believed. Raises WorkbookError."""
    file.seek(0)
    head = file.read(8)
    if not head:
        raise WorkbookError("Ce fichier est vide.")
    if head.startswith(b"PK\x03\x04"):
        return _format_of_archive(file)
    if head.startswith(b"PK"):
        raise WorkbookError(DAMAGED)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise WorkbookError(_compound_sentence(file))
    for magic, sentence in FOREIGN:
        if head.startswith(magic):
            raise WorkbookError(sentence)
    return "csv"


def _compound_sentence(file: BinaryIO) -> str:
    """A protected .xlsx is wrapped in the container of the old formats."""
    file.seek(0)
    if "EncryptedPackage".encode("utf-16-le") in file.read(4 * 1024 * 1024):
        return (
            "Ce classeur est protégé par un mot de passe\u00a0: retirez la protection à l’ouverture, puis renvoyez-le."
        )
    return (
        "C’est un ancien format d’Office (.xls ou .doc). Ouvrez-le dans votre tableur, enregistrez-le "
        "au format .xlsx ou .ods, puis renvoyez-le."
    )


def _format_of_archive(file: BinaryIO) -> str:
    with open_archive(file) as archive:
        names = set(archive.namelist())
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise WorkbookError(
                "Ce classeur contient des macros\u00a0: enregistrez-le au format .xlsx, puis renvoyez-le."
            )
        if "xl/workbook.bin" in names:
            raise WorkbookError(
                "C’est un classeur binaire (.xlsb)\u00a0: enregistrez-le au format .xlsx, puis renvoyez-le."
            )
        if "xl/workbook.xml" in names and "[Content_Types].xml" in names:
            return "xlsx"
        if any(name.startswith("word/") for name in names):
            raise WorkbookError(f"C’est un document Word. {ACCEPTED}")
        if any(name.startswith("ppt/") for name in names):
            raise WorkbookError(f"C’est une présentation. {ACCEPTED}")
        if any(name.endswith(".iwa") for name in names):
            raise WorkbookError(
                "C’est un document de Numbers\u00a0: exportez-le au format Excel (.xlsx), puis renvoyez-le."
            )
        if "content.xml" in names and "mimetype" in names:
            return _format_of_open_document(archive)
    raise WorkbookError(f"Cette archive n’est pas un classeur. {ACCEPTED}")


def _format_of_open_document(archive: zipfile.ZipFile) -> str:
    mimetype = b"".join(inflate(archive, archive.getinfo("mimetype"))).strip()
    if not mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        raise WorkbookError(f"Ce document n’est pas un classeur. {ACCEPTED}")
    if "META-INF/manifest.xml" in archive.namelist():
        manifest = b"".join(inflate(archive, archive.getinfo("META-INF/manifest.xml")))
        if b"encryption-data" in manifest:
            raise WorkbookError(
                "Ce classeur est protégé par un mot de passe\u00a0: retirez-le, puis renvoyez le fichier."
            )
    return "ods"


def open_archive(file: BinaryIO) -> zipfile.ZipFile:
    """Opens the archive once its table of contents is acceptable; nothing is decompressed."""
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise WorkbookError(DAMAGED) from error
    try:
        _check_contents(archive.infolist())
    except WorkbookError:
        archive.close()
        raise
    return archive


def _check_contents(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise WorkbookError(
            f"Ce fichier contient plus de {MAX_ENTRIES} parties\u00a0: ce n’est pas un classeur ordinaire."
        )
    if sum(entry.file_size for entry in entries) > MAX_BYTES:
        raise WorkbookError(TOO_BIG)
    if len({entry.filename for entry in entries}) != len(entries):
        raise WorkbookError(DAMAGED)
    for entry in entries:
        if entry.file_size > RATIO_COUNTS_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise WorkbookError(TOO_BIG)
        if entry.filename.lower().endswith(NESTED):
            raise WorkbookError(
                "Ce classeur contient un autre fichier incorporé\u00a0: retirez-le, puis renvoyez le classeur."
            )
        if entry.flag_bits & 0x1:
            raise WorkbookError(
                "Ce fichier est protégé par un mot de passe\u00a0: retirez-le, puis renvoyez le fichier."
            )
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise WorkbookError(DAMAGED)


def inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of an entry, refused as soon as it exceeds the size declared in the table of contents.

    `zipfile` stops at the declared size; other readers go on to the end of the stream. An entry that lies about its
    size is therefore looked for here, before another library sees the file.
    """
    stream = archive.fp
    stream.seek(entry.header_offset)
    header = stream.read(30)
    if header[:4] != b"PK\x03\x04":
        raise WorkbookError(DAMAGED)
    stream.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    position, left, produced = stream.tell(), entry.compress_size, 0
    engine = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    pending = b""
    while left or pending:
        if not pending:
            stream.seek(position)
            pending = stream.read(min(CHUNK, left))
            if not pending:
                raise WorkbookError(DAMAGED)
            position, left = position + len(pending), left - len(pending)
        piece, pending = _decompress(engine, pending)
        produced += len(piece)
        if produced > entry.file_size:
            raise WorkbookError(TOO_BIG)
        yield piece
    if produced != entry.file_size:
        raise WorkbookError(DAMAGED)


def _decompress(engine, pending: bytes) -> tuple[bytes, bytes]:
    if engine is None:
        return pending, b""
    try:
        piece = engine.decompress(pending, CHUNK)
    except zlib.error as error:
        raise WorkbookError(DAMAGED) from error
    return piece, b"" if engine.eof else engine.unconsumed_tail
