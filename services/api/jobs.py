"""The routes on jobs: how they stand, what they found, stopping them and taking them up again."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, get_args

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel, ConfigDict, Field

from services.api.applications import Applications
from services.api.describing import ANSWERS, answer, tag
from services.api.desk import check_ours, desk
from services.api.job_reply import JobReply, last_standing, local_time, reply_on, what_it_does
from services.api.negotiation import language, wait_seconds, wants_tsv
from services.api.outcome import Outcome, outcome
from services.api.replies import grid_of, json_reply, tsv_reply
from services.errors import InputError, NotFound
from services.jobs.model import Job, JobState
from services.workbook.report import conflict_text
from services.workbook.review import REVIEW_KEYS, review_grid

_ID = re.compile(r"[a-z0-9]{1,40}", re.ASCII)

api = APIBlueprint("jobs", __name__, url_prefix="/v1/jobs", abp_tags=[tag("jobs")])


class JobPath(BaseModel):
    """The job that is meant."""

    job: str = Field(description="The job's id.")


class JobQuery(BaseModel):
    """Which jobs to list."""

    model_config = ConfigDict(extra="forbid")

    workbook: str | None = Field(None, description="Only those on this workbook.")
    state: str | None = Field(None, description="Only those in these states, with commas.")
    applied: bool | None = Field(None, description="1: only those with changes that stand in a host.")
    limit: int = Field(50, ge=1, le=500)


class JobLine(BaseModel):
    """A job in a list; ``applied`` counts the cells of its last application that still stand.

    ``gaps`` counts places that are empty since the model gave no answer.
    """

    job: str
    task: str
    state: str
    created: datetime
    workbook: str
    title: str
    what: str
    changes: int | None
    applied: int
    gaps: int


class JobList(BaseModel):
    """Jobs, the newest first."""

    jobs: list[JobLine]


def job_in(path: JobPath) -> Job:
    """The job that a route's path names. Raises ``NotFound`` (``unknown-job``)."""
    if not _ID.fullmatch(path.job):
        raise NotFound("unknown-job", job=path.job[:40])
    return desk().ledger.get(path.job)


@api.get("", responses={200: answer(JobList), **ANSWERS})
def list_jobs(query: JobQuery) -> Response:
    """The newest jobs."""
    ledger, speaking = desk().ledger, language()
    lines = []
    for job in ledger.list(
        limit=query.limit, states=_states(query.state), workbook=query.workbook, applied=query.applied
    ):
        last = last_standing(job.id)
        lines.append(
            JobLine(
                job=job.id,
                task=job.task,
                state=job.state,
                created=job.created,
                workbook=job.workbook,
                title=job.title,
                what=what_it_does(job, speaking),
                changes=job.summary.get("changes"),
                applied=0 if last is None else last.written,
                gaps=job.gaps,
            )
        )
    if not wants_tsv():
        return json_reply(JobList(jobs=lines))
    rows: list[list[Any]] = [list({**dict(line), "created": local_time(line.created)}.values()) for line in lines]
    return tsv_reply({"count": len(lines)}, grid_of(list(JobLine.model_fields), rows))


@api.get("/<job>", responses={200: answer(JobReply), **ANSWERS})
def show_job(path: JobPath) -> Response:
    """How a job stands; with `Prefer: wait=N` as soon as it has ended, after N seconds at most."""
    job = job_in(path)
    if not job.is_finished and (seconds := wait_seconds()):
        job = desk().runner.wait(job.id, seconds)
    return reply_on(job)


@api.get("/<job>/result", responses={200: answer(Outcome), **ANSWERS})
def show_result(path: JobPath) -> Response:
    """What a job found: each change and each flag; in TSV as the lines of a review sheet."""
    here, job = desk(), job_in(path)
    result = here.result(job)
    applications = Applications(here.ledger, here.settings.journals_folder, job, result.tables)
    with here.alone_on(job):
        applied, conflicts = applications.written_ids(), applications.conflicts()
    if not wants_tsv():
        return json_reply(outcome(job, result, applied, conflicts, language()))
    told = [(table.grid, table.changes) for table in result.tables]
    left_alone = {
        change.id: conflict_text(
            conflicts[change.id],
            grid.address_of(change.row, change.column),
            change.before,
            grid.date_system,
            language(),
        )
        for grid, changes in told
        for change in changes.changes
        if change.id in conflicts
    }
    options = {"job": job.id, "columns": REVIEW_KEYS, "visible_only": bool(job.request.get("visible_only"))}
    return tsv_reply(options, review_grid(told, applied, left_alone, language()))


@api.post("/<job>/cancel", responses={200: answer(JobReply), **ANSWERS})
def cancel_job(path: JobPath) -> Response:
    """Ask a job to stop; what it has finished stays."""
    job = desk().ledger.cancel(job_in(path).id)
    desk().runner.wake()
    return reply_on(job)


@api.post("/<job>/resume", responses={200: answer(JobReply), **ANSWERS})
def resume_job(path: JobPath) -> Response:
    """Take up a job again that failed, was stopped, or is done with gaps."""
    job = job_in(path)
    check_ours(job)
    job = desk().ledger.resume(job.id)
    desk().runner.wake()
    return reply_on(job)


def _states(text: str | None) -> list[JobState] | None:
    if not text:
        return None
    known: dict[str, JobState] = {state: state for state in get_args(JobState)}
    words = [word.strip() for word in text.split(",")]
    for word in words:
        if word not in known:
            raise InputError("option-invalid", option="state", value=word[:100], detail=", ".join(known))
    return [known[word] for word in words]
