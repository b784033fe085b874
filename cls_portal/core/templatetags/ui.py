"""Template tags of the site's components; loaded in every template (`builtins` of the settings).

A variant that is not in the vocabulary raises. `docs/interface.md` lists what each tag draws.
"""

import re
from functools import cache

from django import template
from django.forms import BaseForm, BoundField
from django.http import QueryDict
from django.template.loader import get_template, render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from cls_portal.core import charts, french
from cls_portal.core import markdown as markdown_text
from cls_portal.core.vocabulary import AXIS_COLOURS, FLAGS, STATUSES, known

register = template.Library()

SIGNS = (
    *("chevron", "search", "next", "previous", "edit", "download", "undo"),
    *("add", "remove", "up", "down", "file", "check"),
)
ICONS = {
    **{code: f"s-{code}" for code in STATUSES},
    **{code: f"a-{code}" for code in FLAGS},
    **{code: f"i-{code}" for code in SIGNS},
}
ICON_COLOURS = {code: tone.fill if tone.dark else "#4b5a62" for code, tone in STATUSES.items()} | {
    **dict.fromkeys(("reportee", "suspendue", "reorientee", "muette"), "#755600"),
    "en_preparation": "#2c7a87",
    "retard": "#9c2f1c",
    "manque": "#4b5a62",
    "ars": "#0e5a63",
}
NOTICES = {"info": "status", "success": "status", "warning": "status", "error": "alert"}


# 1. Icons and vocabulary


@register.simple_tag
def icon(name: str) -> SafeString:
    return _icon(name)


@cache
def _icon(name: str) -> SafeString:
    return format_html(
        '<svg class="ico" aria-hidden="true"><use href="#{}"/></svg>', ICONS[known("icon", name, ICONS)]
    )


@register.simple_tag
def print_icon(name: str, title: str) -> SafeString:
    """The same icon with its strokes inside and its colours as attributes, for printed documents.

    A tagged document makes a figure of every drawing: each needs words, read from `<title>` alone.
    """
    body = _print_strokes(name)
    drawing = f'<svg class="ico" viewBox="0 0 16 16" width="11" height="11"><title>{escape(title)}</title>{body}</svg>'
    return mark_safe(drawing)  # noqa: S308


@cache
def _print_strokes(name: str) -> str:
    sprite = get_template("components/_icons.html").template.source
    symbol = ICONS[known("icon", name, ICONS)]
    body = re.search(rf'<symbol id="{symbol}"[^>]*>(.*?)</symbol>', sprite).group(1)
    colour = ICON_COLOURS.get(name, "#1b262c")
    for css_class, attributes in (
        ("o dash", f'fill="none" stroke="{colour}" stroke-width="1.5" stroke-dasharray="2.2 1.6"'),
        ("o", f'fill="none" stroke="{colour}" stroke-width="1.5"'),
        ("cut", 'fill="none" stroke="#ffffff" stroke-width="1.5"'),
        ("f", f'fill="{colour}"'),
    ):
        body = body.replace(f'class="{css_class}"', attributes)
    return body


@register.simple_tag
def status_tag(code: str, label: str, printed: bool = False) -> SafeString:
    """Icon and word of a status, chosen by a person. `printed` for documents."""
    known("status", code, STATUSES)
    drawing = print_icon(code, label) if printed else _icon(code)
    return format_html('<span class="status status--{}">{}{}</span>', code, drawing, label)


@register.simple_tag
def flag(code: str, text: str = "", printed: bool = False) -> SafeString:
    """Icon and words of an alert, computed or awaiting somebody; without text, the icon alone."""
    known("flag", code, FLAGS)
    drawing = print_icon(code, text) if printed else _icon(code)
    return format_html('<span class="flag flag--{}">{}{}</span>', code, drawing, text)


@register.simple_tag
def quarters(value: int | None) -> SafeString:
    """Declared progress, by steps of 25; a dash when nobody declared any."""
    return _quarters(value)


@cache
def _quarters(value: int | None) -> SafeString:
    if value is None:
        return mark_safe('<span class="quarters">—</span>')
    on = known("progress", value, (0, 25, 50, 75, 100)) // 25
    boxes = [f"M{place * 10 + 0.5} 0.5h9v7h-9z" for place in range(4)]
    shapes = (
        (boxes[:on], 'class="on" fill="#2c7a87" stroke="#2c7a87"'),
        (boxes[on:], 'class="off" fill="none" stroke="#6d7b82"'),
    )
    paths = "".join(f'<path {look} d="{"".join(drawn)}"/>' for drawn, look in shapes if drawn)
    said = french.percent(value)
    drawing = f'<svg width="40" height="8" viewBox="0 0 40 8" aria-hidden="true"><title>{said}</title>{paths}</svg>'
    return mark_safe(f'<span class="quarters">{drawing}{said}</span>')  # noqa: S308


@register.simple_tag
def axis_mark(code: str, colour: int) -> SafeString:
    """Number of an axis beside its colour; an axis without number has only the colour."""
    return format_html('<span class="axis axis--{}">{}</span>', known("axis colour", colour, AXIS_COLOURS), code)


@register.simple_tag
def ref(code: str, colour: int | None = None) -> SafeString:
    """Number of a fiche beside the colour of its axis; no colour when it has no axis."""
    if colour is None:
        return format_html('<span class="ref">{}</span>', code)
    return format_html('<span class="ref axis--{}">{}</span>', known("axis colour", colour, AXIS_COLOURS), code)


# 2. Forms


