"""What asking a model writes down and looks up: Records, a Protocol of ``asking`` that ``store`` implements on disk.

Nothing here touches a file.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

CallOutcome = Literal["answered", "partly", "void", "failed"]
"""All items answered, some, none that could be used (paid all the same), or no reply at all."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request that left for an endpoint, and what came back. Tokens are as the endpoint counted, else estimated.

    ``request`` and ``reply`` are the very texts (messages as JSON, content of the reply).
    """

    when: datetime
    purpose: str
    host: str
    model: str
    is_local: bool
    items: int
    outcome: CallOutcome
    tokens_in: int
    tokens_out: int
    seconds: float
    request: str
    reply: str
    error: str = ""


class Records(Protocol):
    """What is kept for one job or command. Any thread may use it."""

    def answers(self, keys: Collection[str]) -> Mapping[str, Any]:
        """The kept answers among these keys, as JSON."""

    def keep_answers(self, answers: Mapping[str, Any]) -> None:
        """Keep answers by their keys; on disk, together with it, when the call that gave them is noted."""

    def note(self, call: Call) -> None:
        """Write a call into the log of what left, its reply with it; on disk when this returns."""

    def within_budget(self, tokens_in: int, tokens_out: int) -> bool:
        """Whether a call of this size still fits what the job may spend; the calls noted so far count."""

    def fact(self, endpoint: str, name: str) -> Any | None:
        """What is remembered of an endpoint and model, such as the rung of the ladder, or None."""

    def keep_fact(self, endpoint: str, name: str, value: Any) -> None:
        """Remember it."""
