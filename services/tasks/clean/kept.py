"""A result of ``clean`` as JSON and back: all that is needed to show it, apply it and save its recipe later.

Also what is kept of one finished table while a run goes on. Where the JSON lies is the business of whoever runs a task.
"""

from __future__ import annotations

from typing import Any

from services.tasks.clean.result import CleanedTable, CleanResult
from services.tasks.clean.rule import Step
from services.tasks.clean.rulebook import RULEBOOK
from services.workbook.exact import NOT_AS_KEPT, array, plain_text, text_in, text_out, whole
from services.workbook.grid import Grid
from services.workbook.kept_changes import changes_in, changes_out, reason_in, reason_out
from services.workbook.tsv import decode_all, encode_all

VERSION = 2
"""Grows with the shape of what is kept; an older one is not read."""


def dump(result: CleanResult) -> dict[str, Any]:
    """A result as JSON, exactly."""
    return {
        "version": VERSION,
        "engine": result.engine,
        "grids": text_out(encode_all([table.grid for table in result.tables])),
        "tables": [table_out(table) for table in result.tables],
    }


def load(data: Any) -> CleanResult:
    """The result that ``dump`` gave. Raises ``ValueError`` for anything else, also from another version."""
    try:
        if data["version"] != VERSION:
            raise ValueError(data["version"])
        grids = decode_all(text_in(data["grids"]))[1]
        tables = [table_in(part, grid) for part, grid in zip(array(data["tables"]), grids, strict=True)]
        return CleanResult(tables=tuple(tables), engine=plain_text(data["engine"]), gaps=sum(t.gaps for t in tables))
    except NOT_AS_KEPT as error:
        raise ValueError("not a result of clean as it was kept") from error


def table_out(table: CleanedTable) -> dict[str, Any]:
    """What was found in one table as JSON, without its Grid."""
    return {
        "changes": changes_out(table.changes),
        "steps": [_step_out(step) for step in table.steps],
        "misfits": [[_step_out(step), reason_out(why)] for step, why in table.misfits],
        "removed_rows": list(table.removed_rows),
        "answered": table.answered,
        "gaps": table.gaps,
    }


def table_in(data: Any, grid: Grid) -> CleanedTable:
    """What ``table_out`` gave, with its Grid. Raises ``ValueError`` for anything else."""
    try:
        return CleanedTable(
            grid,
            changes_in(data["changes"]),
            tuple(map(_step_in, array(data["steps"]))),
            tuple((_step_in(step), reason_in(why)) for step, why in array(data["misfits"])),
            tuple(map(whole, array(data["removed_rows"]))),
            whole(data["answered"]),
            whole(data["gaps"]),
        )
    except NOT_AS_KEPT as error:
        raise ValueError("not a cleaned table as it was kept") from error


def _step_out(step: Step) -> dict[str, Any]:
    return step.model_dump(mode="json")


def _step_in(data: Any) -> Step:
    types: dict[str, type[Step]] = {rule.name: rule.step_type for rule in RULEBOOK}
    return types[data["rule"]].model_validate(data)
