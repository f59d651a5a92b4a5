"""Excel in memory: the add-in's modules run by pyOpenVBA's interpreter, with real HTTP to 127.0.0.1.

For stories and module tests::

    with running_service(folder) as service:
        excel = Excel(addin_modules(), folder=service.folder)
        excel.new_workbook()
        excel.put("A1", [["Name", "Amount"], ["Ann ", "1,234.5"]])
        excel.select("A1:B2")
        excel.click("DhRibbonClean")
        assert excel.told == []                     # message boxes: texts; excel.told_kinds has their numbers
        assert excel.value("B2") == 1234.5

``say(...)`` queues answers for message boxes (6 = yes, 7 = no; 1 where nothing is queued) and for input boxes (text, or
``False`` for Cancel); ``asked`` has the input boxes' prompts. ``status`` is the history of the status bar ("" gives it
back), ``undo`` the registered (label, macro), ``browsed`` the addresses handed to the browser (none without
``has_browser``), ``requests`` every (method, path, status). ``on_pause`` is called with
the number of each pause, from 1, and ``on_request`` with method and path of each request before it is sent: press Esc
there (``excel.escape()``), stop the service, edit a cell, and so on. Esc raises error 18 in a pause, and in a request
where DhCancelKey 2 holds. Time does not pass: a pause adds to a clock of its own, and only a request takes real time.
``switches()`` says what ScreenUpdating and the like are now.

What is swapped for real Excel: ``SWAPPED``. Nothing here builds the add-in's file but ``addin_modules``.
"""

from __future__ import annotations

import dataclasses
import functools
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pyopenvba import ExcelFile
from pyopenvba.apps.excel import ExcelApplication, SheetView
from pyopenvba.apps.excel import _formats as formats
from pyopenvba.apps.excel import _model as model
from pyopenvba.apps.excel._engine_book import ERROR_NUMBERS
from pyopenvba.formula._values import ERRORS, ExcelError
from pyopenvba.interpreter import (
    EMPTY,
    NULL,
    VBAArray,
    VBAErrorValue,
    VBAInt,
    _runtime,
)
from pyopenvba.interpreter._objects import MemberSpec
from pyopenvba.interpreter._values import error

from tests.office.stand_ins import HostTwin, RibbonControl, WinHttpRequest

PROJECT = Path(__file__).resolve().parent.parent.parent
SOURCES = PROJECT / "office_macros" / "sources"
TWIN = Path(__file__).resolve().parent / "twins" / "pyopenvba" / "DhHost.bas"

SWAPPED = (
    "DhHost.bas: environment, files, pauses, UTF-8, message and input boxes, browser, OnUndo, Esc, language, "
    "pointer, validation lists, frozen rows, the status bar's history",
    "WinHttp.WinHttpRequest.5.1: the same members over Python's http.client, real requests to 127.0.0.1",
    "Range.Value2 beyond the used cells: filled up with Empty, where pyOpenVBA cuts the array",
    "Workbook.Date1904: added, always what a test sets",
    "Range.Font of a cell that a test calls rich: Bold is Null, as for a text with formats inside",
    "ribbon controls: an object with Id and Tag",
)
"""What stands in for the real thing when a story runs here, for the table in docs/office-proof.md."""

Cell = str | int | float | bool | None | VBAErrorValue


def source_modules(*names: str) -> dict[str, str]:
    """The named modules (all where none is named) as they stand in the sources."""
    found = {path.stem: path for folder in ("common", "excel") for path in sorted((SOURCES / folder).glob("*.bas"))}
    return {name: found[name].read_text("ascii") for name in (names or found)}


@functools.cache
def addin_modules() -> Mapping[str, str]:
    """Every standard module of a freshly built Deskhand.xlam, read back from the file."""
    from office_macros.build import build

    with tempfile.TemporaryDirectory() as folder, ExcelFile(build(Path(folder))) as host:
        return {module.name: module.source for module in host.vba_project().modules if module.kind.name == "standard"}


