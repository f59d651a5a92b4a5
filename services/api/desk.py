"""What a request works with: the settings, the ledger, the runner, the token and the visitors of this service."""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import Event, Lock

from flask import current_app

from services.api.pages.visits import Visits
from services.errors import Conflict, LedgerError
from services.jobs.ledger import Ledger
from services.jobs.model import Job
from services.jobs.runner import Runner
from services.jobs.tidying import forget_old
from services.jobs.work import load_result
from services.settings import Settings, reread
from services.tasks.source import CellResult

_log = logging.getLogger(__name__)

_MOST_RESULTS = 2
"""Results that are kept in memory: the one a person is looking at, and the one before."""


@dataclass(slots=True)
class Desk:
    """One service. ``settings.port`` is the port it listens on."""

    settings: Settings
    ledger: Ledger
    runner: Runner
    token: str
    stopping: Event = field(default_factory=Event)
    """Set once somebody wishes the service to stop; whoever runs it heeds that."""
    visits: Visits = field(default_factory=Visits)
    """Who may see the page."""
    _results: OrderedDict[tuple[str, datetime | None], CellResult] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)
    _alone: dict[str, Lock] = field(default_factory=dict)
    _tidied: date = date.min

    def current(self) -> Settings:
        """The settings as they are now, whoever changed them. Raises what ``reread`` raises."""
        return reread(self.settings)

    def tidy(self) -> None:
        """Forget jobs that are over for long, once a day; where the ledger can't be written just now, the next time."""
        now = datetime.now(UTC)
        if now.date() != self._tidied:
            try:
                forget_old(self.ledger, now)
            except LedgerError as error:
                _log.warning("%s", error)
            else:
                self._tidied = now.date()

    def alone_on(self, job: Job) -> Lock:
        """To be held by whoever reads or writes a job's journals, for one request after the other to do so."""
        return self._alone.setdefault(job.id, Lock())

    def result(self, job: Job) -> CellResult:
        """The result of a job, read once for the requests that follow each other.

        Raises ``Conflict``: ``job-not-done``, ``job-of-terminal``; and ``NotFound`` (``result-gone``).
        """
        check_ours(job)
        with self._lock:
            key = (job.id, job.finished)  # one that is run again has another result then
            if key in self._results:
                self._results.move_to_end(key)
                return self._results[key]
            result: CellResult = load_result(job)
            self._results[key] = result
            if len(self._results) > _MOST_RESULTS:
                self._results.popitem(last=False)
            return result


def check_ours(job: Job) -> None:
    """Raise ``Conflict`` (``job-of-terminal``) for a job that a command ran: the service has no hand in those."""
    if job.surface == "cli":
        raise Conflict("job-of-terminal", job=job.id)


def desk() -> Desk:
    """The service that the current request came to."""
    found: Desk = current_app.extensions["deskhand"]
    return found
