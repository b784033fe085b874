"""Workbooks spoiled in a way that a number decides: the same number, the same file."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

import openpyxl

from tests.hostile import CODES, DATES, NOTHING, NUMBERS

NUMERIC = ["NaN", "1e999", "-1e308", "-1", "0.1", "1e15", "60", "2958466", "99999999999999999999", ""]
VALUES = [
    *NOTHING[:3],
    *(NUMBERS + DATES + CODES),
    *(
        "=1/0",
        "=CMD()",
        "#REF!",
        "10 à 15 k€",
        "mars",
        "x",
        "fin 2017",
        "ARS 10 k€ ; CPAM",
        "Axe 9 : Ailleurs",
        "Total",
    ),
    *("é" * 3000, "a" * 301, "\n".join("abc"), "12,5 %", True, False, 0, -1, 0.5, 1e300, 10**15),
    *(date(1900, 1, 1), date(9999, 12, 31), datetime(2025, 2, 28, 23, 59), timedelta(days=400)),
]
ATTRIBUTES = {
    r'\br="[A-Z]+\d+"': ['r="XFD1048576"', 'r="A0"', 'r=""', 'r="ZZZZ1"', 'r="A1"'],
    r'\bt="\w+"': ['t="s"', 't="b"', 't="d"', 't="e"', 't="n"', 't="?"'],
    r'\bs="\d+"': ['s="99999"', 's="-1"'],
    r'repeated="\d+"': ['repeated="99999999"', 'repeated="-1"', 'repeated="a"'],
    r'ref="[A-Z0-9:]+"': ['ref="A1:XFD1048576"', 'ref="B2"', 'ref="Z9:A1"'],
    r'value-type="\w+"': ['value-type="date"', 'value-type="float"', 'value-type="boolean"'],
    r'encoding="[\w-]+"': ['encoding="utf-16"', 'encoding="ascii"', 'encoding="x"'],
}


def flipped(content: bytes, random: Random) -> bytes:
    data = bytearray(content)
    for _ in range(random.choice([1, 3, 20])):
        data[random.randrange(len(data))] = random.randrange(256)
    return bytes(data)


def cut(content: bytes, random: Random) -> bytes:
    place = random.randrange(1, len(content))
    return random.choice([content[:place], content[place:], content[:place] + content[place // 2 :]])


def with_parts(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The archive packed anew, sound as an archive whatever is in it."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return output.getvalue()


def drop_part(parts: dict[str, bytes], random: Random) -> None:
    del parts[random.choice(list(parts))]


def swap_parts(parts: dict[str, bytes], random: Random) -> None:
    one, other = random.choice(list(parts)), random.choice(list(parts))
    parts[one], parts[other] = parts[other], parts[one]


def spoil_part(parts: dict[str, bytes], random: Random) -> None:
    name = random.choice([name for name in parts if parts[name]])
    parts[name] = random.choice([flipped, cut])(parts[name], random)


def spoil_values(parts: dict[str, bytes], random: Random) -> None:
    """What stands between two tags becomes another text."""
    name = random.choice([name for name in parts if name.endswith(".xml")])

    def other(match: re.Match) -> bytes:
        drawn = random.choice([*NUMERIC, "x", "&#233;", "&#0;", "&amp;", "]]>"]).encode()
        return b">" + drawn + b"<" if random.random() < 0.3 else match[0]

    parts[name] = re.sub(rb">[^<>]+<", other, parts[name])


def spoil_attributes(parts: dict[str, bytes], random: Random) -> None:
    name = random.choice([name for name in parts if name.endswith(".xml")])
    pattern, values = random.choice(list(ATTRIBUTES.items()))

    def other(match: re.Match) -> bytes:
        return random.choice(values).encode() if random.random() < 0.3 else match[0]

    parts[name] = re.sub(pattern.encode(), other, parts[name])


def spoil_cells(content: bytes, random: Random) -> bytes:
    """Other values in the cells, other areas merged, lines and columns moved: as a hurried hand may do."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = random.choice(book.worksheets)
    for _ in range(random.choice([3, 15, 60])):
        cell = sheet.cell(random.randint(1, sheet.max_row + 1), random.randint(1, sheet.max_column + 1))
        drawn = random.choice(VALUES)
        if not isinstance(cell, openpyxl.cell.MergedCell):
            cell.value = re.sub(r"[\x00\ud800]", "", drawn) if isinstance(drawn, str) else drawn
    deeds = [
        lambda: sheet.delete_rows(random.randint(1, 6)),
        lambda: sheet.insert_cols(random.randint(1, 6)),
        lambda: sheet.delete_cols(random.randint(1, 6)),
        lambda: sheet.merge_cells(None, *(random.randint(1, 8), 1), *(random.randint(8, 12), random.randint(2, 9))),
        lambda: book.copy_worksheet(sheet),
    ]
    random.choice(deeds)()
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def spoil_lines(content: bytes, random: Random) -> bytes:
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    for _ in range(random.choice([3, 15])):
        row = random.choice(rows)
        row[random.randrange(len(row)) :] = [str(random.choice(VALUES))] * random.choice([0, 1, 2, 40])
        row or row.append("")
    output = io.StringIO()
    csv.writer(output, delimiter=random.choice(";,\t|")).writerows(rows)
    encoding = random.choice(["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-32", "cp037"])
    return output.getvalue().encode(encoding, "replace")


PARTS = [drop_part, swap_parts, spoil_part, spoil_values, spoil_attributes]


def mutated(content: bytes, kind: str, random: Random) -> tuple[str, bytes]:
    """What was done, and the file."""
    ways = {"flipped": flipped, "cut": cut}
    if kind == "csv":
        ways |= dict.fromkeys(["lines", "more lines"], spoil_lines)
    else:
        ways |= {way.__name__: _on_parts(way) for way in PARTS}
    if kind == "xlsx":
        ways |= dict.fromkeys(["cells", "more cells", "even more cells"], spoil_cells)
    name = random.choice(list(ways))
    return name, ways[name](content, random)


def _on_parts(way: Callable) -> Callable:
    return lambda content, random: with_parts(content, lambda parts: way(parts, random))
