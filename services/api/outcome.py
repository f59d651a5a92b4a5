"""The outcome of a job as a document, with the names of a command's ``--json``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from pydantic import BaseModel

from services.jobs.model import Job
from services.messages import Language
from services.tasks.outcome import table_document
from services.tasks.source import CellResult
from services.workbook.report import report_lines


class OutcomeTable(BaseModel):
    """One table: where it stands, its changes and flags as lines of a report, and what of a recipe did not fit it."""

    sheet: str
    first_cell: str
    rows: int
    columns: int
    header: list[str]
    changes: list[dict[str, Any]]
    flags: list[dict[str, Any]]
    removed_rows: list[int]
    misfits: list[dict[str, str]]


class Outcome(BaseModel):
    """What a job found and what of it was carried out. ``conflicts`` are changes left out the last time, with why."""

    task: str
    engine: str
    input: str
    applied: int
    review: int
    flags: int
    conflicts: dict[str, str]
    tables: list[OutcomeTable]


def outcome(
    job: Job, result: CellResult, applied: Collection[str], conflicts: Mapping[str, str], language: Language
) -> Outcome:
    """The outcome of ``job``, of whose changes those in ``applied`` were carried out."""
    tables, review, flags = [], 0, 0
    for table in result.tables:
        lines = list(report_lines(table.grid, table.changes, applied, language))
        review += sum(1 for line in lines if line.state == "open")
        flags += sum(1 for line in lines if line.state == "flagged")
        tables.append(OutcomeTable(**table_document(table, lines, language)))
    return Outcome(
        task=job.task,
        engine=result.engine,
        input=job.source.name,
        applied=len(applied),
        review=review,
        flags=flags,
        conflicts=dict(conflicts),
        tables=tables,
    )
