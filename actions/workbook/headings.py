"""Which heading of a workbook names which column of the portal, and how surely."""

import re
from functools import lru_cache

from actions.workbook.fields import BY_KEY, COLUMNS
from cls_portal.core.imports.likeness import SMALL_WORDS, close_words, normalise

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LONE_YEAR = re.compile(r"(?:.* – )?(?:ann[ée]e )?(?:19|20)\d\d", re.I)


def heading_words(heading: str) -> tuple[str, ...]:
    """« Structure(s) pilote(s) » → structure pilote; « % » and « € » are words here."""
    text = re.sub(r"\((?:s|e|es|x|ne|nes)\)|[·.](?:e|s|es)\b", "", heading)
    text = re.sub(r"\((?:€|%|euros?|k€|en €|en euros?)\)", " ", text)
    text = (
        text.replace("%", " pourcent ").replace("n°", " numero ").replace("N°", " numero ").replace("Nº", " numero ")
    )
    return tuple(word.rstrip("sx") or word for word in normalise(text).split() if word not in SMALL_WORDS)


_EXACT = {column.label.lower(): column.key for column in COLUMNS}
_SYNONYMS = [(column.key, synonym, heading_words(synonym)) for column in COLUMNS for synonym in column.synonyms]


@lru_cache(maxsize=5000)
def recognise(heading: str) -> tuple[str, float]:
    """The key that a heading names, and how surely, from 0 to 1; the empty key below one half."""
    if heading.strip().lower() in _EXACT:
        return _EXACT[heading.strip().lower()], 1.0
    upper, _dash, lower = heading.rpartition(" – ")
    if upper and lower:
        key, score = recognise(lower)
        if score >= 0.9:
            return key, 0.93
    words = heading_words(YEAR.sub(" ", heading) if not YEAR.fullmatch(heading.strip()) else heading)
    best = ("", 0.0)
    for key, synonym, wanted in _SYNONYMS:
        if not wanted or not words:
            continue
        if words == wanted:
            score = 0.95
        elif set(wanted) <= set(words):
            # The first words of a heading say what it is, the rest makes it precise.
            score = 0.9 * len(wanted) / len(words) + (0.05 if words[: len(wanted)] == wanted else 0)
        elif close_words(synonym, heading):
            score = 0.8
        else:
            continue
        if score > best[1]:
            best = (key, score)
    return best if best[1] >= 0.45 else ("", 0.0)


def recognise_place(heading: str) -> tuple[str, float]:
    """The same to tell a line of headings: each year makes a column of its own, even alone in its cell."""
    key, score = recognise(heading)
    if not key:
        return (heading, 0.5) if YEAR.fullmatch(heading.strip()) else (key, score)
    return f"{key} {year_of(heading) or ''}", score


NUMBER_WORDS = {"code", "numero", "reference", "ref"}


def is_lone_year(heading: str) -> bool:
    """« 2024 », or « Calendrier – 2024 » over two lines."""
    return bool(_LONE_YEAR.fullmatch(heading.strip()))


def guess_mapping(headings: list[tuple[str, str]], axis_label: str = "axe") -> dict[str, str]:
    """Heading key → column key, the surest first, each column fed once (the money of several years excepted)."""
    scored = []
    for place, (heading_key, label) in enumerate(headings):
        key, score = recognise(label)
        if heading_words(label) in (heading_words(axis_label), heading_words(f"n° {axis_label}")):
            key, score = ("axis_code" if "numero" in heading_words(label) else "axis"), 1.0
        if key:
            scored.append((-score, place, heading_key, key, label))
    mapping: dict[str, str] = {}
    taken: set[str] = set()
    for _score, _place, heading_key, key, label in sorted(scored):
        unique = f"{key} {year_of(label)}" if BY_KEY[key].kind in ("amount", "funder") else key
        if unique not in taken:
            taken.add(unique)
            mapping[heading_key] = key
    if "title" not in mapping.values():
        _promote(mapping, headings)
    return mapping


def _promote(mapping: dict[str, str], headings: list[tuple[str, str]]) -> None:
    """A plan has titles: a lone « Fiche » or « N° et intitulé » column is theirs, since the number is taken off it.

    A column of mere numbers is no title: without any, the person says where the titles are.
    """
    for heading_key, label in headings:
        is_number = set(heading_words(label)) <= NUMBER_WORDS
        if mapping.get(heading_key) in ("code", "objective", "description") and not is_number:
            mapping[heading_key] = "title"
            return


def year_of(heading: str) -> int | None:
    found = YEAR.search(heading)
    return int(found[0]) if found else None
