"""``endpoint.txt``: where front ends of the same person find the service, its address and its token, a line each."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

_TRIES = 20
_SECONDS_BETWEEN = 0.05
"""On Windows a file that a macro is just reading can't be replaced; it reads for milliseconds."""


def write_endpoint(file: Path, address: str, token: str) -> None:
    """Put address and token into their place in one step. No other user may read them at any time (0600)."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".endpoint.", dir=file.parent)  # made with 0600, before anything is in it
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="ascii", newline="\n") as stream:
            stream.write(f"{address}\n{token}\n")
        _replace(draft, file)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def read_endpoint(file: Path) -> tuple[str, str] | None:
    """Address and token, or None where there is no such file or it holds something else."""
    try:
        address, token = file.read_text("ascii").splitlines()
    except (OSError, ValueError):
        return None
    return address, token


def remove_endpoint(file: Path, token: str) -> None:
    """Take the file away, if it is still the one with this token."""
    found = read_endpoint(file)
    if found is not None and found[1] == token:
        with suppress(OSError):
            file.unlink(missing_ok=True)


def _replace(draft: Path, file: Path) -> None:
    for left in reversed(range(_TRIES)):
        try:
            draft.replace(file)
            return
        except PermissionError:
            if not left:
                raise
            time.sleep(_SECONDS_BETWEEN)
