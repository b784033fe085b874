"""What the files of Word and PowerPoint share: text that their XML takes as it is, and nothing that is computed."""

import re

# What XML 1.0 has no place for: control characters, halves of pairs, two codes that are no characters.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
LANGUAGE = "fr-FR"


def safe(text: str) -> str:
    """Without the characters that would make the file unreadable; a tab or a carriage return is a space."""
    return FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))


def as_label(text: str) -> str:
    """For a cell of the workbook inside a chart, where « =1+1 » would be a formula."""
    text = safe(text)
    return f" {text}" if text.startswith(("=", "+", "-", "@", "{")) else text
