"""Opening the page of the service that runs on a folder, from another process: a ticket for it, asked for by token."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlsplit

from services.endpoint import read_endpoint
from services.errors import Conflict, InputError
from services.settings import Settings

_SECONDS_TO_ANSWER = 5.0
_LARGEST = 65536
"""Bytes read of an answer: whatever listens there may not be ours."""


def page_address(settings: Settings, path: str) -> str:
    """The address that opens the page at ``path`` once, within a minute.

    Raises ``InputError`` (``service-not-running``), and ``Conflict`` (``service-hangs``) where it gives no ticket.
    """
    found = read_endpoint(settings.endpoint_file)
    if found is None:
        raise InputError("service-not-running")
    address, token = found
    try:
        ticket = _ticket(address, token)
    except ConnectionRefusedError as error:  # it was killed, and nobody could take its file away
        raise InputError("service-not-running") from error
    except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError) as error:
        raise Conflict("service-hangs", folder=settings.folder) from error
    return f"{address}{path}?ticket={ticket}"


def _ticket(address: str, token: str) -> str:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_SECONDS_TO_ANSWER)
    try:
        connection.request("POST", "/v1/tickets", headers={"Authorization": f"Bearer {token}"})
        answer = json.loads(connection.getresponse().read(_LARGEST))
        return str(answer["ticket"])
    finally:
        connection.close()
