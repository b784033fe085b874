"""Comparing what people write: accents, capitals, plurals, small words and slips of the finger do not count."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

SMALL_WORDS = frozenset(
    ["a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "par", "pour", "sur", "un", "une"]
)  # fmt: skip
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})
# What is written in a cell to say that nothing is written yet.
BLANK_WORDS = frozenset(
    [
        "a completer", "a confirmer", "a definir", "a determiner", "a preciser", "a renseigner", "a venir", "aucun",
        "aucune", "en attente", "inconnu", "inconnue", "n a", "na", "nc", "n c", "nd", "neant", "non communique",
        "non connu", "non defini", "non determine", "non precise", "non renseigne", "pas de date", "ras", "sans objet",
        "so", "s o", "tbd", "x", "a voir", "a chiffrer", "a evaluer",
    ]
)  # fmt: skip


@lru_cache(maxsize=50_000)
def normalise(text: str) -> str:
    """« Accès aux  SOINS : » → « acces aux soins »."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    kept = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(re.findall(r"[a-z0-9]+", kept.lower()))


def is_blank_word(text: str) -> bool:
    """« à définir », « – », « ? »: a cell filled in to say that it is empty."""
    plain = normalise(text)
    return not plain or plain in BLANK_WORDS


@lru_cache(maxsize=50_000)
def words(text: str) -> tuple[str, ...]:
    """The words that count, without plural marks, in alphabetical order."""
    found = [word for word in normalise(text).split() if word not in SMALL_WORDS]
    return tuple(sorted(word.rstrip("sx") or word for word in found))


def same_words(one: str, other: str) -> bool:
    return bool(words(one)) and words(one) == words(other)


def close_words(one: str, other: str) -> bool:
    """The same words but for a slip in the longer ones; numbers and single letters must be the same."""
    left, right = words(one), words(other)
    if not left or len(left) != len(right):
        return False
    return all(
        a == b or (min(len(a), len(b)) >= 5 and a[0] == b[0] and SequenceMatcher(None, a, b).ratio() >= 0.8)
        for a, b in zip(left, right, strict=True)
    )


@dataclass(frozen=True)
class Match:
    value: Any
    exact: bool


def find(text: str, choices: Iterable[tuple[str, Any]], *, slips: bool = True) -> Match | None:
    """The one choice that `text` names; None when there is none, or when several are equally close."""
    pairs = list(choices)
    plain = normalise(text)
    exact = [value for label, value in pairs if normalise(label) == plain]
    if exact:
        return Match(exact[0], exact=any(label.strip() == text.strip() for label, _value in pairs))
    tests = [same_words, close_words] if slips else [same_words]
    for test in tests:
        found: list[Any] = []
        for label, value in pairs:
            if test(text, label) and value not in found:
                found.append(value)
        if found:
            return Match(found[0], exact=False) if len(found) == 1 else None
    return None


def initials(text: str) -> str:
    """« Caisse primaire d’assurance maladie » → « cpam »."""
    return "".join(word[0] for word in normalise(text).split() if word not in SMALL_WORDS)


def is_acronym(text: str) -> bool:
    """« CPAM », « ARS », « DT-ARS », « CPTS 16 »: capitals, perhaps with a number."""
    return bool(re.fullmatch(r"[A-ZÉÈ][A-ZÉÈ0-9’'.-]{1,9}( \d{1,3})?", text.strip()))
