"""The synthesis of the dossier as slides that people change by hand: native tables and chart, each slide titled."""

import io
from collections.abc import Callable, Sequence

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.oxml.ns import qn
from pptx.util import Cm, Pt

from actions.enums import Status
from actions.papers.dossier import Dossier
from actions.papers.picture import PlanPart, shortened
from actions.papers.quotes import Quote
from actions.plan.changes import Move
from cls_portal.core import french
from cls_portal.core.office import LANGUAGE, as_label, safe
from cls_portal.core.vocabulary import STATUSES
from contracts.models import Contract

WIDTH, HEIGHT, MARGIN, TOP = Cm(33.867), Cm(19.05), Cm(1.6), Cm(3.6)
COVER, TITLE_ONLY = 0, 5
LINES, LENGTH = 7, 150
INK, TEAL, TINT, WHITE = (RGBColor.from_string(tone) for tone in ("1B262C", "0E5A63", "E4EEEE", "FFFFFF"))


class Deck:
    def __init__(self, title: str):
        self.file = Presentation()
        self.file.slide_width, self.file.slide_height = WIDTH, HEIGHT
        self.file.core_properties.title = safe(title)[:255]
        self.file.core_properties.language = LANGUAGE
        self.file.core_properties.author = ""

    def cover(self, title: str, lines: Sequence[str]):
        slide = self.file.slides.add_slide(self.file.slide_layouts[COVER])
        heading, below = slide.shapes.title, slide.placeholders[1]
        for shape, top, height in ((heading, Cm(5), Cm(4)), (below, Cm(9.5), Cm(5))):
            shape.left, shape.top, shape.width, shape.height = MARGIN, top, WIDTH - 2 * MARGIN, height
        write(heading.text_frame, title, size=40, bold=True, color=TEAL)
        write(below.text_frame, "\n".join(lines), size=22)

    def slide(self, title: str):
        slide = self.file.slides.add_slide(self.file.slide_layouts[TITLE_ONLY])
        heading = slide.shapes.title
        heading.left, heading.top, heading.width, heading.height = MARGIN, Cm(0.9), WIDTH - 2 * MARGIN, Cm(2.2)
        write(heading.text_frame, title, size=28, bold=True, color=TEAL)
        return slide

    def table(self, title: str, heads: Sequence[tuple[str, float]], rows: Sequence[Sequence[str]], empty: str) -> None:
        """`heads`: (words, share of the width); as many slides as the rows ask for."""
        if not rows:
            self.text(title, empty)
        for start in range(0, len(rows), LINES):
            part = f" ({start // LINES + 1}/{-(-len(rows) // LINES)})" if len(rows) > LINES else ""
            add_table(self.slide(title + part), heads, rows[start : start + LINES])

    def text(self, title: str, words: str) -> None:
        box = self.slide(title).shapes.add_textbox(MARGIN, TOP, WIDTH - 2 * MARGIN, Cm(8))
        box.text_frame.word_wrap = True
        write(box.text_frame, words, size=20)

    def written(self) -> bytes:
        for run in self.runs():
            run.set("lang", LANGUAGE)
        content = io.BytesIO()
        self.file.save(content)
        return content.getvalue()

    def runs(self):
        """The properties of every run, of every slide."""
        for slide in self.file.slides:
            for name in ("a:rPr", "a:endParaRPr", "a:defRPr"):
                yield from slide._element.iter(qn(name))


def write(frame, text: str, *, size: int, bold: bool = False, color: RGBColor = INK) -> None:
    frame.word_wrap = True
    for number, line in enumerate(safe(text).split("\n")):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = line
        run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, color


def add_table(slide, heads: Sequence[tuple[str, float]], rows: Sequence[Sequence[str]]) -> None:
    width = WIDTH - 2 * MARGIN
    frame = slide.shapes.add_table(len(rows) + 1, len(heads), MARGIN, TOP, width, Cm(1) * (len(rows) + 1))
    describe(frame, slide.shapes.title.text_frame.text)
    table = frame.table
    total = sum(share for _head, share in heads)
    for column, (_head, share) in zip(table.columns, heads, strict=True):
        column.width = int(width * share / total)
    for place, row in enumerate([[head for head, _share in heads], *rows]):
        for cell, text in zip(table.rows[place].cells, row, strict=True):
            dress(cell, str(text), is_head=place == 0, is_even=place % 2 == 0)


