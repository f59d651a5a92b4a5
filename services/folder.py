"""Where Deskhand keeps its own files: one folder of the person's, fixed per system, or where the environment says.

What lies in it is named in ``settings``. Nothing is imported here that takes time: the command line asks at its start.
"""

from __future__ import annotations

import os
from pathlib import Path

FOLDER_VARIABLE = "DESKHAND_FOLDER"


def data_folder() -> Path:
    r"""``DESKHAND_FOLDER``, else the folder of the system for an application's data.

    Windows ``%LOCALAPPDATA%\Deskhand``, macOS ``~/Library/Application Support/Deskhand``, elsewhere
    ``~/.local/share/Deskhand``.
    """
    named = os.environ.get(FOLDER_VARIABLE, "").strip()
    if named:
        return Path(named).expanduser().absolute()
    import platformdirs

    return platformdirs.user_data_path("Deskhand", appauthor=False)


def private_folder(folder: Path) -> Path:
    """Make ``folder`` where it is missing, for this person alone (0700; Windows has its own rules). Gives it back.

    One that is there keeps its permissions. Raises ``OSError``.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
