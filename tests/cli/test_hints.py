"""A hint is a command that can be pasted as it stands."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import pytest

from services.cli.hints import command

pytestmark = pytest.mark.skipif(os.name == "nt", reason="quotes as a POSIX shell reads them")


def test_a_name_with_spaces_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["pytest"])

    line = command("undo", Path("my files/it's.xlsx"))

    assert shlex.split(line) == ["deskhand", "undo", "my files/it's.xlsx"]


def test_a_program_that_is_not_on_the_path_is_named_by_its_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "deskhand"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(program)])
    monkeypatch.setenv("PATH", "/nowhere")
    assert command("undo") == f"{program} undo"

    monkeypatch.setenv("PATH", str(tmp_path))
    assert command("undo") == "deskhand undo"
