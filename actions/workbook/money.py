"""The cells of money. They are read apart, then concluded together: who brings what, in which year, counted once."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal

from actions.enums import PartnerState
from actions.workbook import words
from actions.workbook.catalogue import Ref
from actions.workbook.cells import Cell, Context, is_blank
from actions.workbook.headings import YEAR, year_of
from actions.workbook.line import Line
from actions.workbook.links import organisations_in
from actions.workbook.values import show
from cls_portal.core.dates import today
from cls_portal.core.imports.amounts import MAX_AMOUNT, read_amount, refuse_range
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


@dataclass(frozen=True)
class Amount:
    """What a cell of a budget says, or what a funder brings; `year` is None when nothing tells it."""

    cell: Cell
    amount: Decimal
    year: int | None
    option: str = "planned"
    funder: Ref | None = None
    interpreted: bool = False


def split_shares(text: str) -> list[Share]:
    """Who brings what, the name before its amount or after it; the names alone bring nothing that is known."""
    return [share for part in words.hard_parts(text) for share in _shares_of(part)]


def _shares_of(part: str) -> list[Share]:
    found = list(_EUROS.finditer(part))
    if not found:
        return [Share(part)]
    refuse_range(part)
    pieces, start = [], 0
    for match in found:
        pieces.append(part[start : match.start()])
        start = match.end()
    pieces.append(part[start:])
    named_after = not pieces[0].strip(_BETWEEN + "(")
    shares: list[Share] = []
    for place, match in enumerate(found):
        told = _AFTER.match(pieces[place + 1])
        name, year = _dated_name(pieces[place + 1] if named_after else pieces[place])
        if year and not name and shares:  # « ARS 2024 : 10 000 €, 2025 : 5 000 € »
            name = shares[-1].name
        shares.append(Share(name, read_amount(match[0]).value, (year_of(told[1]) if told else None) or year))
    last = "" if named_after else _name(pieces[-1])
    return [*shares, Share(last)] if last else shares


def _dated_name(text: str) -> tuple[str, int | None]:
    """« ARS 2024 » → ARS, in 2024; several years are no year."""
    name, years = _name(text), YEAR.findall(_name(text))
    if len(years) != 1:
        return name, None
    return _name(re.sub(r"\(\s*\)|\ben\s*$", "", name.replace(years[0], "").strip())), int(years[0])


def _name(text: str) -> str:
    """Without what joined it to its amount, among which the bracket that held the amount."""
    plain = _AFTER.sub("", text).strip(_BETWEEN)
    if plain.count("(") != plain.count(")"):
        plain = plain.removeprefix(")").removesuffix("(").strip(_BETWEEN)
    return re.sub(r"^(?:et|dont|par)\s+|\s+(?:et|à hauteur de|pour)$", "", plain, flags=re.I).strip(_BETWEEN)


def read_money(line: Line, cell: Cell, context: Context) -> None:
    if is_blank(line, cell, "aucun montant"):
        return
    reading = read_amount(cell.raw)
    in_thousands = bool(re.search(r"k\s?€|milliers", cell.heading, re.I)) and not reading.interpreted
    amount = reading.value * 1000 if in_thousands else reading.value
    interpreted = reading.interpreted or in_thousands
    line.amounts.append(Amount(cell, amount, year_of(cell.heading), cell.column.option, interpreted=interpreted))


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
    if len(refs) == 1:
        line.funders[year_of(cell.heading)] = refs[0]
    elif refs:
        _add_partners(line, cell, refs)
        told = "plusieurs financeurs\u00a0: notés comme partenaires, montants non répartis"
        line.interpret(cell.label, cell.index, cell.raw, told)


def _add_partners(line: Line, cell: Cell, refs: list[Ref]) -> None:
    known = dict(line.values.get("partners", ()))
    line.values["partners"] = tuple((known | {r: str(PartnerState.AGREED) for r in refs if r not in known}).items())
    line.sources.setdefault("partners", (cell.label, cell.index))


def _read_shares(line: Line, cell: Cell, context: Context, shares: list[Share]) -> None:
    catalogue, named = context.catalogue, []
    for share in shares:
        names, _doubt = words.split_organisations(share.name, catalogue.known_organisation)
        refs = [catalogue.organisation(name).ref for name in names if not is_blank_word(name)]
        funder = refs[0] if len(refs) == 1 and share.amount is not None else None
        if refs and not funder:
            _add_partners(line, cell, refs)
            named += [show("", ref) for ref in refs]
        if share.amount is not None:
            year = share.year or year_of(cell.heading)
            line.shares.append(Amount(cell, share.amount, year, funder=funder, interpreted=True))
    if named:
        line.interpret(cell.label, cell.index, cell.raw, f"noté comme partenaire\u00a0: {', '.join(named)}")


def conclude_money(line: Line, context: Context) -> None:
    """Each year's budget less what its funders bring in it, so that nothing is counted twice."""
    if not line.amounts and not line.shares:
        return
    default = _year(line, context)
    budgets = {option: _by_year(line, option, default) for option in dict.fromkeys(a.option for a in line.amounts)}
    shares = _dated_shares(line, budgets.get("planned", {}), default)
    funding: Counter = Counter()
    for share in shares:
        funding[share.year, "planned", share.funder] += share.amount
    for option, years in budgets.items():
        dated = any(each.year for each in line.amounts if each.option == option)
        for year, amount in years.items():
            brought = sum(s.amount for s in shares if option == "planned" and (s.year == year or not dated))
            key = (year, option, None if brought else line.funders.get(year) or line.funders.get(None))
            if amount > brought or not brought:
                funding[key] += amount - brought
            _say(line, option, year, default, _told(amount, brought) or show("funding", {key: amount - brought}))
    _say_shares(line, shares)
    _give(line, dict(funding))


