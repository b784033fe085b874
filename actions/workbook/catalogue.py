"""What the contract already has, and how the words of a cell lead to it; what is missing is named, to be created."""

import re
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch

from actions.models import FollowUp
from actions.resources import ActionResource
from actions.workbook.words import Person
from cls_portal.core.imports.errors import ValueProblem
from cls_portal.core.imports.likeness import Match, find, initials, is_acronym, normalise, same_words
from contracts.enums import TermKind
from contracts.models import Axis, Commune, Contact, Contract, Objective, Organisation, ReferenceTerm

AXIS_WORDS = (
    r"axes?|orientations?|ambitions?|priorit[ée]s?|enjeux?|volets?|piliers?|domaines?|th[èe]mes?|th[ée]matiques?|"
    r"d[ée]fis?|chantiers?|programmes?"
)
_QUALIFIERS = r"(?:\s+(?:strat[ée]giques?|th[ée]matiques?|prioritaires?|transversa(?:l|ux|le|les)|de travail))*"
_CODE = r"(?:n\s*[°ºo]\.?\s*|num[ée]ro\s+)?(\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5}|[A-Z])"
_LABELLED = re.compile(rf"^\s*(?:{AXIS_WORDS}){_QUALIFIERS}\s*{_CODE}(?![\w])\s*[:.\-–—)|]*\s*(.*)$", re.I | re.S)
_UNNUMBERED = re.compile(rf"^\s*(?:{AXIS_WORDS}){_QUALIFIERS}\s*[:\-–—]\s*(.+)$", re.I | re.S)
_NUMBERED = re.compile(r"^\s*(\d{1,2}|[IVX]{1,5}|[A-Z])\s*[.:)\-–—]+\s+(.+)$", re.S)

# « CH », « CD »: two letters are the initials of too many things; only a declared acronym answers to them.
FEWEST_INITIALS = 3


@dataclass(frozen=True)
class Ref:
    """Something a fiche points to: existing (`pk`), or to be created with `label` and `extra`. Equal when the same."""

    kind: str
    pk: Any = None
    label: str = field(default="", compare=False)
    identity: str = ""
    extra: tuple = field(default=(), compare=False)

    @property
    def is_new(self) -> bool:
        return self.pk is None


def existing(kind: str, obj) -> Ref:
    return Ref(kind, obj.pk, str(obj))


def missing(kind: str, label: str, *extra) -> Ref:
    return Ref(kind, None, label, " ".join([normalise(label) or label, *(str(part) for part in extra)]), extra)


@dataclass(frozen=True)
class Found:
    """`interpreted`: the words were not exactly those of the record."""

    ref: Ref
    interpreted: bool = False


def split_axis(text: str) -> tuple[str, str]:
    """« AXE 1 : Accès aux soins » → (« 1 », « Accès aux soins »)."""
    text = " ".join(text.split())
    labelled = _LABELLED.match(text)
    if labelled:
        return labelled[1].upper(), labelled[2].strip()
    plain = _UNNUMBERED.match(text)
    if plain:
        return "", plain[1].strip()
    numbered = _NUMBERED.match(text)
    return (numbered[1], numbered[2].strip()) if numbered else ("", text)


def names_an_axis(text: str) -> bool:
    return bool(_LABELLED.match(text) or _UNNUMBERED.match(text))


