"""What WeasyPrint would compute again for each box and each line, computed once: the same pages in less time.

Each replacement gives way to WeasyPrint's own function where a style asks for more than it knows, and
`tests/core/test_pdf_speed.py` compares what is printed with and without them. None of this is published by
WeasyPrint: its version is pinned, and a function that an upgrade takes away fails the first document.
"""

import sys
import zlib
from functools import cache, lru_cache
from types import SimpleNamespace

SIDES = ("top", "right", "bottom", "left")
CORNERS = tuple(f"border_{corner}_radius" for corner in ("top_left", "top_right", "bottom_right", "bottom_left"))
LENGTHS = (
    *(f"{kind}_{side}" for kind in ("margin", "padding") for side in SIDES),
    *(f"{bound}{axis}" for bound in ("", "min_", "max_") for axis in ("width", "height")),
)
# Level 9, WeasyPrint's, takes three times as long for a file a thirtieth smaller.
COMPRESSION = 6
SCALARS = (float, int, str)


@cache
def save_work(weasyprint, pydyf) -> None:
    pydyf.PDF.page_references = property(_page_references)
    _compress_less(pydyf)
    _remember_written_numbers(pydyf)
    _draw_rules_as_rectangles(weasyprint)
    _share_text_settings(weasyprint)
    _keep_lines_until_drawn(weasyprint)
    _remember_line_heights(weasyprint)
    _remember_lengths(weasyprint)
    _skip_absent_backgrounds(weasyprint)
    _tell_the_flow_at_once(weasyprint)


def _compress_less(pydyf) -> None:
    pydyf.zlib = SimpleNamespace(compressobj=lambda level: zlib.compressobj(min(level, COMPRESSION)))


def _remember_written_numbers(pydyf) -> None:
    """A document writes a million numbers and names, the same few coordinates again and again."""
    write = pydyf._to_bytes
    remembered = lru_cache(maxsize=2**16, typed=True)(write)

    def to_bytes(item):
        kind = type(item)
        if kind is bytes:
            return item
        return remembered(item) if kind in SCALARS else write(item)

    pydyf._to_bytes = to_bytes


def _page_references(pdf) -> tuple[bytes, ...]:
    """pydyf lists the pages anew for each tagged element, in a time that grows as the square of the document."""
    kids = pdf.pages["Kids"]
    listed = vars(pdf).setdefault("_listed_pages", ())
    if 3 * len(listed) != len(kids):
        listed = pdf._listed_pages = tuple(f"{number} 0 R".encode() for number in kids[::3])
    return listed


def _draw_rules_as_rectangles(weasyprint) -> None:
    """Borders that do not meet, such as the rule below each cell: WeasyPrint fills a clipped frame for each."""
    draw, get_color = weasyprint.draw, weasyprint.draw.color.get_color
    draw_any_border = draw.draw_border

    def draw_border(stream, box):
        top, right, bottom, left = (getattr(box, f"border_{side}_width") for side in SIDES)
        if not (top or right or bottom or left):
            draw_any_border(stream, box)
            return
        if ((top or bottom) and (left or right)) or not _once(box.style, "plain_borders", are_plain):
            draw_any_border(stream, box)
            return
        x, y, width, height = box.border_box_x(), box.border_box_y(), box.border_width(), box.border_height()
        for side, rectangle in (
            ("top", (x, y, width, top)),
            ("right", (x + width - right, y, right, height)),
            ("bottom", (x, y + height - bottom, width, bottom)),
            ("left", (x, y, left, height)),
        ):
            color = get_color(box.style, f"border_{side}_color")
            if 0 in rectangle[2:] or not color.alpha:
                continue
            with stream.artifact(), stream.stacked():
                stream.set_color(color)
                stream.rectangle(*rectangle)
                stream.fill()

    def are_plain(style) -> bool:
        return (
            style["visibility"] == "visible"
            and style["border_image_source"][0] == "none"
            and not style["column_rule_width"]
            and all(style[f"border_{side}_style"] in ("solid", "none") for side in SIDES)
            and all((0, "px") in style[corner] for corner in CORNERS)
        )

    draw.draw_border = draw_border


def _share_text_settings(weasyprint) -> None:
    """Each line makes its own description of the font and its own context, which depend on its style alone."""
    line_break = weasyprint.text.line_break
    ffi, gobject, pango = line_break.ffi, line_break.gobject, line_break.pango
    set_up_alone = line_break.Layout.setup

    def settings_of(style):
        features = [style[f"font_{name}"] for name in FEATURES]
        decorated = style["text_decoration_line"] != "none" or line_break.font_features(*features)
        if decorated or style["font_language_override"] != "normal":
            return None
        context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
        pango.pango_context_set_round_glyph_positions(context, False)
        pango.pango_context_set_base_dir(context, line_break.PANGO_DIRECTION[style["direction"]])
        language = pango.pango_language_get_default()
        if style["lang"]:
            language = pango.pango_language_from_string(line_break.unicode_to_char_p(style["lang"])[0])
            pango.pango_context_set_language(context, language)
        return context, language, line_break.get_font_description(style)

    def setup(layout, style):
        settings = _once(style, "text_settings", settings_of)
        if settings is None:
            set_up_alone(layout, style)
            return
        context, layout.language, description = settings
        layout.style = style
        layout.first_line_direction = 0
        layout.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
        pango.pango_layout_set_auto_dir(layout.layout, False)
        pango.pango_layout_set_font_description(layout.layout, description)
        layout.ascent = layout.underline_position = layout.strikethrough_position = None

    line_break.Layout.setup = setup


