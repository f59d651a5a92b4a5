"""The context of a task that is called as a plain function."""

from __future__ import annotations


class Quiet:
    """A TaskContext that shows nothing and never cancels."""

    def progress(self, done: int, total: int, what: str) -> None:
        """Show nothing."""

    def check_cancelled(self) -> None:
        """Go on."""
