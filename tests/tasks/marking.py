"""A tiny task that adds columns: says of each row how long the first column's text is, but for texts it does not know.

For the tests of what surfaces do with new columns; what it knows can be changed while they run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, SkipValidation

from services.llm.question import Estimate
from services.tasks.context import TaskContext
from services.tasks.registry import Task
from services.tasks.source import CellSource
from services.workbook.changes import Change, ChangeSet, Flag, reason
from services.workbook.grid import Grid, Scalar
from services.workbook.kept_changes import changes_in, changes_out
from services.workbook.tsv import decode_all, encode_all

UNKNOWN: set[str] = set()
"""Texts for which there is no answer."""


class MarkRequest(BaseModel):
    """The titles of the two columns: one of texts, one of numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    into: tuple[str, str] = ("Kind", "Length")
    language: str = "en"


@dataclass(frozen=True, slots=True)
class MarkedTable:
    """The new columns of one table and what would stand in them."""

    grid: Grid
    changes: ChangeSet
    removed_rows: tuple[int, ...] = ()
    misfits: tuple[Any, ...] = ()


class MarkResult(BaseModel):
    """What was found, table by table."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    tables: SkipValidation[tuple[MarkedTable, ...]]
    engine: str = "rules"
    gaps: int = 0


def run(request: MarkRequest, source: CellSource, context: TaskContext) -> MarkResult:
    """Add the columns to every table."""
    made: list[MarkedTable] = []
    for table in source.tables(None, None):
        beside = source.beside(table, request.into)
        for grid in beside.grids:
            made.append(MarkedTable(grid, _changes(grid, table, request, beside.title_row)))
    return MarkResult(tables=tuple(made))


def _changes(grid: Grid, table: Grid, request: MarkRequest, title_row: bool) -> ChangeSet:
    changes: list[Change] = []
    flags: list[Flag] = []
    why = reason("tidy.trim")
    for column, title in enumerate(grid.header):
        texts: list[Scalar] = [None] * title_row + table.columns[0]
        for row, text in enumerate(texts):
            id_ = str(row * grid.column_count + column + 1)
            answer: Scalar = title if row < title_row else _answer(str(text), title == request.into[1])
            if answer is None:
                flags.append(Flag(id_, row, column, None, why, "tidy"))
            elif grid.columns[column][row] is None:
                changes.append(Change(id_, row, column, None, answer, (why,), "tidy", "safe"))
    return ChangeSet(tuple(sorted(changes, key=lambda change: int(change.id))), tuple(flags), grid.fingerprint())


def _answer(text: str, as_number: bool) -> Scalar:
    if text in UNKNOWN:
        return None
    return len(text) if as_number else "long" if len(text) > 3 else "short"


def dump(result: MarkResult) -> Any:
    """A result as JSON."""
    grids = encode_all([table.grid for table in result.tables])
    return {"grids": grids, "changes": [changes_out(table.changes) for table in result.tables]}


def load(data: Any) -> MarkResult:
    """The result that ``dump`` gave."""
    grids = decode_all(data["grids"])[1]
    tables = zip(grids, map(changes_in, data["changes"]), strict=True)
    return MarkResult(tables=tuple(MarkedTable(grid, changes) for grid, changes in tables))


MARK = Task(
    name="mark",
    source="cells",
    request_type=MarkRequest,
    result_type=MarkResult,
    estimate=lambda request, source, context: Estimate(),
    run=run,
    dump=dump,
    load=load,
    options=(),
)
