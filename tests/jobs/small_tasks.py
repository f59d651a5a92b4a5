"""Small tasks for the tests of what runs tasks: each does what its test needs of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel

from services.jobs import work
from services.tasks.context import TaskContext
from services.tasks.registry import Estimate, Task


class Nothing(BaseModel):
    """A request that asks for nothing."""


class Found(BaseModel):
    """A result without tables."""

    text: str
    engine: str = "rules"
    tables: tuple[()] = ()
    gaps: int = 0


Run = Callable[[TaskContext], str]


def register(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """Let the task ``small`` be the only one; what ``run`` gives is its result."""
    task: Task[Nothing, Any, Found] = Task(
        name="small",
        source="cells",
        request_type=Nothing,
        result_type=Found,
        estimate=lambda request, source, context: Estimate(),
        run=lambda request, source, context: Found(text=run(context)),
        dump=lambda result: result.text,
        load=lambda data: Found(text=data),
        options=(),
    )
    monkeypatch.setattr(work, "tasks", lambda: {"small": task})
