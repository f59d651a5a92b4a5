"""What starts at logon is the service itself, and it starts where there is no console to write to."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from services.diagnosis.service import ask_service
from services.installing.surroundings import service_command, this_machine
from tests.installing.machines import MemoryRegistry, windows
from tests.serving import PROJECT, SECONDS_TO_START, free_port

SILENT = """
import runpy, sys
sys.stdin = sys.stdout = sys.stderr = None  # as under pythonw
sys.argv = ["deskhand", *sys.argv[1:]]
runpy.run_module("services.cli", run_name="__main__")
"""


def started(words: list[str], folder: Path) -> str:
    """Start ``words``, and what the service there says of itself; the process ends with the test."""
    environment = {"PYTHONPATH": str(PROJECT), "DESKHAND_FOLDER": str(folder), "DESKHAND_PORT": str(free_port())}
    process = subprocess.Popen(
        words, env={**os.environ, **environment}, cwd=folder.parent, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        end = time.monotonic() + SECONDS_TO_START
        while (state := ask_service(folder / "endpoint.txt").state) != "ready":
            if process.poll() is not None or time.monotonic() > end:
                break
            time.sleep(0.05)
        return state
    finally:
        process.kill()
        process.wait()


def test_the_command_that_is_started_at_logon_starts_the_service(tmp_path: Path) -> None:
    assert started(list(service_command(this_machine())), tmp_path / "data") == "ready"


def test_the_service_starts_where_there_is_no_console(tmp_path: Path) -> None:
    assert started([sys.executable, "-P", "-c", SILENT, "serve"], tmp_path / "data") == "ready"


def test_windows_starts_it_with_the_python_that_opens_no_window(tmp_path: Path) -> None:
    machine = windows(tmp_path, MemoryRegistry())

    assert service_command(machine)[0] == str(machine.python.with_name("pythonw.exe"))


def test_a_python_without_one_is_used_as_it_is(tmp_path: Path) -> None:
    machine = windows(tmp_path, MemoryRegistry())
    machine.python.with_name("pythonw.exe").unlink()

    assert service_command(machine)[0] == str(machine.python)


@pytest.mark.parametrize("text", ["", "http://127.0.0.1:1\n", "not an address at all\n", "http://[::1\ntoken\n"])
def test_an_endpoint_file_that_means_nothing_is_no_service(tmp_path: Path, text: str) -> None:
    (tmp_path / "endpoint.txt").write_text(text)

    assert ask_service(tmp_path / "endpoint.txt").state in ("off", "silent")
