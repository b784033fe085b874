"""The words by which people say the closed lists of the plan, and how they put several things in one cell."""

import re
from dataclasses import dataclass
from typing import Any

from actions.enums import ActionKind, DraftingState, Origin, Participation, Priority, Status
from cls_portal.core.imports.errors import ValueProblem
from cls_portal.core.imports.likeness import Match, find, is_acronym, normalise

_SAID = {
    Status.DONE: "réalisé|réalisée|fait|faite|terminé|terminée|achevé|achevée|finalisé|finalisée|fini|finie|clos|"
    "close|clôturé|clôturée|action réalisée|ok|effectué|effectuée|abouti|atteint|100\u00a0%",
    Status.SUSTAINED: "pérennisé|pérennisée|réalisée et pérennisée|pérenne|récurrente|reconduite|en routine",
    Status.IN_PROGRESS: "en cours|en cours de réalisation|en cours de mise en œuvre|en cours de déploiement|engagé|"
    "engagée|démarré|démarrée|lancé|lancée|commencé|commencée|initiée|en action|en cours de finalisation|débuté|"
    "débutée|partiellement réalisée|partiellement réalisé|en partie réalisée|partiel|mise en œuvre|active|"
    "en réalisation|à poursuivre|réalisée partiellement|réalisation partielle",
    Status.IN_PREPARATION: "en préparation|préparation|en projet|projet|à l’étude|en réflexion|en construction|"
    "en cours de préparation|en cours de construction|en cours d’élaboration|en élaboration|en conception|"
    "en cours de montage|en cours de réflexion|en cours de définition",
    Status.NOT_STARTED: "non démarré|non démarrée|à démarrer|pas commencé|pas commencée|non commencé|non commencée|"
    "à faire|à venir|non engagé|non engagée|pas démarré|pas démarrée|non réalisé|non réalisée|à lancer|prévu|prévue|"
    "planifié|planifiée|non débuté|non débutée|à engager|pas encore démarré|pas encore commencé|à mettre en œuvre|"
    "non initiée|programmée|non fait|pas fait|à réaliser",
    Status.POSTPONED: "reporté|reportée|décalé|décalée|différé|différée|repoussé|repoussée|ajourné|ajournée",
    Status.SUSPENDED: "suspendu|suspendue|en pause|bloqué|bloquée|en suspens|en attente|à l’arrêt|stand-by|gelé|gelée|"
    "en stand by|interrompue|interrompu|en veille|en sommeil|mise en attente",
    Status.DROPPED: "abandonné|abandonnée|abandon|annulé|annulée|supprimé|supprimée|non retenue|arrêté|arrêtée",
    Status.REDIRECTED: "réorienté|réorientée|fusionné|fusionnée|remplacée|réorientation|intégrée à une autre fiche",
}
_NATURES = {
    ActionKind.THEMATIC: "thématique|action thématique|fiche thématique",
    ActionKind.CROSS_CUTTING: "transversale|transversal|généraliste|transverse|fiche transversale|générale",
    ActionKind.PARTNER: "partenaire|portée par un partenaire|partenariale|fiche partenaire",
    ActionKind.METHOD: "méthodologique|méthode|animation|coordination",
    ActionKind.CONDITION: "condition de réussite|condition|conditions de réussite",
}
_ORIGINS = {
    Origin.NEW: "nouvelle|nouveau|nouvelle action|création|à créer",
    Origin.CARRIED_OVER: "reconduite|reconduit|reconduction|action reconduite|poursuite|suite du cls précédent",
    Origin.STRENGTHENED: "renforcée|existante|existante renforcée|à renforcer|renforcement|action existante|existant",
    Origin.UNPLANNED: "hors plan|émergente|hors cls|nouvelle hors plan",
}
_PRIORITIES = {
    Priority.HIGH: "élevée|haute|forte|1|p1|prioritaire|urgent|urgente|élevé|haut|fort|très prioritaire|***|+++",
    Priority.MEDIUM: "moyenne|moyen|2|p2|normale|**|++|modérée",
    Priority.LOW: "basse|faible|3|p3|bas|non prioritaire|*|+",
}
_PARTICIPATIONS = {
    Participation.NONE: "aucune|non|sans",
    Participation.CO_CONSTRUCTION: "co-construction|coconstruction",
}


