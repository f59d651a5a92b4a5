"""Reading worksheets as Grids of plain scalars. Nothing is written here; where a cell stands is settled by ``walk``."""

from __future__ import annotations

import posixpath
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection
from itertools import repeat
from pathlib import Path

from services.errors import NotFound
from services.workbook.addresses import Area, parse_area
from services.workbook.grid import (
    FORMULA,
    LOCKED,
    MAX_COLUMN,
    MAX_RECTANGLE,
    MERGED,
    RICH,
    CellError,
    ColumnFormats,
    DateSerial,
    DateSystem,
    Grid,
    Locks,
    Scalar,
    Sheet,
    TableArea,
)
from services.workbook.serials import serial_of_iso
from services.workbook.spreadsheetml.markup import Tape, is_true, parse_tree, whole_number
from services.workbook.spreadsheetml.package import Package, open_package
from services.workbook.spreadsheetml.parts import SheetPart, WorkbookParts, relationships, workbook_parts
from services.workbook.spreadsheetml.strings import Strings, read_strings
from services.workbook.spreadsheetml.styles import Styles, read_styles
from services.workbook.spreadsheetml.walk import too_large, walk_sheet

MAX_CELLS = 5_000_000
"""Cells with a value that one sheet may have."""
MAX_AREAS = 1_000_000
_EXACT = 2**53
_WITH = {bit: bytes(value | bit for value in range(256)) for bit in (FORMULA, MERGED, LOCKED)}


def sheet_names(path: Path) -> list[str]:
    """The titles of the worksheets in the order of the workbook, hidden ones too. Raises ``UnreadableFile``."""
    with open_package(path) as package:
        return [sheet.title for sheet in workbook_parts(package).sheets]


def read_sheets(path: Path, names: Collection[str] | None = None) -> list[Sheet]:
    """Read the worksheets of a workbook, or only those named, in the order of the workbook.

    Chart sheets are left out. A Grid spans the cells that hold a value, whatever dimension the sheet states. Raises
    ``UnreadableFile`` (encrypted, damaged, hostile, too large) and ``NotFound`` (sheet-missing).
    """
    with open_package(path) as package:
        parts = workbook_parts(package)
        titles = {sheet.title for sheet in parts.sheets}
        for name in names or ():
            if name not in titles:
                raise NotFound("sheet-missing", file=package.file, sheet=name)
        styles = read_styles(package, parts.styles, parts.tree.namespace)
        wanted = [sheet for sheet in parts.sheets if names is None or sheet.title in names]
        strings = read_strings(package, parts.strings) if parts.strings and wanted else Strings()
        dates = styles.date_indices()
        return [_read_sheet(package, parts, sheet, styles, strings, dates) for sheet in wanted]


def read_tables(package: Package, sheet_part: str) -> tuple[TableArea, ...]:
    """The tables that a sheet declares, in order of their relationships."""
    found = []
    for relationship in relationships(package, sheet_part):
        if relationship.kind == "table" and package.has(relationship.target):
            root = parse_tree(package.file, relationship.target, package.read(relationship.target)).root
            area = parse_area(root.get("ref", ""))
            if root.tag == "table" and area is not None:
                name = root.get("displayName") or root.get("name") or posixpath.basename(relationship.target)
                heads, totals = root.get("headerRowCount", "1"), root.get("totalsRowCount", "0")
                if heads not in ("0", "1") or totals not in ("0", "1"):
                    raise package.damaged(relationship.target)
                found.append(TableArea(name, *area, int(heads), int(totals)))
    return tuple(found)


def _read_sheet(
    package: Package, parts: WorkbookParts, sheet: SheetPart, styles: Styles, strings: Strings, dates: frozenset[str]
) -> Sheet:
    tape = Tape(package.file, sheet.part)
    reader = _Reader(tape, sheet.title, strings, dates, parts.date_system)
    walk_sheet(tape, package.chunks(sheet.part), reader)
    locks = reader.locks(styles) if reader.protected else None
    grid = reader.grid(styles)
    tables = read_tables(package, sheet.part)
    return Sheet(sheet.title, grid, tables, sheet.state, reader.protected, tuple(reader.merges), locks)


