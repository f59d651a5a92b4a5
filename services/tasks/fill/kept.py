"""A result of ``fill`` as JSON and back, exactly. Where the JSON lies is the business of whoever runs a task."""

from __future__ import annotations

from typing import Any

from services.llm.question import Estimate
from services.tasks.fill.changes import FillTable
from services.tasks.fill.result import FillResult
from services.workbook.exact import NOT_AS_KEPT, array, plain_text, text_in, text_out, whole
from services.workbook.kept_changes import changes_in, changes_out
from services.workbook.tsv import decode_all, encode_all

VERSION = 1
"""Grows with the shape of what is kept; an older one is not read."""


def dump(result: FillResult) -> dict[str, Any]:
    """A result as JSON, exactly."""
    return {
        "version": VERSION,
        "engine": result.engine,
        "gaps": result.gaps,
        "filled": result.filled,
        "left": result.left,
        "estimate": None if result.estimate is None else result.estimate.model_dump(mode="json"),
        "grids": text_out(encode_all([table.grid for table in result.tables])),
        "changes": [changes_out(table.changes) for table in result.tables],
    }


def load(data: Any) -> FillResult:
    """The result that ``dump`` gave. Raises ``ValueError`` for anything else, also from another version."""
    try:
        if data["version"] != VERSION:
            raise ValueError(data["version"])
        grids = decode_all(text_in(data["grids"]))[1]
        changes = [changes_in(part) for part in array(data["changes"])]
        estimate = data["estimate"]
        return FillResult(
            tables=tuple(FillTable(grid, part) for grid, part in zip(grids, changes, strict=True)),
            engine=plain_text(data["engine"]),
            gaps=whole(data["gaps"]),
            filled=whole(data["filled"]),
            left=whole(data["left"]),
            estimate=None if estimate is None else Estimate.model_validate(estimate),
        )
    except NOT_AS_KEPT as error:
        raise ValueError("not a result of fill as it was kept") from error
