"""Putting a finished file in its place: written beside the target, then moved over it in one step.

What is in the file is the business of those who write it.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from services.errors import OutputError, UnreadableFile

_TRIES = 20
_SECONDS_BETWEEN = 0.05
"""On Windows a file that is being read can't be replaced: a virus scanner or a macro reads for milliseconds."""


@contextmanager
def placed(target: Path) -> Iterator[Path]:
    """A path beside ``target`` to write to; moved over ``target`` if the block ends well, removed if it does not.

    A link stays a link: what it leads to is replaced.

    Raises ``OutputError``: ``output-folder-missing``, ``output-locked`` (open elsewhere, or no
    rights), ``output-disk-full``, ``output-is-folder``, ``output-failed``.
    """
    draft: Path | None = None
    try:
        target = target.resolve()
        if target.is_dir():
            raise OutputError("output-is-folder", file=target.name)
        if target.exists() and not target.stat().st_mode & stat.S_IWUSR:
            raise OutputError("output-locked", file=target.name)  # a move would not ask
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=target.suffix[:20], dir=target.parent)
        os.close(handle)
        draft = Path(name)
        yield draft
        _take_permissions(draft, target)
        with draft.open("rb+") as finished:
            os.fsync(finished.fileno())
        into_place(draft, target)
    except OutputError as error:
        if draft is not None and error.parameters.get("file") == draft.name:  # no one knows the draft by its name
            raise OutputError(error.code, **{**error.parameters, "file": target.name}) from error
        raise
    except PermissionError as error:
        raise OutputError("output-locked", file=target.name) from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise OutputError("output-folder-missing", file=target.name, folder=str(target.parent)) from error
    except OSError as error:
        full = error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
        raise OutputError("output-disk-full" if full else "output-failed", file=target.name) from error
    finally:
        if draft is not None:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def into_place(draft: Path, target: Path) -> None:
    """Move ``draft`` over ``target``, waiting about a second for others to end reading it. Raises ``OSError``."""
    for left in reversed(range(_TRIES)):
        try:
            draft.replace(target)
            return
        except PermissionError:
            if not left:
                raise
            time.sleep(_SECONDS_BETWEEN)


def check_place(target: Path) -> None:
    """Raise what ``placed`` raises for a target that can't be written, so that a long run does not end in it."""
    with suppress(_Unused), placed(target):
        raise _Unused


def backup(path: Path) -> Path:
    """Copy ``path`` to ``<name>.bak<ext>`` beside it (``<name>.bak2<ext>`` where that exists), and say where it is."""
    number = 1
    while True:
        copy = path.with_name(f"{path.stem}.bak{'' if number == 1 else number}{path.suffix}")
        if not copy.exists():
            break
        number += 1
    with placed(copy) as draft:
        shutil.copyfile(path, draft)
        shutil.copystat(path, draft)
    return copy


def sha256_of(path: Path) -> str:
    """The SHA-256 of the file's bytes, in hexadecimal. Raises ``UnreadableFile``: ``file-missing``, ``file-locked``."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise UnreadableFile("file-missing", file=path.name) from error
    except OSError as error:
        raise UnreadableFile("file-locked", file=path.name) from error


class _Unused(Exception):
    """Leaves ``placed`` with the target as it was."""


def _take_permissions(draft: Path, target: Path) -> None:
    """Temporary files are private; the result gets the permissions of the file it replaces, else the usual ones."""
    if target.exists():
        shutil.copymode(target, draft)
        return
    mask = os.umask(0)
    os.umask(mask)
    draft.chmod(0o666 & ~mask)
