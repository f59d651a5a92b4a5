"""A command as the person would type it next: this very program, with words that need it in quotes."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path


def command(*words: object) -> str:
    """The command line for ``words``, ready to paste into the terminal that this program was started from."""
    line = [_program(), *map(str, words)]
    return subprocess.list2cmdline(line) if os.name == "nt" else shlex.join(line)


def _program() -> str:
    """``deskhand`` where that is this program, else the path it was started by (an environment that is not active)."""
    started = sys.argv[0]
    if not Path(started).stem.startswith("deskhand"):
        return "deskhand"
    found = shutil.which("deskhand")
    same = found is not None and Path(found).exists() and Path(started).exists() and Path(found).samefile(started)
    return "deskhand" if same else started