def _give(line: Line, funding: dict) -> None:
    cell = (line.amounts or line.shares)[0].cell
    if any(amount > MAX_AMOUNT for amount in funding.values()):
        line.problem(cell.index, cell.raw, "Ce montant est trop grand.")
        return
    line.give("funding", funding, cell.label, cell.index)


def _year(line: Line, context: Context) -> int:
    """Of an amount that nothing dates: the beginning's, else the contract's first."""
    contract = context.catalogue.contract
    start = line.values.get("start")
    known = start.day if start else (line.action and line.action.start_date) or contract.start_date or today()
    return known.year


def _by_year(line: Line, option: str, default: int) -> dict[int, Decimal]:
    """A total beside the columns of its years is not counted on top of them."""
    said = [each for each in line.amounts if each.option == option]
    undated = [each for each in said if not each.year]
    years: Counter = Counter()
    for each in said:
        years[each.year or default] += each.amount if each.year or len(undated) == len(said) else 0
    if undated and len(undated) < len(said):
        more = sum(each.amount for each in undated) - sum(years.values())
        years[default] += max(more, 0)
        for each in undated:
            line.interpret(each.cell.label, each.cell.index, each.cell.raw, _total_beside(more, default))
            line.amounts.remove(each)
    return {year: amount for year, amount in sorted(years.items()) if amount or not undated or len(years) == 1}


def _total_beside(more: Decimal, default: int) -> str:
    if not more:
        return "total des années, déjà compté"
    if more < 0:
        return "moins que la somme des années\u00a0: celles-ci sont gardées"
    return f"{show('', more)}\u00a0€ de plus que la somme des années, comptés en {default}"


def _dated_shares(line: Line, budget: dict[int, Decimal], default: int) -> list[Amount]:
    """A share without its year is of the year of the budget; of several, only one funder of all can be told apart."""
    undated = [share for share in line.shares if not share.year]
    dated = [share for share in line.shares if share.year]
    if len(budget) < 2 or not undated:
        year = next(iter(budget), default)
        return [*dated, *(replace(share, year=year) for share in undated)]
    left = {year: amount - sum(s.amount for s in dated if s.year == year) for year, amount in budget.items()}
    if len(undated) == 1 and undated[0].amount == sum(left.values()) and min(left.values()) >= 0:
        return [*dated, *(replace(undated[0], year=year, amount=amount) for year, amount in left.items() if amount)]
    for share in undated:
        if share.funder:
            _add_partners(line, share.cell, [share.funder])
    years = ", ".join(map(str, budget))
    cell = undated[0].cell
    told = f"le budget est donné pour {years} et ces parts ne disent pas leur année\u00a0: financeurs notés comme "
    line.interpret(cell.label, cell.index, cell.raw, f"{told}partenaires, leurs montants ne sont pas repris")
    return dated


def _told(amount: Decimal, brought: Decimal) -> str:
    if not brought or amount > brought:
        return ""
    if amount == brought:
        return "déjà réparti entre les financeurs"
    return f"moins que la somme des financeurs, {show('', brought)}\u00a0€\u00a0: celle-ci est gardée"


def _say(line: Line, option: str, year: int, default: int, meaning: str) -> None:
    """What becomes of the cells of this year; nothing of a year's budget that is read as it is written."""
    for each in line.amounts:
        concerned = each.option == option and (each.year or default) == year
        if concerned and (each.interpreted or not each.year or line.shares):
            line.interpret(each.cell.label, each.cell.index, each.cell.raw, meaning)


def _say_shares(line: Line, shares: list[Amount]) -> None:
    for cell in dict.fromkeys(share.cell for share in shares):
        brought = Counter()
        for share in shares:
            if share.cell == cell:
                brought[share.year, "planned", share.funder] += share.amount
        line.interpret(cell.label, cell.index, cell.raw, show("funding", dict(brought)))