FEATURES = (
    *("kerning", "variant_ligatures", "variant_position", "variant_caps", "variant_numeric", "variant_alternates"),
    *("variant_east_asian", "feature_settings"),
)


def _keep_lines_until_drawn(weasyprint) -> None:
    """A line is shaped to be measured, dropped, and shaped again to be drawn: kept, it takes some 2 KB until then."""
    layout_class, pango = weasyprint.text.line_break.Layout, weasyprint.text.line_break.pango
    set_text_alone, drop, shape_again = layout_class.set_text, layout_class.deactivate, layout_class.reactivate

    def set_text(layout, text, justify=False):
        set_text_alone(layout, text, justify)
        # As when it is drawn: changed only then, the mode would have it shaped again.
        single = not any(separator in text for separator in "\n\r\u2029")
        pango.pango_layout_set_single_paragraph_mode(layout.layout, single)

    def deactivate(layout):
        if layout.justification_spacing:
            drop(layout)

    def reactivate(layout, style):
        if layout.justification_spacing:
            shape_again(layout, style)

    layout_class.set_text, layout_class.deactivate, layout_class.reactivate = set_text, deactivate, reactivate


def _remember_line_heights(weasyprint) -> None:
    """WeasyPrint finds the height of an empty line again by a text of all the properties of the font."""
    strut = weasyprint.text.line_break.strut
    _replace(weasyprint, strut, lambda style: _once(style, "strut", strut))


def _remember_lengths(weasyprint) -> None:
    """Margins, paddings, borders and sizes without a percentage are the same for all the boxes of a style."""
    percent = weasyprint.layout.percent
    resolve_anew = percent.resolve_percentages

    def lengths_of(style):
        if style["border_collapse"] == "collapse":
            return None  # its borders are settled with those of its neighbours
        used = {f"border_{side}_width": style[f"border_{side}_width"] for side in SIDES}
        for name in LENGTHS:
            value = style[name]
            if value == "auto":
                used[name] = 0 if name in ("min_width", "min_height") else value
            elif getattr(value, "unit", None) == "px":
                used[name] = value.value
            else:
                return None
        return used

    def resolve_percentages(box, containing_block):
        lengths = _once(box.style, "lengths", lengths_of)
        if lengths is None:
            resolve_anew(box, containing_block)
            return
        _set(box, lengths)
        percent.adjust_box_sizing(box, "width")
        percent.adjust_box_sizing(box, "height")

    _replace(weasyprint, resolve_anew, resolve_percentages)


def _skip_absent_backgrounds(weasyprint) -> None:
    """Few boxes have a background, an image or a round corner: the others are told apart once for each style."""
    background, get_color = weasyprint.layout.background, weasyprint.draw.color.get_color
    lay_out_any = background.layout_box_backgrounds
    absent = dict.fromkeys(CORNERS, (0, 0)) | {"background": None}

    def has_none(style) -> bool:
        images = (style["border_image_source"], style["mask_border_source"], *style["background_image"])
        return (
            all(kind == "none" for kind, *_ in images)
            and not style["box_shadow"]
            and all((0, "px") in style[corner] for corner in CORNERS)
            and (style["visibility"] == "hidden" or get_color(style, "background_color").alpha == 0)
        )

    def layout_box_backgrounds(page, box, get_image, layout_children=True, style=None):
        if box is page or style or not _once(box.style, "has_no_background", has_none):
            lay_out_any(page, box, get_image, layout_children, style)
            return
        _set(box, absent)
        if layout_children:
            for child in box.all_children():
                layout_box_backgrounds(page, child, get_image)

    background.layout_box_backgrounds = layout_box_backgrounds


def _tell_the_flow_at_once(weasyprint) -> None:
    """WeasyPrint asks five questions of each box, each of the same two properties."""

    def is_in_normal_flow(box) -> bool:
        position = box.style["position"]
        placed_apart = position in ("absolute", "fixed") or position[0] in ("running()", "note()")
        return box.style["float"] == "none" and not placed_apart

    weasyprint.formatting_structure.boxes.Box.is_in_normal_flow = is_in_normal_flow


def _once(style, name: str, compute):
    """What `compute` tells of this style; styles no longer change in the layout."""
    kept = vars(style)
    if name not in kept:
        kept[name] = compute(style)
    return kept[name]


def _set(box, values: dict) -> None:
    """A box out of the flow stands behind a placeholder."""
    vars(getattr(box, "_box", box)).update(values)


def _replace(weasyprint, function, replacement) -> None:
    """Wherever WeasyPrint's modules imported it by name."""
    for name, module in list(sys.modules.items()):
        if name.startswith(f"{weasyprint.__name__}.") and getattr(module, function.__name__, None) is function:
            setattr(module, function.__name__, replacement)
