"""A Grid as JSON, for callers that have JSON; macros send ``tsv``.

A scalar is a text, a number, a boolean, null, ``{"date": 45294.25}`` (a serial number in the grid's date system) or
``{"error": "#N/A"}``. Nothing here knows HTTP.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from services.errors import InputError
from services.workbook.grid import (
    FORMULA,
    GENERAL,
    LOCKED,
    MERGED,
    RICH,
    CellError,
    ColumnFormats,
    DateSerial,
    DateSystem,
    Grid,
    Scalar,
    column_letter,
    column_number,
)
from services.workbook.tsv_head import MOST_CELLS, MOST_COLUMNS

JsonScalar = Annotated[
    Any,
    WithJsonSchema(
        {
            "description": "text, number, boolean, null, a date as its serial number, or an error value",
            "anyOf": [
                {"type": "string"},
                {"type": "number"},
                {"type": "boolean"},
                {"type": "null"},
                {
                    "type": "object",
                    "properties": {"date": {"type": "number"}},
                    "required": ["date"],
                    "additionalProperties": False,
                },
                {
                    "type": "object",
                    "properties": {"error": {"type": "string"}},
                    "required": ["error"],
                    "additionalProperties": False,
                },
            ],
        }
    ),
]

_AREA = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})(?::\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6}))?", re.ASCII)
_PLAIN = frozenset((str, int, float, bool, type(None)))
_LARGEST = 10**300
"""Whole numbers from here on can't become a number of a sheet (IEEE 754 doubles end near 1.8e308)."""


class FormatModel(BaseModel):
    """The number format of a column (from 1), or of some of its rows (from 1)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: Annotated[int, Field(ge=1)]
    code: str
    rows: list[int] | None = None


class GridModel(BaseModel):
    """A rectangle of cells, column by column; ``address`` is where its first value cell stands in the sheet.

    ``hidden_rows`` count from 1 within the rectangle. ``formulas``, ``merged`` (covered by a merge), ``rich`` (texts
    with formatting of their own) and ``locked`` list cells or ranges of the sheet, such as ``B7`` or ``B7:B20``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sheet: str = ""
    address: str = "A1"
    date_system: DateSystem = 1900
    header: list[str] | None = None
    columns: list[list[JsonScalar]] = []
    formats: list[FormatModel] = []
    hidden_rows: list[int] = []
    formulas: list[str] = []
    merged: list[str] = []
    rich: list[str] = []
    locked: list[str] = []

    def grid(self) -> Grid:
        """The Grid. Raises ``InputError`` (``grid-json``) that names the place of what can't be understood."""
        rows = len(self.columns[0]) if self.columns else 0
        if len(self.columns) > MOST_COLUMNS or rows * len(self.columns) > MOST_CELLS:
            raise _bad("columns", f"more than {MOST_COLUMNS} columns or {MOST_CELLS} cells")
        for number, column in enumerate(self.columns):
            if len(column) != rows:
                raise _bad(f"columns[{number}]", f"{len(column)} cells instead of {rows}")
        if self.header is not None and len(self.header) != len(self.columns):
            raise _bad("header", f"{len(self.header)} titles for {len(self.columns)} columns")
        first_row, first_column, *other = _area("address", self.address)
        if other != [first_row, first_column]:
            raise _bad("address", f"{self.address} is not the address of one cell")
        return Grid(
            columns=tuple(_column_in(column, number) for number, column in enumerate(self.columns)),
            header=tuple(self.header or ()),
            formats=_formats_in(self.formats, rows, len(self.columns)),
            masks=_masks_in(self._marks(), first_row, first_column, rows, len(self.columns)),
            hidden_rows=frozenset(_rows_in("hidden_rows", self.hidden_rows, rows)),
            date_system=self.date_system,
            first_row=first_row,
            first_column=first_column,
            sheet=self.sheet,
        )

    @classmethod
    def of(cls, grid: Grid) -> GridModel:
        """The model of a Grid. Raises ``ValueError`` for a number that is none (infinite)."""
        return cls(
            sheet=grid.sheet,
            address=grid.address_of(0, 0),
            date_system=grid.date_system,
            header=list(grid.header) if grid.header else None,
            columns=[[json_scalar(value) for value in column] for column in grid.columns],
            formats=[model for number, known in enumerate(grid.formats, 1) for model in _formats_out(number, known)],
            hidden_rows=[row + 1 for row in sorted(grid.hidden_rows)],
            formulas=_marked(grid, FORMULA),
            merged=_marked(grid, MERGED),
            rich=_marked(grid, RICH),
            locked=_marked(grid, LOCKED),
        )

    def _marks(self) -> Mapping[str, tuple[int, list[str]]]:
        return {
            "formulas": (FORMULA, self.formulas),
            "merged": (MERGED, self.merged),
            "rich": (RICH, self.rich),
            "locked": (LOCKED, self.locked),
        }


def json_scalar(value: Scalar) -> str | int | float | bool | dict[str, str | float] | None:
    """A scalar as JSON. Raises ``ValueError`` for a number that is none (infinite)."""
    if isinstance(value, CellError):
        return {"error": str(value)}
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"not a number: {value!r}")
    return {"date": float(value)} if isinstance(value, DateSerial) else value


