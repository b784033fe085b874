"""Files that no spreadsheet wrote: each is refused in one French sentence, in little memory and time."""

import io
import os
import subprocess
import sys
import zipfile

import openpyxl
import pytest
from django.conf import settings

from cls_portal.core.imports.errors import WorkbookError
from cls_portal.core.imports.reading import read_workbook

TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
NAMES = (
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>'
)
BOOK = f'<workbook {NAMES}><sheets><sheet name="Plan" sheetId="1" r:id="r1"/></sheets></workbook>'


def book(sheet: str = "<worksheet/>", **parts: str | bytes) -> bytes:
    """An ordinary workbook whose only sheet is replaced, and to which parts are added."""
    base, output = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(base)
    with zipfile.ZipFile(base) as ordinary, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ordinary.namelist():
            archive.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else ordinary.read(name))
        for name, content in parts.items():
            archive.writestr(name, content)
    return output.getvalue()


def sheet_of(rows: str) -> str:
    return f"<worksheet {NAMES}><sheetData>{rows}</sheetData></worksheet>"


def cell(reference: str, text: str = "x") -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def lying_bomb() -> bytes:
    """The table of contents declares 100 bytes where 30 million come out."""
    content = bytearray(book(**{"xl/big.xml": b"<a>" + b" " * 30_000_000 + b"</a>"}))
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = content.rfind(b"xl/big.xml") if signature == b"PK\x01\x02" else content.find(b"xl/big.xml")
        start = content.rfind(signature, 0, at)
        content[start + offset : start + offset + 4] = (100).to_bytes(4, "little")
    return bytes(content)


def many_parts() -> bytes:
    return book(**{f"xl/part{number}.bin": b"" for number in range(2100)})


HOSTILE = {
    "empty": (b"", "vide"),
    "image": (b"\x89PNG\r\n\x1a\n" + b"0" * 50, "image"),
    "pdf": (b"%PDF-1.7 " + b"0" * 50, "PDF"),
    "program": (b"\x7fELF" + b"\x00" * 50, "programme"),
    "binary": (bytes(range(256)) * 20, "classeur"),
    "old format": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "ancien format"),
    "protected": (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 600, "mot de passe"),
    "cut": (book()[:200], "abîmé"),
    "macros": (book(**{"xl/vbaProject.bin": b"x"}), "macros"),
    "nested archive": (book(**{"xl/embeddings/a.zip": b"x"}), "incorporé"),
    "many parts": (many_parts, "parties"),
    "word": (lambda: zipped({"word/document.xml": "<a/>", "[Content_Types].xml": TYPES}), "Word"),
    "numbers": (lambda: zipped({"Index/Document.iwa": "x"}), "Numbers"),
    "another archive": (lambda: zipped({"a.txt": "x"}), "pas un classeur"),
    "lying size": (lying_bomb, "refusé"),
    "entities": (
        book('<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;&b;&b;">]><worksheet>&c;</worksheet>'),
        "définitions XML",
    ),
    "outside entity": (
        book('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><worksheet>&b;</worksheet>'),
        "définitions XML",
    ),
    "broken XML": (book("<worksheet><sheetData>"), "abîmé"),
    "an encoding nobody knows": (book('<?xml version="1.0" encoding="x"?><worksheet/>'), "abîmé"),
    "an encoding of four bytes": (book('<?xml version="1.0" encoding="utf-32"?><worksheet/>'), "abîmé"),
    "a far cell": (
        book(sheet_of(f'<row r="1">{cell("A1")}</row><row r="900000">{cell("XFD900000")}</row>')),
        "démesurée",
    ),
    "50,001 rows": (
        lambda: book(sheet_of("".join(f'<row r="{n}">{cell(f"A{n}")}</row>' for n in range(1, 50_002)))),
        "50\u202f000\u00a0lignes",
    ),
    "50,001 lines of csv": (b"a;b\n" * 50_001, "50\u202f000\u00a0lignes"),
    "nothing inside": (book(sheet_of("")), "vide"),
}


def zipped(parts: dict[str, str]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return output.getvalue()


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_in_a_sentence(name):
    content, words = HOSTILE[name]

    with pytest.raises(WorkbookError, match=words) as refusal:
        read_workbook(io.BytesIO(content() if callable(content) else content))

    assert str(refusal.value).endswith((".", "!"))


BOMB = """
import sys
sys.path.insert(0, {base!r})
from cls_portal.core.imports.errors import WorkbookError
from cls_portal.core.imports.reading import read_workbook
try:
    read_workbook(open({path!r}, "rb"))
except WorkbookError as error:
    status = open("/proc/self/status").read()
    print(int(status.split("VmHWM:")[1].split()[0]) // 1024, error)
"""


def test_a_bomb_of_500_megabytes_is_refused_in_little_memory(tmp_path):
    """Half a gigabyte of a sheet in half a megabyte of file, measured in a process of its own."""
    path = tmp_path / "bombe.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("xl/workbook.xml", BOOK)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(500):
                part.write(b" " * 1024 * 1024)
    assert path.stat().st_size < 2_000_000

    script = BOMB.format(base=str(settings.BASE_DIR), path=str(path))
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment)  # noqa: S603

    memory, _space, sentence = done.stdout.partition(" ")
    assert "démesuré" in sentence
    assert int(memory) < 150


def test_formulas_are_read_as_their_last_result_and_errors_as_errors():
    rows = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="e"><f>A9/0</f><v>#DIV/0!</v></c>'
        '<c r="C1"><f>A1</f></c></row>'
    )
    sheet = read_workbook(io.BytesIO(book(sheet_of(rows)))).sheets[0]

    assert sheet.rows == [[2, "#DIV/0!"]]
    assert sheet.errors == {(0, 1): "#DIV/0!"}
    assert sheet.unresolved == {(0, 2)}


def test_beyond_5000_rows_what_is_not_read_is_counted():
    output = openpyxl.Workbook(write_only=True)
    page = output.create_sheet("Plan")
    for number in range(5200):
        page.append([f"Fiche {number}"])
    stream = io.BytesIO()
    output.save(stream)

    sheet = read_workbook(stream).sheets[0]

    assert (len(sheet.rows), sheet.rows_left) == (5000, 200)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_csv_is_read_whatever_its_encoding_and_its_separator(encoding, separator):
    text = separator.join(["N°", "Intitulé", "Échéance"]) + "\n" + separator.join(["1", "Évaluer l’été", "fin 2017"])

    rows = read_workbook(io.BytesIO(text.encode(encoding))).sheets[0].rows

    assert rows == [["N°", "Intitulé", "Échéance"], ["1", "Évaluer l’été", "fin 2017"]]