def _pairs(enum, said: dict) -> list[tuple[str, Any]]:
    return [(member.label, member) for member in enum] + [
        (phrase, member) for member, phrases in said.items() for phrase in phrases.split("|")
    ]


CHOICES = {
    "status": _pairs(Status, _SAID),
    "kind": _pairs(ActionKind, _NATURES),
    "origin": _pairs(Origin, _ORIGINS),
    "drafting_state": _pairs(DraftingState, {}),
    "priority": _pairs(Priority, _PRIORITIES),
    "participation": _pairs(Participation, _PARTICIPATIONS),
}
UNTIL = re.compile(r"\s+(?:à|au|en|jusqu\S*)\s+(?=.*(?:19|20)\d\d)", re.I)
_YES, _NO = {"oui", "o", "x", "vrai", "1", "yes", "true"}, {"non", "n", "faux", "0", "no", "false"}
_TITLES = re.compile(r"^(?:m\.|mr\.?|monsieur|mme\.?|madame|mlle|dr\.?|docteure?|pr\.?|professeure?|me)\s+", re.I)
_PHONE = re.compile(r"(?<!\d)(?:(?:\+|00)33[\s.]*(?:\(0\))?[\s.]*|0)[1-9](?:[\s.\-/\u00a0\u202f]*\d{2}){4}(?!\d)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+\w")


def read_choice(name: str, text: str) -> Match:
    """The member of the list, by likeness; the sentence of the refusal lists what may be written."""
    pairs = CHOICES[name]
    # What follows « : », « ( » or a full stop comments the status: « En cours (retard lié à la crise) ».
    # « Reportée à 2027 » says when besides.
    for candidate in (text, re.split(r"[(:.;,\n]| [-–—] ", text, maxsplit=1)[0], UNTIL.split(text, maxsplit=1)[0]):
        match = find(candidate, pairs)
        if match:
            return Match(match.value, exact=str(match.value.label) == text)
    allowed = ", ".join(dict.fromkeys(member.label for _phrase, member in pairs))
    raise ValueProblem(f"Ce mot n’est pas reconnu. Écrivez l’un de ceux-ci\u00a0: {allowed}.")


def read_flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    plain = normalise(str(value))
    if plain in _YES | _NO:
        return plain in _YES
    raise ValueProblem("Écrivez oui ou non.")


def hard_parts(text: str) -> list[str]:
    """What is on lines of its own, after bullets, or between semicolons."""
    parts = re.split(r"\s*[;\n•▪●]\s*|\s*\|\s*", text)
    return [part for part in (re.sub(r"^\s*[-–—*·]\s+", "", part).strip(" \t,") for part in parts) if part]


def _outside_parentheses(text: str, separator: str) -> list[str]:
    depth, parts, start = 0, [], 0
    for match in re.finditer(rf"[()]|{separator}", text, re.I):
        if match[0] in "()":
            depth = max(depth + (1 if match[0] == "(" else -1), 0)
        elif not depth:
            parts.append(text[start : match.start()])
            start = match.end()
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def split_organisations(text: str, is_known) -> tuple[list[str], str]:
    """The names in a cell, and a word on the doubt when there is one. `is_known(name)` asks the catalogue.

    « et » joins as often inside a name as between two: it separates only what is known, or acronyms, on both sides.
    """
    names: list[str] = []
    doubt = ""
    for part in hard_parts(text):
        found, unsure = _split_softly(part, is_known)
        names += found
        doubt = doubt or unsure
    return list(dict.fromkeys(names)), doubt


def _split_softly(part: str, is_known) -> tuple[list[str], str]:
    if is_known(part):
        return [part], ""
    for separator in (r"\s*,\s+", r"\s+/\s+|\s+\+\s+|(?<=[A-ZÉ])/(?=[A-ZÉ])", r"\s+&\s+"):
        pieces = _outside_parentheses(part, separator)
        if len(pieces) > 1 and all(len(piece) > 1 for piece in pieces):
            names = [name for piece in pieces for name in _split_softly(piece, is_known)[0]]
            return names, ""
    pieces = _outside_parentheses(part, r"\s+et\s+")
    if len(pieces) > 1:
        if all(is_known(piece) or is_acronym(piece) for piece in pieces):
            return pieces, ""
        return [part], "lu comme une seule structure malgré le «\u202fet\u202f»"
    return [part], ""


