"""What a task that adds columns finds, made by hand: ChangeSets over the Grids that a source gives beside a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from services.workbook.beside import Beside
from services.workbook.changes import Applied, Change, ChangeSet, apply
from services.workbook.files import Written, open_source
from services.workbook.grid import Grid, Scalar
from services.workbook.results import write_session


def changes_beside(beside: Beside, answers: Mapping[str, Sequence[Scalar]], code: str | None = None):
    """For each Grid the changes that put a title and answers (one for each row of the table) where nothing stands."""
    made: list[tuple[Grid, ChangeSet]] = []
    for grid in beside.grids:
        changes = []
        for column, title in enumerate(grid.header):
            values = [title, *answers[title]] if beside.title_row else answers[title]
            for row, value in enumerate(values):
                if value is not None and grid.columns[column][row] is None:
                    id_ = str(row * grid.column_count + column + 1)
                    format_ = code if not isinstance(value, str) else None
                    changes.append(Change(id_, row, column, None, value, (), "fill", "safe", number_format=format_))
        made.append((grid, ChangeSet(tuple(changes))))
    return made


def fill(
    path: Path,
    output: Path,
    answers: Mapping[str, Sequence[Scalar]],
    *,
    cells: str | None = None,
    code: str | None = None,
    delimiter: str | None = None,
) -> Written:
    """Add columns to the first table of a file, and write the result with its journal."""
    source = open_source(path, delimiter=delimiter)
    table = source.tables(None, cells)[0]
    tables: list[tuple[Grid, Applied]] = []
    for grid, changes in changes_beside(source.beside(table, list(answers)), answers, code):
        applied = apply(grid, changes, [change.id for change in changes.changes])
        assert applied.conflicts == ()
        tables.append((grid, applied))
    return write_session(source, output, tables)
