"""What a task is given beside its request: the TaskContext Protocol, which whatever runs a task implements.

No thread, no clock and no model lives here.
"""

from __future__ import annotations

from typing import Protocol


class TaskContext(Protocol):
    """The outside of a running task: where it says how far it is, and where it asks whether it should stop."""

    def progress(self, done: int, total: int, what: str) -> None:
        """Say that ``done`` of ``total`` parts are finished; ``what`` is a message key below ``progress``."""

    def check_cancelled(self) -> None:
        """Raise ``Cancelled`` where the person has asked the task to stop; called between parts."""
