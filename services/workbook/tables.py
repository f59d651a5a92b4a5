"""Which rectangles of a sheet are tables, and which part of a sheet a range means. Headers are found in ``headers``.

Tables that the file declares come first. In what is left, blocks are parted by empty columns and empty rows; an empty
row between rows of the same kind is a gap in one table. Titles above a table, notes below it and lone cells beside it
are no part of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from services.errors import InputError, NotFound
from services.workbook.addresses import Area, parse_area
from services.workbook.grid import (
    MAX_ROW,
    ColumnFormats,
    Grid,
    Scalar,
    Sheet,
    TableArea,
    kind_of,
)
from services.workbook.headers import header_rows, title_rows, with_header

_NOTE = re.compile(
    r"\s*(?:[*＊※]|(?:注|备注|備註|说明|說明|数据来源|資料來源|来源|來源|notes?|sources?)\s*[:：])", re.I
)
_LARGEST_GAP = 2
_Block = tuple[int, int, int, int]
"""First row, row after the last, first column, column after the last; all 0-based in the Grid."""


def find_tables(sheet: Sheet) -> list[Grid]:
    """The tables of a sheet, the declared ones first, then from top to bottom; none for a sheet without cells.

    Where no block looks like a table the largest one counts as one. Lists of one column beside a table of several, and
    blocks of one row, are no tables: a range can name them.
    """
    grid = sheet.grid
    declared = [table for area in sheet.tables if (table := _declared(grid, area)) is not None]
    filled = _filled(grid, sheet.tables)
    blocks = _blocks(grid, filled, (0, grid.row_count, 0, grid.column_count), across=False)
    found = [_trimmed(grid, filled, block) for block in blocks]
    found = [block for block in found if not _has_no_room(block)]
    if declared and found:
        found = [block for block in found if _rows(block) >= 3 and _columns(block) >= 2]
    elif len(found) > 1:
        wide = [block for block in found if _columns(block) >= 2 and _rows(block) >= 2]
        large = [block for block in wide if _rows(block) >= 4]
        wide = [block for block in wide if _rows(block) >= 3] if large else wide
        found = wide or [max(found, key=lambda block: _rows(block) * _columns(block))]
    found.sort()
    return [*declared, *(as_table(cut(grid, *block)) for block in found)]


def as_table(grid: Grid) -> Grid:
    """A rectangle without a header that is one table: titles above it are left out, and its header is found."""
    titles = title_rows(grid)
    return with_header(cut(grid, titles, grid.row_count, 0, grid.column_count) if titles else grid)


def clip(sheet: Sheet, reference: str) -> Grid:
    """The part of a sheet that ``A1:D20``, ``A:C``, ``3:9`` or ``B2`` means, with its header.

    That is its first row if it is one, or the header of the table whose rows the range is taken from.

    Corners may stand in any order. What lies beyond the used cells is left out. Raises ``InputError`` (``bad-range``)
    and ``NotFound`` (``range-outside``) where it holds no used cell, naming those there are.
    """
    grid = sheet.grid
    text = reference.strip().rpartition("!")[2]
    meant = parse_area(text)
    if meant is None:
        raise InputError("bad-range", range=reference)
    bottom, right = grid.first_row + grid.row_count - 1, grid.first_column + grid.column_count - 1
    block = (
        max(meant.first_row, grid.first_row) - grid.first_row,
        min(meant.last_row, bottom) - grid.first_row + 1,
        max(meant.first_column, grid.first_column) - grid.first_column,
        min(meant.last_column, right) - grid.first_column + 1,
    )
    if _has_no_room(block):
        used = ""
        if grid.row_count:
            used = Area(grid.first_row, grid.first_column, bottom, right).notation()
        raise NotFound("range-outside", range=reference, sheet=sheet.title, used=used or "-")
    part = cut(grid, *block)
    header = _header_above(sheet, part)
    if header:
        return replace(part, header=header)
    whole_columns = (meant.first_row, meant.last_row) == (1, MAX_ROW)
    return as_table(part) if whole_columns else with_header(part)


def cut(grid: Grid, top: int, bottom: int, left: int, right: int) -> Grid:
    """The rows ``top`` up to ``bottom`` and columns ``left`` up to ``right`` of a Grid, 0-based, without a header."""
    formats = tuple(
        ColumnFormats(known.default, {row - top: code for row, code in known.other.items() if top <= row < bottom})
        for known in grid.formats[left:right]
    )
    masks = tuple(mask[top:bottom] for mask in grid.masks[left:right])
    return replace(
        grid,
        columns=tuple(column[top:bottom] for column in grid.columns[left:right]),
        header=(),
        formats=formats,
        masks=tuple(mask if any(mask) else b"" for mask in masks) if any(map(any, masks)) else (),
        hidden_rows=frozenset(row - top for row in grid.hidden_rows if top <= row < bottom),
        first_row=grid.first_row + top,
        first_column=grid.first_column + left,
    )


def area(grid: Grid, first_row: int, first_column: int, row_count: int, column_count: int) -> Grid:
    """The rectangle at a place of the sheet (from 1), always of that size: cells beyond those in use are empty."""
    top, left = first_row - grid.first_row, first_column - grid.first_column
    part = cut(grid, max(top, 0), max(top + row_count, 0), max(left, 0), max(left + column_count, 0))
    if (part.row_count, part.column_count) == (row_count, column_count):
        return part
    above = min(max(-top, 0), row_count)
    before = min(max(-left, 0), column_count)
    columns: list[list[Scalar]] = [[None] * row_count for _ in range(column_count)]
    masks = [bytearray(row_count) for _ in range(column_count)]
    for number, column in enumerate(part.columns):
        columns[before + number][above : above + len(column)] = column
        if number < len(part.masks) and part.masks[number]:
            masks[before + number][above : above + len(column)] = part.masks[number]
    formats = (ColumnFormats(),) * before + tuple(
        ColumnFormats(known.default, {row + above: code for row, code in known.other.items()}) for known in part.formats
    )
    return replace(
        part,
        columns=tuple(columns),
        masks=tuple(map(bytes, masks)) if any(map(any, masks)) else (),
        formats=formats if part.formats else (),
        hidden_rows=frozenset(row + above for row in part.hidden_rows),
        first_row=first_row,
        first_column=first_column,
    )


def _header_above(sheet: Sheet, part: Grid) -> tuple[str, ...]:
    """The header, for its own columns, of the table that has all of ``part`` in its rows; empty without one."""
    for table in find_tables(sheet):
        left, top = part.first_column - table.first_column, part.first_row - table.first_row
        inside = top >= 0 and top + part.row_count <= table.row_count
        if inside and left >= 0 and left + part.column_count <= table.column_count:
            return table.header[left : left + part.column_count]
    return ()


def _declared(grid: Grid, table: TableArea) -> Grid | None:
    """The Grid of a table that the file declares, without its totals; None where it lies outside the used cells."""
    top, left = table.first_row - grid.first_row, table.first_column - grid.first_column
    bottom = table.last_row - grid.first_row + 1 - table.totals_rows
    right = table.last_column - grid.first_column + 1
    if top < 0 or left < 0 or top + table.header_rows >= bottom or left >= grid.column_count or top >= grid.row_count:
        return None
    part = cut(grid, top, bottom, left, right)
    return header_rows(part, table.header_rows) if table.header_rows else part


def _filled(grid: Grid, declared: Sequence[TableArea]) -> list[bytes]:
    """For each column one byte per row, 1 where a cell is filled and not part of a declared table."""
    filled = [bytearray(value is not None and value != "" for value in column) for column in grid.columns]
    for table in declared:
        top = max(table.first_row - grid.first_row, 0)
        bottom = min(table.last_row - grid.first_row + 1, grid.row_count)
        left, right = table.first_column - grid.first_column, table.last_column - grid.first_column + 1
        for column in filled[max(left, 0) : max(right, 0)]:
            column[top:bottom] = bytes(max(bottom - top, 0))
    return [bytes(column) for column in filled]


def _blocks(grid: Grid, filled: list[bytes], block: _Block, *, across: bool) -> list[_Block]:
    """Part a block by its empty columns, each part by its empty rows, and so on until nothing is left to part."""
    top, bottom, left, right = block
    if across:
        rows = [any(cells) for cells in zip(*(filled[c][top:bottom] for c in range(left, right)), strict=True)]
        parts = _joined(grid, filled, [(top + a, top + b, left, right) for a, b in _runs(rows)])
    else:
        columns = [1 in filled[c][top:bottom] for c in range(left, right)]
        parts = [(top, bottom, left + a, left + b) for a, b in _runs(columns)]
    if across and parts == [block]:
        return parts
    return [inner for part in parts for inner in _blocks(grid, filled, part, across=not across)]


def _runs(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """The runs of true flags, as (first, after the last)."""
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for at, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = at
        elif not flag and start is not None:
            runs.append((start, at))
            start = None
    return runs


def _joined(grid: Grid, filled: list[bytes], parts: list[_Block]) -> list[_Block]:
    """Join parts that an empty row or two part, where the rows below go on with what the rows above hold."""
    joined: list[_Block] = []
    for part in parts:
        if joined and part[0] - joined[-1][1] <= _LARGEST_GAP and _goes_on(grid, filled, joined[-1], part):
            joined[-1] = (joined[-1][0], part[1], part[2], part[3])
        else:
            joined.append(part)
    return joined


def _goes_on(grid: Grid, filled: list[bytes], above: _Block, below: _Block) -> bool:
    """Whether the first row below has the kinds of values that the last rows above have, column by column."""
    top, bottom, left, right = above
    sample = range(max(top, bottom - 20), bottom)
    kinds = [{kind_of(grid.columns[c][r]) for r in sample if filled[c][r]} for c in range(left, right)]
    used_above = [c - left for c in range(left, right) if kinds[c - left]]
    row = below[0]
    used_below = [c - left for c in range(left, right) if filled[c][row]]
    if len(used_above) == 1:
        return used_below == used_above and kind_of(grid.columns[left + used_above[0]][row]) in kinds[used_above[0]]
    if len(used_below) < max(2, len(used_above) / 2) or not set(used_below) <= set(used_above):
        return False
    if not all(kind_of(grid.columns[left + c][row]) in kinds[c] for c in used_below):
        return False
    # A title and the header below it are both text too, but a title has fewer cells than what it stands above.
    width = max(sum(filled[c][r] for c in range(left, right)) for r in sample)
    if width < 2 or width < len(used_below) / 2:
        return False
    own = cut(grid, below[0], below[1], left, right)
    body_is_text = all(seen <= {"text"} for seen in kinds if seen)
    return not (own.row_count > 2 and with_header(own).header and (not body_is_text or _rows(above) == 1))


def _trimmed(grid: Grid, filled: list[bytes], block: _Block) -> _Block:
    """A block without notes below it: lone texts in rows at its end that say they are notes."""
    top, bottom, left, right = block
    if right - left < 2 or bottom - top < 3:
        return block
    counts = [sum(cells) for cells in zip(*(filled[c][top:bottom] for c in range(left, right)), strict=True)]
    if median(counts) < 2:
        return block
    while bottom - top > 2 and counts[bottom - top - 1] <= 1:
        texts = [grid.columns[c][bottom - 1] for c in range(left, right) if filled[c][bottom - 1]]
        if any(not isinstance(text, str) or not _NOTE.match(text) for text in texts):
            break
        bottom -= 1
    return (top, bottom, left, right)


def _has_no_room(block: _Block) -> bool:
    return _rows(block) <= 0 or _columns(block) <= 0


def _rows(block: _Block) -> int:
    return block[1] - block[0]


def _columns(block: _Block) -> int:
    return block[3] - block[2]
