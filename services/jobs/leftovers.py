"""Files that belong to no job any more: folders of jobs that are forgotten, uploads that nobody needs.

Which jobs are forgotten is decided in ``ledger``. Journals stay.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from services.settings import Settings


def remove_leftovers(settings: Settings, jobs: Collection[str], uploads: Collection[Path], eldest: float) -> None:
    """Remove what is neither the folder of one of ``jobs`` nor one of the files ``uploads``, and older than ``eldest``.

    ``eldest`` is in seconds since 1970: a file that was just sent is not in the ledger yet. What another program has
    open stays until the next time.
    """
    for folder in _older(settings.jobs_folder, eldest):
        if folder.name not in jobs:
            shutil.rmtree(folder, ignore_errors=True)
    for draft in _older(settings.journals_folder, eldest):
        if draft.name.startswith("."):  # of a journal whose writer was killed; a finished one stays for good
            with suppress(OSError):
                draft.unlink()
    needed = {path.name for path in uploads}
    for file in _older(settings.uploads_folder, eldest):
        if file.name not in needed:
            with suppress(OSError):
                file.unlink()


def _older(folder: Path, eldest: float) -> Iterator[Path]:
    with suppress(OSError):  # there is no such folder yet
        for path in list(folder.iterdir()):
            with suppress(OSError):
                if path.stat().st_mtime < eldest:
                    yield path
