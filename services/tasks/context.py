"""What a task is given beside its request: the TaskContext Protocol, which whatever runs a task implements.

No thread, no clock and no model lives here.
"""

from __future__ import annotations

from typing import Any, Protocol

from services.llm.prompts import Prompts
from services.llm.question import Model


class Cancelled(Exception):
    """The person has asked the task to stop. No error: what was finished stays, and the task can be resumed."""


class TaskContext(Protocol):
    """The outside of a running task: where it says how far it is, and where it asks whether it should stop.

    ``kept`` and ``keep`` are the item store: a part that a task has finished (JSON, by a key that says what it is made
    of) outlives a crash, so that a resumed run does not make it again.
    """

    @property
    def model(self) -> Model | None:
        """The model that may be asked; None where none is set or none is wanted: then rules alone do the work."""

    @property
    def prompts(self) -> Prompts:
        """The prompts, a person's own first."""

    def progress(self, done: int, total: int, what: str) -> None:
        """Say that ``done`` of ``total`` parts are finished; ``what`` is a message key below ``progress``."""

    def check_cancelled(self) -> None:
        """Raise ``Cancelled`` where the person has asked the task to stop; called between parts."""

    def kept(self, key: str) -> Any | None:
        """The part that was kept under ``key`` by an earlier run of this job, or None."""

    def keep(self, key: str, part: Any) -> None:
        """Keep a finished part, as JSON can hold it, under ``key``."""
