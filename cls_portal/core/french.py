"""How figures and dates are written in French: spaces that do not break, « 1er », « du 3 au 12 juin 2025 »."""

from datetime import date
from decimal import Decimal

NBSP = "\u00a0"
THIN = "\u202f"
MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
SHORT_MONTHS = [
    *("janv.", "févr.", "mars", "avr.", "mai", "juin"),
    *("juil.", "août", "sept.", "oct.", "nov.", "déc."),
]


def day(value: date) -> str:
    return "1er" if value.day == 1 else str(value.day)


def month(value: date) -> str:
    return MONTHS[value.month - 1]


def short_month(value: date) -> str:
    return SHORT_MONTHS[value.month - 1]


def long_date(value: date) -> str:
    return f"{day(value)}{NBSP}{month(value)} {value.year}"


def date_range(start: date | None, end: date | None) -> str:
    if start is None or end is None:
        return open_range(start, end)
    if start == end:
        return f"le {long_date(start)}"
    if start.year != end.year:
        return f"du {long_date(start)} au {long_date(end)}"
    first = day(start) if start.month == end.month else f"{day(start)}{NBSP}{month(start)}"
    return f"du {first} au {long_date(end)}"


def open_range(start: date | None, end: date | None) -> str:
    if start:
        return f"depuis le {long_date(start)}"
    return f"jusqu’au {long_date(end)}" if end else ""


def number(value: int | float | Decimal, decimals: int | None = None) -> str:
    """12 500 ; 0,5. Without `decimals`, as many as the figure has, without useless zeros."""
    figure = Decimal(str(value))
    text = f"{figure.normalize():f}" if decimals is None else f"{figure:.{decimals}f}"
    sign, digits = ("−", text[1:]) if text.startswith("-") else ("", text)
    whole, _, fraction = digits.partition(".")
    groups = f"{int(whole):,}".replace(",", THIN)
    return sign + groups + (f",{fraction}" if fraction else "")


def amount(value: int | float | Decimal) -> str:
    """A sum of money in a column that says the currency; cents only when there are some."""
    figure = Decimal(str(value))
    return number(figure, 0 if figure == figure.to_integral_value() else 2)


def euro(value: int | float | Decimal) -> str:
    return f"{amount(value)}{NBSP}€"


def percent(value: int | float | Decimal, decimals: int = 0) -> str:
    return number(value, decimals) + NBSP + "%"


def count_noun(count: int, singular: str, plural: str = "") -> str:
    """« 0 fiche », « 1 fiche », « 12 fiches »: in French the plural begins at two."""
    many = plural or " ".join(word if word[-1] in "sxz" else f"{word}s" for word in singular.split())
    return f"{number(count)}{NBSP}{singular if abs(count) < 2 else many}"


# The nouns that a body or a meeting may begin with; others are taken for masculine.
FEMININE = {
    *("assemblée", "cellule", "commission", "conférence", "coordination", "délégation", "direction", "équipe"),
    *("instance", "mission", "plénière", "présidence", "rencontre", "réunion", "séance", "table"),
}
PLURAL = {"assises", "ateliers", "rencontres"}
ARTICLES = {"le ": "du ", "les ": "des ", "la ": "de la ", "l’": "de l’", "l'": "de l’"}
VOWELS = "aàâäeéèêëiîïoôöuùûüyœæ"


def of(name: str) -> str:
    """« du comité de pilotage », « de l’assemblée plénière », « de la cellule santé », « des assises »."""
    lower = name.lower()
    for article, words in ARTICLES.items():
        if lower.startswith(article):
            return words + name[len(article) :]
    noun = lower.split()[0] if lower.split() else ""
    if noun in PLURAL:
        return f"des {name}"
    if noun[:1] and noun[:1] in VOWELS:
        return f"de l’{name}"
    return f"de la {name}" if noun in FEMININE else f"du {name}"
