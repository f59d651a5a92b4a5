"""Calls as asking a model notes them, for the tests of what is kept of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from services.llm.records import Call
from services.llm.store import ToKeep

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def call(**changed: Any) -> Call:
    """A call of 100 tokens sent and 20 received that answered three items."""
    known: dict[str, Any] = {
        "when": NOON,
        "purpose": "clean.values",
        "host": "api.example.com",
        "model": "small",
        "is_local": False,
        "items": 3,
        "outcome": "answered",
        "tokens_in": 100,
        "tokens_out": 20,
        "seconds": 1.5,
        "request": "",
        "reply": "",
    }
    return Call(**{**known, **changed})


def logged(made: Call, job: str = "", cost: float | None = None, *, with_request: bool = False) -> ToKeep:
    """The call as the log takes it; a cost is in euros."""
    return ToKeep(made, job, "clean", cost, "" if cost is None else "EUR", with_request)
