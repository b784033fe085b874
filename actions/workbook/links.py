"""The cells that name something else than the fiche: axis, organisations, persons, reference terms, communes."""

import re

from actions.enums import PartnerState, TermUsage
from actions.workbook import words
from actions.workbook.catalogue import Ref, existing
from actions.workbook.cells import Cell, Context, is_blank
from actions.workbook.fields import TEXT_LIMITS
from actions.workbook.line import Line, say_the_same
from actions.workbook.values import show
from cls_portal.core.imports.errors import ValueProblem
from cls_portal.core.imports.likeness import is_blank_word, normalise
from contracts.enums import TermKind

TERM_KINDS = {
    usage: TermKind(usage) for usage in ("theme", "public", "determinant", "milieu", "strategie", "demarche")
}
TERM_KINDS["relais"] = TermKind.AUDIENCE


def read_axis(line: Line, cell: Cell, context: Context) -> None:
    if is_blank(line, cell):
        return
    found = context.catalogue.axis(cell.text, line.values.pop("axis_code", ""))
    line.give("axis", found.ref, cell.label, cell.index)
    if found.interpreted:
        line.interpret(cell.label, cell.index, cell.raw, f"axe «\u202f{show('axis', found.ref)}\u202f»")


def read_axis_code(line: Line, cell: Cell, context: Context) -> None:
    line.values["axis_code"] = cell.text[:20]


def read_objective(line: Line, cell: Cell, context: Context) -> None:
    axis = line.values.get("axis") or (line.action and line.action.axis_id and existing("axis", line.action.axis))
    ref = context.catalogue.objective(cell.text, line.values.pop("objective_code", ""), axis or None)
    line.give("objective", ref, cell.label, cell.index)


def read_objective_code(line: Line, cell: Cell, context: Context) -> None:
    line.values["objective_code"] = cell.text[:20]


def organisations_in(line: Line, cell: Cell, context: Context) -> list[Ref]:
    catalogue = context.catalogue
    names, doubt = words.split_organisations(cell.text, catalogue.known_organisation)
    names = [name for name in names if not is_blank_word(name)]
    found = [catalogue.organisation(name) for name in names]
    refs = list(dict.fromkeys(each.ref for each in found))
    if not refs:
        line.interpret(cell.label, cell.index, cell.raw, "laissé vide")
    elif len(names) > 1 or doubt or any(each.interpreted for each in found) or len(names) != len(refs):
        meaning = " · ".join(show("", ref) for ref in refs) + (f" ({doubt})" if doubt else "")
        if len(refs) > 1 and not context.own_export and say_the_same(cell.text, meaning):
            meaning = f"{len(refs)} structures\u00a0: {meaning}"
        line.interpret(cell.label, cell.index, cell.raw, meaning)
    return refs


def read_pilots(line: Line, cell: Cell, context: Context) -> None:
    if is_blank(line, cell):
        return
    refs, before = organisations_in(line, cell, context), line.values.get("pilots", ())
    line.give("pilots", tuple(dict.fromkeys([*before, *refs])), cell.label, cell.index)


def read_partners(line: Line, cell: Cell, context: Context) -> None:
    if is_blank(line, cell):
        return
    state = PartnerState.AGREED if cell.column.option == "agreed" else PartnerState.EXPECTED
    refs = organisations_in(line, cell, context)
    known = dict(line.values.get("partners", ()))
    line.give(
        "partners",
        tuple((known | {ref: str(state) for ref in refs if ref not in known}).items()),
        cell.label,
        cell.index,
    )


