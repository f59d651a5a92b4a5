"""A command's job: claimed by the command itself, and ended in the ledger however the command ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from services.errors import DeskhandError, LedgerError, unexpected
from services.jobs.context import LedgerContext, new_owner
from services.jobs.ledger import Ledger, LostLease
from services.jobs.model import Job
from services.tasks.context import Cancelled


@contextmanager
def claimed(
    ledger: Ledger, job: Job, *, show: Callable[[int, int, str], None] = lambda done, total, what: None
) -> Iterator[LedgerContext]:
    """Claim the job for the block, whose end is the job's: done, failed, or cancelled by Ctrl+C or from elsewhere.

    ``show`` is told how far it is. Raises ``Conflict``: ``job-running``, ``job-not-resumable``.
    """
    owner = new_owner()
    job = ledger.claim(job.id, owner)
    with LedgerContext(ledger, job, owner, show) as context:
        try:
            yield context
        except BaseException as error:
            with suppress(LedgerError):  # what stopped it says more
                if isinstance(error, DeskhandError):
                    ledger.finish(job.id, owner, "failed", error=error, summary=context.unfinished)
                elif isinstance(error, KeyboardInterrupt | Cancelled | LostLease):
                    ledger.finish(job.id, owner, "cancelled", summary=context.unfinished)
                else:
                    ledger.finish(job.id, owner, "failed", error=unexpected(error), summary=context.unfinished)
            raise
        with suppress(LedgerError):  # the work is done; the books will call it interrupted
            ledger.finish(job.id, owner, "done", summary=context.summary)
