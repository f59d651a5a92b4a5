"""What a person goes through before anything is written: one row per change and flag, with a tick, as a Grid.

The lines are those of ``report``; who shows the Grid and what becomes of the ticks is the business of a surface.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from services.messages import Language, message
from services.workbook.changes import ChangeSet
from services.workbook.grid import Grid, Scalar
from services.workbook.report import COLUMNS, ReportLine, report_lines

REVIEW_KEYS = ("accept", "cell", "sheet", *COLUMNS[2:])
"""The columns of a review: a tick, then those of a report, the cell first; titles stand under ``report.title``."""

_PLACES = tuple(COLUMNS.index(key) for key in REVIEW_KEYS[1:])
_STATE = COLUMNS.index("state")


def review_grid(
    tables: Sequence[tuple[Grid, ChangeSet]],
    applied: Collection[str],
    conflicts: Mapping[str, str],
    language: Language,
) -> Grid:
    """The review of a result: table by table its changes, then its flags, told in the person's language.

    ``accept`` is True for what is safe or was applied, False for the other changes, empty for flags and for what a
    check refused. ``conflicts`` has, by id, what to say as the state of a change instead.
    """
    rows: list[tuple[Scalar, ...]] = []
    ids = frozenset(applied)
    for grid, changes in tables:
        for line in report_lines(grid, changes, ids, language):
            told = line.as_row(grid, language)
            if line.id in conflicts:
                told[_STATE] = conflicts[line.id]
            rows.append((_tick(line), *[told[place] for place in _PLACES]))
    return Grid(
        columns=tuple(map(list, zip(*rows, strict=True))) if rows else tuple([] for _ in REVIEW_KEYS),
        header=tuple(message(f"report.title.{key}", language) for key in REVIEW_KEYS),
    )


def _tick(line: ReportLine) -> bool | None:
    if line.applied is None or line.verdict == "rejected":
        return None
    return line.applied or line.verdict == "safe"
