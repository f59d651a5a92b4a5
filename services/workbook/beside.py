"""New columns beside a table: where they stand, and what stands there now, as Grids that have their title cells.

What is put into them is the business of a task; how cells outside a table are written, that of the patchers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from services.errors import InputError
from services.workbook.grid import LOCKED, MAX_COLUMN, MERGED, UNWRITABLE, Grid, Sheet
from services.workbook.rendering import text_of
from services.workbook.tables import area


@dataclass(frozen=True, slots=True)
class Beside:
    """The new columns of one table as they stand now, one Grid for each run of adjacent columns (usually one).

    The Grids have the titles as ``header``, in the order in which they were asked for. Where there is a ``title_row``,
    row 0 of each Grid is the row of the title cells and row ``r + 1`` stands beside row ``r`` of the table; without
    one, row ``r`` does.
    """

    grids: tuple[Grid, ...]
    title_row: bool = True


def columns_beside(table: Grid, titles: Sequence[str], sheet: Sheet) -> Beside:
    """The columns of ``sheet`` that have or shall have these titles beside ``table``, which is a part of it.

    A title that stands in the table's title row (but for case and outer space) means its column. The other titles get
    columns next to each other: the first ones right of the table where neither a row of the table nor its title row
    holds anything, no merge covers a cell, no declared table reaches and, if there are such, nothing is locked.

    The title row is the row above the first row of values: the header's, or where the table has none a row that is
    free there. Without one there are no title cells: the table begins in row 1, stands right under something, or is a
    piece from the middle of a larger table. Raises ``InputError`` (``no-room-beside``).
    """
    above = _header_row(table, sheet)
    standing = _standing(table, titles, sheet, above)
    title_row = above > 0 and above == table.first_row - 1
    missing = standing.count(0)
    start = _first_free(table, missing, sheet, above) if missing else 0
    fresh = range(start, start + missing)
    if not table.header:
        title_row = _is_free(sheet, table.first_row - 1, fresh)
    left = iter(fresh)
    columns = [column or next(left) for column in standing]
    runs = [_run(sheet, table, run, titles[at : at + len(run)], title_row) for at, run in _adjacent(columns)]
    return Beside(tuple(runs), title_row)


def _header_row(table: Grid, sheet: Sheet) -> int:
    """The row of the sheet, from 1, whose cells are the table's header; 0 where there is none.

    A piece of a table has the header of the whole, so the row need not be the one above its first.
    """
    titles = [(column, text.strip()) for column, text in enumerate(table.header, table.first_column) if text.strip()]
    for row in range(table.first_row - 1, 0, -1):
        # In a header of several rows a title may stand above the last one, where that is empty.
        if any(_text(sheet, row, column) for column, _ in titles) and all(
            _text(sheet, row, column) in ("", title) for column, title in titles
        ):
            return row
    return 0


def _standing(table: Grid, titles: Sequence[str], sheet: Sheet, above: int) -> list[int]:
    """For each title the column of the sheet that has it already, 0 where there is none or another title took it."""
    own = reversed(list(enumerate(table.header, table.first_column)))
    known = {_plain(text): column for column, text in own if _plain(text)}
    edge = table.first_column + table.column_count
    row = above or (table.first_row - 1 if not table.header else 0)
    wanted = {_plain(title) for title in titles}
    for run in _title_runs(sheet, row, edge) if row else ():
        # Right at the table, or away from it but ours alone: titles of another table are not meant.
        if run[0] == edge or {_plain(_text(sheet, row, column)) for column in run} <= wanted:
            for column in run:
                if not _is_declared(sheet, row, row, column):
                    known.setdefault(_plain(_text(sheet, row, column)), column)
    return [known.pop(_plain(title), 0) for title in titles]


def _title_runs(sheet: Sheet, row: int, edge: int) -> list[range]:
    """The runs of filled cells in a row from the column ``edge`` on."""
    runs: list[range] = []
    for column in range(edge, sheet.grid.first_column + sheet.grid.column_count):
        if not _text(sheet, row, column):
            continue
        if runs and runs[-1].stop == column:
            runs[-1] = range(runs[-1].start, column + 1)
        else:
            runs.append(range(column, column + 1))
    return runs


def _first_free(table: Grid, count: int, sheet: Sheet, above: int) -> int:
    """The first of ``count`` free columns next to each other, right of the table. Raises ``InputError``."""
    first, last = table.first_row, table.first_row + table.row_count - 1
    if above == first - 1 > 0:
        first = above
    edge = table.first_column + table.column_count
    merged = _merged_columns(sheet, first, last)
    for obstacles in (UNWRITABLE, UNWRITABLE & ~LOCKED):  # where all is locked, the person is told so by the masks
        start = edge
        for column in range(edge, MAX_COLUMN + 1):
            is_titled = above > 0 and _text(sheet, above, column) != ""
            if is_titled or merged[column] or _is_taken(sheet, first, last, column, obstacles):
                start = column + 1
            elif column - start + 1 == count:
                return start
    raise InputError("no-room-beside", sheet=sheet.title, count=count)


def _merged_columns(sheet: Sheet, first: int, last: int) -> list[int]:
    """For each column by its number how many merges reach into these rows of it."""
    steps = [0] * (MAX_COLUMN + 2)
    for top, left, bottom, right in sheet.merges:
        if top <= last and first <= bottom:
            steps[left] += 1
            steps[right + 1] -= 1
    return list(accumulate(steps))


def _is_taken(sheet: Sheet, first: int, last: int, column: int, obstacles: int) -> bool:
    """Whether a cell of the column, in the rows ``first`` to ``last``, is filled or must not be written."""
    grid = sheet.grid
    at = column - grid.first_column
    if at < grid.column_count:
        values = grid.columns[at][max(first - grid.first_row, 0) : max(last - grid.first_row + 1, 0)]
        if values.count(None) != len(values):
            return True
    return _is_declared(sheet, first, last, column) or any(
        mask & obstacles for mask in _mask(sheet, first, last, column)
    )


def _is_declared(sheet: Sheet, first: int, last: int, column: int) -> bool:
    """Whether a table that the file declares reaches into these rows of the column."""
    return any(
        table.first_column <= column <= table.last_column and table.first_row <= last and first <= table.last_row
        for table in sheet.tables
    )


def _is_free(sheet: Sheet, row: int, columns: range) -> bool:
    """Whether the row is there and its cells in these columns are free."""
    if row < 1:
        return False
    merged = _merged_columns(sheet, row, row)
    return not any(merged[column] or _is_taken(sheet, row, row, column, UNWRITABLE) for column in columns)


def _mask(sheet: Sheet, first: int, last: int, column: int) -> bytes:
    """The mask of some cells of a column, those beyond the cells in use as well; merges are left out there."""
    grid = sheet.grid
    at = column - grid.first_column
    if not 0 <= at < grid.column_count:
        locks = sheet.locks
        if locks is None:
            return bytes(last - first + 1)
        return bytes(LOCKED if locks.is_locked(row, column) else 0 for row in range(first, last + 1))
    known = grid.masks[at] if at < len(grid.masks) and grid.masks[at] else bytes(grid.row_count)
    above = max(grid.first_row - first, 0)
    return bytes(above) + known[max(first - grid.first_row, 0) : max(last - grid.first_row + 1, 0)]


def _run(sheet: Sheet, table: Grid, columns: range, titles: Sequence[str], title_row: bool) -> Grid:
    """The Grid of some adjacent columns as they stand now; a title that stands higher in a tall header is shown."""
    first, last = table.first_row - title_row, table.first_row + table.row_count - 1
    part = area(sheet.grid, first, columns.start, last - first + 1, len(columns))
    for values, column in zip(part.columns, columns, strict=True):
        own = column - table.first_column
        if title_row and values[0] is None and own < len(table.header):
            values[0] = table.header[own] or None
    masks = [bytearray(_mask(sheet, first, last, column)) for column in columns]
    for top, left, bottom, right in sheet.merges:
        for column in range(max(left, columns.start), min(right + 1, columns.stop)):
            for row in range(max(top, first), min(bottom, last) + 1):
                if (row, column) != (top, left):
                    masks[column - columns.start][row - first] |= MERGED
    known = tuple(bytes(mask) if any(mask) else b"" for mask in masks)
    return replace(part, header=tuple(titles), masks=known if any(known) else ())


def _adjacent(columns: Sequence[int]) -> list[tuple[int, range]]:
    """The runs of columns that ascend by one, each with the place of its first."""
    runs: list[tuple[int, range]] = []
    for at, column in enumerate(columns):
        if runs and runs[-1][1].stop == column:
            runs[-1] = (runs[-1][0], range(runs[-1][1].start, column + 1))
        else:
            runs.append((at, range(column, column + 1)))
    return runs


def _text(sheet: Sheet, row: int, column: int) -> str:
    """What stands in a cell of the sheet, as text without outer space."""
    grid = sheet.grid
    down, across = row - grid.first_row, column - grid.first_column
    if not (0 <= down < grid.row_count and 0 <= across < grid.column_count):
        return ""
    return text_of(grid.columns[across][down], grid.format_at(down, across), grid.date_system).strip()


def _plain(text: str) -> str:
    return text.strip().casefold()
