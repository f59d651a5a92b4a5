"""How wide values are on a screen, in columns of characters as spreadsheets count the widths of columns."""

from __future__ import annotations

import unicodedata

from services.workbook.grid import DateSerial, Scalar

NARROWEST, WIDEST = 8, 60
"""Characters of the narrowest and the widest column that we make."""


def shown_width(value: Scalar) -> int:
    """Columns that a value takes, East Asian characters two each (Unicode standard annex 11); ``WIDEST`` ends it."""
    if isinstance(value, DateSerial):
        return 10 if value.is_integer() else 19
    text = str(value if value is not None else "")
    if text.isascii() and "\n" not in text:
        return len(text)
    return max(
        sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line[: WIDEST + 1])
        for line in text.split("\n")
    )
