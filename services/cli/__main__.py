"""``python -m services.cli``: the command line where the command ``deskhand`` is not looked for, as at logon."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

from services.cli import main

_command = Path(sysconfig.get_path("scripts"), "deskhand.exe" if sys.platform == "win32" else "deskhand")
if _command.exists():  # so that hints at further commands name what the person can type
    sys.argv[0] = str(_command)
main()
