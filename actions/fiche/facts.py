"""The short facts of a fiche, section by section, each under the name by which remarks and versions know it."""

from dataclasses import dataclass

from actions.enums import TermUsage
from actions.models import Action
from actions.wording import date_words
from cls_portal.core import french


@dataclass(frozen=True)
class Fact:
    """`core`: shown even when it is empty, to be completed."""

    name: str
    label: str
    value: str
    core: bool = False

    @property
    def title(self) -> str:
        return self.label[:1].upper() + self.label[1:]


def shown(facts: list[Fact]) -> list[tuple[str, str]]:
    """The optional facts that are empty are not shown."""
    return [(fact.title, fact.value) for fact in facts if fact.value or fact.core]


def identity(action: Action) -> list[Fact]:
    levels = action.contract
    parent = action.objective.parent if action.objective else None
    return [
        Fact("axis", levels.axis_label, str(action.axis or ""), core=True),
        Fact("objective", levels.objective_label, str(parent or action.objective or "")),
        Fact("sub_objective", levels.sub_objective_label, str(action.objective) if parent else ""),
        Fact("kind", "nature", action.get_kind_display()),
        Fact("origin", "origine", action.get_origin_display()),
        Fact("priority", "priorité", action.get_priority_display()),
        Fact("entered_on", "entrée dans le plan", french.long_date(action.entered_on) if action.entered_on else ""),
    ]


def audience(action: Action, terms: dict[str, str]) -> list[Fact]:
    if action.covers_whole_territory:
        where = "tout le territoire du contrat"
    else:
        where = ", ".join(commune.name for commune in action.communes.all())
    return [
        Fact("audiences", "publics", terms.get(TermUsage.AUDIENCE, ""), core=True),
        Fact("relay_audiences", "publics relais", terms.get(TermUsage.RELAY_AUDIENCE, "")),
        Fact("audience_detail", "précisions sur le public", action.audience_detail),
        Fact("communes", "territoire", where, core=True),
        Fact("territory_detail", "précisions sur le territoire", action.territory_detail),
        Fact("settings", "milieux", terms.get(TermUsage.SETTING, "")),
        Fact("themes", "thématiques", terms.get(TermUsage.THEME, ""), core=True),
        Fact("determinants", "déterminants de santé", terms.get(TermUsage.DETERMINANT, "")),
        Fact("strategies", "stratégies", terms.get(TermUsage.STRATEGY, "")),
    ]


def timetable(action: Action) -> list[Fact]:
    postponed = french.long_date(action.postponed_to) if action.postponed_to else ""
    return [
        Fact("start_date", "début", date_words(action.start_date, action.start_precision)),
        Fact("end_date", "échéance", date_words(action.end_date, action.end_precision), core=not action.is_recurring),
        Fact("postponed_to", "reportée au", postponed),
        Fact("is_recurring", "récurrence", "action récurrente, d’année en année" if action.is_recurring else ""),
        Fact("calendar_detail", "précisions", action.calendar_detail),
    ]


def means(action: Action) -> list[Fact]:
    posts = action.full_time_equivalents
    values = {
        "human_means": action.human_means,
        "full_time_equivalents": french.number(posts) if posts is not None else "",
        "material_means": action.material_means,
        "in_kind": action.in_kind,
    }
    return [Fact(name, str(Action._meta.get_field(name).verbose_name), value) for name, value in values.items()]