class Excel:
    """One Excel with modules loaded; ``folder`` is Deskhand's own, where endpoint.txt is looked for.

    ``language`` is the LCID of Office's menus (1033 English, 2052 Chinese). ``receive_seconds`` caps how long a request
    waits for its answer, so that a story about a time-out does not take half a minute.
    """

    def __init__(
        self,
        modules: Mapping[str, str],
        *,
        folder: Path | None = None,
        language: int = 1033,
        environment: Mapping[str, str] | None = None,
        receive_seconds: float = 60,
    ) -> None:
        self.app = ExcelApplication()
        self.environment = {**({} if folder is None else {"DESKHAND_FOLDER": str(folder)}), **(environment or {})}
        self.language = language
        self.receive_seconds = receive_seconds
        self.told: list[str] = []
        self.told_kinds: list[int] = []
        self.asked: list[str] = []
        self.status: list[str] = []
        self.undo: list[tuple[str, str]] = []
        self.browsed: list[str] = []
        self.has_browser = True
        self.requests: list[tuple[str, str, int]] = []
        self.pauses: list[int] = []
        self.cancel_keys: list[int] = []
        self.cursors: list[int] = []
        self.tick_lists: list[tuple[str, str]] = []
        self.frozen: list[tuple[str, int]] = []
        self.missing_classes: set[str] = set()
        self.on_pause: Callable[[int], None] | None = None
        self.on_request: Callable[[str, str], None] | None = None
        self._answers: list[object] = []
        self._clock = 0.0
        self._escaped = False
        host = self.app.interpreter.host
        known = host.create

        def create(name: str) -> object:
            if name.lower() in self.missing_classes:
                raise error(429, "ActiveX component can't create object")
            made = {
                "deskhand.hosttwin": HostTwin,
                "winhttp.winhttprequest.5.1": WinHttpRequest,
                "msxml2.serverxmlhttp.6.0": WinHttpRequest,
            }.get(name.lower())
            return made(self) if made else known(name)

        host.create = create
        self.addin = self.new_workbook("Deskhand.xlam")
        for name, source in modules.items():
            if name != "DhHost":
                self.app.add_module(source, name=name)
        self.app.add_module(TWIN.read_text("ascii"), name="DhHost")

    # What a person does.

    def new_workbook(self, name: str = "") -> model.Workbook:
        """A new workbook with one sheet, Sheet1, in front."""
        book = self.app.add_workbook()
        if name:
            book.name = name
        return book

    def open(self, path: Path) -> model.Workbook:
        """Open a workbook's file and bring it to the front; its own macros are not loaded."""
        book = self.app.open_workbook(path)
        self.app.activate_workbook(book)
        return book

    def put(self, address: str, rows: Sequence[Sequence[Cell]], *, sheet: int | str | None = None) -> None:
        """Put values into the cells from ``address`` on, as they are: texts stay texts, None leaves a cell empty."""
        first = self.cells(address, sheet=sheet).first
        target = self.sheet(sheet).sheet
        for row, values in enumerate(rows, first.top):
            for column, value in enumerate(values, first.left):
                if value is not None:
                    cell = target.cell(row, column, create=True)
                    assert cell is not None
                    cell.value = _kept(value)
                    target.cell_changed(row, column)

    def set(self, address: str, name: str, value: object, *, sheet: int | str | None = None) -> None:
        """Set a property of cells by its name in VBA: ``set("B2:B9", "NumberFormat", "@")``."""
        self.cells(address, sheet=sheet).vba_set(name, value)

    def get(self, address: str, name: str, *, sheet: int | str | None = None) -> object:
        """A property of cells by its name in VBA."""
        return self.cells(address, sheet=sheet).vba_get(name)

    def rich(self, *addresses: str, sheet: int | str | None = None) -> None:
        """Say that the texts in these cells have formats of their own inside."""
        target = self.sheet(sheet).sheet
        known = {*getattr(target, "rich_texts", ())}
        for address in addresses:
            area = self.cells(address, sheet=sheet).first
            known.add((area.top, area.left))
        target.rich_texts = known

    def count_from_1904(self) -> None:
        """Let the workbook in front count its days from 1904."""
        self.app.workbook.counts_from_1904 = True

    def hide_rows(self, first: int, last: int) -> None:
        """Hide rows of the sheet in front by hand."""
        self.cells(f"{first}:{last}").vba_set("Hidden", True)

    def select(self, address: str, *, sheet: int | str | None = None) -> None:
        """Select cells; several areas are parted by commas."""
        if sheet is not None:
            self.sheet(sheet).sheet.vba_get("Activate")
        self.cells(address).vba_get("Select")

    def click(self, callback: str, *, id: str = "button", tag: str = "") -> None:
        """Click the ribbon button with this callback."""
        self.run(callback, RibbonControl(id, tag))

    def run(self, macro: str, *arguments: object) -> Any:
        """Run a macro and give what it returns as Python values."""
        return self.app.run(macro, *arguments)

    def say(self, *answers: object) -> None:
        """Queue answers for the next message and input boxes."""
        self._answers.extend(answers)

    def escape(self) -> None:
        """Press Esc: the next pause raises error 18."""
        self._escaped = True

    # What a person sees.

    def sheet(self, which: int | str | None = None) -> SheetView:
        """A sheet of the workbook in front, by position or name; the one in front where none is named."""
        if which is None:
            front = self.app.workbook.active_sheet
            assert front is not None
            return SheetView(front)
        return self.app.sheet(which)

    def sheet_names(self) -> list[str]:
        """The sheets of the workbook in front."""
        return [view.name for view in self.app.sheets()]

    def cells(self, address: str, *, sheet: int | str | None = None) -> model.Range:
        """Cells as VBA's Range."""
        found = self.sheet(sheet).sheet.vba_get("Range", [address])
        assert isinstance(found, model.Range)
        return found

    def value(self, address: str, *, sheet: int | str | None = None) -> Any:
        """Value2 of one cell, or of a rectangle as a list of rows; None for empty cells, ``#N/A`` texts for errors."""
        return _python(self.cells(address, sheet=sheet).vba_get("Value2"))

    def formula(self, address: str, *, sheet: int | str | None = None) -> str:
        """The formula of one cell."""
        return self.sheet(sheet).formula(address)

    def switches(self) -> dict[str, object]:
        """What the macros have to leave as it was."""
        application = self.app.application
        names = ("ScreenUpdating", "EnableEvents", "Calculation", "DisplayAlerts", "StatusBar")
        found = {name: _python(application.vba_get(name)) for name in names}
        found["CancelKey"] = self.cancel_keys[-1] if self.cancel_keys else 1
        found["Cursor"] = self.cursors[-1] if self.cursors else -4143
        return found

    # What the twin and HTTP ask of this Excel.

    def pause(self, ms: int) -> None:
        """A pause that takes no time."""
        self.pauses.append(ms)
        self._clock += ms / 1000
        if self.on_pause is not None:
            self.on_pause(len(self.pauses))
        self._stop_if_escaped()

    def asking(self, method: str, path: str) -> None:
        """A request is about to be sent."""
        if self.on_request is not None:
            self.on_request(method, path)
        if self.cancel_keys[-1:] == [2]:
            self._stop_if_escaped()

    def _stop_if_escaped(self) -> None:
        if self._escaped:
            self._escaped = False
            raise error(18, "User interrupt occurred")

    def seconds(self) -> float:
        """The clock that only pauses move."""
        return self._clock

    def answer(self, otherwise: object) -> object:
        """The next answer, or ``otherwise`` where nobody said any."""
        return self._answers.pop(0) if self._answers else otherwise


