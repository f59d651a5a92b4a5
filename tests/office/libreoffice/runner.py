"""Starts LibreOffice and does what JSON lines on standard input say; run by the system's Python, which has ``uno``.

One line asks, one line answers: ``{"do": "open", "path": ...}`` -> ``{"done": ...}`` or ``{"failed": "why"}``. While a
macro runs, lines ``{"event": "tell", ...}`` come first; each waits for ``{"answer": ...}``. Nothing here knows the
add-in.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]
from com.sun.star.table.CellContentType import EMPTY, FORMULA, TEXT  # type: ignore[import-not-found]
from stand_ins import Host

ALWAYS_RUN_MACROS = 4  # com.sun.star.document.MacroExecMode.ALWAYS_EXECUTE_NO_WARN
FORMULAS = 16  # com.sun.star.sheet.CellFlags.FORMULA
VBA_MODULE = "Rem Attribute VBA_ModuleType=VBAModule\nOption VBASupport 1\n"
LIBRARY = "VBAProject"  # what LibreOffice calls the macros of an Excel file


def main() -> None:
    """Serve until standard input ends."""
    with tempfile.TemporaryDirectory(prefix="deskhand-office-", ignore_cleanup_errors=True) as folder:
        office = _Office(Path(folder))
        try:
            _say({"done": "started"})
            for line in sys.stdin:
                asked = json.loads(line)
                try:
                    _say({"done": getattr(office, f"do_{asked.pop('do')}")(**asked)})
                except Exception as error:
                    _say({"failed": f"{type(error).__name__}: {error}"})
        finally:
            office.stop()


def _say(message: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _bell(event: str, details: Mapping[str, Any]) -> Any:
    """Tell the test what happened inside a macro, and wait for its answer."""
    _say({"event": event, **details})
    return json.loads(sys.stdin.readline())["answer"]


class _Office:
    """One LibreOffice with a profile of its own, and the workbooks open in it by name."""

    def __init__(self, folder: Path) -> None:
        pipe = f"deskhand-{folder.name}"
        self._process = subprocess.Popen(
            [
                "soffice",
                *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"),
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                f"--accept=pipe,name={pipe};urp;",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._desktop = self._connect(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        self._books: dict[str, Any] = {}
        self._host = Host(_bell, self._find)
        self._macros: Any = None

    def _connect(self, address: str) -> Any:
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        for _ in range(600):
            try:
                context = resolver.resolve(address)
                return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
            except Exception:
                if self._process.poll() is not None:
                    break
                time.sleep(0.1)
        raise SystemExit("LibreOffice does not answer")

    def stop(self) -> None:
        try:
            self._desktop.terminate()
            self._process.wait(10)
        except Exception:
            self._process.kill()

    def do_load(self, path: str, guard: str, set_host: str) -> list[str]:
        """Open the workbook that holds the macros, in place of the one before; the names of its modules."""
        if self._macros is not None:
            self._macros.close(True)
        self._macros = self._opened(path)
        self._guard = guard
        try:
            self._script(set_host).invoke((self._host,), (), ())
        except Exception as error:  # the object arrives; what is missed is an interface that nothing needs
            if "XInvocation2" not in str(error):
                raise
        return sorted(self._macros.BasicLibraries.getByName(LIBRARY).getElementNames())

    def do_compiles(self, source: str) -> bool:
        """Whether Basic takes a module; one that it does not take silently disables all macros of its workbook."""
        document = self._desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, ())
        try:
            document.BasicLibraries.VBACompatibilityMode = True
            library = document.BasicLibraries.createLibrary("Check")
            probe = 'Public Function Taken() As String\nTaken = "yes"\nEnd Function\n'
            library.insertByName("Module", VBA_MODULE + source + "\n" + probe)
            script = document.getScriptProvider().getScript(
                "vnd.sun.star.script:Check.Module.Taken?language=Basic&location=document"
            )
            return bool(script.invoke((), (), ())[0] == "yes")
        finally:
            document.close(True)

    def do_environment(self, variables: dict[str, str]) -> None:
        self._host.environment = variables

    def do_run(self, macro: str, arguments: list[Any]) -> Any:
        """Run a Sub or Function through the guard, which answers (error number, description, source, value)."""
        packed = tuple(tuple(one) if isinstance(one, list) else one for one in arguments)
        answer, _, _ = self._script(self._guard).invoke((macro, packed), (), ())
        return _plain(answer)

    def do_open(self, path: str) -> str:
        """Open a workbook. LibreOffice takes truth values of an .xlsx for formulas; they become values again."""
        book = self._opened(path)
        for sheet in book.Sheets:
            for part in sheet.queryContentCells(FORMULAS).Cells:
                if part.Formula in ("=TRUE()", "=FALSE()"):
                    part.setValue(part.Value)
        name = Path(path).name
        self._books[name] = book
        self._activate(book)
        return name

    def do_close_others(self) -> None:
        """Close every workbook but the one that holds the macros."""
        self._books.clear()
        components = self._desktop.getComponents().createEnumeration()
        found = []
        while components.hasMoreElements():
            found.append(components.nextElement())
        for component in found:
            if component.URL != self._macros.URL:
                component.close(True)

    def do_select(self, book: str, sheet: str, address: str) -> None:
        """Bring a sheet to the front and select on it; several areas with commas between."""
        document = self._find(book)
        self._activate(document)
        document.CurrentController.setActiveSheet(document.Sheets.getByName(sheet))
        areas = [document.Sheets.getByName(sheet).getCellRangeByName(area) for area in address.split(",")]
        if len(areas) == 1:
            document.CurrentController.select(areas[0])
            return
        several = document.createInstance("com.sun.star.sheet.SheetCellRanges")
        for area in areas:
            several.addRangeAddress(area.RangeAddress, False)
        document.CurrentController.select(several)

    def do_sheets(self, book: str) -> list[str]:
        return list(self._find(book).Sheets.ElementNames)

    def do_cells(self, book: str, sheet: str, address: str) -> list[list[Any]]:
        """Rows of cells: text, number, None, or the formula of a formula cell."""
        cells = self._range(book, sheet, address)
        return [[_cell(cell) for cell in row] for row in _each(cells)]

    def do_values(self, book: str, sheet: str, address: str) -> list[list[Any]]:
        """Rows of values, quickly: text, number, "" for an empty cell; what formulas gave."""
        return [list(row) for row in self._range(book, sheet, address).getDataArray()]

    def do_formats(self, book: str, sheet: str, address: str) -> list[list[str]]:
        """Rows of number format codes, in LibreOffice's spelling."""
        formats = self._find(book).NumberFormats
        return [
            [formats.getByKey(cell.NumberFormat).FormatString for cell in row]
            for row in _each(self._range(book, sheet, address))
        ]

    def do_used(self, book: str, sheet: str) -> str:
        cursor = self._find(book).Sheets.getByName(sheet).createCursor()
        cursor.gotoEndOfUsedArea(True)
        return str(cursor.AbsoluteName).rpartition(".")[2].replace("$", "")

    def do_put(self, book: str, sheet: str, address: str, value: Any) -> None:
        """What a person types into one cell: a number, or text just as it stands."""
        cell = self._range(book, sheet, address)
        if isinstance(value, str):
            cell.setString(value)
        else:
            cell.setValue(value)

    def do_active(self) -> list[str]:
        """The workbook, the sheet and the selection in front."""
        document = self._desktop.getCurrentComponent()
        return [document.Title, document.CurrentController.ActiveSheet.Name, document.CurrentSelection.AbsoluteName]

    def _find(self, name: str) -> Any:
        """An open workbook by its name, also one that a macro made."""
        if name not in self._books:
            components = self._desktop.getComponents().createEnumeration()
            while components.hasMoreElements():
                document = components.nextElement()
                if document.Title == name:
                    self._books[name] = document
        return self._books[name]

    def _opened(self, path: str) -> Any:
        document = self._desktop.loadComponentFromURL(
            Path(path).as_uri(), "_blank", 0, (_property("MacroExecutionMode", ALWAYS_RUN_MACROS),)
        )
        if document is None:
            raise OSError(f"LibreOffice does not open {path}")
        return document

    def _activate(self, document: Any) -> None:
        document.CurrentController.Frame.activate()

    def _script(self, macro: str) -> Any:
        return self._macros.getScriptProvider().getScript(
            f"vnd.sun.star.script:{LIBRARY}.{macro}?language=Basic&location=document"
        )

    def _range(self, book: str, sheet: str, address: str) -> Any:
        return self._find(book).Sheets.getByName(sheet).getCellRangeByName(address)


def _property(name: str, value: Any) -> Any:
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def _each(cells: Any) -> list[list[Any]]:
    where = cells.RangeAddress
    return [
        [cells.getCellByPosition(column, row) for column in range(where.EndColumn - where.StartColumn + 1)]
        for row in range(where.EndRow - where.StartRow + 1)
    ]


def _cell(cell: Any) -> Any:
    if cell.Type == EMPTY:
        return None
    if cell.Type == FORMULA:
        return cell.Formula
    return cell.String if cell.Type == TEXT else cell.Value


def _plain(value: Any) -> Any:
    """A value of Basic as JSON knows it; arrays of two dimensions come as rows."""
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return repr(value)


if __name__ == "__main__":
    main()
