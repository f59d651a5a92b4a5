"""What a command raises when the person has stopped it: the job it ran, and a result that stood by then."""

from __future__ import annotations

from pathlib import Path


class Stopped(Exception):
    """A job was stopped by Ctrl+C or from another terminal. ``written`` is the result, where it stood already."""

    def __init__(self, job_id: str, written: Path | None) -> None:
        super().__init__(job_id)
        self.job_id = job_id
        self.written = written