def dress(cell, text: str, *, is_head: bool, is_even: bool) -> None:
    cell.fill.solid()
    cell.fill.fore_color.rgb = TEAL if is_head else TINT if is_even else WHITE
    cell.margin_top = cell.margin_bottom = Cm(0.12)
    write(cell.text_frame, shortened(text, LENGTH), size=14, bold=is_head, color=WHITE if is_head else INK)


def describe(frame, words: str) -> None:
    """What a screen reader says of the table or of the chart."""
    frame._element.nvGraphicFramePr.cNvPr.set("descr", safe(words))


def add_chart(slide, contract: Contract, parts: Sequence[PlanPart], title: str) -> None:
    """Fiches by axis and by status, stacked; the figures can be changed in PowerPoint."""
    data = CategoryChartData()
    data.categories = [as_label(shortened(axis_words(part, contract), 60)) for part in reversed(parts)]
    used = [status for status in Status if any(part.progress.counts[status] for part in parts)]
    for status in used:
        data.add_series(status.label, [part.progress.counts[status] for part in reversed(parts)])
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.BAR_STACKED, MARGIN, Cm(6.4), WIDTH - 2 * MARGIN, HEIGHT - Cm(7.4), data
    )
    describe(frame, title)
    chart = frame.chart
    chart.has_legend, chart.legend.position, chart.legend.include_in_layout = True, XL_LEGEND_POSITION.BOTTOM, False
    chart.font.size = Pt(14)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap, plot.has_data_labels = 45, 100, True
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = "0;;", False
    for status, series in zip(used, plot.series, strict=True):
        tone = STATUSES[status]
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = RGBColor.from_string(tone.fill.removeprefix("#").upper())
        series.data_labels.show_value, series.data_labels.number_format = True, "0;;"
        series.data_labels.number_format_is_linked = False
        series.data_labels.font.color.rgb = WHITE if tone.dark else INK


def axis_words(part: PlanPart, contract: Contract) -> str:
    return str(part.axis) if part.axis else contract.without_axis


# The slides of each section


def figures(deck: Deck, dossier: Dossier) -> None:
    plan, state = dossier.plan, dossier.plan.state
    words = [
        f"{french.count_noun(state.whole.achieved, 'fiche réalisée', 'fiches réalisées')} sur {state.whole.total}",
        f"{plan.running} en cours ou en préparation, {plan.stopped} reportées, suspendues, abandonnées ou réorientées",
        f"{len(state.late)} en retard, {len(state.silent)} sans nouvelle",
    ]
    slide = deck.slide("Où en est le plan")
    box = slide.shapes.add_textbox(MARGIN, Cm(3), WIDTH - 2 * MARGIN, Cm(3.2))
    write(box.text_frame, "\n".join(words), size=18)
    parts = [part for part in plan.parts if part.progress.total]
    if parts:
        level = dossier.contract.axis_label
        add_chart(slide, dossier.contract, parts, f"Fiches par {level} et par statut\u00a0: {state.whole.said}")


def axes(deck: Deck, dossier: Dossier) -> None:
    level = dossier.contract.axis_label
    heads = (
        (level.capitalize(), 6),
        ("Fiches", 1.4),
        ("Réalisées", 1.6),
        ("En cours", 1.6),
        ("En retard", 1.6),
        ("Avancement", 2),
    )
    rows = [
        [
            axis_words(part, dossier.contract),
            part.progress.total,
            part.progress.achieved,
            part.progress.counts[Status.IN_PROGRESS],
            part.progress.late,
            "—" if part.progress.mean is None else french.percent(part.progress.mean),
        ]
        for part in dossier.plan.parts
    ]
    deck.table(f"Avancement par {level}", heads, rows, "Le plan est vide.")


def agenda(deck: Deck, dossier: Dossier) -> None:
    heads = (("Heure", 1.6), ("Point", 7), ("Présenté par", 3), ("Attendu", 2))
    rows = [
        [point.hour, point.item.title, point.item.presenter, point.item.get_expected_display().capitalize()]
        for point in dossier.agenda
    ]
    deck.table("Ordre du jour", heads, rows, "L’ordre du jour n’est pas encore établi.")


