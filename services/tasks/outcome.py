"""What came of one table of a task on cells as a document, the same on the command line and over HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.messages import Language
from services.tasks.source import CellTable
from services.workbook.report import ReportLine


def table_document(table: CellTable, lines: Iterable[ReportLine], language: Language) -> dict[str, Any]:
    """A table as JSON can hold it: where it stands, its changes and flags, removed rows, steps that no longer fit.

    ``lines`` are those of its report. ``removed_rows`` are rows of the sheet, from 1.
    """
    grid = table.grid
    changes: list[dict[str, Any]] = []
    flags: list[dict[str, Any]] = []
    for line in lines:
        (flags if line.applied is None else changes).append(line.as_json(grid))
    return {
        "sheet": grid.sheet,
        "first_cell": grid.address_of(0, 0),
        "rows": grid.row_count,
        "columns": grid.column_count,
        "header": list(grid.header),
        "changes": changes,
        "flags": flags,
        "removed_rows": [grid.first_row + row for row in table.removed_rows],
        "misfits": [
            {"rule": step.rule, "column": step.column, "why": why.text(language)} for step, why in table.misfits
        ],
    }
