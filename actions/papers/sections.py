"""The parts of the dossier, in their order, and what a person chose: kept as text with the job, so that the same file
can be made again."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

MOST_FICHES = 12


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    chosen: bool = True
    layout: str = ""

    @property
    def template(self) -> str:
        return f"pdf/papers/dossier/_{self.key}.html"


SECTIONS = (
    Section("agenda", "Ordre du jour"),
    Section("reminder", "Le contrat en bref", layout="keep"),
    Section("synthesis", "Synthèse", layout="keep"),
    Section("changes", "Depuis la dernière réunion"),
    Section("decisions", "Suites des décisions"),
    Section("arbitrations", "Arbitrages demandés"),
    Section("calendar", "Prochaines réunions", layout="keep"),
    Section("progress", "Avancement du plan d’actions"),
    Section("focus", "Fiches présentées", layout="new-page"),
    Section("indicators", "Indicateurs"),
    Section("funding", "Financement par financeur"),
    Section("annexes", "Annexe\u00a0: les fiches complètes", chosen=False, layout="new-page"),
)
BY_KEY = {section.key: section for section in SECTIONS}
BY_DEFAULT = tuple(section.key for section in SECTIONS if section.chosen)


@dataclass(frozen=True)
class Choice:
    """What the dossier of a meeting is to hold, and the day whose data it shows. `fiches`: those presented."""

    meeting: int
    as_of: date
    sections: tuple[str, ...] = BY_DEFAULT
    fiches: tuple[int, ...] = ()

    @property
    def chosen(self) -> list[Section]:
        """In the order of the dossier; « Fiches présentées » without any fiche is left out."""
        return [each for each in SECTIONS if each.key in self.sections and (each.key != "focus" or self.fiches)]

    def written(self) -> str:
        """The same choice always gives the same text: asked twice, it is one document."""
        kept = [section.key for section in self.chosen]
        said = {"meeting": self.meeting, "as_of": self.as_of.isoformat(), "sections": kept, "fiches": self.fiches}
        return json.dumps(said, sort_keys=True, separators=(",", ":"))


def read_choice(text: str) -> Choice:
    said = json.loads(text)
    return Choice(
        meeting=said["meeting"],
        as_of=date.fromisoformat(said["as_of"]),
        sections=known(said["sections"]),
        fiches=tuple(said["fiches"]),
    )


def known(keys: Iterable[str]) -> tuple[str, ...]:
    """A section that no longer exists is left out of what was asked before."""
    return tuple(key for key in keys if key in BY_KEY)