def changes(deck: Deck, dossier: Dossier) -> None:
    told = dossier.changes
    if told is None:
        return
    heads = (("Fiche", 1.2), ("Intitulé", 4.6), ("Avant", 2.4), ("Maintenant", 2.6), ("Motif", 4))
    moves = {move.after.pk: move for move in (*told.moved, *told.postponed, *told.stopped)}
    rows = [
        [move.after.code, move.after.title, standing(move.before), standing(move.after), motive(move)]
        for move in sorted(moves.values(), key=lambda move: move.after.rank)
    ]
    rows += [[each.fiche.code, each.fiche.title, each.how, standing(each.fiche), ""] for each in told.added]
    rows += [[each.fiche.code, each.fiche.title, standing(each.fiche), each.how, ""] for each in told.removed]
    deck.table(
        told.heading,
        heads,
        rows,
        "Aucune fiche n’a changé de statut, d’avancement ni d’échéance, aucune n’est entrée ni sortie.",
    )


def standing(version) -> str:
    """« En cours, 75 % », with the date when it was put off."""
    words = f"{Status(version.status).label}, {french.percent(version.progress)}"
    return f"{words}, au {version.deadline:%d/%m/%Y}" if version.postponed_to else words


def motive(move: Move) -> str:
    """Why it was put off or stopped, and what follows it."""
    successor = f"Suite\u00a0: {move.successor.name}" if move.successor else ""
    return "\n".join(part for part in (move.reason, successor) if part)


def decisions(deck: Deck, dossier: Dossier) -> None:
    heads = (("N°", 1.1), ("Décision", 7), ("Responsable", 3), ("Échéance", 2), ("État", 2.4))
    rows = [
        [
            numbered(quote, dossier),
            quote.decision.text,
            quote.decision.owner_label or "—",
            f"{quote.decision.due_on:%d/%m/%Y}" if quote.decision.due_on else "—",
            quote.decision.get_state_display() + (", en retard" if quote.is_late else ""),
        ]
        for quote in dossier.quotes
    ]
    deck.table("Suites des décisions", heads, rows, "Aucune décision antérieure n’est à suivre.")


def numbered(quote: Quote, dossier: Dossier) -> str:
    """With its body when several are quoted, whose numbers are the same."""
    body = f"\n{quote.decision.meeting.body.heading}" if dossier.has_foreign_quotes else ""
    return quote.decision.reference + body


def arbitrations(deck: Deck, dossier: Dossier) -> None:
    heads = (("Fiche", 1.2), ("Intitulé", 5), ("Arbitrage demandé", 7))
    rows = [[action.code, action.title, asked] for action, asked in dossier.arbitrations]
    deck.table("Arbitrages demandés", heads, rows, "Aucune fiche ne demande d’arbitrage.")


def calendar(deck: Deck, dossier: Dossier) -> None:
    heads = (("Date", 3), ("Heure", 2.4), ("Réunion", 6), ("Lieu", 4))
    rows = [
        [french.long_date(meeting.day), hours, meeting.heading, meeting.place] for meeting, hours in dossier.coming
    ]
    deck.table("Prochaines réunions", heads, rows, "Aucune autre réunion n’est encore prévue.")


SLIDES: tuple[tuple[str, Callable[[Deck, Dossier], None]], ...] = (
    ("agenda", agenda),
    ("synthesis", figures),
    ("progress", axes),
    ("changes", changes),
    ("decisions", decisions),
    ("arbitrations", arbitrations),
    ("calendar", calendar),
)


def dossier_pptx(dossier: Dossier) -> bytes:
    """Of the sections chosen, those that are projected."""
    meeting = dossier.meeting
    deck = Deck(f"Synthèse, {meeting}")
    day = french.long_date(meeting.day)
    place = [meeting.place] if meeting.place else []
    lines = [f"Contrat local de santé, {dossier.contract}", f"{day}, {dossier.when}", *place]
    deck.cover(meeting.heading, [*lines, f"Données arrêtées au {french.long_date(dossier.on)}"])
    for key, write_slides in SLIDES:
        if key in dossier.choice.sections:
            write_slides(deck, dossier)
    return deck.written()
