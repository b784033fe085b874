"""What may be uploaded: told from the content, whatever the name and the browser say."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from cls_portal.core.uploads import clean_file_name, inspect_upload

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def archive(**parts: str) -> bytes:
    """A zip whose part names are written with `__` for `/` and `_dot_` for a dot."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, content in parts.items():
            file.writestr(
                name.replace("_types_", "[Content_Types].xml").replace("__", "/").replace("_dot_", "."), content
            )
    return buffer.getvalue()


DOCX = archive(_types_="<Types/>", word__document_dot_xml="<w/>")
XLSX = archive(_types_="<Types/>", xl__workbook_dot_xml="<w/>")
PPTX = archive(_types_="<Types/>", ppt__presentation_dot_xml="<w/>")
TEXT = "application/vnd.oasis.opendocument.text"
ODT = archive(mimetype=TEXT, content_dot_xml="<o/>")
ODS = archive(mimetype="application/vnd.oasis.opendocument.spreadsheet", content_dot_xml="<o/>")
ODP = archive(mimetype="application/vnd.oasis.opendocument.presentation", content_dot_xml="<o/>")


def inspect(name: str, content: bytes):
    return inspect_upload(ContentFile(content, name=name), name=name)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("contrat.pdf", PDF),
        ("Contrat.PDF", PDF),
        ("facture.exe.pdf", PDF),
        ("photo.png", PNG),
        ("photo.jpg", JPEG),
        ("photo.jpeg", JPEG),
        ("fiche.docx", DOCX),
        ("plan.xlsx", XLSX),
        ("copil.pptx", PPTX),
        ("fiche.odt", ODT),
        ("plan.ods", ODS),
        ("copil.odp", ODP),
        ("plan.csv", "numéro;intitulé\n1;Dépister".encode()),
        ("plan.csv", b"\xef\xbb\xbfa;b"),
        ("ancien.csv", "intitulé;état".encode("cp1252")),
        ("excel.txt", "a\tb".encode("utf-16")),
        ("notes.txt", b"5 < 6 et 7 > 3"),
    ],
)
def test_an_accepted_file_is_recognised(name, content):
    assert inspect(name, content).extension == "." + name.rsplit(".", 1)[1].lower()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("vide.pdf", b"", "vide"),
        ("page.html", HTML, "n’est pas accepté"),
        ("dessin.svg", SVG, "n’est pas accepté"),
        ("programme.exe", b"MZ", "n’est pas accepté"),
        ("sans-extension", PDF, "n’est pas accepté"),
        ("archive.zip", archive(a="b"), "n’est pas accepté"),
        ("macros.docm", DOCX, "n’est pas accepté"),
        ("contrat.pdf.html", PDF, "n’est pas accepté"),
        ("page.pdf", HTML, "Le contenu"),
        ("avant.pdf", HTML + PDF, "Le contenu"),
        ("espace.pdf", b"\n" + PDF, "Le contenu"),
        ("double.pdf", PDF + archive(a="b"), "Le contenu"),
        ("double.png", PNG + archive(a="b"), "Le contenu"),
        ("dessin.png", SVG, "Le contenu"),
        ("photo.jpg", PNG, "Le contenu"),
        ("page.txt", HTML, "Le contenu"),
        ("page.csv", b"\xef\xbb\xbf  <html>", "Le contenu"),
        ("plus-loin.csv", b"Bonjour;<script>alert(1)</script>", "balises de page web"),
        ("binaire.txt", b"a\x00b", "Le contenu"),
        ("dessin.txt", SVG, "Le contenu"),
        ("archive.docx", archive(a="b"), "Le contenu"),
        ("faux.docx", b"PK\x03\x04nimporte", "Le contenu"),
        ("plan.docx", XLSX, "Le contenu"),
        ("fiche.xlsx", ODT, "Le contenu"),
        ("avant.docx", HTML + DOCX, "Le contenu"),
        ("macros.docx", archive(_types_="<Types/>", word__document_dot_xml="", word__vbaProject_dot_bin=""), "macros"),
        ("macros.xlsx", archive(_types_="<T t='macroEnabled'/>", xl__workbook_dot_xml=""), "macros"),
        (
            "macros.odt",
            archive(mimetype=TEXT, Basic__script_dot_xml=""),
            "macros",
        ),
        ("bombe.docx", archive(_types_="0" * 3_000_000, word__document_dot_xml=""), "Le contenu"),
    ],
)
def test_any_other_file_is_refused_in_a_sentence(name, content, sentence):
    with pytest.raises(ValidationError) as refusal:
        inspect(name, content)

    assert sentence in refusal.value.messages[0]


def test_a_file_beyond_the_limit_is_refused(settings):
    settings.UPLOAD_MAX_BYTES = 1024 * 1024

    with pytest.raises(ValidationError, match="trop lourd"):
        inspect("gros.txt", b"a" * (1024 * 1024 + 1))


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Contrat signé n° 2.pdf", "Contrat signé n° 2.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\moi\\plan.xlsx", "plan.xlsx"),
        ("facture\u202efdp.exe", "facturefdp.exe"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "ab Set-Cookie x.pdf"),
        ('"><script>.pdf', "script.pdf"),
        ("é" * 300 + ".pdf", "é" * 146 + ".pdf"),
        ("...", "document"),
        ("", "document"),
        (".pdf", "pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
    ],
)
def test_a_file_name_is_cleaned(name, clean):
    assert clean_file_name(name) == clean
