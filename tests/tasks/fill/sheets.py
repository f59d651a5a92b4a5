"""A small bilingual sheet of our own, and a model at a scripted endpoint, for the tests of ``fill``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from services.llm.asking import Asking
from services.llm.prompts import Prompts
from services.tasks.fill.request import FillRequest
from services.tasks.fill.result import FillResult
from services.tasks.fill.task import FILL
from services.workbook.grid import Grid, Scalar
from services.workbook.host import HostCells
from tests.asking import InMemory, model_at
from tests.endpoint import Scripted, answering, scripted
from tests.tasks.quiet import Quiet

Rows = Sequence[Sequence[Scalar]]


def sheet(header: Sequence[str], *rows: Sequence[Scalar], **known: Any) -> Grid:
    """A table with its header in row 1 of the sheet."""
    columns = tuple(map(list, zip(*rows, strict=True)))
    return Grid(columns=columns, header=tuple(header), **{"first_row": 2, "sheet": "Reviews", **known})


REVIEWS = sheet(
    ("Date", "Review"),
    ["2024-03-05", "Delivery took 12 days, very slow."],
    ["2024-03-06", "质量很好，非常满意。"],
    ["2024-03-07", "Great quality, I love it!"],
    ["2024-03-08", None],
    ["2024-03-09", "Delivery took 12 days, very slow."],
)


@contextmanager
def model(answer: Callable[[dict[str, Any]], Mapping[str, Any]], **changes: Any) -> Iterator[tuple[Asking, Scripted]]:
    """A model whose endpoint answers each item by this function."""
    with scripted(answering(answer)) as endpoint:
        asking = model_at(endpoint, InMemory(), **changes)
        try:
            yield asking, endpoint
        finally:
            asking.close()


def filled(grid: Grid, asking: Asking | None = None, **wishes: Any) -> FillResult:
    return FILL.run(FillRequest(**wishes), HostCells("Book1", (grid,)), Quiet(asking, Prompts()))


def told(result: FillResult) -> list[tuple[str, Scalar, str]]:
    """Each change: its cell, what comes into it, and its verdict."""
    return [
        (table.grid.address_of(change.row, change.column), change.after, change.verdict)
        for table in result.tables
        for change in table.changes.changes
    ]


def why(result: FillResult) -> dict[str, str]:
    """Of each change and flag the reason by its cell: the code behind ``fill.``."""
    found = {}
    for table in result.tables:
        for change in table.changes.changes:
            found[table.grid.address_of(change.row, change.column)] = change.reasons[-1].code.removeprefix("fill.")
        for flag in table.changes.flags:
            found[table.grid.address_of(flag.row, flag.column or 0)] = flag.reason.code.removeprefix("fill.")
    return found
