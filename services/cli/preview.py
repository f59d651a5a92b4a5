"""A first look at the answers before all rows are asked for, for a person at a terminal who can say whether to go on.

What a run costs is told by ``costs``; who answers, and that an answer is not paid twice, is the business of ``llm``.
"""

from __future__ import annotations

import click
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from services.cli.costs import is_terminal, told
from services.cli.progress import ProgressLine
from services.jobs.trial import Trial, forecast
from services.llm.wishes import ModelWishes
from services.messages import Language, message
from services.settings import load_settings
from services.tasks.registry import AnyTask
from services.tasks.source import CellResult, CellSource
from services.workbook.report import report_lines, shown

ROWS_SHOWN = 3
"""Rows that are filled for a first look."""

_WIDEST = 60
"""Characters of an answer on the screen."""


def has_preview(task: AnyTask, request: BaseModel) -> bool:
    """Whether the task can fill a few rows first, and the person has not asked for that already."""
    return "preview" in task.request_type.model_fields and getattr(request, "preview", None) is None


def seen_first(
    task: AnyTask, request: BaseModel, source: CellSource, wishes: ModelWishes, language: Language, *, ask: bool
) -> None:
    """At a terminal, and where a model is to be asked: show what it costs and the first rows, and ask whether to go on.

    Before even the first rows leave this machine a person is asked as well. The answers of these rows are kept and cost
    nothing again. Raises ``click.Abort`` where the person does not go on, and what the task and ``open_model`` raise.
    """
    if not (ask and is_terminal()):
        return
    settings = load_settings()
    with ProgressLine(language, visible=True) as bar:
        cost = forecast(task, request, source, settings, wishes, bar.show)
    if not cost.model_calls:
        return
    click.echo(told(cost, language), err=True)
    if not cost.is_local:
        click.confirm(message("fill.preview_send", language, rows=ROWS_SHOWN), default=True, abort=True, err=True)
    first = request.model_copy(update={"preview": ROWS_SHOWN})
    with ProgressLine(language, visible=True) as bar, Trial(settings, wishes, task, show=bar.show) as trial:
        result: CellResult = task.run(first, source, trial)
    show_answers(Console(stderr=True, highlight=False), result, language)
    click.confirm(message("fill.preview_question", language), default=True, abort=True, err=True)


def show_answers(console: Console, result: CellResult, language: Language) -> None:
    """Print each answer with its cell, and why it should be looked at where it should."""
    rows = RichTable(box=None, show_header=False, pad_edge=False)
    rows.add_column(style="bold")
    rows.add_column(overflow="fold", max_width=24, style="dim")
    rows.add_column(overflow="fold")
    for table in result.tables:
        for line in report_lines(table.grid, table.changes, frozenset(), language):
            if line.code == "fill.title":
                continue
            answer = shown(line.after, table.grid) if line.applied is not None else ""
            told_answer = Text(_clipped(answer) or message("fill.preview_empty", language))
            if line.verdict != "safe":
                told_answer.append(f"\n{line.reason}", style="yellow")
            rows.add_row(line.cell, Text(line.column), told_answer)
    console.print(message("fill.preview_title", language), markup=False)
    console.print(rows)


def _clipped(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= _WIDEST else f"{one_line[: _WIDEST - 1]}…"
