"""The context of a task that is called as a plain function."""

from __future__ import annotations

from typing import Any

from services.llm.prompts import Prompts
from services.llm.question import Model


class Quiet:
    """A TaskContext that shows nothing, never cancels and keeps nothing; ``model`` is None but for those who set it."""

    def __init__(self, model: Model | None = None, prompts: Prompts | None = None) -> None:
        self.model = model
        self.prompts = prompts or Prompts()

    def progress(self, done: int, total: int, what: str) -> None:
        """Show nothing."""

    def check_cancelled(self) -> None:
        """Go on."""

    def kept(self, key: str) -> Any | None:
        """Nothing was kept."""
        return None

    def keep(self, key: str, part: Any) -> None:
        """Keep nothing."""
