"""Row numbers as a person writes them: ``2-100,105``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.errors import InputError
from services.text.widths import fold_width
from services.workbook.grid import Grid

_PART = re.compile(r"(\d{1,7})(?:\s*(?:-|~|至|到|:)\s*(\d{1,7}))?", re.ASCII)


def rows_named(text: str, tables: Sequence[Grid]) -> list[range] | None:
    """The rows of the sheet that are meant, None for all.

    Raises ``InputError``: ``fill-rows`` for what can't be read, ``fill-rows-outside`` for rows that no table has.
    """
    if not text.strip():
        return None
    ranges: list[range] = []
    for part in re.split("[,;、]", fold_width(text).replace("，", ",").replace("；", ";")):
        match = _PART.fullmatch(part.strip())
        first, last = (0, 0) if match is None else (int(match[1]), int(match[2] or match[1]))
        if match is None or not 1 <= first <= last:
            raise InputError("fill-rows", rows=text[:100])
        if not any(first < table.first_row + table.row_count and last >= table.first_row for table in tables):
            there = ", ".join(f"{table.first_row}-{table.first_row + table.row_count - 1}" for table in tables)
            raise InputError("fill-rows-outside", rows=part.strip(), there=there or "-")
        ranges.append(range(first, last + 1))
    return ranges
