"""Writing a workbook from nothing: values, number formats and sensible column widths, for sources we can't patch.

Formulas, fonts and colours are not made here. Text is text, whatever it begins with: never a formula and never a link.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from services.errors import OutputError
from services.workbook.column_widths import NARROWEST, WIDEST, shown_width
from services.workbook.grid import GENERAL, CellError, DateSerial, Grid, Scalar, Sheet
from services.workbook.placing import placed

_DATE = "yyyy-mm-dd"
_SAMPLE = 200
_LONGEST_TEXT = 32_767  # Excel's specifications and limits
_LARGEST_NUMBER = 2**53  # beyond it a double skips whole numbers


def write_new_workbook(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write ``sheets`` as a new .xlsx file. Raises ``OutputError`` (``text-too-long``); then nothing is written."""
    _check_lengths(sheets)  # before the first temporary file of the library is open
    with placed(path) as draft:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
            "date_1904": any(sheet.grid.date_system == 1904 for sheet in sheets),
        }
        # Into memory first: the library's own zip file complains at length when the disk is full.
        whole = BytesIO()
        workbook = xlsxwriter.Workbook(whole, options)
        formats: dict[str, Format] = {}
        taken: set[str] = set()
        shown = next((sheet for sheet in sheets if sheet.state == "visible"), None)
        for sheet in sheets:
            page = workbook.add_worksheet(_sheet_name(sheet.title, taken))
            if sheet.state == "hidden" and shown is not None:
                page.hide()
            elif sheet.state == "veryHidden" and shown is not None:
                page.very_hidden()
            elif sheet is shown:
                page.activate()
                page.set_first_sheet()
            for code in _codes(sheet.grid):
                if code not in formats:
                    formats[code] = workbook.add_format({"num_format": code})
            _write(page, sheet, formats)
        workbook.close()
        draft.write_bytes(whole.getbuffer())


def _check_lengths(sheets: Sequence[Sheet]) -> None:
    for sheet in sheets:
        for column, values in enumerate(sheet.grid.columns):
            for row, value in enumerate(values):
                if isinstance(value, str) and len(value) > _LONGEST_TEXT:
                    cell = sheet.grid.address_of(row, column)
                    raise OutputError("text-too-long", sheet=sheet.title, cell=cell, limit=_LONGEST_TEXT)


def _write(page: Worksheet, sheet: Sheet, formats: dict[str, Format]) -> None:
    grid = sheet.grid
    for column, values in enumerate(grid.columns):
        width = max((shown_width(value) for value in values[:_SAMPLE]), default=0) + 2
        number = grid.first_column - 1 + column
        page.set_column(number, number, min(max(width, NARROWEST), WIDEST))
    for row, cells in enumerate(grid.rows()):
        for column, value in enumerate(cells):
            if value is None:
                continue
            code = grid.format_at(row, column)
            if isinstance(value, DateSerial) and code == GENERAL:
                code = _DATE
            where = (grid.first_row - 1 + row, grid.first_column - 1 + column)
            _write_cell(page, where, value, formats.get(code))


def _write_cell(page: Worksheet, where: tuple[int, int], value: Scalar, style: Format | None) -> None:
    if isinstance(value, CellError):
        page.write_formula(*where, f"={value}", style, str(value))
    elif isinstance(value, str):
        page.write_string(*where, value, style)
    elif isinstance(value, bool):
        page.write_boolean(*where, value, style)
    elif isinstance(value, int) and abs(value) > _LARGEST_NUMBER:
        page.write_string(*where, str(value), style)
    elif value is not None:
        page.write_number(*where, value, style)


def _codes(grid: Grid) -> set[str]:
    """All number formats that a Grid uses but General."""
    codes = {_DATE}
    for known in grid.formats:
        codes.update((known.default, *known.other.values()))
    return codes - {GENERAL}


def _sheet_name(title: str, taken: set[str]) -> str:
    r"""A title that Excel takes: 31 characters, none of ``[]:*?/\``, no apostrophe at an end, unlike all others."""
    plain = re.sub(r"[\[\]:*?/\\]", "_", title).strip("'")[:31] or "Sheet"
    name, number = plain, 2
    while name.lower() in taken:
        name = f"{plain[: 28 - len(str(number))]} ({number})"
        number += 1
    taken.add(name.lower())
    return name
