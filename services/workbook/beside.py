"""New columns beside a table: where they stand, and what stands there now, as Grids that have their title cells.

What is put into them is the business of a task; how cells outside a table are written, that of the patchers.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.workbook.grid import Grid


@dataclass(frozen=True, slots=True)
class Beside:
    """The new columns of one table as they stand now, one Grid for each run of adjacent columns (usually one).

    The Grids have the titles as ``header``, in the order in which they were asked for. Where there is a ``title_row``,
    row 0 of each Grid is the row of the title cells and row ``r + 1`` stands beside row ``r`` of the table; without
    one, row ``r`` does.
    """

    grids: tuple[Grid, ...]
    title_row: bool = True
