"""Whether a cell still says what the portal's export writes."""

import re
from decimal import Decimal
from typing import Any

from cls_portal.core.exports import Value, csv_value, plain
from cls_portal.core.imports.reading import tidy

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def is_as_written(value: Value, raw: Any) -> bool:
    """`value` is what the export would write today, `raw` what was read."""
    value = plain(value)
    if isinstance(value, Decimal) and isinstance(raw, int | float):
        return float(value) == float(raw)
    kept = tidy(_ESCAPED.sub(_decoded, value)) if isinstance(value, str) else value
    return kept == raw if type(kept) is type(raw) else raw is not None and tidy(csv_value(value)) == raw


def _decoded(escape: re.Match) -> str:
    """A workbook writes the characters it cannot hold as _x000D_; so do these very words in a text."""
    return chr(int(escape[1], 16))