class _Column:
    """One column while it is read. ``runs`` holds (index, style) where the style changes; -1 is an absent cell."""

    __slots__ = ("blanks", "formulas", "rich", "runs", "style", "values")

    def __init__(self) -> None:
        self.values: list[Scalar] = []
        self.runs: list[tuple[int, int]] = []
        self.style: str | None = None
        self.formulas: array[int] = array("l")
        self.rich: array[int] = array("l")
        self.blanks: array[int] = array("l")


class _Reader:
    """The sink that builds columns; rows inside are counted from the first row with a value."""

    def __init__(self, tape: Tape, title: str, strings: Strings, dates: frozenset[str], system: DateSystem) -> None:
        self._tape, self._title, self._system = tape, title, system
        self._strings, self._rich, self._dates = strings.texts, strings.rich, dates
        self._columns: list[_Column | None] = [None] * (MAX_COLUMN + 1)
        self._used: list[_Column] = []
        self._first_row = 0
        self._padded = self._blank_cells = 0
        self._shared: dict[str, str] = {}
        self._serials: dict[str, DateSerial] = {}
        self._hidden: array[int] = array("l")
        self._arrays: list[Area] = []
        self.merges: list[Area] = []
        self._column_styles: list[tuple[int, int, int]] = []
        self._row_styles: dict[int, int] = {}
        self.protected = False

    def row(self, row: int, attributes: dict[str, str]) -> None:
        if not row & 127:
            self._check_cells()
        if "hidden" in attributes and is_true(attributes["hidden"]):
            self._hidden.append(row)
        if "customFormat" in attributes and is_true(attributes["customFormat"]):
            self._row_styles[row] = whole_number(attributes.get("s", "0")) or 0

    def formula(self, row: int, column: int, attributes: dict[str, str]) -> None:
        state = self._columns[column] or self._new_column(column)
        state.formulas.append(row)
        if attributes.get("t") in ("array", "dataTable"):
            area = parse_area(attributes.get("ref", ""))
            if area is not None:
                self._arrays.append(area)
                if len(self._arrays) > MAX_AREAS:
                    raise too_large(self._tape, self._title, MAX_AREAS)

    def rich(self, row: int, column: int) -> None:
        state = self._columns[column] or self._new_column(column)
        if not state.rich or state.rich[-1] != row:
            state.rich.append(row)

    def cell(self, row: int, column: int, style: str, kind: str | None, text: str | None, begin: int) -> None:
        value: Scalar
        state = self._columns[column] or self._new_column(column)
        if text is None or (text == "" and kind not in ("str", "inlineStr")):
            self._blank_cells += 1
            if self._blank_cells > MAX_RECTANGLE:
                raise too_large(self._tape, self._title, MAX_RECTANGLE)
            if style != "0":
                state.blanks.extend((row, whole_number(style) or 0))
            return
        try:
            if kind == "s":
                index = int(text)
                if index < 0:
                    raise self._tape.damaged()
                value = self._strings[index]
                if index in self._rich:
                    state.rich.append(row)
            elif kind is None or kind == "n":
                if "_" in text or not text.isascii():  # Python would take 1_000 and digits of other scripts
                    raise self._tape.damaged()
                if style in self._dates:
                    value = self._serials.get(text)
                    if value is None:
                        value = self._serials[text] = DateSerial(_number(text))
                elif "." in text or len(text) > 15:
                    value = _number(text)
                else:
                    value = int(text)
            else:
                value = self._other(kind, text)
        except (ValueError, IndexError):
            value = self._unusual(kind, text)
        values = state.values
        if row - self._first_row != len(values):
            self._pad(state, row)
        if style != state.style:
            state.style = style
            state.runs.append((len(values), whole_number(style) or 0))
        values.append(value)

    def row_end(self, row: int, begin: int) -> None:
        """Nothing ends with a row."""

    def data_end(self, begin: int) -> None:
        """Nothing is kept for the end of the data."""

    def outside(self, name: str, attributes: dict[str, str]) -> None:
        if name == "mergeCell":
            area = parse_area(attributes.get("ref", ""))
            if area is not None:
                self.merges.append(area)
                if len(self.merges) > MAX_AREAS:
                    raise too_large(self._tape, self._title, MAX_AREAS)
        elif name == "sheetProtection":
            self.protected = is_true(attributes.get("sheet"))
        elif name == "col":
            low, high = (whole_number(attributes.get(name, "")) for name in ("min", "max"))
            if low and high:
                self._column_styles.append((low, high, whole_number(attributes.get("style", "0")) or 0))
                if len(self._column_styles) > MAX_COLUMN:
                    raise self._tape.damaged()

    def grid(self, styles: Styles) -> Grid:
        """All that was read as a Grid. Raises ``UnreadableFile`` (sheet-too-large, damaged)."""
        used = [n for n, state in enumerate(self._columns) if state is not None and state.values]
        if not used:
            return Grid((), date_system=self._system, sheet=self._title)
        first, last = used[0], used[-1]
        states = [state or _Column() for state in self._columns[first : last + 1]]
        rows = max(len(state.values) for state in states)
        self._check_cells()
        if rows * len(states) > MAX_RECTANGLE:
            raise too_large(self._tape, self._title, MAX_RECTANGLE)
        formats, masks = [], []
        arrays = self._covered(self._arrays, first, last, rows, anchors=True)
        merges = self._covered(self.merges, first, last, rows, anchors=False)
        self._row_styles = {r: s for r, s in self._row_styles.items() if 0 <= r - self._first_row < rows}
        for number, state in enumerate(states, first):
            count = len(state.values)
            state.values.extend(repeat(None, rows - count))
            indices = self._indices(state, number, rows, count)
            formats.append(_formats(indices, count, styles))
            masks.append(self._mask(state, arrays.get(number, []), merges.get(number, []), indices, rows, styles))
        hidden = frozenset(row - self._first_row for row in self._hidden if 0 <= row - self._first_row < rows)
        return Grid(
            tuple(state.values for state in states),
            formats=tuple(formats),
            masks=tuple(masks),
            hidden_rows=hidden,
            date_system=self._system,
            first_row=self._first_row,
            first_column=first,
            sheet=self._title,
        )

    def locks(self, styles: Styles) -> Locks:
        """What is known of the locks of cells that hold nothing."""
        return Locks(
            {
                (row, column): styles.locked(style)
                for column, state in enumerate(self._columns)
                if state is not None
                for row, style in zip(state.blanks[::2], state.blanks[1::2], strict=True)
            },
            {row: styles.locked(style) for row, style in self._row_styles.items()},
            tuple((low, high) for low, high, style in self._column_styles if not styles.locked(style)),
        )

    def _new_column(self, column: int) -> _Column:
        state = self._columns[column] = _Column()
        self._used.append(state)
        return state

    def _check_cells(self) -> None:
        if sum(len(state.values) for state in self._used) - self._padded > MAX_CELLS:
            raise too_large(self._tape, self._title, MAX_CELLS)

    def _other(self, kind: str, text: str) -> Scalar:
        if kind in ("str", "inlineStr"):
            return self._shared.setdefault(text, text)
        if kind == "b":
            return self._boolean(text.strip().lower())
        if kind == "e":
            return CellError(text)
        if kind == "d":
            return serial_of_iso(text, self._system)
        raise self._tape.damaged()

    def _boolean(self, text: str) -> bool:
        if text not in ("0", "1", "true", "false"):
            raise self._tape.damaged()
        return is_true(text)

    def _unusual(self, kind: str | None, text: str) -> Scalar:
        """A value that is not quite as the standard has it."""
        plain = text.strip()
        if kind == "d":
            return text
        if kind == "s" and whole_number(plain) is None:
            raise self._tape.damaged()
        try:
            return _number(plain) if kind in (None, "n") and plain.isascii() else self._strings[int(plain)]
        except (ValueError, IndexError) as problem:
            raise self._tape.damaged() from problem

    def _pad(self, state: _Column, row: int) -> None:
        """Fill a column up to ``row`` with absent cells; the first value of a sheet only sets its first row."""
        if not self._first_row:
            self._first_row = row
            return
        gap = row - self._first_row - len(state.values)
        self._padded += gap
        if self._padded > MAX_RECTANGLE:
            raise too_large(self._tape, self._title, MAX_RECTANGLE)
        if gap:
            state.runs.append((len(state.values), -1))
            state.style = None
            state.values.extend(repeat(None, gap))

    def _indices(self, state: _Column, number: int, rows: int, count: int) -> list[tuple[int, int, int]]:
        """The cell formats of a column as runs (first row, row after the last, index), absent cells resolved."""
        absent = next((style for low, high, style in self._column_styles if low <= number <= high), 0)
        # Blank cells have their own format; a cell that is not there has that of its row, else of its column.
        special = dict(self._row_styles)
        special.update(zip(state.blanks[::2], state.blanks[1::2], strict=True))
        lines = sorted(special)
        starts = [*state.runs, (count, -1)]
        runs: list[tuple[int, int, int]] = []
        for (start, style), (end, _) in zip(starts, [*starts[1:], (rows, 0)], strict=True):
            if style >= 0:
                runs.append((start, end, style))
                continue
            done, first = start, self._first_row
            for at in range(bisect_left(lines, start + first), bisect_left(lines, end + first)):
                index = lines[at] - first
                if done < index:
                    runs.append((done, index, absent))
                runs.append((index, index + 1, special[lines[at]]))
                done = index + 1
            runs.append((done, end, absent))
        return [run for run in runs if run[0] < run[1]]

    def _covered(
        self, areas: list[Area], first: int, last: int, rows: int, anchors: bool
    ) -> dict[int, list[tuple[int, int]]]:
        """Per column the row ranges covered by areas, within the rectangle, with or without their first cells.

        Areas of one kind never overlap; where they would cover more than there is, the file is damaged.
        """
        found: dict[int, list[tuple[int, int]]] = {}
        total = 0
        for area in areas:
            low, high = max(area.first_row - self._first_row, 0), min(area.last_row - self._first_row, rows - 1)
            left, right = max(area.first_column, first), min(area.last_column, last)
            if low > high or left > right:
                continue
            total += (high - low + 1) * (right - left + 1)
            if total > rows * (last - first + 1):
                raise self._tape.damaged()
            for column in range(left, right + 1):
                anchor = column == area.first_column and low == area.first_row - self._first_row
                found.setdefault(column, []).append((low + 1 if anchor and not anchors else low, high + 1))
        return found

    def _mask(
        self,
        state: _Column,
        arrays: list[tuple[int, int]],
        merges: list[tuple[int, int]],
        indices: list[tuple[int, int, int]],
        rows: int,
        styles: Styles,
    ) -> bytes:
        mask = bytearray(rows)
        locked = [(start, end) for start, end, style in indices if styles.locked(style)] if self.protected else []
        for bit, ranges in ((FORMULA, arrays), (MERGED, merges), (LOCKED, locked)):
            for start, end in ranges:
                mask[start:end] = mask[start:end].translate(_WITH[bit])
        for bit, cells in ((FORMULA, state.formulas), (RICH, state.rich)):
            for row in cells:
                if 0 <= row - self._first_row < rows:
                    mask[row - self._first_row] |= bit
        return bytes(mask) if any(mask) else b""


def _formats(indices: list[tuple[int, int, int]], count: int, styles: Styles) -> ColumnFormats:
    weights: Counter[str] = Counter()
    for start, end, style in indices:
        weights[styles.code(style)] += max(0, min(end, count) - start)
    default = weights.most_common(1)[0][0]
    other: dict[int, str] = {}
    for start, end, style in indices:
        code = styles.code(style)
        if code != default:
            other.update(zip(range(start, end), repeat(code), strict=False))
    return ColumnFormats(default, other)


def _number(text: str) -> int | float:
    """A number as written: whole where the text is whole and a double holds it exactly."""
    if "." not in text and text.lstrip("+-").isdigit() and len(text) < 18:
        whole = int(text)
        if abs(whole) <= _EXACT:
            return whole
    number = float(text)
    if number - number != 0:
        raise ValueError(text)
    return number
