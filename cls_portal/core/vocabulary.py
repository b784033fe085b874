"""What the eye reads: statuses and alerts with their icon and tone. Words come from each app's enums.

`STATUSES` is in the order of a chart. The fills are those of `static/css/tokens.css`: on a screen classes decide,
in a printed document the SVG attribute does, since inline SVG does not read the page's styles there.
"""

from typing import NamedTuple


class Tone(NamedTuple):
    fill: str
    dark: bool = False
    hatched: bool = False


STATUSES = {
    "realisee": Tone("#0f4f59", dark=True),
    "perennisee": Tone("#06282e", dark=True),
    "en_cours": Tone("#2c7a87", dark=True),
    "en_preparation": Tone("#a9cfd1"),
    "non_demarree": Tone("#dbe2e2"),
    "reportee": Tone("#ecd078", hatched=True),
    "suspendue": Tone("#b98900", hatched=True),
    "abandonnee": Tone("#5d6468", dark=True),
    "reorientee": Tone("#e8dcc6", hatched=True),
}
FLAGS = ("retard", "muette", "manque", "ars")
AXIS_COLOURS = range(1, 9)


def known(kind: str, value, allowed):
    """A misspelt variant is a mistake of the developer: it stops the page in a test rather than passing unstyled."""
    if value not in allowed:
        raise ValueError(f"unknown {kind} {value!r}, not one of {', '.join(map(str, allowed))}")
    return value
