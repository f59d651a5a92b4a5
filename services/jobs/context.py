"""The TaskContext of a job: progress and kept parts go to the ledger, and the wish to cancel comes from there.

The task's own thread only notes how far it is; a second thread tells the ledger, a few times a second at most.
"""

from __future__ import annotations

import secrets
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from os import getpid
from threading import Event, Thread
from types import TracebackType
from typing import Any

from services.errors import LedgerError
from services.jobs.ledger import Ledger, LostLease
from services.jobs.model import Job
from services.llm.opening import JobAsking, OpenModel, open_model
from services.llm.prompts import Prompts
from services.llm.question import Model
from services.llm.wishes import ModelWishes
from services.settings import reread
from services.tasks.context import Cancelled

SECONDS_BETWEEN_LOOKS = 0.2
"""Between two looks at how far the task is."""

BEATS_IN_LEASE, MOST_BETWEEN_BEATS = 4, 1.0
"""How often in a lease, and after how many seconds at most, the ledger is told that the worker lives, even where the
task is no further. A wish to cancel is heard of then."""


class LedgerContext:
    """The outside of one leased job, for as long as the ``with`` block lasts."""

    def __init__(
        self,
        ledger: Ledger,
        job: Job,
        owner: str,
        show: Callable[[int, int, str], None] = lambda done, total, what: None,
    ) -> None:
        """``show`` is told how far the task is, in the task's own thread."""
        self.job = job
        self.summary: dict[str, Any] = {}
        """What is noted with the job when it is done."""
        self.lost = False
        """Whether the lease has gone to another worker: then nothing is to be written."""
        self._ledger = ledger
        self._owner = owner
        self._show = show
        self._at = (0, 0, "")
        self._opened: OpenModel | None = None
        self._looked = False
        self._stop = Event()
        self._ended = Event()
        self._teller = Thread(target=self._tell, name=f"job {job.id}", daemon=True)

    def __enter__(self) -> LedgerContext:
        self._teller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._teller.join()
        if self._opened is not None:
            self._opened.close()

    @property
    def model(self) -> Model | None:
        """The model that the settings and the job's wishes name; None where the job is by rules alone.

        Opened when it is first asked for. Raises what ``open_model`` raises.
        """
        if not self._looked:
            job = self.job
            wishes = ModelWishes.model_validate(job.wishes.get("model", {}))
            asking = JobAsking(job.id, job.task, job.created, job.resumed)
            self._opened = open_model(reread(self._ledger.settings), wishes, asking, self.check_cancelled)
            self._looked = True
        return None if self._opened is None else self._opened.model

    @property
    def bill(self) -> dict[str, Any]:
        """What asking the model has cost, for the job's summary; empty where none was asked for."""
        return {} if self._opened is None else self._opened.bill()

    @property
    def unfinished(self) -> dict[str, Any]:
        """The summary of a job that ends before its time: that of an earlier run, with what has been paid by now."""
        return {**self.job.summary, **self.bill}

    @property
    def prompts(self) -> Prompts:
        """The prompts, with those in the data folder first."""
        return Prompts(self._ledger.settings.prompts_folder)

    def progress(self, done: int, total: int, what: str) -> None:
        """Note how far the task is."""
        self._at = (done, total, what)
        self._show(done, total, what)

    def check_cancelled(self) -> None:
        """Raise ``Cancelled`` where somebody wishes the job to stop, or where it is another worker's by now."""
        if self._stop.is_set():
            raise Cancelled

    def kept(self, key: str) -> Any | None:
        """The part that an earlier run of this job kept."""
        return self._ledger.kept(self.job.id, key)

    def keep(self, key: str, part: Any) -> None:
        """Keep a part for a later run of this job."""
        self._ledger.keep(self.job.id, key, part)

    def hold(self) -> None:
        """Make sure, before something is written, that the job is still this worker's and still wanted.

        Raises ``Cancelled``, also where it is another worker's by now.
        """
        try:
            wanted = self._ledger.heartbeat(self.job.id, self._owner)
        except LostLease:
            self.lost = wanted = True
        if wanted:
            self._stop.set()
        self.check_cancelled()

    def stop(self) -> None:
        """Let the task stop at its next check."""
        self._stop.set()

    def _tell(self) -> None:
        pause = min(MOST_BETWEEN_BEATS, self._ledger.settings.lease_seconds / BEATS_IN_LEASE)
        told, when = self._at, time.monotonic()
        while not self._ended.wait(SECONDS_BETWEEN_LOOKS):
            at = self._at
            if at == told and time.monotonic() - when < pause:
                continue
            with suppress(LedgerError):  # told again soon; a lease outlasts many of these
                try:
                    wanted = self._ledger.progress(self.job.id, self._owner, *at)
                except LostLease:
                    self.lost = wanted = True
                told, when = at, time.monotonic()
                if wanted:
                    self._stop.set()
                if self.lost:
                    return


def new_owner() -> str:
    """A name for a worker that no other worker has: machine, process and a random part."""
    return f"{socket.gethostname()}:{getpid()}:{secrets.token_hex(4)}"
