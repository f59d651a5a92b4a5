"""Cells that a host such as Excel sent: Grids as a source of tables, and current cells beside the tables of a result.

How they travel is in ``tsv`` and ``grid_json``; what a change does to a cell is in ``changes``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from services.errors import Conflict, InputError, NotFound
from services.workbook.beside import Beside, columns_beside
from services.workbook.formats import shows_a_date
from services.workbook.grid import ColumnFormats, DateSerial, Grid, Scalar, Sheet, TableArea, column_letter
from services.workbook.tables import area, as_table, cut


@dataclass(frozen=True, slots=True)
class HostCells:
    """Grids that a person selected in a host, in their order; ``name`` is what a person calls the workbook."""

    name: str
    grids: tuple[Grid, ...]

    @property
    def typed(self) -> bool:
        """A cell of a host holds a number or a date as such."""
        return True

    @property
    def selected(self) -> bool:
        """A person pointed at each of these."""
        return True

    def tables(self, names: Collection[str] | None = None, reference: str | None = None) -> list[Grid]:
        """Each Grid as one table, in their order, or those of the sheets named.

        Numbers whose format shows a date are dates. A Grid with a header keeps it and all its rows. Of one without,
        empty rows and columns at its edges and titles above are left out, and its header is found as for a range.

        Raises ``NotFound``: ``selection-empty`` where no cell holds anything, ``sheet-missing``; and ``InputError``
        (``selection-has-no-range``) for a ``reference``, since a selection is a range already.
        """
        if reference is not None:
            raise InputError("selection-has-no-range", range=reference)
        known = {grid.sheet for grid in self.grids}
        for name in names or ():
            if name not in known:
                raise NotFound("sheet-missing", file=self.name, sheet=name)
        chosen = [grid for grid in self.grids if names is None or grid.sheet in names]
        if all(_is_empty(grid) for grid in chosen):
            raise NotFound("selection-empty", file=self.name)
        return [_table(with_dates(grid)) for grid in chosen]

    def beside(self, table: Grid, titles: Sequence[str]) -> Beside:
        """The columns that have or shall have these titles beside one of ``tables``, as far as they were sent.

        Nothing is known of cells that were not: they are taken for free until the host sends them to an apply. The
        other Grids of the sheet are no place for new columns. Raises ``InputError`` (``no-room-beside``).
        """
        here = [_with_title_row(with_dates(grid)) for grid in self.grids if grid.sheet == table.sheet]
        own = next(grid for grid in here if _holds(grid, table))
        others = tuple(
            TableArea(
                "", g.first_row, g.first_column, g.first_row + g.row_count - 1, g.first_column + g.column_count - 1
            )
            for g in here
            if g is not own
        )
        return columns_beside(table, titles, Sheet(table.sheet, own, others))


def aligned(grids: Sequence[Grid], tables: Sequence[Grid]) -> list[Grid]:
    """The cells as a host holds them now, each as the very rectangle of the table it was sent for, in their order.

    A Grid may have its table's header as first rows, which are left out. Numbers whose format shows a date are dates.
    Raises ``InputError`` (``grid-count``) for another number of Grids, and ``Conflict``: ``range-moved`` for another
    sheet, place or size, ``date-system-changed`` where the workbook counts days otherwise by now.
    """
    if len(grids) != len(tables):
        raise InputError("grid-count", expected=len(tables), sent=len(grids))
    return [_aligned(grid, table) for grid, table in zip(grids, tables, strict=True)]


def value_range(table: Grid) -> str:
    """The rows of values of a table as ``A2:K200``, the header not among them; empty where there are none."""
    if not table.row_count:
        return ""
    right, bottom = table.first_column + table.column_count - 1, table.first_row + table.row_count - 1
    return f"{column_letter(table.first_column)}{table.first_row}:{column_letter(right)}{bottom}"


def with_dates(grid: Grid) -> Grid:
    """The Grid with every number whose number format shows a date, time or duration as a ``DateSerial``."""
    if not any(_may_show_dates(formats) for formats in grid.formats):
        return grid
    known = [*grid.formats, *[ColumnFormats()] * (grid.column_count - len(grid.formats))]
    return replace(grid, columns=tuple(map(_dated, grid.columns, known)))


def _with_title_row(grid: Grid) -> Grid:
    """The Grid with its header, where it has one, as the row of cells that it is in the sheet."""
    if not grid.header or grid.first_row == 1:
        return grid
    whole = area(grid, grid.first_row - 1, grid.first_column, grid.row_count + 1, grid.column_count)
    for column, title in zip(whole.columns, grid.header, strict=True):
        column[0] = title or None
    return replace(whole, header=())


def _holds(grid: Grid, table: Grid) -> bool:
    """Whether the table is a part of the Grid."""
    down, across = table.first_row - grid.first_row, table.first_column - grid.first_column
    return (
        down >= 0
        and across >= 0
        and down + table.row_count <= grid.row_count
        and across + table.column_count <= grid.column_count
    )


def _may_show_dates(formats: ColumnFormats) -> bool:
    return shows_a_date(formats.default) or any(map(shows_a_date, set(formats.other.values())))


def _dated(column: list[Scalar], formats: ColumnFormats) -> list[Scalar]:
    if not _may_show_dates(formats):
        return column
    if not formats.other:
        return [_date(value) for value in column]
    dates = {code for code in {formats.default, *formats.other.values()} if shows_a_date(code)}
    return [_date(value) if formats.at(row) in dates else value for row, value in enumerate(column)]


def _date(value: Scalar) -> Scalar:
    return DateSerial(value) if type(value) is float or type(value) is int else value


def _aligned(grid: Grid, table: Grid) -> Grid:
    above = table.first_row - grid.first_row
    same_sheet = grid.sheet.casefold() == table.sheet.casefold()  # as hosts compare the names of sheets
    same_place = same_sheet and above >= 0 and grid.first_column == table.first_column
    if not (same_place and grid.row_count - above == table.row_count and grid.column_count == table.column_count):
        raise Conflict("range-moved", sheet=table.sheet or "-", range=value_range(table) or "-")
    if grid.date_system != table.date_system:
        raise Conflict("date-system-changed", sheet=table.sheet or "-")
    part = cut(grid, above, grid.row_count, 0, grid.column_count) if above else grid
    return replace(with_dates(part), header=table.header)


def _table(grid: Grid) -> Grid:
    if grid.header:
        return grid
    used = _trimmed(grid)
    found = as_table(used)
    if found.header and found.column_count == 1:
        # Alone in its column, a text that comes again below is a value: someone selected values without their title.
        title = found.header[0].strip().casefold()
        if any(isinstance(value, str) and value.strip().casefold() == title for value in found.columns[0]):
            return used
    return found


def _is_empty(grid: Grid) -> bool:
    return all(value is None or value == "" for column in grid.columns for value in column)


def _trimmed(grid: Grid) -> Grid:
    """The Grid without empty rows and columns at its edges; one without any value as it is."""
    columns = [number for number, column in enumerate(grid.columns) if any(v is not None and v != "" for v in column)]
    if not columns:
        return grid
    used = grid.columns[columns[0] : columns[-1] + 1]

    def filled(row: int) -> bool:
        return any(column[row] is not None and column[row] != "" for column in used)

    top = next(row for row in range(grid.row_count) if filled(row))
    bottom = next(row for row in reversed(range(grid.row_count)) if filled(row)) + 1
    return cut(grid, top, bottom, columns[0], columns[-1] + 1)
