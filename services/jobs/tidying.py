"""Forgetting what is over for long: jobs with their files, and what models answered and were sent."""

from __future__ import annotations

import logging
from contextlib import closing
from datetime import datetime

from services.errors import LedgerError
from services.jobs.ledger import Ledger

_log = logging.getLogger(__name__)


def forget_old(ledger: Ledger, today: datetime) -> None:
    """Forget what ended, or was sent, ``keep_days`` before ``today``. Raises ``LedgerError`` for the ledger's troubles.

    Those of the replies are noted alone: work that asks no model goes on without them.
    """
    ledger.purge(today)
    settings = ledger.settings
    if not settings.replies_file.exists():
        return
    from services.llm.store import Replies

    try:
        with closing(Replies(settings.replies_file)) as replies:
            replies.purge(today, settings.keep_days)
    except LedgerError as error:
        _log.warning("%s", error)
