"""Which of many rectangles of a sheet covers a cell, asked quickly. Their notation is in ``workbook.addresses``."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from services.workbook.addresses import Area


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
