"""What the ledger gives back: a Job, where its cells come from, and an Application of its changes.

How they are kept is in ``ledger``; nothing here touches a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from services.errors import DeskhandError
from services.messages import Language
from services.settings import LONGEST_LEASE

JobState = Literal["queued", "running", "done", "failed", "cancelled"]
Surface = Literal["http", "cli"]
ApplicationState = Literal["prepared", "written", "undone", "partly"]

FINISHED: tuple[JobState, ...] = ("done", "failed", "cancelled")
"""The states that nothing but the person's wish changes again."""


def has_lapsed(lease_until: float) -> bool:
    """Whether a lease until then, in seconds since 1970, is over.

    One that ends later than any can was made before somebody set the clock back; who works renews it within seconds.
    """
    return not 0 < lease_until - datetime.now(UTC).timestamp() <= LONGEST_LEASE


@dataclass(frozen=True, slots=True)
class SourceRef:
    """Where a job's cells come from: Grids that a host sent, an uploaded file (``ref`` its id) or an absolute path.

    ``name`` is what a person calls it; ``sha256`` is of the file's bytes, "" where nothing is to be compared.
    """

    kind: Literal["grids", "upload", "path"]
    ref: str = ""
    name: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One job as it stood when the ledger was asked.

    ``request`` is the task's request as JSON; ``wishes`` what a command wants done with the result, empty for HTTP.
    ``what`` is a message key below ``progress`` or empty. ``summary`` is there once it is done: ``engine``,
    ``changes``, ``safe``, ``review``, ``flags``, ``gaps``, and ``tables`` with ``sheet``, ``range`` (value rows) and
    ``header``; where a model was asked, also what ``llm.opening`` bills. It stays while the job is run again.
    """

    id: str
    task: str
    state: JobState
    surface: Surface
    language: Language
    request: dict[str, Any]
    source: SourceRef
    folder: Path
    created: datetime
    title: str = ""
    workbook: str = ""
    wishes: dict[str, Any] = field(default_factory=dict)
    started: datetime | None = None
    finished: datetime | None = None
    done: int = 0
    total: int = 0
    what: str = ""
    error_code: str | None = None
    error_parameters: dict[str, Any] = field(default_factory=dict)
    attempts: int = 0
    cancel_wanted: bool = False
    owner: str | None = None
    lease_until: datetime | None = None
    summary: dict[str, Any] = field(default_factory=dict)

    @property
    def interrupted(self) -> bool:
        """Whether it is running in the books, while its worker has given no sign of life for the time of a lease."""
        return self.state == "running" and (self.lease_until is None or has_lapsed(self.lease_until.timestamp()))

    @property
    def gaps(self) -> int:
        """How many places of its result are empty because the model gave no answer; running it again fills them."""
        return int(self.summary.get("gaps", 0))

    @property
    def is_resumable(self) -> bool:
        """Whether it can be taken up again: failed, cancelled, interrupted, or done with gaps.

        A command's job that waits is one too: its command was stopped before it began.
        """
        left_lying = self.interrupted or (self.surface == "cli" and self.state == "queued")
        return self.state in ("failed", "cancelled") or left_lying or (self.state == "done" and self.gaps > 0)

    @property
    def has_result(self) -> bool:
        """Whether there is a result: it is done, or ended otherwise when it was run again."""
        return self.state == "done" or (self.is_finished and "engine" in self.summary)

    @property
    def resumed(self) -> datetime | None:
        """When a person last had it taken up again."""
        seconds = self.summary.get("resumed")
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)

    @property
    def is_finished(self) -> bool:
        """Whether it is done, failed or cancelled."""
        return self.state in FINISHED

    @property
    def error(self) -> DeskhandError | None:
        """Why it failed, with its texts in both languages; None where it did not."""
        return None if self.error_code is None else DeskhandError(self.error_code, **self.error_parameters)


@dataclass(frozen=True, slots=True)
class Application:
    """One time that changes of a job were carried out in a host; ``n`` counts from 1 for each job.

    ``accepted`` counts the changes that the person wanted, ``written`` the cells that the host has confirmed.
    ``conflicts`` are the ids of changes that were left out, with the code that says why. ``prepared`` waits for the
    host's word, ``partly`` has some of its cells taken back.
    """

    job_id: str
    n: int
    workbook: str
    accepted: int
    state: ApplicationState
    written: int
    conflicts: dict[str, str]
    created: datetime

    @property
    def stands(self) -> bool:
        """Whether there is something left to take back."""
        return self.state in ("written", "partly") and self.written > 0


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent to the service: what the person calls it, where it lies, its size in bytes."""

    id: str
    name: str
    path: Path
    size: int
    created: datetime
