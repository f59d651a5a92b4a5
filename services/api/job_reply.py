"""The reply on a job, the same names in JSON and TSV. What a job is belongs to ``jobs``."""

from __future__ import annotations

from datetime import datetime

from flask import Response
from pydantic import BaseModel

from services.api.desk import desk
from services.api.negotiation import language, wants_tsv
from services.api.replies import grid_of, json_reply, tsv_reply
from services.errors import DeskhandError
from services.jobs.model import Application, Job
from services.messages import Language, message

_FIGURES = (
    *("engine", "changes", "safe", "review", "flags", "gaps"),
    *("calls", "tokens_in", "tokens_out", "cost", "currency", "kept"),
)
"""What of a job's summary is told under the same names."""


class JobTable(BaseModel):
    """One table that a job found. ``range`` (``A2:K200``) is its rows of values only, "" where it has none."""

    sheet: str
    range: str
    header: list[str]


class JobReply(BaseModel):
    """A job. ``what`` says what it is doing; ``engine`` up to ``gaps`` are there once it is done.

    ``gaps`` counts places that are empty since the model gave no answer; ``resume`` asks again for those alone.
    ``calls`` up to ``currency`` are what asking the model has cost, ``kept`` how many answers were known.

    ``application`` is the number of the last time that changes were carried out and still stand, else of the last time
    (0: never), ``applied`` the cells written then that still stand. ``error`` and ``todo`` say why it failed and what
    to do.
    """

    job: str
    task: str
    state: str
    title: str
    workbook: str
    done: int
    total: int
    what: str
    created: datetime
    finished: datetime | None = None
    engine: str | None = None
    changes: int | None = None
    safe: int | None = None
    review: int | None = None
    flags: int | None = None
    gaps: int | None = None
    calls: int | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: float | None = None
    currency: str | None = None
    kept: int | None = None
    application: int = 0
    applied: int = 0
    error: str | None = None
    todo: str | None = None
    error_code: str | None = None
    tables: list[JobTable] = []


def reply_on(job: Job, status: int = 200, **headers: str) -> Response:
    """The answer that tells how a job stands."""
    reply = job_reply(job, language())
    if not wants_tsv():
        return json_reply(reply, status, **headers)
    options = reply.model_dump(exclude={"tables", "created", "finished"})
    times = {
        name: local_time(time) for name, time in (("created", reply.created), ("finished", reply.finished)) if time
    }
    tables = grid_of(("sheet", "range"), [(table.sheet, table.range) for table in reply.tables])
    return tsv_reply({**options, **times}, tables, status, **headers)


def job_reply(job: Job, speaking: Language) -> JobReply:
    """What there is to tell of a job."""
    last = last_standing(job.id)
    error, found = _error_of(job), job.summary
    return JobReply(
        job=job.id,
        task=job.task,
        state=job.state,
        title=job.title,
        workbook=job.workbook,
        done=job.done,
        total=job.total,
        what=what_it_does(job, speaking),
        created=job.created,
        finished=job.finished,
        **{name: found.get(name) for name in _FIGURES},
        application=0 if last is None else last.n,
        applied=0 if last is None else last.written,
        error=None if error is None else error.what(speaking),
        todo=None if error is None else error.todo(speaking),
        error_code=job.error_code,
        tables=[JobTable(**table) for table in found.get("tables", ())],
    )


def last_standing(job_id: str) -> Application | None:
    """The last application of a job of which something stands, else the last one."""
    all_ = desk().ledger.applications(job_id)
    return next((application for application in reversed(all_) if application.stands), all_[-1] if all_ else None)


def local_time(time: datetime) -> str:
    """A time for a person to read, in that of this machine: ``2026-11-22 11:18``."""
    return time.astimezone().strftime("%Y-%m-%d %H:%M")


def what_it_does(job: Job, speaking: Language) -> str:
    """What a running job is doing, as words for a person."""
    return message(f"progress.{job.what}", speaking) if job.what and job.state == "running" else ""


def _error_of(job: Job) -> DeskhandError | None:
    """Why it failed. An uploaded file lies under a name of ours; told is what the person calls it."""
    if job.error_code is None:
        return None
    named = {"file": job.source.name} if job.source.kind == "upload" and "file" in job.error_parameters else {}
    return DeskhandError(job.error_code, **{**job.error_parameters, **named})
