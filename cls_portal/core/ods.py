"""An OpenDocument spreadsheet written as it goes: text, numbers and dates, in a zip whose content is streamed."""

import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import IO
from xml.sax.saxutils import escape, quoteattr

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
OASIS = "urn:oasis:names:tc:opendocument:xmlns"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{OASIS}:{name}:1.0"'
    for prefix, name in (
        *(("office", "office"), ("table", "table"), ("text", "text"), ("style", "style")),
        *(("number", "datastyle"), ("fo", "xsl-fo-compatible"), ("manifest", "manifest")),
    )
)
MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest {NAMESPACES} manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MIMETYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""
HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-content {NAMESPACES} office:version="1.3"><office:automatic-styles>
<number:date-style style:name="jour"><number:day number:style="long"/><number:text>/</number:text>
<number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/></number:date-style>
<style:style style:name="date" style:family="table-cell" style:data-style-name="jour"/>
<style:style style:name="titre" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>
</office:automatic-styles><office:body><office:spreadsheet>"""
FOOT = "</office:spreadsheet></office:body></office:document-content>"

# Readers collapse them: the format has an element that says them. (It has one for tabs too, which calamine ignores.)
SPACES = re.compile(r"^ | $| {2,}")
Table = tuple[str, Sequence[str], Iterable[Sequence]]


def write_ods(tables: Iterable[Table], file: IO[bytes]) -> None:
    """`tables`: (title, headings, rows). The type of the file is stored first and uncompressed, as the format asks."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIMETYPE, compress_type=zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        with archive.open("content.xml", "w", force_zip64=True) as content:
            content.write(HEAD.encode())
            for title, headings, rows in tables:
                content.write(f"<table:table table:name={quoteattr(title)}>".encode())
                content.write(row_xml(headings, "titre").encode())
                for row in rows:
                    content.write(row_xml(row).encode())
                content.write(b"</table:table>")
            content.write(FOOT.encode())


def row_xml(values: Sequence, style: str = "") -> str:
    return f"<table:table-row>{''.join(cell_xml(value, style) for value in values)}</table:table-row>"


def cell_xml(value, style: str = "") -> str:
    styled = f' table:style-name="{style}"' if style else ""
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, date):
        day = value.isoformat()
        return (
            f'<table:table-cell table:style-name="date" office:value-type="date" office:date-value="{day}">'
            f"<text:p>{value:%d/%m/%Y}</text:p></table:table-cell>"
        )
    if isinstance(value, int | float | Decimal):
        return (
            f'<table:table-cell{styled} office:value-type="float" office:value="{value}">'
            f"<text:p>{value}</text:p></table:table-cell>"
        )
    paragraphs = "".join(f"<text:p>{text_xml(line)}</text:p>" for line in value.split("\n"))
    return f'<table:table-cell{styled} office:value-type="string">{paragraphs}</table:table-cell>'


def text_xml(line: str) -> str:
    return SPACES.sub(lambda found: f'<text:s text:c="{len(found.group())}"/>', escape(line))
