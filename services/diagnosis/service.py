"""Asking the service, as the add-in does, whether it is there and of this version."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from services.endpoint import read_endpoint

SECONDS = 3.0
"""How long an answer may take on this very machine before the service counts as silent."""

_LARGEST = 65536
"""Bytes read of an answer: whatever listens there may not be ours."""


@dataclass(frozen=True, slots=True)
class ServiceState:
    """``off``: no endpoint file. ``silent``: nobody of ours answers there. ``token``: the token is refused."""

    state: Literal["off", "silent", "token", "ready"]
    address: str = ""
    version: str = ""


def ask_service(endpoint_file: Path) -> ServiceState:
    """Read the endpoint file, and ask the service there for its version and whether it knows the token."""
    found = read_endpoint(endpoint_file)
    if found is None:
        return ServiceState("off")
    address, token = found
    try:
        _, health = _get(address, "/health", {})
        told = json.loads(health)
        version = str(told["version"]) if told["name"] == "deskhand" else ""
        status, _ = _get(address, "/v1/jobs?limit=1", {"Authorization": f"Bearer {token}"})
    except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError):
        return ServiceState("silent", address)
    if not version:
        return ServiceState("silent", address)
    return ServiceState("token" if status in (401, 403) else "ready", address, version)


def _get(address: str, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=SECONDS)
    try:
        connection.request("GET", path, headers={"Accept": "application/json", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read(_LARGEST)
    finally:
        connection.close()
