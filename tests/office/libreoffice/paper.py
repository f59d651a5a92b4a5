"""A workbook on the desk of LibreOffice: a table in a file, the buttons, the list of changes, what a person types.

The table of orders and what becomes of it stand in ``tests.office.desk``. No test lives here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from tests.office.desk import HEADER, ORDERS
from tests.office.libreoffice.calc import Calc, Meanwhile, Told

YES, NO = 6, 7
_NUMBERS = count(1)


class Paper:
    """A table in ``Sheet1`` of a workbook of its own, from A1 on and selected as a whole.

    ``dress`` may change the sheet before it is saved. The file's name is given to no other test's workbook, because the
    service knows what it wrote by it: LibreOffice's FullName has no folder.
    """

    def __init__(
        self,
        calc: Calc,
        folder: Path,
        *,
        rows: Sequence[Sequence[Any]] = (HEADER, *ORDERS),
        dress: Callable[[Worksheet], None] | None = None,
        from_1904: bool = False,
    ) -> None:
        self.calc = calc
        path = folder / f"Paper-{next(_NUMBERS)}.xlsx"
        workbook = openpyxl.Workbook()
        if from_1904:
            workbook.epoch = CALENDAR_MAC_1904
        sheet = workbook.worksheets[0]
        sheet.title = "Sheet1"
        for row in rows:
            sheet.append(list(row))
        for cells in sheet.iter_rows():
            for cell in cells:
                if isinstance(cell.value, str):
                    cell.data_type = "s"  # a text that begins with = is no formula
        if dress:
            dress(sheet)
        workbook.save(path)
        self.book = calc.open(path)
        self.last_row = len(rows)
        self.select(f"A1:{openpyxl.utils.get_column_letter(len(rows[0]))}{len(rows)}")

    def select(self, address: str, sheet: str = "Sheet1") -> None:
        """Select cells of a sheet."""
        self.calc.select(self.book, sheet, address)

    def click(self, button: str, *answers: str | None, says: int = 1, meanwhile: Meanwhile | None = None) -> Told:
        """Click a button. ``answers`` are typed when asked; ``says`` is the button of every message box."""

        def during(event: str, details: Any) -> Any:
            if meanwhile and (reply := meanwhile(event, details)) is not None:
                return reply
            return says if event == "tell" else None

        return self.calc.run(f"DhRun{button}", answers=answers, meanwhile=during)

    def cells(self, address: str = "") -> list[list[Any]]:
        """Rows of cells of the table, without the header where no address is given."""
        return self.calc.cells(self.book, "Sheet1", address or f"A2:E{self.last_row}")

    def put(self, address: str, value: str | float) -> None:
        """Type into a cell of the table."""
        self.calc.put(self.book, "Sheet1", address, value)

    @property
    def sheets(self) -> list[str]:
        """The names of the sheets."""
        return self.calc.sheets(self.book)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The lines of the list of changes: each by the keys of its hidden row, and the row in which it stands."""
        return self._list()[1]

    @property
    def notes(self) -> list[str]:
        """What stands above the lines."""
        return self._list()[0]

    @property
    def ticked(self) -> list[str]:
        """The cells whose changes are ticked."""
        return [line["cell"] for line in self.lines if line["accept"]]

    @property
    def states(self) -> dict[str, str]:
        """What the list says of each cell."""
        return {line["cell"]: line["state"] for line in self.lines}

    def tick(self, cell: str, mark: str) -> None:
        """Type a mark before the change of a cell."""
        self.calc.put(self.book, self._list_sheet(), f"A{self.row_of(cell)}", mark)

    @property
    def form(self) -> dict[str, str]:
        """What stands in the form of the button Fill, by the keys of its hidden column."""
        return {key: str(value) for key, _, value in self._fields()}

    def fill_in(self, **fields: str) -> None:
        """Type into fields of the form."""
        places = {key: row for key, row, _ in self._fields()}
        for key, text in fields.items():
            self.calc.put(self.book, self._form_sheet(), f"C{places[key]}", text)

    def _form_sheet(self) -> str:
        return next(name for name in self.sheets if name in ("Deskhand fill", "Deskhand 填列"))

    def _fields(self) -> list[tuple[str, int, Any]]:
        rows = self.calc.values(self.book, self._form_sheet(), "A1:C40")
        return [
            (str(key).removeprefix("dh-field:").removesuffix(";"), number, value)
            for number, (key, _, value) in enumerate(rows, 1)
            if str(key).startswith("dh-field:")
        ]

    def row_of(self, cell: str) -> int:
        """The row of the list in which the change of a cell stands."""
        return next(int(line["row"]) for line in self.lines if line["cell"] == cell)

    def link_of(self, cell: str) -> str:
        """The formula that jumps from the list to a cell."""
        return str(self.calc.cells(self.book, self._list_sheet(), f"B{self.row_of(cell)}")[0][0])

    def _list_sheet(self) -> str:
        return next(name for name in reversed(self.sheets) if name.startswith(("Deskhand review", "Deskhand 清单")))

    def _list(self) -> tuple[list[str], list[dict[str, Any]]]:
        sheet = self._list_sheet()
        rows = self.calc.values(self.book, sheet, self.calc.used(self.book, sheet))
        keys = [str(mark).removeprefix("dh-column:").removesuffix(";") for mark in rows[0]]
        head = next(row for row, values in enumerate(rows) if values[1] in ("Cell", "单元格"))
        lines = [{"row": row + 1, **dict(zip(keys, rows[row], strict=True))} for row in range(head + 1, len(rows))]
        return [str(values[0]) for values in rows[1:head] if values[0]], lines


def many_rows(number: int) -> list[list[Any]]:
    """A header and ``number`` rows of a name and an amount; every hundredth name has a space to trim."""
    return [
        ["Name", "Amount"],
        *([f"Person {row} " if row % 100 == 0 else f"Person {row}", row + 0.5] for row in range(number)),
    ]
