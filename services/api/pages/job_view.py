"""A job as the page shows it: words and figures for a person, and what can be done with it now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from services.api.desk import desk
from services.api.file_results import files_of
from services.api.files import name_of_result
from services.api.job_reply import local_time
from services.api.pages.usage import Usage
from services.jobs.model import Job
from services.jobs.work import load_result
from services.messages import Language, message
from services.workbook.grid import Grid
from services.workbook.report import ReportLine, report_lines, shown, visible

MOST_LINES = 50
"""Changes, and flags, of which a job's page shows so many."""


@dataclass(frozen=True, slots=True)
class JobView:
    """One job. ``state`` is its key below ``jobs.state``; ``percent`` is there while it runs and can tell how far.

    ``error`` and ``todo`` say why it failed. ``gaps`` counts what a model left open.
    ``files`` can be fetched: their names, and what they are called then.
    """

    id: str
    task: str
    title: str
    state: str
    state_text: str
    created: str
    finished: str
    doing: str
    percent: int | None
    is_live: bool
    is_of_terminal: bool
    can_cancel: bool
    can_resume: bool
    error: str
    todo: str
    engine: str
    changes: int | None
    safe: int
    review: int
    flags: int
    gaps: int
    files: dict[str, str]
    usage: Usage


@dataclass(frozen=True, slots=True)
class LineView:
    """A change or a flag as a row of a table."""

    cell: str
    column: str
    before: str
    after: str
    reason: str
    state: str


@dataclass(frozen=True, slots=True)
class Findings:
    """The first changes and flags of a job, and how many more there are of each."""

    changes: list[LineView]
    flags: list[LineView]
    more_changes: int
    more_flags: int


def view_of(job: Job, usage: Usage, language: Language) -> JobView:
    """The job as a person sees it."""
    state = "interrupted" if job.interrupted else job.state
    error, found = job.error, job.summary
    return JobView(
        id=job.id,
        task=job.task,
        title=job.workbook or job.title or job.source.name,
        state=state,
        state_text=message(f"jobs.state.{state}", language),
        created=local_time(job.created),
        finished=_when(job.finished),
        doing=message(f"progress.{job.what}", language) if job.what and job.state == "running" else "",
        percent=round(100 * job.done / job.total) if job.state == "running" and job.total else None,
        is_live=not job.is_finished,
        is_of_terminal=job.surface == "cli",
        can_cancel=not job.is_finished and not job.cancel_wanted,
        can_resume=job.is_resumable and job.surface == "http",
        error="" if error is None else error.what(language),
        todo="" if error is None else error.todo(language),
        engine=message(f"show.engine_{found['engine']}", language) if found.get("engine") else "",
        changes=found.get("changes"),
        safe=int(found.get("safe", 0)),
        review=int(found.get("review", 0)),
        flags=int(found.get("flags", 0)),
        gaps=job.gaps,
        files={name: name_of_result(job, Path(name)) for name in files_of(job)},
        usage=usage,
    )


def findings_of(job: Job, language: Language) -> Findings:
    """What a job that is done has found, a little of it. Raises ``NotFound`` (``result-gone``)."""
    result = load_result(job) if job.surface == "cli" else desk().result(job)
    changes: list[LineView] = []
    flags: list[LineView] = []
    more_changes = more_flags = 0
    for table in result.tables:
        found = table.changes
        first = replace(
            found,
            changes=found.changes[: MOST_LINES - len(changes)],
            flags=found.flags[: MOST_LINES - len(flags)],
        )
        more_changes += len(found.changes) - len(first.changes)
        more_flags += len(found.flags) - len(first.flags)
        for line in report_lines(table.grid, first, (), language):
            (flags if line.applied is None else changes).append(_line(line, table.grid, language))
    return Findings(changes, flags, more_changes, more_flags)


def _line(line: ReportLine, grid: Grid, language: Language) -> LineView:
    return LineView(
        cell=f"{line.sheet}!{line.cell}" if line.sheet else line.cell,
        column=line.column,
        before=visible(shown(line.before, grid)),
        after=visible(shown(line.after, grid)),
        reason=line.reason,
        state=message(f"report.verdict.{line.verdict}", language),
    )


def _when(time: datetime | None) -> str:
    return "" if time is None else local_time(time)
