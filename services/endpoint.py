"""``endpoint.txt``: where front ends of the same person find the service, its address and its token, a line each."""

from __future__ import annotations

import errno
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

from services.errors import OutputError
from services.folder import private_folder
from services.workbook.placing import into_place

_DRAFT = ".endpoint."
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d{1,5}", re.ASCII)


def write_endpoint(file: Path, address: str, token: str) -> None:
    """Put address and token into their place in one step. No other user may read them at any time (0600).

    Raises ``OutputError``: ``output-disk-full``, ``output-failed``.
    """
    draft: Path | None = None
    try:
        private_folder(file.parent)
        handle, name = tempfile.mkstemp(prefix=_DRAFT, dir=file.parent)  # made with 0600, before anything is in it
        draft = Path(name)
        with os.fdopen(handle, "w", encoding="ascii", newline="\n") as stream:
            stream.write(f"{address}\n{token}\n")
        into_place(draft, file)
    except OSError as error:
        code = "output-disk-full" if error.errno == errno.ENOSPC else "output-failed"
        raise OutputError(code, file=file.name) from error
    finally:
        if draft is not None:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def remove_drafts(file: Path) -> None:
    """Take away what services left beside ``file`` that were killed while they wrote it; none may be writing now."""
    for draft in file.parent.glob(f"{_DRAFT}*"):
        with suppress(OSError):
            draft.unlink()


def read_endpoint(file: Path) -> tuple[str, str] | None:
    """Address and token, or None where there is no such file or it holds something else.

    An address is one of this machine's own: no other may be told the token.
    """
    try:
        address, token = file.read_text("ascii").splitlines()
    except (OSError, ValueError):
        return None
    return (address, token) if _ADDRESS.fullmatch(address) else None


def remove_endpoint(file: Path, token: str) -> None:
    """Take the file away, if it is still the one with this token."""
    found = read_endpoint(file)
    if found is not None and found[1] == token:
        with suppress(OSError):
            file.unlink(missing_ok=True)
