"""What a task that works on cells is given to read: a CellSource, whether it came from a file or over HTTP.

Opening files belongs to ``workbook``; this is only the shape.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from services.workbook.grid import Grid


class CellSource(Protocol):
    """Cells to work on, from a workbook or a text file."""

    @property
    def typed(self) -> bool:
        """Whether a cell can hold a number or a date as such (a workbook), or only its text (csv, tsv)."""

    def tables(self, names: Collection[str] | None, reference: str | None) -> list[Grid]:
        """The tables of all visible sheets or of the sheets named, or the one that a range (A1 notation) means.

        Raises ``NotFound`` where there is no such sheet or rectangle.
        """
