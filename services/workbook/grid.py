"""The Grid: a rectangle of cells held by columns of plain scalars, and what is known of each cell beside its value.

Nothing here reads or writes files, and there is never an object per cell: a value is a ``str``, ``int``, ``float``,
``bool``, ``None``, or one of two scalar types that carry no fields (``DateSerial``, ``CellError``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

DateSystem = Literal[1900, 1904]


class DateSerial(float):
    """A date, time or duration as the spreadsheet holds it: a serial number of days in the grid's date system.

    Kept as the number itself, so that reading and writing back loses nothing (ECMA-376 part 1, 18.17.4).
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"DateSerial({float(self)!r})"


class CellError(str):
    """An error value such as ``#N/A`` or ``#DIV/0!``."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"CellError({str(self)!r})"


Scalar = str | int | float | bool | DateSerial | CellError | None

FORMULA = 1
"""Mask bit: the cell holds a formula (its value is the cached result)."""
MERGED = 2
"""Mask bit: the cell is covered by a merge and is not its top-left cell."""
RICH = 4
"""Mask bit: the cell's text has formatting of its own inside, which a plain value would lose."""
LOCKED = 8
"""Mask bit: the sheet is protected and the cell is locked."""

UNWRITABLE = FORMULA | MERGED | LOCKED
"""A cell with one of these bits is never written."""

GENERAL = "General"

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
"""Rows and columns of a sheet (Excel specifications and limits)."""
MAX_RECTANGLE = 20_000_000
"""Rows x columns of the largest rectangle that is taken from anywhere: Grids hold its cells in memory."""


def same_value(a: Scalar, b: Scalar) -> bool:
    """Whether two scalars are the same value of the same kind.

    ``True`` is not ``1``, text is not an error, a date is not the number it is stored as; but 1 and 1.0 are one number.
    """
    return a == b and kind_of(a) == kind_of(b)


def kind_of(value: Scalar) -> Literal["empty", "text", "number", "boolean", "date", "error"]:
    """The kind of a scalar, as the wire protocol and the profiles name it."""
    if value is None:
        return "empty"
    if isinstance(value, str):
        return "error" if isinstance(value, CellError) else "text"
    if isinstance(value, bool):
        return "boolean"
    return "date" if isinstance(value, DateSerial) else "number"


@dataclass(frozen=True, slots=True)
class ColumnFormats:
    """The number formats of one column: the most frequent one, and the rows (0-based) that have another."""

    default: str = GENERAL
    other: dict[int, str] = field(default_factory=dict)

    def at(self, row: int) -> str:
        """The number format code of the cell in 0-based ``row``."""
        return self.other.get(row, self.default)


@dataclass(frozen=True, slots=True)
class Grid:
    """A rectangle of cells, rows x columns, without its header row.

    ``columns[c][r]`` is the value of 0-based column ``c`` and row ``r``; all columns have ``row_count`` values.
    ``masks[c][r]`` holds the bits ``FORMULA``, ``MERGED``, ``RICH``, ``LOCKED``; an empty ``bytes`` means that none is
    set in that column. ``header`` holds one text per column, or is empty where the rectangle has no header row.
    ``first_row`` and ``first_column`` say where ``columns[0][0]`` stands in its sheet, counted from 1. ``hidden_rows``
    are 0-based grid rows.
    """

    columns: tuple[list[Scalar], ...]
    header: tuple[str, ...] = ()
    formats: tuple[ColumnFormats, ...] = ()
    masks: tuple[bytes, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    date_system: DateSystem = 1900
    first_row: int = 1
    first_column: int = 1
    sheet: str = ""

    @property
    def row_count(self) -> int:
        """Rows of values, the header not counted."""
        return len(self.columns[0]) if self.columns else 0

    @property
    def column_count(self) -> int:
        """Columns of values."""
        return len(self.columns)

    def mask_at(self, row: int, column: int) -> int:
        """The mask bits of one cell, 0 where nothing is known of it."""
        mask = self.masks[column] if column < len(self.masks) else b""
        return mask[row] if mask else 0

    def format_at(self, row: int, column: int) -> str:
        """The number format code of one cell."""
        return self.formats[column].at(row) if column < len(self.formats) else GENERAL

    def name_of(self, column: int) -> str:
        """What a person calls the column: its header, else its letter."""
        title = self.header[column].strip() if column < len(self.header) else ""
        return title or column_letter(self.first_column + column)

    def names(self) -> tuple[str, ...]:
        """The columns' names, each once: where two headers are equal, the later one gets its letter added."""
        names: dict[str, None] = {}
        for column in range(self.column_count):
            name = self.name_of(column)
            names[name if name not in names else f"{name} ({column_letter(self.first_column + column)})"] = None
        return tuple(names)

    def address_of(self, row: int, column: int) -> str:
        """The A1 address of a cell in its sheet."""
        return f"{column_letter(self.first_column + column)}{self.first_row + row}"

    def rows(self) -> Iterator[tuple[Scalar, ...]]:
        """The rows, one tuple each."""
        return zip(*self.columns, strict=True)

    def fingerprint(self) -> str:
        """A hash of all values with their kinds, the header and the position."""
        digest = hashlib.blake2b(digest_size=16)
        digest.update(repr((self.header, self.first_row, self.first_column, self.date_system, self.sheet)).encode())
        for column in self.columns:
            digest.update(repr(column).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()


def column_letter(number: int) -> str:
    """The letters of a 1-based column number: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The 1-based number of column letters: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


@dataclass(frozen=True, slots=True)
class TableArea:
    """A table that the file itself declares (a ListObject): inclusive 1-based rows and columns of its sheet."""

    name: str
    first_row: int
    first_column: int
    last_row: int
    last_column: int
    header_rows: int = 1
    totals_rows: int = 0


@dataclass(frozen=True, slots=True)
class Locks:
    """Which cells of a protected sheet are locked where its Grid does not reach; rows and columns count from 1.

    A blank cell that has a format of its own tells it, else its row if that has one, else its column; cells of which
    nothing is said are locked. ``open_columns`` are inclusive spans.
    """

    cells: dict[tuple[int, int], bool]
    rows: dict[int, bool]
    open_columns: tuple[tuple[int, int], ...]

    def is_locked(self, row: int, column: int) -> bool:
        """Whether the cell is locked."""
        told = self.cells.get((row, column), self.rows.get(row))
        return not any(low <= column <= high for low, high in self.open_columns) if told is None else told


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as it was read: all used cells as one Grid without a header, and what the file says about tables.

    ``state`` is the sheet's visibility; ``title`` its name. The Grid starts at the sheet's first used row and column.
    ``merges`` are all merged areas (first row, first column, last row, last column, inclusive and from 1), also those
    beyond the Grid; ``locks`` are there where the sheet is protected.
    """

    title: str
    grid: Grid
    tables: tuple[TableArea, ...] = ()
    state: Literal["visible", "hidden", "veryHidden"] = "visible"
    protected: bool = False
    merges: tuple[tuple[int, int, int, int], ...] = ()
    locks: Locks | None = None
