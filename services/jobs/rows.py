"""Rows of the ledger as the shapes of ``model``, and the columns that a job's end sets."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from services.errors import DeskhandError
from services.jobs.model import Application, Job, JobState, SourceRef, Upload

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""Of an id: none that look alike."""


def job_of(row: Row[Any], folder: Path) -> Job:
    """A row of ``jobs``."""
    return Job(
        id=row.id,
        task=row.task,
        state=row.state,
        surface=row.surface,
        language=row.language,
        request=row.request,
        source=SourceRef(**row.source),
        folder=folder,
        created=_time(row.created),
        title=row.title,
        workbook=row.workbook,
        wishes=row.wishes,
        started=None if row.started is None else _time(row.started),
        finished=None if row.finished is None else _time(row.finished),
        done=row.done,
        total=row.total,
        what=row.what,
        error_code=row.error_code,
        error_parameters=row.error_parameters,
        attempts=row.attempts,
        cancel_wanted=row.cancel_wanted,
        owner=row.owner,
        lease_until=None if row.lease_until is None else _time(row.lease_until),
        summary=row.summary,
    )


def upload_of(row: Row[Any]) -> Upload:
    """A row of ``uploads``."""
    return Upload(row.id, row.name, Path(row.path), row.size, _time(row.created))


def application_of(row: Row[Any]) -> Application:
    """A row of ``applications``."""
    return Application(
        row.job_id, row.n, row.workbook, row.accepted, row.state, row.written, row.conflicts, _time(row.created)
    )


def ended(state: JobState, error: DeskhandError | None = None) -> dict[str, Any]:
    """The columns of a job that ends so."""
    parameters = {} if error is None else error.parameters
    return {
        "state": state,
        "finished": now(),
        "owner": None,
        "lease_until": None,
        "cancel_wanted": False,
        "error_code": None if error is None else error.code,
        "error_parameters": {k: v if isinstance(v, int | float) else str(v) for k, v in parameters.items()},
    }


def new_id() -> str:
    """Twelve lowercase letters and digits that nobody guesses and nobody mistakes."""
    return "".join(secrets.choice(_LETTERS) for _ in range(12))


def plain(text: str) -> str:
    """The text as the ledger can hold it: half a character of a broken name becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def now() -> float:
    """The time as the ledger keeps it: seconds since 1970 in UTC."""
    return datetime.now(UTC).timestamp()


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
