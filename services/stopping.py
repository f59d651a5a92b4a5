"""Stopping the service that runs on a folder, from another process. What it does then is in ``cli.serve``."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from services.endpoint import read_endpoint
from services.errors import Conflict, LedgerError
from services.settings import Settings

_SECONDS_TO_ANSWER = 5.0
_SECONDS_TO_STOP = 30.0
"""Longer than it takes to end the requests and the jobs at work (5 and 10 seconds at most)."""


def stop_service(settings: Settings) -> str | None:
    """Stop the service on ``settings.folder`` and wait until it has ended; gives its address, None where none ran.

    Raises ``Conflict`` (``service-hangs``) where it does not stop, and ``LedgerError`` (``ledger-unreachable``).
    """
    if not settings.lock_file.exists() or _is_free(settings, 0):
        return None
    found = read_endpoint(settings.endpoint_file)
    if found is None or not _asked(*found) or not _is_free(settings, _SECONDS_TO_STOP):
        raise Conflict("service-hangs", folder=settings.folder)
    return found[0]


def _is_free(settings: Settings, seconds: float) -> bool:
    """Whether no service holds the folder, or lets go of it within so many seconds."""
    try:
        with FileLock(settings.lock_file, timeout=seconds):
            return True
    except Timeout:
        return False
    except OSError as error:
        raise LedgerError("ledger-unreachable", file=settings.lock_file, folder=settings.folder) from error


def _asked(address: str, token: str) -> bool:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_SECONDS_TO_ANSWER)
    try:
        connection.request("POST", "/v1/stop", headers={"Authorization": f"Bearer {token}"})
        return connection.getresponse().status == 202
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
