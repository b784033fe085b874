"""The colours of the tokens: contrasts computed again, the same fills on screen and on paper."""

import re

import pytest
from django.conf import settings

from cls_portal.core.vocabulary import STATUSES

TOKENS = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", (settings.BASE_DIR / "static/css/tokens.css").read_text()))


def luminance(colour: str) -> float:
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT_PAIRS = [
    *[(text, ground) for text in ("ink", "ink-2", "ink-3", "primary", "late", "wait") for ground in ("paper", "tint")],
    *[(text, "primary-soft") for text in ("ink", "ink-2", "primary", "primary-deep", "late", "wait")],
    *[("on-primary", ground) for ground in ("primary", "primary-deep")],
    *[("late", "late-soft"), ("ink", "late-soft"), ("ink", "wait-soft"), ("wait", "wait-soft")],
    *[("ink", "good-soft"), ("good", "paper"), ("on-band", "band"), ("focus-band", "band")],
]


@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_is_readable(text, ground):
    assert contrast(TOKENS[text], TOKENS[ground]) >= 4.5


@pytest.mark.parametrize(
    "mark", ["control", "focus", *(f"axis-{number}" for number in range(1, 9)), "st-run", "st-held"]
)
def test_mark_is_visible_on_paper(mark):
    assert contrast(TOKENS[mark], TOKENS["paper"]) >= 3


@pytest.mark.parametrize("code", STATUSES)
def test_figure_is_readable_in_its_segment(code):
    tone = STATUSES[code]

    assert contrast(tone.fill, TOKENS["on-dark" if tone.dark else "on-light"]) >= 4.5


@pytest.mark.parametrize("code", STATUSES)
def test_fill_is_the_same_on_screen_and_on_paper(code):
    charts = (settings.BASE_DIR / "static/css/charts.css").read_text()
    token = re.search(rf"\.seg--{code} {{ fill: var\(--([\w-]+)\)", charts).group(1)

    assert TOKENS[token] == STATUSES[code].fill
