"""A Grid as JSON, for callers that have JSON; macros send ``tsv``.

A scalar is a text, a number, a boolean, null, ``{"date": 45294.25}`` (a serial number in the grid's date system) or
``{"error": "#N/A"}``. Nothing here knows HTTP.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from services.errors import InputError
from services.workbook.addresses import Area, parse_area, parse_cell
from services.workbook.exact import has_surrogates
from services.workbook.grid import (
    FORMULA,
    GENERAL,
    LOCKED,
    MAX_COLUMN,
    MAX_RECTANGLE,
    MERGED,
    RICH,
    CellError,
    ColumnFormats,
    DateSerial,
    DateSystem,
    Grid,
    Scalar,
)

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
        if len(self.columns) > MAX_COLUMN or rows * len(self.columns) > MAX_RECTANGLE:
            raise _bad("columns", f"more than {MAX_COLUMN} columns or {MAX_RECTANGLE} cells")
        for number, column in enumerate(self.columns):
            if len(column) != rows:
                raise _bad(f"columns[{number}]", f"{len(column)} cells instead of {rows}")
        if self.header is not None and len(self.header) != len(self.columns):
            raise _bad("header", f"{len(self.header)} titles for {len(self.columns)} columns")
        first = parse_cell(self.address)
        if first is None:
            raise _bad("address", f"{self.address!r} is not the address of one cell")
        first_row, first_column = first
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

    def _marks(self) -> Mapping[str, tuple[int, list[str]]]:
        return {
            "formulas": (FORMULA, self.formulas),
            "merged": (MERGED, self.merged),
            "rich": (RICH, self.rich),
            "locked": (LOCKED, self.locked),
        }


def json_scalar(value: Scalar) -> str | int | float | bool | dict[str, str | float] | None:
    """A scalar as JSON; an infinite number, which JSON has no form for, as its text."""
    if isinstance(value, CellError):
        return {"error": str(value)}
    if isinstance(value, float) and not math.isfinite(value):
        return str(float(value))
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
        return has_surrogates(value)
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


def _area(where: str, text: str) -> Area:
    found = parse_area(text)
    if found is None:
        raise _bad(where, f"{text!r} is not an address")
    return found


def _bad(where: str, why: str) -> InputError:
    return InputError("grid-json", where=where, why=why)
