"""The texts with which macOS and Linux start the service at logon: a launch agent, and a systemd unit."""

from __future__ import annotations

import plistlib

LABEL = "deskhand.serve"


def launch_agent(service: tuple[str, ...]) -> str:
    """The property list for ``~/Library/LaunchAgents`` (see ``launchd.plist(5)``)."""
    agent = {"Label": LABEL, "ProgramArguments": list(service), "RunAtLoad": True}
    return plistlib.dumps(agent).decode("utf-8")


def systemd_unit(service: tuple[str, ...]) -> str:
    """The unit for ``~/.config/systemd/user`` (see ``systemd.service(5)``, command lines)."""
    line = " ".join(_quoted(word) for word in service)
    return f"[Unit]\nDescription=Deskhand\n\n[Service]\nExecStart={line}\n\n[Install]\nWantedBy=default.target\n"


def _quoted(word: str) -> str:
    for mark, written in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$")):
        word = word.replace(mark, written)
    return f'"{word}"'
