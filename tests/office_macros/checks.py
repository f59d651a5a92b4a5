"""The static checks of VBA modules, each as a function from sources to findings. No test lives here.

Each sees what another misses: pyvbaanalysis undeclared names, wrong calls and types; vbalidator and pyOpenVBA's parser
a missing ``End If``; and only a look at the bytes what a code page would lose.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from pyopenvba.exceptions import VBACompileError
from pyopenvba.interpreter import parse_module

SYSTEMS = {"64 bit": "WIN64=True,VBA7=True", "32 bit": "VBA7=True"}
"""Conditional compilation of the Office versions that the add-in is for (2010 and later)."""

_DECLARATION = re.compile(r"^\s*(?:Public |Private )?Declare (?!PtrSafe )", re.I)


def analysed(modules: Mapping[str, str], folder: Path) -> list[str]:
    """What pyvbaanalysis finds in these modules as one whole project."""
    result = _run("pyvbaanalysis", "--whole-project", str(_written(modules, folder)))
    findings: list[str] = []
    module = ""
    for line in result.stdout.splitlines():
        if re.match(r"\s+\d+:\d+ ", line):
            findings.append(f"{module}:{line.strip()}")
        else:
            module = line.strip()
    assert result.returncode == (1 if findings else 0), result.stdout + result.stderr
    return findings


def validated(modules: Mapping[str, str], folder: Path, system: str) -> list[str]:
    """What vbalidator finds when the modules are compiled for one of ``SYSTEMS``."""
    report = folder / "report.json"
    options = ("--host", "excel", "--define", SYSTEMS[system], "--output", str(report))
    result = _run("vbalidator", *options, str(_written(modules, folder)))
    findings = [line for line in result.stdout.splitlines() if re.match(r"\S+\.bas:\d+: ", line)]
    assert result.returncode == (1 if findings else 0), result.stdout + result.stderr
    return findings


def parsed(modules: Mapping[str, str]) -> list[str]:
    """Where pyOpenVBA's parser stops."""
    findings = []
    for name, source in modules.items():
        try:
            parse_module(source)
        except VBACompileError as error:
            findings.append(f"{name}: {error}")
    return findings


def not_ascii(modules: Mapping[str, str]) -> list[str]:
    """Lines that a code page may lose."""
    return [f"{name}:{number}" for name, number, line in _lines(modules) if not line.isascii()]


def too_long(modules: Mapping[str, str]) -> list[str]:
    """Lines that the VBA editor refuses (1,023 characters), with a margin."""
    return [f"{name}:{number}" for name, number, line in _lines(modules) if len(line) >= 1000]


def not_safe_for_64_bit(modules: Mapping[str, str]) -> list[str]:
    """Calls of Windows without PtrSafe outside of the branch for old versions."""
    findings = []
    old = False
    for name, number, line in _lines(modules):
        word = line.strip().lower()
        if word.startswith("#else"):
            old = True
        elif word.startswith(("#if", "#end if")):
            old = False
        elif not old and _DECLARATION.match(line):
            findings.append(f"{name}:{number}")
    return findings


def without_explicit(modules: Mapping[str, str]) -> list[str]:
    """Modules in which a slip of the pen would be a new variable."""
    return [name for name, source in modules.items() if not re.search(r"^Option Explicit\s*$", source, re.M)]


def _lines(modules: Mapping[str, str]) -> list[tuple[str, int, str]]:
    return [
        (name, number, line)
        for name, source in modules.items()
        for number, line in enumerate(source.replace("\r\n", "\n").split("\n"), 1)
    ]


def _written(modules: Mapping[str, str], folder: Path) -> Path:
    sources = folder / "sources"
    shutil.rmtree(sources, ignore_errors=True)
    sources.mkdir(parents=True)
    for name, source in modules.items():
        (sources / f"{name}.bas").write_bytes(source.encode("utf-8"))
    return sources


def _run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    found = shutil.which(program, path=str(Path(sys.executable).parent)) or shutil.which(program)
    if found is None:
        reason = f"{program} is not installed, which checks VBA"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    return subprocess.run(
        [found, *arguments], capture_output=True, text=True, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"}
    )