def read_people(line: Line, cell: Cell, context: Context) -> None:
    if is_blank(line, cell):
        return
    pilots = line.values.get("pilots") or (
        line.action and tuple(existing("organisation", p.organisation) for p in line.action.pilots.all())
    )
    if not pilots:
        _note_people(line, cell)
        line.interpret(cell.label, cell.index, cell.raw, "noté dans les moyens humains, faute de structure pilote")
        return
    people = [words.read_person(text) for text in words.split_people(cell.text)]
    refs = [context.catalogue.contact(person, pilots[0]) for person in people]
    line.give("contacts", tuple(dict.fromkeys(refs)), cell.label, cell.index)
    said = [
        ", ".join(filter(None, [show("", ref), person.email, person.phone]))
        for ref, person in zip(refs, people, strict=True)
    ]
    meaning = " · ".join(dict.fromkeys(said))
    if any(person.aside for person in people):
        _note_people(line, cell)
        meaning += "\u202f; la case entière est notée dans les moyens humains"
    line.interpret(cell.label, cell.index, cell.raw, meaning)


def _note_people(line: Line, cell: Cell) -> None:
    """What a contact has no field for stays readable in the fiche, after what it says already."""
    text = f"{cell.heading}\u00a0: {cell.text}"
    before = line.values.get("human_means", line.action.human_means if line.action else "")
    told = before if text in before else f"{before}\n{text}".strip()
    if len(told) > TEXT_LIMITS["human_means"]:
        raise ValueProblem(f"Les moyens humains dépasseraient {TEXT_LIMITS['human_means']} caractères avec ce texte.")
    line.give("human_means", told, cell.label, cell.index)


def read_elected(line: Line, cell: Cell, context: Context) -> None:
    if is_blank(line, cell):
        return
    wanted = normalise(words.read_person(cell.text).name)
    found = [contact for contact in context.catalogue.contacts if normalise(str(contact)) == wanted]
    if len(found) != 1:
        raise ValueProblem(
            "Cette personne n’est pas dans l’annuaire du territoire\u00a0: ajoutez-la d’abord à sa structure."
        )
    line.give("elected", existing("contact", found[0]), cell.label, cell.index)


def read_terms(line: Line, cell: Cell, context: Context) -> None:
    if is_blank(line, cell):
        return
    usage = cell.column.option
    kind, key, catalogue = TERM_KINDS[usage], f"term:{usage}", context.catalogue
    refs, unknown, interpreted = [], [], False
    for part in words.split_terms(cell.text, lambda text: catalogue.term(kind, text)):
        found = catalogue.term(kind, part)
        interpreted |= bool(found and found.interpreted)
        if found:
            refs.append(found.ref)
        elif usage in (TermUsage.AUDIENCE, TermUsage.RELAY_AUDIENCE):
            unknown.append(part)
        else:
            refs.append(catalogue.new_term(kind, part))
    line.give(key, tuple(dict.fromkeys([*line.values.get(key, ()), *refs])), cell.label, cell.index)
    if unknown:
        before = line.values.get("audience_detail", "")
        line.give("audience_detail", "\n".join(filter(None, [before, *unknown])), cell.label, cell.index)
    if unknown or interpreted or any(ref.is_new for ref in refs) or len(refs) > 1:
        named = [show("", ref) for ref in refs] + [
            f"«\u202f{text}\u202f» en précision sur le public" for text in unknown
        ]
        line.interpret(cell.label, cell.index, cell.raw, " · ".join(named))


def read_main_theme(line: Line, cell: Cell, context: Context) -> None:
    found = context.catalogue.term(TermKind.THEME, cell.text)
    ref = found.ref if found else context.catalogue.new_term(TermKind.THEME, cell.text)
    line.give("main_theme", ref, cell.label, cell.index)
    themes = line.values.get("term:theme")
    if themes is not None and ref not in themes:
        line.values["term:theme"] = (*themes, ref)


def read_communes(line: Line, cell: Cell, context: Context) -> None:
    if is_blank(line, cell):
        return
    parts = [piece for part in words.hard_parts(cell.text) for piece in re.split(r"\s*,\s*|\s+/\s+", part) if piece]
    refs = tuple(dict.fromkeys(context.catalogue.commune(part) for part in parts if not is_blank_word(part)))
    if not refs:
        line.interpret(cell.label, cell.index, cell.raw, "laissé vide")
        return
    line.give("communes", refs, cell.label, cell.index)
    line.give("covers_whole_territory", False, cell.label, cell.index)
