"""Putting a finished file in its place: written beside the target, then moved over it in one step.

What is in the file is the business of those who write it.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from services.errors import OutputError


@contextmanager
def placed(target: Path) -> Iterator[Path]:
    """A path beside ``target`` to write to; moved over ``target`` if the block ends well, removed if it does not.

    Raises ``OutputError``: ``output-folder-missing``, ``output-locked`` (open elsewhere, or no
    rights), ``output-disk-full``, ``output-is-folder``, ``output-failed``.
    """
    if target.is_dir():
        raise OutputError("output-is-folder", file=target.name)
    draft: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:80]}.", suffix=target.suffix, dir=target.parent)
        os.close(handle)
        draft = Path(name)
        yield draft
        _take_permissions(draft, target)
        draft.replace(target)
    except PermissionError as error:
        raise OutputError("output-locked", file=target.name) from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise OutputError("output-folder-missing", file=target.name, folder=str(target.parent)) from error
    except OSError as error:
        full = error.errno == errno.ENOSPC
        raise OutputError("output-disk-full" if full else "output-failed", file=target.name) from error
    finally:
        if draft is not None:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


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
    """The SHA-256 of the file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _take_permissions(draft: Path, target: Path) -> None:
    """Temporary files are private; the result gets the permissions of the file it replaces, else the usual ones."""
    if target.exists():
        shutil.copymode(target, draft)
        return
    mask = os.umask(0)
    os.umask(mask)
    draft.chmod(0o666 & ~mask)