def _add_members() -> None:
    """What real Excel has and pyOpenVBA does not."""
    model.Workbook.vba_add_member(
        MemberSpec("Date1904", "property", lambda book: bool(getattr(book, "counts_from_1904", False)))
    )
    bold = formats.Font._vba_members["bold"]

    def bold_or_mixed(font: formats.Font) -> object:
        known = getattr(font.target.sheet, "rich_texts", None)
        if known and any(position in known for position in font.target.positions()):
            return NULL
        assert bold.getter is not None
        return bold.getter(font)

    formats.Font._vba_members["bold"] = dataclasses.replace(bold, getter=bold_or_mixed)
    model.Range._values = _values_of_all(model.Range._values)
    # Names are asked for millions of times; a fifth of the time goes without this.
    _runtime._bare = functools.lru_cache(maxsize=4096)(_runtime._bare)


def _values_of_all(known: Callable[..., object]) -> Callable[..., object]:
    """Range.Value and Value2 of a rectangle that reaches beyond what is used: Excel gives empty cells there."""

    def values(self: model.Range, *, raw: bool) -> object:
        found = known(self, raw=raw)
        if not isinstance(found, VBAArray) or found.dimensions != 2:
            return found
        (_, rows), (_, columns) = found.bounds
        area = self.first
        if (rows, columns) == (area.rows, area.columns) or area.rows * area.columns > 2_000_000:
            return found
        items: list[object] = []
        for column in range(area.columns):
            part = found.items[column * rows : (column + 1) * rows] if column < columns else []
            items += [*part, *[EMPTY] * (area.rows - len(part))]
        return VBAArray([(1, area.rows), (1, area.columns)], items=items)

    return values


_add_members()


def _kept(value: Cell) -> object:
    if isinstance(value, VBAErrorValue):
        name = next(name for name, number in ERROR_NUMBERS.items() if number == value.number)
        return ERRORS.get(name, ExcelError(name))
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _python(value: object) -> Any:
    if isinstance(value, VBAArray) and value.dimensions == 2:
        rows, columns = value.bounds
        return [
            [_python(value.get([row, column])) for column in range(columns[0], columns[1] + 1)]
            for row in range(rows[0], rows[1] + 1)
        ]
    if value is EMPTY or value is NULL:
        return None
    if isinstance(value, VBAErrorValue):
        return next(name for name, number in ERROR_NUMBERS.items() if number == value.number)
    if isinstance(value, VBAInt):
        return int(value)
    return value
