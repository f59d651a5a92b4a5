"""Rectangles of a sheet such as ``B2:D5``: reading the notation, and asking quickly which of many covers a cell."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from services.workbook.grid import column_letter, column_number
from services.workbook.spreadsheetml.walk import MAX_COLUMN, MAX_ROW


class Area(NamedTuple):
    """Inclusive 1-based rows and columns."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def notation(self) -> str:
        """As A1 notation."""
        first = f"{column_letter(self.first_column)}{self.first_row}"
        last = f"{column_letter(self.last_column)}{self.last_row}"
        return first if first == last else f"{first}:{last}"


def parse_area(reference: str) -> Area | None:
    """The area of ``A1``, ``A1:B2``, ``A:B`` or ``1:2``; None for anything else."""
    first, _, last = reference.replace("$", "").strip().partition(":")
    a, b = _corner(first), _corner(last or first)
    if a is None or b is None:
        return None
    rows = sorted((a[0] or 1, b[0] or MAX_ROW))
    columns = sorted((a[1] or 1, b[1] or MAX_COLUMN))
    if rows[1] > MAX_ROW or columns[1] > MAX_COLUMN:
        return None
    return Area(rows[0], columns[0], rows[1], columns[1])


def covered(areas: Iterable[Area], cells: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, Area]]:
    """Of some cells (row, column) those that lie in an area, with one such area.

    Takes time in proportion to areas and cells, not to their product, as long as areas do not overlap.
    """
    by_column: dict[int, list[int]] = {}
    for row, column in cells:
        by_column.setdefault(column, []).append(row)
    for rows in by_column.values():
        rows.sort()
    columns = sorted(by_column)
    for area in areas:
        low, high = bisect_left(columns, area.first_column), bisect_right(columns, area.last_column)
        for column in columns[low:high]:
            rows = by_column[column]
            for row in rows[bisect_left(rows, area.first_row) : bisect_right(rows, area.last_row)]:
                yield row, column, area


def _corner(text: str) -> tuple[int, int] | None:
    letters = text.rstrip("0123456789")
    digits = text[len(letters) :]
    if not text or not (letters == "" or (letters.isascii() and letters.isalpha() and len(letters) <= 3)):
        return None
    if len(digits) > 7:
        return None
    return int(digits or 0), column_number(letters) if letters else 0
