"""LibreOffice Calc as a test sees it: open a workbook, select, run a macro, look at the cells.

Starts ``runner`` in the system's Python once. ``Calc.run`` gives everything the macro showed, asked and set.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pyopenvba import ExcelFile

from office_macros.build import modules

HERE = Path(__file__).parent
SYSTEM_PYTHON = "/usr/bin/python3"  # Debian's python3-uno belongs to this one


SWAPPED = (
    "DhHost.bas: environment, files, pauses, UTF-8, message and input boxes, browser, OnUndo, Esc, language, pointer, "
    "the status bar's history",
    "WinHttp.WinHttpRequest.5.1: the same members over Python's http.client, real requests to 127.0.0.1; WinHTTP's "
    "error numbers through DhErrorNumber, as every object's error is number 1 there",
    "Range.Value2, Workbook.Date1904 and a sheet's Parent: functions of DhHost.bas in their place, put into the text "
    "of the modules when they are loaded",
    "truth values of an .xlsx, which LibreOffice takes for formulas: made values again when a workbook is opened",
    "DhRibbon.bas: loaded, but the macro behind each button is called without a ribbon",
)
"""What stands in for the real thing when a story runs here, for the table in docs/office-proof.md."""


class MacroFailed(AssertionError):
    """A macro ended with an error that nothing in it caught."""


@dataclass(slots=True)
class Told:
    """What a macro gave back, and its boxes, questions, requests, status bar, undo and browser, each in order."""

    value: Any = None
    messages: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    status: list[str] = field(default_factory=list)
    undo: list[str] = field(default_factory=list)
    browser: list[str] = field(default_factory=list)


Meanwhile = Callable[[str, Mapping[str, Any]], Any]


@cache
def what_is_missing() -> str:
    """Why LibreOffice can't run here; empty where it can."""
    if not shutil.which("soffice"):
        return "LibreOffice (soffice) is not installed"
    if not Path(SYSTEM_PYTHON).exists():
        return f"{SYSTEM_PYTHON} is not there"
    found = subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False)
    return "" if found.returncode == 0 else f"{SYSTEM_PYTHON} has no module uno (python3-uno)"


def macro_workbook(path: Path) -> Path:
    """Write a workbook with the add-in's modules, this engine's ``DhHost`` and the few modules that tests need."""
    sources = libreoffice_modules()
    with ExcelFile.create_new(path) as workbook:
        project = workbook.vba_project()
        project.delete_module("Module1")
        for name, source in sources.items():
            project.add_module(name, source.replace("\n", "\r\n"))
        workbook.save()
    return path


def libreoffice_modules() -> dict[str, str]:
    """Source by name, lines ending in LF: the add-in's modules, with DhHost as it is here, and those of this folder."""
    swapped = {name: as_libreoffice_takes_it(source) for name, source in modules().items()}
    return swapped | {module.stem: module.read_text("ascii") for module in sorted(HERE.glob("*.bas"))}


def as_libreoffice_takes_it(source: str) -> str:
    """A module with what LibreOffice's objects lack swapped, and nothing else.

    ``x.Value2 = y`` becomes ``DhPutValues x, y`` and ``x.Value2`` becomes ``DhValues(x)``. ``x.Parent``, which is
    nothing for a sheet that a macro added, becomes ``DhBookOf(x)``, and ``x.Date1904`` becomes ``DhDate1904(x)``. A
    choice by ``Err.Number`` asks ``DhErrorNumber`` first. An optional text loses its ``= ""``, which it is without it.
    """
    source = source.replace("\r\n", "\n").replace(' As String = ""', " As String")
    lines = source.replace("Select Case Err.Number", "Select Case DhErrorNumber(Err.Number)").split("\n")
    return "\n".join(line if line.lstrip().startswith("'") else _swapped(line) for line in lines)


def _swapped(line: str) -> str:
    for lacking, reading in ((".Value2", "DhValues"), (".Parent", "DhBookOf"), (".Date1904", "DhDate1904")):
        while found := re.search(rf"\{lacking}\b", line):
            begin = _begin_of_expression(line, found.start())
            before, thing, after = line[:begin], line[begin : found.start()], line[found.end() :]
            if after.startswith(" = ") and not re.search(r"\b(?:If|ElseIf)\b(?!.*\bThen\b)", before):
                line = f"{before}DhPutValues {thing}, {after[3:]}"
            else:
                line = f"{before}{reading}({thing}){after}"
    return line


def _begin_of_expression(line: str, end: int) -> int:
    """Where ``sheet.Range(a, b(1))`` begins that ends at ``end``."""
    depth = 0
    for place in range(end - 1, -1, -1):
        depth += (line[place] == ")") - (line[place] == "(")
        if depth < 0 or (depth == 0 and not (line[place].isalnum() or line[place] in "_.(")):
            return place + 1
    return 0