def split_terms(text: str, is_known) -> list[str]:
    """Reference terms contain commas and slashes: these separate only when what they separate is known."""
    found = []
    for part in hard_parts(text):
        pieces = [part]
        for separator in (r"\s+/\s+", r"\s*,\s*", r"\s*/\s*", r"\s+et\s+"):
            split = _outside_parentheses(part, separator)
            if not is_known(part) and len(split) > 1 and (any(map(is_known, split)) or separator == r"\s+/\s+"):
                pieces = split
                break
        found += pieces
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Person:
    """`aside`: the cell said more than a name, an address and a civility."""

    first_name: str
    last_name: str
    email: str = ""
    phone: str = ""
    aside: bool = False

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


def read_person(text: str) -> Person:
    """The civility is put aside, and so is what stands between brackets or after a comma."""
    mail, phone = _MAIL.search(text), _PHONE.search(text)
    plain = _without_ways(text)
    bare = re.sub(r"\(.*?\)|<.*?>|\[.*?\]", " ", plain)
    name = re.split(r",| [-–—:] ", bare.strip(" ,;:-–"), maxsplit=1)[0].strip(" ,;:-–/")
    aside = bool(phone) or normalise(name) != normalise(plain)
    while _TITLES.match(name):
        name = _TITLES.sub("", name, count=1).strip()
    first, last = _names(name) if name or not mail else _names_of_address(mail[0])
    if not last or len(last) > 80 or len(first) > 80 or any(character.isdigit() for character in last):
        raise ValueProblem("Ce n’est pas un nom de personne. Écrivez par exemple Anne Martin.")
    return Person(first, last, mail[0] if mail else "", phone[0].strip() if phone else "", aside)


def _without_ways(text: str) -> str:
    """Without the addresses and the numbers by which somebody is reached."""
    plain = _PHONE.sub(" ", _MAIL.sub(" ", text))
    return " ".join(
        re.sub(
            r"\b(?:t[ée]l(?:[ée]phone)?|port(?:able)?|mobile|mail|e-mail|courriel)\b\s*[.:]*", " ", plain, flags=re.I
        ).split()
    )


def _names(name: str) -> tuple[str, str]:
    tokens = name.split()
    capitals = [token for token in tokens if len(token) > 1 and token == token.upper()]
    if capitals and len(capitals) < len(tokens):
        return " ".join(token for token in tokens if token not in capitals), " ".join(capitals)
    return (" ".join(tokens[:1]), " ".join(tokens[1:])) if len(tokens) > 1 else ("", name)


def _names_of_address(mail: str) -> tuple[str, str]:
    """« jean.dupont@exemple.fr » → Jean Dupont; an address that is nobody's stays as it is."""
    local = mail.split("@", maxsplit=1)[0]
    first, dot, last = local.partition("." if "." in local else "_")
    if not dot or not re.fullmatch(r"[a-z-]+", first, re.I) or not re.fullmatch(r"[a-z._-]{2,}", last, re.I):
        return "", local
    return first.title(), re.sub(r"[._]+", " ", last).title().strip()


def split_people(text: str) -> list[str]:
    """An address or a number on a line of its own goes with the person above."""
    parts: list[str] = []
    for part in hard_parts(text):
        for piece in re.split(r"\s+(?:et|&)\s+|\s+/\s+|,\s+(?=[A-ZÉ])", part):
            if parts and _completes(piece, parts[-1]):
                parts[-1] += f" {piece.strip()}"
            elif piece.strip():
                parts.append(piece.strip())
    return list(dict.fromkeys(parts))


def _completes(piece: str, person: str) -> bool:
    if _without_ways(piece).strip(" ,;:-–/()"):
        return False
    mail = _MAIL.search(piece)
    local = normalise(mail[0].split("@")[0]).replace(" ", "") if mail else ""
    known = [word for word in normalise(_without_ways(person)).split() if len(word) > 2]
    return not mail or (not _MAIL.search(person) and any(word in local for word in known))