@register.simple_tag
def field(bound_field: BoundField, variant: str = "", label: str = "", hint: str = "") -> SafeString:
    """One field: label, hint, error, control. Variants of lists to tick: inline, columns, long."""
    known("field variant", variant, ("", "inline", "columns", "long", "bare"))
    context = {
        "field": bound_field,
        "variant": variant,
        "label": label or bound_field.label,
        "hint": hint or bound_field.help_text,
    }
    return render_to_string("components/field.html", context)


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm, title: str = "", formsets=()) -> dict:
    """Every error of the form (and of its formsets) at the top, each a link to its field."""
    forms = [form, *(sub for formset in formsets for sub in formset.forms)]
    errors = [error for each in forms for error in form_errors(each)]
    errors += [("", "", text) for formset in formsets for text in formset.non_form_errors()]
    return {"errors": errors, "title": title, "count": len(errors)}


def form_errors(form: BaseForm) -> list[tuple[str, str, str]]:
    """(id of the control, label, sentence), in the order of the fields; general errors come first, without id."""
    found = [("", "", text) for text in form.non_field_errors()]
    for bound in form:
        target = bound.id_for_label or f"{bound.auto_id}_0"
        found += [(target, bound.label, text) for text in bound.errors]
    return found


# 3. Addresses


@register.simple_tag(takes_context=True)
def url_with(context, **changes) -> str:
    """The page's own address with these parameters changed; None or an empty value takes the parameter away.

    A new filter or sort goes back to the first page.
    """
    request = context["request"]
    query: QueryDict = request.GET.copy()
    if "page" not in changes:
        query.pop("page", None)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        elif isinstance(value, list | tuple):
            query.setlist(name, value)
        else:
            query[name] = value
    return f"?{query.urlencode()}" if query else request.path


# 4. French


register.filter("amount", french.amount)
register.filter("euro", french.euro)
register.filter("percent", french.percent)
register.filter("number", french.number)
register.filter("short_month", french.short_month)
register.filter("long_date", lambda value: french.long_date(value) if value else "", expects_localtime=True)
register.simple_tag(french.date_range, name="fr_date_range")
register.simple_tag(french.count_noun, name="count_noun")


@register.filter
def markdown(text: str) -> SafeString:
    return markdown_text.render(text)


# 5. Components


@register.inclusion_tag("components/notice.html")
def notice(variant: str, text: str, title: str = "") -> dict:
    """A message in the page: info, success, warning, error."""
    return {"variant": variant, "role": NOTICES[known("notice", variant, NOTICES)], "text": text, "title": title}


@register.inclusion_tag("components/empty_state.html")
def empty_state(title: str, text: str = "", url: str = "", action: str = "") -> dict:
    """A list without lines: why, and the one deed that fills it."""
    return {"title": title, "text": text, "url": url, "action": action}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context, page, noun: str = "ligne") -> dict:
    """Page links that keep filters and sort. `noun` in the singular."""
    links = [
        (number, url_with(context, page=number) if isinstance(number, int) else "")
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    ]
    return {"page": page, "links": links, "total": french.count_noun(page.paginator.count, noun)}


@register.inclusion_tag("components/summary_list.html")
def summary_list(pairs) -> dict:
    """`pairs`: (label, value); an empty value shows as « À compléter »."""
    return {"pairs": pairs}


@register.inclusion_tag("components/subtabs.html")
def subtabs(items, label: str) -> dict:
    """Second-level tabs, `items`: (label, url, current)."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/table.html")
def data_table(caption: str, head, rows, foot=None) -> dict:
    """The figures of a chart as a table: `head` and each line are lists, the first cell is the line's title.

    A cell is a text or a figure, or (text, url): a figure leads to the list behind it.
    """
    rows = [[linked_cell(cell) for cell in row] for row in rows]
    foot = [linked_cell(cell) for cell in foot] if foot else None
    return {"caption": caption, "head": head, "rows": rows, "foot": foot}


def linked_cell(cell) -> str:
    if isinstance(cell, tuple):
        text, url = cell
        return format_html('<a href="{}">{}</a>', url, text) if url else text
    return cell


# 6. Charts


@register.inclusion_tag("components/charts/stacked_bar.html")
def stacked_bar(counts, title: str, key: str) -> dict:
    """Fiches by status. `counts`: (code, label, count[, url]); `key`: unique in the page."""
    segments = charts.stacked_segments(counts)
    return {"segments": segments, "title": title, "key": key, "hatched": any(part.hatched for part in segments)}


@register.simple_tag
def mini_bar(counts, title: str) -> SafeString:
    """The same without its figures, for the lines of a table; the page draws the hatching `#hatch` once."""
    drawn = []
    for part in charts.stacked_segments(counts):
        place = f'x="{part.x}%" width="{part.width}%" height="12"'
        drawn.append(f'<rect class="seg seg--{part.code}" {place}/>')
        if part.hatched:
            drawn.append(f'<rect fill="url(#hatch)" {place}/>')
    svg = f'<svg class="bar" width="100%" height="12" role="img"><title>{escape(title)}</title>{"".join(drawn)}</svg>'
    return mark_safe(svg)  # noqa: S308


@register.inclusion_tag("components/charts/legend.html")
def legend(counts, label: str, key: str = "legende") -> dict:
    """Key of the stacked bars, each figure a link to its list. Same `counts`; zeros are not named."""
    segments = charts.stacked_segments(counts)
    return {"segments": segments, "label": label, "key": key}


@register.inclusion_tag("components/charts/meter.html")
def meter(value: float, total: float, title: str) -> dict:
    """One share of a whole; the sentence `title` says it."""
    return {"width": charts.share(value, total), "title": title}


@register.inclusion_tag("components/charts/sparkline.html")
def sparkline(values, title: str, target: float | None = None) -> dict:
    return {"line": charts.sparkline(values, target), "title": title}


@register.inclusion_tag("components/charts/bullet.html")
def bullet(value, title: str, target=None, start=None) -> dict:
    return {"bullet": None if value is None else charts.bullet(value, target, start), "title": title}