class Calc:
    """A running LibreOffice; ``close`` ends it."""

    def __init__(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_"))}
        self._runner = subprocess.Popen(
            [SYSTEM_PYTHON, str(HERE / "runner.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            encoding="utf-8",
        )
        self._read()

    def close(self) -> None:
        """End LibreOffice."""
        assert self._runner.stdin
        assert self._runner.stdout
        self._runner.stdin.close()
        self._runner.wait(30)
        self._runner.stdout.close()

    def load(self, path: Path) -> list[str]:
        """Open the workbook with the macros; the names of the modules LibreOffice found in it."""
        return list(self._do("load", path=str(path), guard="DhGuard.DhGuarded", set_host="DhHost.DhTakeHost"))

    def compiles(self, source: str) -> bool:
        """Whether LibreOffice takes a module at all."""
        lines = [line for line in source.splitlines() if not line.startswith("Attribute ")]
        return bool(self._do("compiles", source="\n".join(lines)))

    def environment(self, **variables: str) -> None:
        """What macros see of the system's variables."""
        self._do("environment", variables=variables)

    def open(self, path: Path) -> str:
        """Open a workbook in front of the others; its name, by which it is called from now on."""
        return str(self._do("open", path=str(path)))

    def select(self, book: str, sheet: str, address: str) -> None:
        """Select on a sheet: ``A1:C9`` or ``A1:C9,E1:E9``."""
        self._do("select", book=book, sheet=sheet, address=address)

    def cells(self, book: str, sheet: str, address: str) -> list[list[Any]]:
        """Rows of cells: text, number, None where empty, ``=...`` of a formula."""
        return list(self._do("cells", book=book, sheet=sheet, address=address))

    def values(self, book: str, sheet: str, address: str) -> list[list[Any]]:
        """Rows of values of many cells: text, number, "" where empty."""
        return list(self._do("values", book=book, sheet=sheet, address=address))

    def formats(self, book: str, sheet: str, address: str) -> list[list[str]]:
        """Rows of number formats in LibreOffice's spelling."""
        return list(self._do("formats", book=book, sheet=sheet, address=address))

    def sheets(self, book: str) -> list[str]:
        """The names of a workbook's sheets."""
        return list(self._do("sheets", book=book))

    def used(self, book: str, sheet: str) -> str:
        """The used range of a sheet, such as ``A1:C9``."""
        return str(self._do("used", book=book, sheet=sheet))

    def put(self, book: str, sheet: str, address: str, value: str | float) -> None:
        """Type into a cell, as a person would between two clicks."""
        self._do("put", book=book, sheet=sheet, address=address, value=value)

    def active(self) -> list[str]:
        """The workbook, the sheet and the selection in front."""
        return list(self._do("active"))

    def close_others(self) -> None:
        """Close every workbook but that of the macros."""
        self._do("close_others")

    def run(self, macro: str, *arguments: Any, answers: Sequence[Any] = (), meanwhile: Meanwhile | None = None) -> Told:
        """Run a macro. ``answers`` are what the person types when asked; with none left, they cancel.

        ``meanwhile`` is called with each event while the macro waits: "pause" (true is Esc), "tell" (the number of the
        button, 1 where it gives none), "request", "note". Raises ``MacroFailed`` for an error that reached the top.
        """
        told = Told()
        left = list(answers)

        def event(kind: str, details: Mapping[str, Any]) -> Any:
            reply = meanwhile(kind, details) if meanwhile else None
            if kind == "tell":
                told.messages.append(str(details["text"]))
                return reply or 1
            if kind == "ask":
                told.questions.append(str(details["prompt"]))
                return left.pop(0) if left else None
            if kind == "request":
                told.requests.append(f"{details['method']} {details['target']}")
            elif kind == "note" and details["what"] in ("status", "undo", "browser"):
                getattr(told, details["what"]).append(str(details["value"]))
            return reply

        result = self._do("run", event, macro=macro, arguments=list(arguments))
        if result is None:
            raise MacroFailed(f"{macro} did not run: a module does not compile")
        number, description, source, told.value = result
        if number:
            raise MacroFailed(f"{macro}: error {number} in {source}: {description}")
        return told

    def _do(self, what: str, events: Meanwhile | None = None, **parameters: Any) -> Any:
        self._write({"do": what, **parameters})
        while True:
            reply = self._read()
            if "event" in reply:
                self._write({"answer": events(reply.pop("event"), reply) if events else None})
            elif "failed" in reply:
                raise AssertionError(f"{what}: {reply['failed']}")
            else:
                return reply["done"]

    def _write(self, message: Mapping[str, Any]) -> None:
        assert self._runner.stdin
        self._runner.stdin.write(json.dumps(message) + "\n")
        self._runner.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._runner.stdout
        line = self._runner.stdout.readline()
        if not line:
            raise AssertionError("LibreOffice has ended")
        return dict(json.loads(line))
