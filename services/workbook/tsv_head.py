"""The ``#`` lines of the wire codec, both ways, and how its texts are escaped. What they mean stands in ``tsv``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from services.errors import InputError
from services.workbook.addresses import parse_cell
from services.workbook.grid import (
    GENERAL,
    MAX_COLUMN,
    MAX_RECTANGLE,
    ColumnFormats,
    Grid,
    Scalar,
    column_letter,
)

_KEY = re.compile(r"[a-z][a-z0-9_.-]*", re.ASCII)
_ROWS = re.compile(r"\d{1,9}(?:-\d{1,9})?(?:,\d{1,9}(?:-\d{1,9})?)*", re.ASCII)
_ESCAPED = re.compile(r"\\(.?)", re.S)
_PLAIN = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}
_Span = tuple[int, int]
_GRID_KEYS = frozenset({"size", "sheet", "address", "1904", "header", "format", "hidden"})


def head_lines(grid: Grid) -> Iterable[str]:
    """The ``#`` lines of a Grid, without options."""
    yield f"#size\t{grid.row_count}\t{grid.column_count}"
    if grid.sheet:
        yield f"#sheet\t{escape(grid.sheet)}"
    if (grid.first_row, grid.first_column) != (1, 1):
        yield f"#address\t{column_letter(grid.first_column)}{grid.first_row}"
    if grid.date_system == 1904:
        yield "#1904\t1"
    if grid.header:
        yield "\t".join(("#header", *map(escape, grid.header)))
    for number, formats in enumerate(grid.formats, 1):
        yield from _format_lines(number, formats)
    if grid.hidden_rows:
        yield f"#hidden\t{_rows_out(grid.hidden_rows)}"


def option_lines(options: Mapping[str, str]) -> list[str]:
    """The ``#`` lines of options. Raises ``ValueError`` for what is no option's key."""
    for key in options:
        if not _KEY.fullmatch(key) or key in _GRID_KEYS:
            raise ValueError(f"not an option's key: {key!r}")
    return [f"#{key}\t{escape(value)}" for key, value in options.items()]


def unescape(text: str) -> str:
    """The text that ``escape`` wrote. Raises ``ValueError`` for another backslash, and for a bare carriage return."""
    if "\\" in text:
        return _ESCAPED.sub(_plain, text)
    if "\r" in text:
        raise ValueError("a carriage return that is not written as \\r")
    return text


def unescape_at(line: int, column: int, text: str) -> str:
    """The same; raises ``InputError`` that names the place."""
    try:
        return unescape(text)
    except ValueError as error:
        raise bad(line, column, str(error)) from error


def escape(text: str) -> str:
    """A text without tabs and ends of lines."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def bad(line: int, column: int, why: str) -> InputError:
    """The error that says at which line and column (from 1) a text can't be read, and why."""
    return InputError("tsv", line=line, column=column, why=why)


