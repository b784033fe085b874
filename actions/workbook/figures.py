"""The cells of money and numbers, and those that hold a list of steps, of indicators or news."""

import re
from dataclasses import dataclass
from decimal import Decimal

from actions.enums import PartnerState
from actions.workbook import words
from actions.workbook.catalogue import Ref
from actions.workbook.cells import Cell, Context, is_blank
from actions.workbook.headings import year_of
from actions.workbook.line import Line
from actions.workbook.links import organisations_in
from actions.workbook.values import show
from cls_portal.core.dates import today
from cls_portal.core.imports.amounts import read_amount, read_number
from cls_portal.core.imports.errors import ValueProblem
from cls_portal.core.imports.likeness import is_blank_word

_EUROS = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:[ \u00a0\u202f.]\d{3})+(?:,\d{1,2})?|\d+(?:[.,]\d{1,2})?)"
    r"\s*(?:k\s*€|k\s*euros?|€|euros?\b)",
    re.I,
)
_BETWEEN = " \t,;:/+&=–—-"
# What may follow an amount without being somebody: « en 2022 », « par an », « TTC ».
_AFTER = re.compile(r"^[\s(]*((?:(?:en|pour|par|an|ans|année|ttc|ht|environ|20\d\d|/)(?:\b|\s)[\s]*)+)[\s)]*", re.I)


@dataclass(frozen=True)
class Share:
    name: str
    amount: Decimal | None = None
    year: int | None = None


def split_shares(text: str) -> list[Share]:
    """Who brings what, the name before its amount or after it; the names alone bring nothing that is known."""
    return [share for part in words.hard_parts(text) for share in _shares_of(part)]


def _shares_of(part: str) -> list[Share]:
    found = list(_EUROS.finditer(part))
    if not found:
        return [Share(part)]
    pieces, start = [], 0
    for match in found:
        pieces.append(part[start : match.start()])
        start = match.end()
    pieces.append(part[start:])
    named_after = not pieces[0].strip(_BETWEEN + "(")
    shares = []
    for place, match in enumerate(found):
        told = _AFTER.match(pieces[place + 1])
        name = pieces[place + 1] if named_after else pieces[place]
        shares.append(Share(_name(name), read_amount(match[0]).value, year_of(told[1]) if told else None))
    last = "" if named_after else _name(pieces[-1])
    return [*shares, Share(last)] if last else shares


def _name(text: str) -> str:
    """Without what joined it to its amount, among which the bracket that held the amount."""
    plain = _AFTER.sub("", text).strip(_BETWEEN)
    if plain.count("(") != plain.count(")"):
        plain = plain.removeprefix(")").removesuffix("(").strip(_BETWEEN)
    return re.sub(r"^(?:et|dont|par)\s+|\s+(?:et|à hauteur de|pour)$", "", plain, flags=re.I).strip(_BETWEEN)


def read_decimal(line: Line, cell: Cell, context: Context) -> None:
    if is_blank(line, cell):
        return
    reading = read_number(cell.raw)
    value = reading.value.quantize(Decimal("0.01"))
    if not 0 <= value < 10_000:
        raise ValueProblem("Un nombre d’équivalents temps plein est entre 0 et 9 999.")
    line.give(cell.column.option, value, cell.label, cell.index)
    if reading.interpreted or value != reading.value:
        line.interpret(cell.label, cell.index, cell.raw, show("", value))


def read_money(line: Line, cell: Cell, context: Context) -> None:
    """An amount goes to a year: the heading's, else that of the beginning, else the contract's first."""
    if is_blank(line, cell, "aucun montant"):
        return
    reading = read_amount(cell.raw)
    in_thousands = bool(re.search(r"k\s?€|milliers", cell.heading, re.I)) and not reading.interpreted
    amount = reading.value * 1000 if in_thousands else reading.value
    year = year_of(cell.heading) or _year(line, context)
    amount = _beyond_shares(line, cell, amount)
    if amount is None:
        return
    funder = line.values.get("funder")
    key = (year, cell.column.option, funder)
    funding = dict(line.values.get("funding", {}))
    funding[key] = funding.get(key, 0) + amount
    line.give("funding", funding, cell.label, cell.index)
    if reading.interpreted or in_thousands or not year_of(cell.heading):
        line.interpret(cell.label, cell.index, cell.raw, show("funding", {key: amount}))


