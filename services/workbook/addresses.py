"""Addresses in A1 notation as numbers and back: an area such as ``B2:D5``, a cell such as ``Orders!B7``.

Nothing here knows a sheet; which part of one a range means is found in ``tables``.
"""

from __future__ import annotations

from typing import NamedTuple

from services.workbook.grid import MAX_COLUMN, MAX_ROW, column_letter, column_number


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


class Place(NamedTuple):
    """One cell: 1-based row and column, and the name of its sheet where that is said."""

    sheet: str | None
    row: int
    column: int

    def notation(self) -> str:
        """As A1 notation, without the sheet."""
        return f"{column_letter(self.column)}{self.row}"

    def is_on(self, sheet: str) -> bool:
        """Whether it may be on the sheet of this name; case does not count, as hosts compare names of sheets."""
        return self.sheet is None or self.sheet.casefold() == sheet.casefold()


def parse_area(reference: str) -> Area | None:
    """The area of ``A1``, ``A1:B2``, ``A:B`` or ``1:2``; None for anything else."""
    first, colon, last = reference.replace("$", "").strip().partition(":")
    a, b = _corner(first), _corner(last if colon else first)
    if a is None or b is None or (0 in a and not colon) or [*map(bool, a)] != [*map(bool, b)]:
        return None
    rows = sorted((a[0] or 1, b[0] or MAX_ROW))
    columns = sorted((a[1] or 1, b[1] or MAX_COLUMN))
    if rows[1] > MAX_ROW or columns[1] > MAX_COLUMN:
        return None
    return Area(rows[0], columns[0], rows[1], columns[1])


def parse_cell(address: str) -> tuple[int, int] | None:
    """Row and column of ``B7`` or ``$B$7``; None for anything else."""
    area = parse_area(address)
    if area is None or area[:2] != area[2:]:
        return None
    return area.first_row, area.first_column


def parse_place(text: str) -> Place | None:
    """The cell of ``B7``, ``Orders!B7`` or ``'Jan''s orders'!B7`` (quoted as Excel does it); None for anything else."""
    before, mark, address = text.strip().rpartition("!")
    cell = parse_cell(address)
    if cell is None or (mark and not before):
        return None
    if len(before) > 1 and before[0] == before[-1] == "'":
        before = before[1:-1].replace("''", "'")
    return Place(before or None, *cell)


def _corner(text: str) -> tuple[int, int] | None:
    """Row and column, each 0 where it is not said."""
    letters = text.rstrip("0123456789")
    digits = text[len(letters) :]
    if not text or not (letters == "" or (letters.isascii() and letters.isalpha() and len(letters) <= 3)):
        return None
    if len(digits) > 7 or digits.startswith("0"):
        return None
    return int(digits or 0), column_number(letters) if letters else 0