class Catalogue:
    """Read once per preview; every question after that is answered without a query."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.axes: list[tuple[Ref, str, str]] = [
            (existing("axis", axis), axis.code, axis.title) for axis in Axis.objects.filter(contract=contract)
        ]
        self.objectives = list(Objective.objects.filter(axis__contract=contract).select_related("axis"))
        self.organisations: list[tuple[str, Ref]] = []
        self._organisation_answers: dict[str, Found | None] = {}
        self._by_initials: dict[str, list[Ref]] = {}
        territory = contract.territory_id
        for organisation in Organisation.objects.filter(territory=territory):
            ref = existing("organisation", organisation)
            self._know(ref, organisation.name, organisation.short_name)
        self.contacts = list(
            Contact.objects.filter(organisation__territory=territory).select_related("organisation").order_by("pk")
        )
        self.new_contacts: dict[str, Ref] = {}
        self.terms: dict[str, list[tuple[str, Ref]]] = {kind: [] for kind in TermKind.values}
        for term in ReferenceTerm.objects.available_in(contract):
            self.terms[term.kind].append((term.label, existing("term", term)))
        self.communes = [(commune.name, existing("commune", commune)) for commune in _communes(contract)]
        told = Prefetch("follow_ups", FollowUp.objects.exclude(done="").order_by("pk"), to_attr="told")
        actions = ActionResource.prefetch(contract.actions.all())
        self.actions = list(actions.prefetch_related("steps", "indicators", told).order_by("position", "pk"))

    def _know(self, ref: Ref, *names: str) -> None:
        for name in filter(None, names):
            self.organisations.append((name, ref))
            inside = re.search(r"\(([^()]{2,15})\)", name)
            if inside:
                self.organisations += [(inside[1], ref), (name.replace(inside[0], " "), ref)]
            if len(name.split()) > 1:
                self._by_initials.setdefault(initials(re.sub(r"\(.*?\)", "", name)), []).append(ref)

    # Axes

    def axis(self, text: str, code: str = "") -> Found:
        """The axis that these words name, by title then by number; otherwise a new one, known from then on."""
        found_code, title = split_axis(text)
        code = code or found_code
        named = find(title, [(known, ref) for ref, _code, known in self.axes]) if title else None
        whole = find(text, [(ref.label, ref) for ref, _code, _title in self.axes])
        if whole and whole.exact:
            return Found(whole.value)
        if named:
            twins = [ref for ref, known_code, known in self.axes if code and known_code == code and ref == named.value]
            return Found(twins[0] if twins else named.value, interpreted=text != self._title_of(named.value))
        numbered = [(ref, known) for ref, known_code, known in self.axes if code and known_code == code]
        if numbered and (not title or _alike(title, numbered[0][1]) or normalise(title) == normalise(code)):
            return Found(numbered[0][0], interpreted=True)
        if len(title) > 300 or len(code) > 20:
            raise ValueProblem("Ce nom d’axe est trop long\u00a0: 300 caractères au plus.")
        label = title or f"{self.contract.axis_label.capitalize()} {code}"
        ref = missing("axis", label, code)
        self.axes.append((ref, code, label))
        return Found(ref, interpreted=text.strip() != label)

    def _title_of(self, wanted: Ref) -> str:
        return next(title for ref, _code, title in self.axes if ref == wanted)

    def existing_axis(self, text: str) -> Ref | None:
        """Without creating anything: does this line name an axis that is known?"""
        _code, title = split_axis(text)
        match = find(title, [(known, ref) for ref, _code, known in self.axes]) if title else None
        return match.value if match else None

    def objective(self, text: str, code: str, axis: Ref | None) -> Ref:
        known = [(o.title, existing("objective", o)) for o in self.objectives if axis and o.axis_id == axis.pk]
        known += [(str(o), existing("objective", o)) for o in self.objectives if axis and o.axis_id == axis.pk]
        match = find(text, known)
        if match:
            return match.value
        if axis is None:
            raise ValueProblem("Un objectif se range sous un axe, et cette ligne n’a pas d’axe.")
        if len(text) > 300:
            raise ValueProblem("Cet objectif est trop long\u00a0: 300 caractères au plus.")
        return missing("objective", text, code[:20], axis)

    # Organisations

    def known_organisation(self, text: str) -> Found | None:
        if text not in self._organisation_answers:
            self._organisation_answers[text] = self._look_for_organisation(text)
        return self._organisation_answers[text]

    def _look_for_organisation(self, text: str) -> Found | None:
        match: Match | None = find(text, self.organisations, slips=False)
        if match:
            return Found(match.value, interpreted=normalise(match.value.label) != normalise(text))
        letters = normalise(text).replace(" ", "")
        if is_acronym(text) and len(letters) >= FEWEST_INITIALS:
            candidates = set(self._by_initials.get(letters, []))
            if len(candidates) == 1:
                return Found(candidates.pop(), interpreted=True)
        inside = re.search(r"\(([^()]{2,15})\)", text)
        if inside:
            outside = find(text.replace(inside[0], " "), self.organisations, slips=False)
            if outside:
                return Found(outside.value, interpreted=True)
        return None

    def organisation(self, text: str) -> Found:
        """A new organisation is known from then on: the next row that names it finds it."""
        name = " ".join(text.split())
        found = self.known_organisation(name)
        if found:
            return found
        if len(name) > 200:
            raise ValueProblem("Ce nom de structure est trop long\u00a0: 200 caractères au plus.")
        ref = missing("organisation", name)
        self._know(ref, name)
        self._organisation_answers = {key: value for key, value in self._organisation_answers.items() if value}
        return Found(ref)

    # Persons, terms, communes

    def contact(self, person: Person, organisation: Ref) -> Ref:
        wanted = normalise(person.name)
        same = [
            contact
            for contact in self.contacts
            if normalise(str(contact)) == wanted or same_words(str(contact), wanted)
        ]
        own = [contact for contact in same if contact.organisation_id == organisation.pk]
        if own or len(same) == 1:
            return existing("contact", (own or same)[0])
        key = f"{wanted} {organisation.pk or organisation.identity}"
        return self.new_contacts.setdefault(key, Ref("contact", None, person.name, key, (person, organisation)))

    def term(self, kind: str, text: str) -> Found | None:
        match = find(text, self.terms[kind])
        return Found(match.value, interpreted=not match.exact) if match else None

    def new_term(self, kind: str, text: str) -> Ref:
        if len(text) > 120:
            raise ValueProblem("Ce terme est trop long pour une liste\u00a0: 120 caractères au plus.")
        ref = missing("term", text, kind)
        self.terms[kind].append((text, ref))
        return ref

    def commune(self, text: str) -> Ref:
        match = find(text, self.communes, slips=False)
        if not match:
            raise ValueProblem(f"«\u202f{text}\u202f» n’est pas une commune du périmètre du contrat.")
        return match.value


def _communes(contract: Contract) -> list[Commune]:
    return list(Commune.objects.filter(contracts=contract).order_by("code"))


def _alike(one: str, other: str) -> bool:
    """Two wordings of one title: most of the words of the shorter are in the longer."""
    left, right = set(normalise(one).split()), set(normalise(other).split())
    return bool(left and right) and len(left & right) >= 0.6 * min(len(left), len(right))


def alike_titles(one: str, other: str) -> bool:
    return normalise(one) == normalise(other) or _alike(one, other)
