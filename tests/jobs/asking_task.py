"""A task that asks the model, in the place of ``clean``: each text in capital letters. For tests of what runs tasks.

``PROGRAM`` is the command line with this task, for a process of its own.
"""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, Field

from services.llm.prompts import Prompt
from services.llm.question import Answered, Estimate, Question
from services.messages import Language
from services.tasks import TASKS
from services.tasks.clean.kept import dump, load
from services.tasks.clean.result import CleanedTable, CleanResult
from services.tasks.context import TaskContext
from services.tasks.registry import Task
from services.tasks.source import CellSource
from services.workbook.changes import Change, ChangeSet, Flag, reason
from services.workbook.grid import Grid
from tests.endpoint import Step, answering

PLACE = "tests.jobs.asking_task:CAPITALS"
PROGRAM = (
    f"from services.tasks import TASKS; TASKS['clean'] = {PLACE!r}\n"  # before anything reads it
    "from services.cli import main; main()"
)
PER_CALL = 2
"""Texts in one call at most."""


class Request(BaseModel):
    """Nothing but the language."""

    language: Language = "en"


class Capitals(BaseModel):
    """What is said of one text."""

    capitals: str = Field(description="the text in capital letters")


QUESTION = Question(
    "clean.capitals", Prompt("capitals", "You write.", "Put it into capital letters."), Capitals, most_items=PER_CALL
)


def run(request: Request, source: CellSource, context: TaskContext) -> CleanResult:
    (grid,) = source.tables(None, None)
    if context.model is None:
        return CleanResult(tables=(CleanedTable(grid, ChangeSet(), ()),))
    answers = context.model.ask(QUESTION, items(grid))
    changes, flags = [], []
    for row, (before, answer) in enumerate(zip(grid.columns[0], answers, strict=True)):
        if isinstance(answer, Answered):
            why = (reason("case.upper", count=1, total=1),)
            changes.append(Change(str(row + 1), row, 0, before, answer.value.capitals, why, "case", "safe"))
        else:
            why_not = reason("case.misfit", count=0, total=1)
            flags.append(Flag(f"f{row + 1}", row, 0, before, why_not, "case"))
    found = ChangeSet(tuple(changes), tuple(flags), grid.fingerprint())
    return CleanResult(tables=(CleanedTable(grid, found, ()),), gaps=len(flags))


def estimate(request: Request, source: CellSource, context: TaskContext) -> Estimate:
    (grid,) = source.tables(None, None)
    return Estimate() if context.model is None else context.model.estimate(QUESTION, items(grid))


def items(grid: Grid) -> list[dict[str, Any]]:
    return [{"text": value} for value in grid.columns[0]]


CAPITALS: Task[Request, CellSource, CleanResult] = Task(
    name="clean",
    source="cells",
    request_type=Request,
    result_type=CleanResult,
    estimate=estimate,
    run=run,
    dump=dump,
    load=load,
    options=(),
)


def register(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be the task ``clean``, for all that runs in this process."""
    monkeypatch.setitem(TASKS, "clean", PLACE)


def in_capitals(**changes: Any) -> Step:
    """An endpoint's step that answers as it should; ``changes`` are fields of ``Played``."""
    return answering(lambda item: {"capitals": item["text"].upper()}, **changes)


def without(*texts: str) -> Step:
    """One that has no answer for these texts."""
    return answering(
        lambda item: {"capitals": item["text"].upper()},
        edit=lambda answers: [answer for answer in answers if answer["capitals"].lower() not in texts],
    )


def words(count: int) -> list[str]:
    """Texts to ask about."""
    return [f"text {n}" for n in range(1, count + 1)]


def csv(count: int) -> str:
    """A csv file of them."""
    return "\n".join(["Text", *words(count), ""])
