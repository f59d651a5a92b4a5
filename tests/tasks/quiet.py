"""The context of a task that is called as a plain function."""

from __future__ import annotations

from typing import Any


class Quiet:
    """A TaskContext that shows nothing, never cancels and keeps nothing."""

    def progress(self, done: int, total: int, what: str) -> None:
        """Show nothing."""

    def check_cancelled(self) -> None:
        """Go on."""

    def kept(self, key: str) -> Any | None:
        """Nothing was kept."""
        return None

    def keep(self, key: str, part: Any) -> None:
        """Keep nothing."""