def _beyond_shares(line: Line, cell: Cell, amount: Decimal) -> Decimal | None:
    """A budget whose funders said their share is not counted twice: only what they do not bring remains."""
    shared = line.values.pop("shared", None) if cell.column.option == "planned" else None
    if shared is None:
        return amount
    if amount <= shared:
        told = "déjà réparti entre les financeurs"
        if amount < shared:
            told = f"moins que la somme des financeurs, {show('', shared)}\u00a0€\u00a0: celle-ci est gardée"
        line.interpret(cell.label, cell.index, cell.raw, told)
        return None
    return amount - shared


def _year(line: Line, context: Context) -> int:
    contract = context.catalogue.contract
    start = line.values.get("start")
    known = start.day if start else (line.action and line.action.start_date) or contract.start_date or today()
    return known.year


def read_funder(line: Line, cell: Cell, context: Context) -> None:
    """One funder names the line of money; with several, who gives how much is not known: they become partners.

    « ARS 10 000 € ; Département 5 000 € » says it: each has its own line of money.
    """
    if is_blank(line, cell):
        return
    shares = split_shares(cell.text)
    if any(share.amount is not None for share in shares):
        _read_shares(line, cell, context, shares)
        return
    refs = organisations_in(line, cell, context)
    line.sources["funder"] = (cell.label, cell.index)
    if len(refs) == 1:
        line.values["funder"] = refs[0]
        return
    _add_partners(line, cell, refs)
    line.interpret(
        cell.label, cell.index, cell.raw, "plusieurs financeurs\u00a0: notés comme partenaires, montants non répartis"
    )


def _add_partners(line: Line, cell: Cell, refs: list[Ref]) -> None:
    known = dict(line.values.get("partners", ()))
    line.values["partners"] = tuple((known | {r: str(PartnerState.AGREED) for r in refs if r not in known}).items())
    line.sources.setdefault("partners", (cell.label, cell.index))


def _read_shares(line: Line, cell: Cell, context: Context, shares: list[Share]) -> None:
    catalogue, funding, named = context.catalogue, {}, []
    for share in shares:
        names, _doubt = words.split_organisations(share.name, catalogue.known_organisation)
        refs = [catalogue.organisation(name).ref for name in names if not is_blank_word(name)]
        funder = refs[0] if len(refs) == 1 and share.amount is not None else None
        if refs and not funder:
            _add_partners(line, cell, refs)
            named += [f"{show('', ref)} noté comme partenaire" for ref in refs]
        if share.amount is not None:
            key = (share.year or year_of(cell.heading) or _year(line, context), "planned", funder)
            funding[key] = funding.get(key, 0) + share.amount
    line.give("funding", funding, cell.label, cell.index)
    line.values["shared"] = sum(funding.values())
    line.interpret(cell.label, cell.index, cell.raw, ", ".join([show("funding", funding), *named]))


def read_list(line: Line, cell: Cell, key: str) -> None:
    titles = words.hard_parts(cell.text)
    if any(len(title) > 300 for title in titles):
        raise ValueProblem("Une ligne de cette case dépasse 300 caractères.")
    line.give(key, tuple(dict.fromkeys(titles)), cell.label, cell.index)
    if len(titles) > 1:
        line.interpret(cell.label, cell.index, cell.raw, " · ".join(titles))


def read_news(line: Line, cell: Cell, context: Context) -> None:
    text = "\n".join(filter(None, [line.values.get("news", ""), cell.text]))
    if len(text) > 10_000:
        raise ValueProblem("Ce texte a plus de 10 000 caractères.")
    line.give("news", text, cell.label, cell.index)
