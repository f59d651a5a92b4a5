"""A report as a file: JSON for programs, a workbook for people, or a sheet to add to the result.

What the lines say is in ``report``; here is only how they are laid out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter

from services.errors import OutputError
from services.messages import Language, message
from services.workbook.grid import Grid
from services.workbook.placing import placed
from services.workbook.report import COLUMNS, ReportLine, titles
from services.workbook.spreadsheetml.addsheet import Link, NewSheet

Lines = Sequence[tuple[Grid, ReportLine]]

_WIDTHS = {
    "sheet": 16, "cell": 10, "column": 18, "before": 34, "after": 34, "reason": 70, "verdict": 10, "state": 12,
    "confidence": 11, "proposer": 12, "rule": 24, "id": 8,
}  # fmt: skip
"""Widths of the report's columns in characters."""
_COLOURS = {True: "#E2F0D9", False: "#FFF2CC", None: "#FBE5D6"}
"""Fill of the state cell: written, open for review, flagged."""
LONGEST_TEXT = 32_767
"""Characters that a cell can hold (Excel's specifications and limits)."""
LINE_HEIGHT = 15
"""Points that a line of the default font takes."""
MOST_ROWS = 1_048_575
"""Rows below a header that a sheet can hold (Excel's specifications and limits)."""


def report_suffix(path: Path) -> str:
    """``.json`` or ``.xlsx``. Raises ``OutputError`` (``report-suffix``) for anything else."""
    suffix = path.suffix.lower()
    if suffix not in (".json", ".xlsx"):
        raise OutputError("report-suffix", file=path.name)
    return suffix


def write_json_report(path: Path, document: dict[str, Any]) -> None:
    """Write the JSON document of a run. Raises ``OutputError``; what was there stays then."""
    with placed(path) as draft:
        draft.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")


def write_report_workbook(path: Path, lines: Lines, language: Language) -> None:
    """Write the lines as a workbook of one sheet, filtered and coloured by state. Raises ``OutputError``."""
    with placed(path) as draft:
        # Into memory first: the library's own zip file complains at length when the disk is full.
        whole = BytesIO()
        book = xlsxwriter.Workbook(
            whole, {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
        )
        sheet = book.add_worksheet(message("report.sheet_title", language)[:31])
        head = book.add_format({"bold": True, "bg_color": "#2F5597", "font_color": "#FFFFFF", "valign": "vcenter"})
        plain = book.add_format({"valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        styles = {name: wrapped if name == "reason" else plain for name in COLUMNS}
        fills = {key: book.add_format({"bg_color": colour, "valign": "top"}) for key, colour in _COLOURS.items()}
        for place, (name, title) in enumerate(zip(COLUMNS, titles(language), strict=True)):
            sheet.set_column(place, place, _WIDTHS[name], styles[name])
            sheet.write_string(0, place, title, head)
        row = 0
        for row, (grid, line) in enumerate(lines[:MOST_ROWS], 1):
            sheet.set_row(row, LINE_HEIGHT * -(-_width(line.reason) // int(_WIDTHS["reason"])))
            for place, (name, value) in enumerate(zip(COLUMNS, line.as_row(grid, language), strict=True)):
                style = fills[line.applied] if name == "state" else styles[name]
                if value is None or value == "":
                    sheet.write_blank(row, place, None, style)
                elif isinstance(value, str):
                    sheet.write_string(row, place, value[:LONGEST_TEXT], style)
                else:
                    sheet.write_number(row, place, float(value), style)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, max(row, 1), len(COLUMNS) - 1)
        book.close()
        draft.write_bytes(whole.getbuffer())


def report_sheet(lines: Iterable[tuple[Grid, ReportLine]], language: Language) -> NewSheet:
    """The lines as a sheet to add to the result, each cell's address leading to the cell."""
    place = COLUMNS.index("cell")
    rows = []
    for grid, line in lines:
        row: list[Any] = list(line.as_row(grid, language))
        row[place] = Link(line.cell, line.sheet, line.cell.partition(":")[0])
        rows.append(row)
    columns = [(title, float(_WIDTHS[name])) for name, title in zip(COLUMNS, titles(language), strict=True)]
    return NewSheet(message("report.sheet_title", language), columns, rows[:MOST_ROWS])


def _width(text: str) -> int:
    """The width of a text in half-width characters, one at least."""
    return max(1, sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text))