def _column_in(raw: list[Any], number: int) -> list[Scalar]:
    kinds = set(map(type, raw))
    if kinds <= _PLAIN and not any(map(_is_odd, set(raw))):
        return raw
    column: list[Scalar] = []
    for row, value in enumerate(raw):
        try:
            column.append(_scalar_in(value))
        except ValueError as error:
            raise _bad(f"columns[{number}][{row}]", str(error)) from error
    return column


def _is_odd(value: str | float | None) -> bool:
    """Whether this is no number or text of a sheet."""
    if isinstance(value, str):
        return not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, float):
        return not math.isfinite(value)
    return value is not None and abs(value) >= _LARGEST


def _scalar_in(value: Any) -> Scalar:
    if type(value) in _PLAIN:
        if _is_odd(value):
            raise ValueError("half a character" if isinstance(value, str) else "not a number that a sheet can hold")
        return value  # type: ignore[no-any-return]
    if isinstance(value, dict) and len(value) == 1:
        ((key, inner),) = value.items()
        if key == "date" and type(inner) in (int, float) and not _is_odd(inner):
            return DateSerial(inner)
        if key == "error" and isinstance(inner, str) and not _is_odd(inner):
            return CellError(inner)
    raise ValueError('a cell is a text, a number, true, false, null, {"date": number} or {"error": text}')


def _formats_in(models: Sequence[FormatModel], rows: int, columns: int) -> tuple[ColumnFormats, ...]:
    if not models:
        return ()
    defaults: dict[int, str] = {}
    others: list[dict[int, str]] = [{} for _ in range(columns)]
    for place, model in enumerate(models):
        where, column = f"formats[{place}]", model.column - 1
        if column >= columns:
            raise _bad(where, f"there is no column {model.column}")
        if model.rows is not None:
            others[column].update((row, model.code) for row in _rows_in(f"{where}.rows", model.rows, rows))
        elif column in defaults:
            raise _bad(where, "this column's format stands here twice")
        else:
            defaults[column] = model.code
    return tuple(ColumnFormats(defaults.get(column, GENERAL), others[column]) for column in range(columns))


def _formats_out(number: int, formats: ColumnFormats) -> Iterable[FormatModel]:
    if formats.default != GENERAL or formats.other:
        yield FormatModel(column=number, code=formats.default)
    by_code: dict[str, list[int]] = {}
    for row, code in sorted(formats.other.items()):
        by_code.setdefault(code, []).append(row + 1)
    for code, rows in by_code.items():
        yield FormatModel(column=number, code=code, rows=rows)


def _rows_in(where: str, rows: Iterable[int], row_count: int) -> Iterable[int]:
    for row in rows:
        if not 1 <= row <= row_count:
            raise _bad(where, f"row {row} of {row_count}")
        yield row - 1


def _masks_in(
    marks: Mapping[str, tuple[int, list[str]]], first_row: int, first_column: int, rows: int, columns: int
) -> tuple[bytes, ...]:
    masks = [bytearray(rows) for _ in range(columns)] if any(texts for _, texts in marks.values()) else []
    for name, (bit, texts) in marks.items():
        cells = 0
        for place, text in enumerate(texts):
            top, left, bottom, right = _area(f"{name}[{place}]", text)
            top, bottom, left, right = top - first_row, bottom - first_row, left - first_column, right - first_column
            cells += (bottom - top + 1) * (right - left + 1)
            if top < 0 or left < 0 or bottom >= rows or right >= columns or cells > rows * columns:
                raise _bad(f"{name}[{place}]", f"{text} lies outside of the cells, or cells are named again and again")
            for column in range(left, right + 1):
                mask = masks[column]
                for row in range(top, bottom + 1):
                    mask[row] |= bit
    return tuple(bytes(mask) if any(mask) else b"" for mask in masks) if any(map(any, masks)) else ()


def _marked(grid: Grid, bit: int) -> list[str]:
    """The cells with this bit, column by column, neighbours below one another as one range."""
    found: list[str] = []
    for number, mask in enumerate(grid.masks):
        letters = column_letter(grid.first_column + number)
        marked = (row for row, bits in enumerate(mask) if bits & bit)
        for _, run in groupby(enumerate(marked), key=lambda item: item[1] - item[0]):
            rows = [grid.first_row + row for _, row in run]
            found.append(f"{letters}{rows[0]}" if len(rows) == 1 else f"{letters}{rows[0]}:{letters}{rows[-1]}")
    return found


def _area(where: str, text: str) -> tuple[int, int, int, int]:
    """First row, first column, last row and last column of ``B7`` or ``B7:D20``."""
    found = _AREA.fullmatch(text)
    if not found:
        raise _bad(where, f"{text!r} is not an address")
    row, column = int(found[2]), column_number(found[1])
    last_row, last_column = (int(found[4]), column_number(found[3])) if found[4] else (row, column)
    return min(row, last_row), min(column, last_column), max(row, last_row), max(column, last_column)


def _bad(where: str, why: str) -> InputError:
    return InputError("grid-json", where=where, why=why)
