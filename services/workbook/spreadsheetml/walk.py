"""The one walker over a sheet part: it settles which cell stands where, for reading and for patching alike.

What it calls is a ``CellSink``. Rows and cells must ascend, as Excel demands; a missing ``r`` counts
on. The sheet's stated dimension is never used. Measured on 100,000 rows x 10 columns (50 MB of XML) in one run: expat
alone 0.7 s, with empty handlers 2.7 s, lxml iterparse with no logic 4.8 s, python-calamine 1.3 s (values only: masks,
formats and offsets would take a second walk), openpyxl 21.5 s; this walk with the reader 5.5 to 6.5 s.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from services.errors import UnreadableFile
from services.workbook.grid import MAX_COLUMN, MAX_ROW, column_letter
from services.workbook.spreadsheetml.markup import LocalNames, Tape, whole_number
from services.workbook.spreadsheetml.strings import MAX_PIECE, decode_escapes

_COLUMNS = {column_letter(number): number for number in range(1, MAX_COLUMN + 1)}


class CellSink(Protocol):
    """What a walk reports. Rows and columns are 1-based; offsets are bytes in the part.

    While ``cell``, ``row_end`` and ``data_end`` run, ``tape.offset()`` is where the element's end tag starts (for a
    self-closing one: where it ends).
    """

    def row(self, row: int, attributes: dict[str, str]) -> None:
        """A row starts."""

    def cell(self, row: int, column: int, style: str, kind: str | None, text: str | None, begin: int) -> None:
        """A cell ended: its ``s``, its ``t``, and the text of its value (None where it has none)."""

    def formula(self, row: int, column: int, attributes: dict[str, str]) -> None:
        """The cell that is about to be reported holds a formula."""

    def rich(self, row: int, column: int) -> None:
        """The cell that is about to be reported holds inline text with formatting of its own."""

    def row_end(self, row: int, begin: int) -> None:
        """A row ended."""

    def data_end(self, begin: int) -> None:
        """The sheet data ended."""

    def outside(self, name: str, attributes: dict[str, str]) -> None:
        """An element outside of the sheet data starts (local name in the sheet's own namespace)."""


def walk_sheet(tape: Tape, chunks: Iterable[bytes], sink: CellSink) -> None:
    """Walk a worksheet part. Raises ``UnreadableFile``: damaged, xml-dtd, sheet-too-large."""
    parser = tape.parser
    names = LocalNames("")
    columns = _COLUMNS
    report, report_row, report_formula, report_rich = sink.cell, sink.row, sink.formula, sink.rich
    row = column = digits = begin = row_begin = data_begin = 0
    style = "0"
    kind: str | None = None
    text: str | None = None
    capture = inline = phonetic = found_data = False
    number = ""

    def start_outside(name: str, attributes: dict[str, str]) -> None:
        nonlocal names, data_begin, found_data
        if not names.namespace and not names:
            names = LocalNames(name)
            if names[name] != "worksheet":
                raise tape.damaged()
            return
        local = names[name]
        if local == "sheetData" and not found_data:
            data_begin, found_data = parser.CurrentByteIndex, True
            parser.StartElementHandler, parser.EndElementHandler = start, end
            parser.CharacterDataHandler = characters
        else:
            sink.outside(local, attributes)

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, digits, number, begin, row_begin, style, kind, text, capture, inline, phonetic
        local = names[name]
        if local == "c":
            begin = parser.CurrentByteIndex
            get = attributes.get
            reference = get("r")
            if reference is None:
                here = column + 1
            else:
                here = columns.get(reference[:-digits], 0)
                if not here or not reference.endswith(number):
                    here = _column_of(reference, row, tape)
            if here <= column or here > MAX_COLUMN or not row:
                raise tape.damaged()
            column = here
            style = get("s", "0")
            kind = get("t")
            text = None
            inline = kind == "inlineStr"
        elif local == "v":
            capture = not inline
        elif local == "row":
            stated = attributes.get("r")
            if stated is None:
                row += 1
            else:
                here = whole_number(stated) or 0
                if here <= row:
                    raise tape.damaged()
                row = here
            if row > MAX_ROW:
                raise tape.damaged()
            column, number = 0, str(row)
            digits = len(number)
            row_begin = parser.CurrentByteIndex
            report_row(row, attributes)
        elif local == "f":
            report_formula(row, column, attributes)
        elif inline:
            if local == "t":
                capture = not phonetic
                text = text or ""
            elif local == "rPh":
                phonetic = True
            elif local == "rPr":
                report_rich(row, column)

    def characters(data: str) -> None:
        nonlocal text
        if capture:
            text = data if text is None else text + data
            if len(text) > MAX_PIECE:
                raise tape.damaged()

    def end(name: str) -> None:
        nonlocal capture, phonetic
        local = names[name]
        if local == "v":
            capture = False
        elif local == "c":
            if text is not None and (inline or kind == "str") and "_x" in text:
                report(row, column, style, kind, decode_escapes(text), begin)
            else:
                report(row, column, style, kind, text, begin)
        elif local == "row":
            sink.row_end(row, row_begin)
        elif local == "t":
            capture = False
        elif local == "rPh":
            phonetic = False
        elif local == "sheetData":
            sink.data_end(data_begin)
            parser.StartElementHandler, parser.EndElementHandler = start_outside, None
            parser.CharacterDataHandler = None

    parser.StartElementHandler = start_outside
    tape.run(chunks)
    if not found_data:
        raise tape.damaged()


def too_large(tape: Tape, sheet: str, limit: int) -> UnreadableFile:
    """The error for a sheet with more than ``limit`` cells."""
    return UnreadableFile("sheet-too-large", file=tape.file, sheet=sheet, limit=limit)


def _column_of(reference: str, row: int, tape: Tape) -> int:
    """The column of an unusual reference (``$A$1``, lower case); damaged where it is not in ``row``."""
    plain = reference.replace("$", "").upper()
    letters = plain.rstrip("0123456789")
    column = _COLUMNS.get(letters, 0)
    if not column or plain[len(letters) :] != str(row):
        raise tape.damaged()
    return column
