"""The workers of the service: threads that take jobs from the ledger one after another and end them properly.

What a job does is in ``work``. Everything that a thread can't do across machines is behind ``take`` and the lease, so
that the same ledger can feed workers of another kind.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from threading import Condition, Event, Thread

from services.errors import DeskhandError, LedgerError, unexpected
from services.jobs.context import LedgerContext, new_owner
from services.jobs.ledger import Ledger
from services.jobs.model import Job
from services.jobs.work import run_job
from services.settings import Settings
from services.tasks.context import Cancelled

IDLE_SECONDS = 5.0
"""How long an idle worker waits until it looks for work that nobody in this process has told it of."""

_log = logging.getLogger(__name__)


class Runner:
    """``settings.workers`` threads that run the service's jobs."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self._settings = settings
        self._ledger = ledger
        self._changed = Condition()
        self._changes = 0
        self._stopping = Event()
        self._running: dict[str, LedgerContext] = {}
        self._threads: Sequence[Thread] = ()

    def start(self) -> None:
        """Begin to take jobs."""
        self._stopping.clear()
        self._threads = [
            Thread(target=self._work, args=(new_owner(),), name=f"worker {number}", daemon=True)
            for number in range(1, self._settings.workers + 1)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 10.0) -> None:
        """Take no more jobs and put those at work back into the queue; waits ``seconds`` at most.

        A job that did not stop in time stays leased and is taken up when the service starts again.
        """
        self._stopping.set()
        with self._changed:
            for context in self._running.values():
                context.stop()
            self._changed.notify_all()
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def wake(self) -> None:
        """Say that the ledger has changed: a job was added, resumed or cancelled."""
        with self._changed:
            self._changes += 1
            self._changed.notify_all()

    def wait(self, job_id: str, seconds: float) -> Job:
        """The job as soon as it has ended, or as it stands after ``seconds``. Raises ``NotFound``."""
        until = time.monotonic() + seconds
        while True:
            seen = self._changes
            job = self._ledger.get(job_id)
            left = until - time.monotonic()
            if job.is_finished or left <= 0 or self._stopping.is_set():
                return job
            self._sleep(seen, left)

    def _sleep(self, seen: int, seconds: float) -> None:
        """Wait until somebody says that the ledger has changed since ``seen`` changes, ``seconds`` at most."""
        with self._changed:
            self._changed.wait_for(lambda: self._changes != seen or self._stopping.is_set(), seconds)

    def _work(self, owner: str) -> None:
        while not self._stopping.is_set():
            seen = self._changes
            try:
                job = self._ledger.take(owner)
            except Exception as error:  # the queue can't be read just now; a worker never ends over that
                _log.warning("%s", error, exc_info=not isinstance(error, LedgerError))
                self._stopping.wait(IDLE_SECONDS)
                continue
            if job is None:
                self._sleep(seen, IDLE_SECONDS)
            else:
                self._run(job, owner)

    def _run(self, job: Job, owner: str) -> None:
        try:
            with LedgerContext(self._ledger, job, owner) as context:
                with self._changed:
                    self._running[job.id] = context
                if self._stopping.is_set():
                    context.stop()
                self._end(context, owner)
        except Exception as error:  # how it ended can't be noted: its lease lapses, and it is taken up again
            _log.warning("%s", error, exc_info=not isinstance(error, LedgerError))
        finally:
            with self._changed:
                self._running.pop(job.id, None)
            self.wake()

    def _end(self, context: LedgerContext, owner: str) -> None:
        """Run the job and note how it ended, unless it is another worker's by now."""
        job, ledger = context.job, self._ledger
        try:
            run_job(job, ledger, context)
            ledger.finish(job.id, owner, "done", summary=context.summary)
        except Cancelled:
            if context.lost:
                return
            if self._stopping.is_set() and not ledger.get(job.id).cancel_wanted:
                ledger.give_back(job.id, owner)
            else:
                ledger.finish(job.id, owner, "cancelled", summary=context.unfinished)
        except DeskhandError as error:
            ledger.finish(job.id, owner, "failed", error=error, summary=context.unfinished)
        except Exception as error:
            _log.exception("job %s", job.id)
            ledger.finish(job.id, owner, "failed", error=unexpected(error), summary=context.unfinished)
