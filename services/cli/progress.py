"""The progress line of a command that runs in a terminal: it comes and goes, and never gets into a result."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from services.messages import Language, message


class ProgressLine:
    """Shows how far a task is on standard error, for as long as the ``with`` block lasts."""

    def __init__(self, language: Language, *, visible: bool) -> None:
        """``visible`` false shows nothing (``--json``, or no terminal)."""
        self._language = language
        console = Console(stderr=True)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not (visible and console.is_terminal),
        )
        self._line = self._bar.add_task("", total=None)

    def __enter__(self) -> ProgressLine:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def show(self, done: int, total: int, what: str) -> None:
        """Move the bar and name the part being done."""
        text = message(f"progress.{what}", self._language)
        self._bar.update(self._line, completed=done, total=total, description=text)
