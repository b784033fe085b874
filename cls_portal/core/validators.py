"""Checks shared by forms, imports and models, with their French sentence."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

FIRST_YEAR, LAST_YEAR = 1900, 2200

commune_code = RegexValidator(
    r"^(\d{5}|2[AB]\d{3})$", "Un code de commune (code officiel géographique) a cinq caractères, par exemple 28085."
)


def no_control_characters(value: str) -> None:
    """A NUL or another control character breaks PostgreSQL, workbooks and e-mail headers."""
    if any(ord(character) < 32 and character not in "\n\r\t" for character in value):
        raise ValidationError("Ce texte contient un caractère invisible qui ne peut pas être enregistré.")


def plausible_date(value: date) -> None:
    """A slip of the keyboard (0025, 9999) would leave no room for the arithmetic on dates."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValidationError(f"L’année {value.year} n’est pas plausible\u00a0: de {FIRST_YEAR} à {LAST_YEAR}.")
