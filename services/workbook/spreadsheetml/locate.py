"""Finding where writes go: the sink that turns wanted cells into byte ranges, and refuses what must not be written.

It changes nothing; ``render`` turns what it found into markup.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from services.errors import Conflict, InputError
from services.workbook.addresses import Area, parse_area
from services.workbook.grid import MAX_COLUMN, MAX_ROW, Scalar, TableArea, column_letter
from services.workbook.spreadsheetml.areas import covered
from services.workbook.spreadsheetml.markup import (
    Tag,
    Tape,
    is_true,
    prefix_of,
    set_attributes,
    whole_number,
)
from services.workbook.spreadsheetml.package import Package
from services.workbook.spreadsheetml.walk import walk_sheet

USUAL_WIDTH = 8.43
"""Characters of a column where nothing states its width (ECMA-376 part 1, 18.3.1.81; Excel's own default)."""
_TEXT_KINDS = ("s", "str", "inlineStr")


@dataclass(frozen=True, slots=True)
class CellWrite:
    """A value for one cell of a sheet; ``row`` and ``column`` are 1-based in the sheet.

    ``value`` None clears the cell and keeps its style. ``number_format`` None leaves the cell's format alone.
    ``blank`` wants nothing but that there is a cell, for its looks: it has no value, and one that is there stays as it
    is whatever it holds.
    """

    row: int
    column: int
    value: Scalar
    number_format: str | None = None
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a write goes: the byte range, the raw start tag (None for a new cell), its style and its type."""

    write: CellWrite
    start: int
    end: int
    raw: str | None
    style: int
    kind: str | None
    filled: bool
    wrap: tuple[str, str] = ("", "")
    """Markup before and after a new cell: the row or sheet data opened for it. New cells at one start go together."""
    left: tuple[int, bool] | None = None
    """Of a new cell: the style of the cell left of it and whether that holds text, where there is such a cell."""
    grows: bool = True
    """Whether its row is as high as what stands in it."""


@dataclass(slots=True)
class ColumnTag:
    """A ``col`` element: the columns that it is about, and its start tag."""

    first: int
    last: int
    tag: Tag


@dataclass(slots=True)
class Located:
    """All places in one sheet part, in order; ``inline`` and ``shared`` tell how its own strings are held.

    ``gone`` are cells to take away altogether, ``rows`` start tags of rows with what they become.
    ``columns`` are its ``col`` elements, which stand before the sheet data (``data_start``); ``used`` are the columns
    that held anything.
    """

    places: list[Place]
    gone: list[Place]
    rows: list[tuple[Tag, str]]
    inline: bool
    shared: bool
    dimension: tuple[Tag, Area] | None
    columns: list[ColumnTag]
    default_width: float
    used: set[int]
    protected: bool
    data_start: int
    prefix: str
    tape: Tape


def locate(
    package: Package,
    part: str,
    title: str,
    writes: Iterable[CellWrite],
    tables: tuple[TableArea, ...],
    vacate: Iterable[Area] = (),
) -> Located:
    """Walk the sheet part and find the place of every write.

    Of two writes to one cell the later wins. A cell in one of the areas ``vacate`` that is cleared is taken away
    altogether. Raises ``Conflict`` (formula-cell, merged-cell, table-header-cell),
    ``InputError`` (outside-sheet), ``UnreadableFile``.
    """
    wanted: dict[int, dict[int, CellWrite]] = {}
    for write in writes:
        if not (1 <= write.row <= MAX_ROW and 1 <= write.column <= MAX_COLUMN):
            raise InputError("outside-sheet", sheet=title, row=write.row, column=write.column)
        in_row = wanted.setdefault(write.row, {})
        before = in_row.get(write.column)
        if before is not None and write.blank:
            continue
        if before is not None and write.number_format is None and before.number_format is not None:
            write = CellWrite(write.row, write.column, write.value, before.number_format)
        in_row[write.column] = write
    heads = [Area(t.first_row, t.first_column, t.first_row + t.header_rows - 1, t.last_column) for t in tables]
    cells = [(row, column) for row, columns in wanted.items() for column, write in columns.items() if not write.blank]
    for row, column, _area in covered([head for head in heads if head.last_row >= head.first_row], cells):
        raise _conflict("table-header-cell", title, row, column)
    tape = Tape(package.file, part)
    cleared = [cell for cell in cells if wanted[cell[0]][cell[1]].value is None]
    vacated = {(row, column) for row, column, _ in covered(vacate, cleared)}
    locator = _Locator(tape, title, wanted, vacated)
    walk_sheet(tape, package.chunks(part), locator)
    for row, column, _area in covered(locator.arrays, cells):
        raise _conflict("formula-cell", title, row, column)
    for row, column, area in covered(locator.merges, cells):
        if (row, column) != area[:2]:
            raise _conflict("merged-cell", title, row, column)
    return Located(
        locator.places,
        locator.gone,
        locator.rows,
        locator.inline,
        locator.shared,
        locator.dimension,
        locator.columns,
        locator.default_width,
        locator.used,
        locator.protected,
        locator.data_start,
        locator.prefix,
        tape,
    )


class _Locator:
    """The sink; rows that are wanted and passed by are inserted before the next row."""

    def __init__(
        self, tape: Tape, title: str, wanted: dict[int, dict[int, CellWrite]], vacated: set[tuple[int, int]]
    ) -> None:
        self._tape, self._title, self._wanted, self._vacated = tape, title, wanted, vacated
        self._rows = deque(sorted(wanted))
        self._todo: deque[CellWrite] | None = None
        self._row_raw = ""
        self._row_style: int | None = None
        self._row_grows = True
        self._left: tuple[int, str, str | None] = (0, "0", None)
        self._columns: list[tuple[int, int, int]] = []
        self.places: list[Place] = []
        self.gone: list[Place] = []
        self.rows: list[tuple[Tag, str]] = []
        self._extents: dict[str, tuple[int, int] | None] = {}
        self.columns: list[ColumnTag] = []
        self.default_width = USUAL_WIDTH
        self.used: set[int] = set()
        self.protected = False
        self.data_start = 0
        self.arrays: list[Area] = []
        self.merges: list[Area] = []
        self.dimension: tuple[Tag, Area] | None = None
        self.prefix = ""
        self.inline = self.shared = False

    def row(self, row: int, attributes: dict[str, str]) -> None:
        rows = self._rows
        self._todo = None
        if not rows or rows[0] > row:
            return
        offset = self._tape.offset()
        self._row_raw = self._tape.tag(offset)
        self.prefix = prefix_of(self._row_raw)
        while rows and rows[0] < row:
            self._new_row(rows.popleft(), offset)
        if rows and rows[0] == row:
            rows.popleft()
            self._todo = deque(sorted(self._wanted[row].values(), key=lambda write: write.column))
            custom = is_true(attributes.get("customFormat"))
            self._row_style = (whole_number(attributes.get("s", "0")) or 0) if custom else None
            self._row_grows, self._left = "ht" not in attributes, (0, "0", None)
            if "spans" in attributes:
                self._widen(offset, attributes["spans"])

    def cell(self, row: int, column: int, style: str, kind: str | None, text: str | None, begin: int) -> None:
        if kind == "s":
            self.shared = True
        elif kind == "inlineStr":
            self.inline = True
        if text is not None:
            self.used.add(column)
        todo = self._todo
        if not todo:
            return
        while todo and todo[0].column < column:
            self._insert(todo.popleft(), begin, begin)
        if todo and todo[0].column == column:
            tape, offset = self._tape, self._tape.offset()
            raw = tape.tag(begin)
            end = offset if raw.endswith("/>") else tape.tag_end(offset)
            write = todo.popleft()
            if not write.blank:
                place = Place(write, begin, end, raw, whole_number(style) or 0, kind, text is not None)
                (self.gone if (row, column) in self._vacated else self.places).append(place)
        self._left = (column, style, None if text is None else kind or "n")

    def formula(self, row: int, column: int, attributes: dict[str, str]) -> None:
        write = self._wanted.get(row, {}).get(column)
        if write is not None and not write.blank:
            raise _conflict("formula-cell", self._title, row, column)
        if attributes.get("t") in ("array", "dataTable"):
            area = parse_area(attributes.get("ref", ""))
            if area is not None:
                self.arrays.append(area)

    def rich(self, row: int, column: int) -> None:
        """Rich text may be overwritten: who asks for it knows."""

    def row_end(self, row: int, begin: int) -> None:
        todo, self._todo = self._todo, None
        if not todo:
            return
        offset, tag = self._tape.offset(), Tag(begin, self._row_raw)
        if tag.empty:
            self._wrapped(self._new_cells(todo), begin, offset, tag.opened(), f"</{tag.name}>")
        else:
            for write in todo:
                self._insert(write, offset, offset)

    def data_end(self, begin: int) -> None:
        self.data_start = begin
        if not self._rows:
            return
        tape, offset = self._tape, self._tape.offset()
        tag = tape.tag(begin) if offset - begin < 4096 else ""
        if tag.endswith("/>"):
            whole = Tag(begin, tag)
            self.prefix = prefix_of(tag)
            rows = [row for row in self._rows if self._new_cells(self._wanted[row].values())]
            for at, row in enumerate(rows):
                before = whole.opened() if at == 0 else ""
                after = f"</{whole.name}>" if at == len(rows) - 1 else ""
                self._new_row(row, begin, offset if at == 0 else begin, before, after)
        else:
            self.prefix = prefix_of("<" + tape.tag(offset)[2:])
            for row in self._rows:
                self._new_row(row, offset)
        self._rows.clear()

    def outside(self, name: str, attributes: dict[str, str]) -> None:
        if name == "mergeCell":
            area = parse_area(attributes.get("ref", ""))
            if area is not None:
                self.merges.append(area)
        elif name == "col":
            low, high, style = (whole_number(attributes.get(name, "")) for name in ("min", "max", "style"))
            if low and high:
                offset = self._tape.offset()
                self.columns.append(ColumnTag(low, high, Tag(offset, self._tape.tag(offset))))
                if style is not None:
                    self._columns.append((low, high, style))
        elif name == "sheetFormatPr":
            self.default_width = _width(attributes.get("defaultColWidth", ""))
        elif name == "sheetProtection":
            self.protected = is_true(attributes.get("sheet"))
        elif name == "dimension":
            area, offset = parse_area(attributes.get("ref", "")), self._tape.offset()
            if area is not None and self.dimension is None:
                self.dimension = (Tag(offset, self._tape.tag(offset)), area)

    def _new_row(self, row: int, start: int, end: int | None = None, before: str = "", after: str = "") -> None:
        self._row_style = None
        self._row_grows, self._left = True, (0, "0", None)
        writes = self._new_cells(sorted(self._wanted[row].values(), key=lambda write: write.column))
        opening = f'{before}<{self.prefix}row r="{row}">'
        self._wrapped(writes, start, start if end is None else end, opening, f"</{self.prefix}row>{after}")

    def _wrapped(self, writes: list[CellWrite], start: int, end: int, before: str, after: str) -> None:
        last = len(writes) - 1
        for at, write in enumerate(writes):
            wrap = (before if at == 0 else "", after if at == last else "")
            self._insert(write, start, end if at == 0 else start, wrap)

    @staticmethod
    def _new_cells(writes: Iterable[CellWrite]) -> list[CellWrite]:
        """Those that need a cell where there is none: clearing does not."""
        return [write for write in writes if write.value is not None or write.blank]

    def _insert(self, write: CellWrite, start: int, end: int, wrap: tuple[str, str] = ("", "")) -> None:
        if write.value is None and not write.blank:
            return
        style = self._row_style
        if style is None:
            style = next((s for low, high, s in self._columns if low <= write.column <= high), 0)
        column, left, kind = self._left
        beside = (whole_number(left) or 0, kind in _TEXT_KINDS) if column == write.column - 1 and column else None
        self._left = (write.column, left, kind) if beside else (0, "0", None)
        self.places.append(Place(write, start, end, None, style, None, False, wrap, beside, self._row_grows))

    def _widen(self, offset: int, stated: str) -> None:
        """Note the ``spans`` that the row has to state where it gets cells outside of those stated."""
        todo = self._todo
        if stated not in self._extents:
            self._extents[stated] = _extent(stated)
        extent = self._extents[stated]
        if not todo or extent is None or (extent[0] <= todo[0].column and todo[-1].column <= extent[1]):
            return
        wide = f"{min(extent[0], todo[0].column)}:{max(extent[1], todo[-1].column)}"
        old = f' spans="{stated}"'
        changed = self._row_raw.replace(old, f' spans="{wide}"')
        if old not in self._row_raw:
            changed = set_attributes(self._row_raw, {"spans": wide})
        if changed.endswith("/>"):
            self._row_raw = changed
        else:
            self.rows.append((Tag(offset, self._row_raw), changed))


def _extent(spans: str) -> tuple[int, int] | None:
    """The first and the last column of a row's ``spans`` (``1:3 5:9``); None where they are not as they should be."""
    numbers = [whole_number(number) or 0 for number in spans.replace(":", " ").split()]
    return (min(numbers), max(numbers)) if numbers and len(numbers) == 2 * spans.count(":") else None


def _width(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 255.0)
    except ValueError:
        return USUAL_WIDTH


def _conflict(code: str, sheet: str, row: int, column: int) -> Conflict:
    return Conflict(code, sheet=sheet, cell=f"{column_letter(column)}{row}")