class Head:
    """What the lines above the rows say, collected line by line; ``first`` is the number of the first of them."""

    def __init__(self, first: int) -> None:
        self.options: dict[str, str] = {}
        self.size: tuple[int, int] | None = None
        self._first = first
        self._at: dict[str, int] = {}
        self._sheet = ""
        self._address = (1, 1)
        self._dates_from_1904 = False
        self._header: tuple[str, ...] = ()
        self._formats: list[tuple[int, int, str, list[_Span] | None]] = []
        self._hidden: list[_Span] = []

    def take(self, number: int, line: str) -> None:
        """Read line ``number``. Raises ``InputError``."""
        if not line.startswith("#"):
            raise bad(number, 1, "a line above the empty line has to begin with #")
        key, *raw = line[1:].split("\t")
        values = [unescape_at(number, column, value) for column, value in enumerate(raw, 2)]
        if key != "format" and key in self._at:
            raise bad(number, 1, f"#{key} stands here twice")
        self._at[key] = number
        if key == "header":
            self._header = tuple(values)
        elif key == "format" and len(values) in (2, 3):
            self._take_format(number, values)
        elif key == "size" and len(values) == 2:
            self._take_size(number, values)
        elif len(values) != 1:
            raise bad(number, 2, f"#{key} takes another number of values")
        elif key == "sheet":
            self._sheet = values[0]
        elif key == "address":
            found = parse_cell(values[0])
            if found is None:
                raise bad(number, 2, "not an address of one cell")
            self._address = found
        elif key == "1904":
            if values[0] not in ("0", "1"):
                raise bad(number, 2, "#1904 is 1 or 0")
            self._dates_from_1904 = values[0] == "1"
        elif key == "hidden":
            self._hidden = _spans_in(number, 2, values[0])
        elif _KEY.fullmatch(key):
            self.options[key] = values[0]
        else:
            raise bad(number, 1, "not an option's key")

    def check_options_alone(self) -> None:
        """Raise ``InputError`` where lines speak of a rectangle that has no size."""
        if not self._at.keys().isdisjoint(_GRID_KEYS):
            raise bad(self._first, 1, "#size is missing")

    def _take_size(self, number: int, values: list[str]) -> None:
        if not all(re.fullmatch(r"\d{1,9}", value, re.ASCII) for value in values):
            raise bad(number, 2, "#size takes two whole numbers")
        rows, columns = int(values[0]), int(values[1])
        if columns > MAX_COLUMN or rows * columns > MAX_RECTANGLE:
            raise bad(number, 2, f"more than {MAX_COLUMN} columns or {MAX_RECTANGLE} cells")
        self.size = (rows, columns)

    def _take_format(self, number: int, values: list[str]) -> None:
        if not re.fullmatch(r"[1-9]\d{0,6}", values[0], re.ASCII):
            raise bad(number, 2, "#format begins with a column's number")
        spans = _spans_in(number, 4, values[2]) if len(values) == 3 else None
        self._formats.append((number, int(values[0]) - 1, values[1], spans))

    def grid(self, columns: tuple[list[Scalar], ...], masks: tuple[bytes, ...]) -> Grid:
        """The Grid with these columns. Raises ``InputError`` where the head speaks of cells that are not there."""
        rows = len(columns[0]) if columns else 0
        if self._header and len(self._header) != len(columns):
            raise bad(self._at["header"], 1, f"#header has {len(self._header)} titles for {len(columns)} columns")
        return Grid(
            columns=columns,
            header=self._header,
            formats=self._column_formats(rows, len(columns)),
            masks=masks,
            hidden_rows=frozenset(_rows_of(self._hidden, rows, self._at.get("hidden", 0), 2)),
            date_system=1904 if self._dates_from_1904 else 1900,
            first_row=self._address[0],
            first_column=self._address[1],
            sheet=self._sheet,
        )

    def _column_formats(self, rows: int, columns: int) -> tuple[ColumnFormats, ...]:
        if not self._formats:
            return ()
        defaults: dict[int, str] = {}
        others: list[dict[int, str]] = [{} for _ in range(columns)]
        for line, column, code, spans in self._formats:
            if column >= columns:
                raise bad(line, 2, "#format names a column that is not there")
            if spans is not None:
                others[column].update((row, code) for row in _rows_of(spans, rows, line, 4))
            elif column in defaults:
                raise bad(line, 2, "this column's format stands here twice")
            else:
                defaults[column] = code
        return tuple(ColumnFormats(defaults.get(column, GENERAL), others[column]) for column in range(columns))


def _plain(found: re.Match[str]) -> str:
    try:
        return _PLAIN[found[1]]
    except KeyError:
        raise ValueError("a backslash stands only in \\t \\n \\r \\\\") from None


def _format_lines(number: int, formats: ColumnFormats) -> Iterable[str]:
    if formats.default != GENERAL or formats.other:
        yield f"#format\t{number}\t{escape(formats.default)}"
    by_code: dict[str, list[int]] = {}
    for row, code in formats.other.items():
        by_code.setdefault(code, []).append(row)
    for code, rows in by_code.items():
        yield f"#format\t{number}\t{escape(code)}\t{_rows_out(rows)}"


def _rows_out(rows: Iterable[int]) -> str:
    """0-based rows as a list counted from 1, runs joined: ``2,5-9``."""
    spans: list[list[int]] = []
    for row in sorted(rows):
        if spans and spans[-1][1] == row:
            spans[-1][1] = row + 1
        else:
            spans.append([row + 1, row + 1])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def _spans_in(line: int, column: int, text: str) -> list[_Span]:
    if not _ROWS.fullmatch(text):
        raise bad(line, column, "not a list of rows such as 2,5-9")
    spans = [(int(first), int(last or first)) for first, _, last in (part.partition("-") for part in text.split(","))]
    if any(first < 1 or last < first for first, last in spans):
        raise bad(line, column, "not a list of rows such as 2,5-9")
    return spans


def _rows_of(spans: Sequence[_Span], row_count: int, line: int, column: int) -> Iterable[int]:
    """The rows of spans, from 0. Raises ``InputError`` where one is beyond the last, or stands there again."""
    last = max((last for _, last in spans), default=0)
    if last > row_count:
        raise bad(line, column, f"row {last} of {row_count}")
    if sum(last - first + 1 for first, last in spans) > row_count:
        raise bad(line, column, "rows stand here twice")
    return chain.from_iterable(range(first - 1, last) for first, last in spans)
