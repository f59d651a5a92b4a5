r"""The wire codec: a Grid and options as ``text/tab-separated-values``, for macros that have no JSON.

Nothing here reads files (a .tsv file is ``delimited``'s) and nothing knows what an option means.

The text, UTF-8 without a byte order mark::

    #size       rows <TAB> columns              required; rows of values, the header not counted
    #sheet      name
    #address    B3                              where the first value cell stands; A1 where left out
    #1904       1                               the workbook counts days from 1904
    #header     title <TAB> title ...           one per column
    #format     column <TAB> code               the number format of a column, counted from 1
    #format     column <TAB> code <TAB> rows    the format of some cells of the column
    #hidden     rows                            rows that are hidden
    #<option>   text                            anything else is an option, each once
                                                one empty line ends this part
    cell <TAB> cell <TAB> cell                  one line per row, ``columns`` cells each, ``rows`` lines
    cell <TAB> cell <TAB> cell

Between a key and its value, and between values, stands one TAB. Every line ends with a line feed (CR LF is taken too;
the last one may be missing unless it ends an empty line). ``rows`` in ``#format`` and ``#hidden`` is a list such as
``2,5-9`` of rows counted from 1.

A cell is a letter, a colon and its value, or nothing at all for an empty cell:

    t:text      n:12.5      b:1  b:0      d:45000.25      e:#N/A

``t:`` alone is the empty text. Numbers have a point and never a comma, spaces or thousands; ``.5``, ``-.5``, ``1E+20``
are read (VBA: ``Trim$(Str$(x))``, back with ``Val``). A number may be a sum of two, ``n:.3+5.55E-17``: ``Str$`` gives
15 digits only, so a macro appends ``x - Val(Str$(x))`` where that is not zero and nothing is lost. ``d:`` is a date as
the serial number in the workbook's date system. In front of that stand what is known of the cell, in this order and
each once:

    f:      a formula's value; never written back.      f:n:5   f:t:abc   f: (an empty result)
    m:      covered by a merged range
    r:      text with formatting of its own inside
    l:      locked in a protected sheet

In texts, titles, names, codes and options ``\\``, ``\t``, ``\n``, ``\r`` stand for a backslash, a tab, a line feed and
a carriage return; no other backslash is allowed. Escape the backslash first; take it back last, or character by
character. A position of a bad character is reported as line and column (cell in the line, from 1).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import chain

from services.errors import InputError
from services.workbook.grid import (
    FORMULA,
    GENERAL,
    LOCKED,
    MERGED,
    RICH,
    CellError,
    ColumnFormats,
    DateSerial,
    Grid,
    Scalar,
    column_letter,
    column_number,
)

_MARKS = (("f:", FORMULA), ("m:", MERGED), ("r:", RICH), ("l:", LOCKED))
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_WHOLE = re.compile(r"-?\d+", re.ASCII)
_KEY = re.compile(r"[a-z][a-z0-9_.-]*", re.ASCII)
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})", re.ASCII)
_ROWS = re.compile(r"\d{1,9}(?:-\d{1,9})?(?:,\d{1,9}(?:-\d{1,9})?)*", re.ASCII)
_ESCAPED = re.compile(r"\\(.?)", re.S)
_PLAIN = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}
_GRID_KEYS = frozenset({"size", "sheet", "address", "1904", "header", "format", "hidden"})


def encode(grid: Grid, options: Mapping[str, str] | None = None) -> str:
    """``grid`` and ``options`` as text. Raises ``ValueError`` for an option's key or a number that is none."""
    lines = [f"#size\t{grid.row_count}\t{grid.column_count}"]
    if grid.sheet:
        lines.append(f"#sheet\t{_escape(grid.sheet)}")
    if (grid.first_row, grid.first_column) != (1, 1):
        lines.append(f"#address\t{column_letter(grid.first_column)}{grid.first_row}")
    if grid.date_system == 1904:
        lines.append("#1904\t1")
    if grid.header:
        lines.append("\t".join(("#header", *map(_escape, grid.header))))
    for number, formats in enumerate(grid.formats, 1):
        lines.extend(_format_lines(number, formats))
    if grid.hidden_rows:
        lines.append(f"#hidden\t{_rows_out(grid.hidden_rows)}")
    for key, value in (options or {}).items():
        if not _KEY.fullmatch(key) or key in _GRID_KEYS:
            raise ValueError(f"not an option's key: {key!r}")
        lines.append(f"#{key}\t{_escape(value)}")
    lines.append("")
    fields = [_column_out(grid, column) for column in range(grid.column_count)]
    lines.extend(map("\t".join, zip(*fields, strict=True)))
    lines.append("")
    return "\n".join(lines)


def decode(text: str) -> tuple[dict[str, str], Grid]:
    """The options and the Grid of a text. Raises ``InputError`` (``tsv``) that names the line and the column."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    head, body = _split(text)
    reader = _Head()
    for number, line in enumerate(head, 1):
        reader.take(number, line)
    first = len(head) + 2
    if reader.size is None:
        raise _bad(1, 1, "#size is missing")
    row_count, column_count = reader.size
    lines = body.split("\n")
    if lines[-1] == "":
        lines.pop()
    if len(lines) != row_count:
        raise _bad(first + min(len(lines), row_count), 1, f"{row_count} rows were announced, {len(lines)} are here")
    columns, masks = _body_in(lines, first, column_count)
    return reader.options, reader.grid(columns, masks)


def _split(text: str) -> tuple[list[str], str]:
    """The lines above the empty line, and the text below it."""
    if text.startswith("\n"):
        return [], text[1:]
    head, gap, body = text.partition("\n\n")
    if not gap and not text.endswith("\n"):
        raise _bad(text.count("\n") + 1, 1, "the empty line after the # lines is missing")
    return head.removesuffix("\n").split("\n"), body


class _Head:
    """What the lines above the rows say, collected line by line."""

    def __init__(self) -> None:
        self.options: dict[str, str] = {}
        self.size: tuple[int, int] | None = None
        self._seen: set[str] = set()
        self._sheet = ""
        self._address = (1, 1)
        self._dates_from_1904 = False
        self._header: tuple[str, ...] = ()
        self._formats: dict[int, tuple[str | None, dict[int, str]]] = {}
        self._hidden: frozenset[int] = frozenset()

    def take(self, number: int, line: str) -> None:
        """Read line ``number``. Raises ``InputError``."""
        if not line.startswith("#"):
            raise _bad(number, 1, "a line above the empty line has to begin with #")
        key, *raw = line[1:].split("\t")
        values = [_unescape_at(number, column, value) for column, value in enumerate(raw, 2)]
        if key != "format" and key in self._seen:
            raise _bad(number, 1, f"#{key} stands here twice")
        self._seen.add(key)
        if key == "header":
            self._header = tuple(values)
        elif key == "format" and len(values) in (2, 3):
            self._take_format(number, values)
        elif key == "size" and len(values) == 2:
            if not all(re.fullmatch(r"\d{1,9}", value, re.ASCII) for value in values):
                raise _bad(number, 2, "#size takes two whole numbers")
            self.size = (int(values[0]), int(values[1]))
        elif len(values) != 1:
            raise _bad(number, 2, f"#{key} takes another number of values")
        elif key == "sheet":
            self._sheet = values[0]
        elif key == "address":
            found = _ADDRESS.fullmatch(values[0])
            if not found:
                raise _bad(number, 2, "not an address of one cell")
            self._address = (int(found[2]), column_number(found[1]))
        elif key == "1904":
            if values[0] not in ("0", "1"):
                raise _bad(number, 2, "#1904 is 1 or 0")
            self._dates_from_1904 = values[0] == "1"
        elif key == "hidden":
            self._hidden = frozenset(_rows_in(number, 2, values[0]))
        elif _KEY.fullmatch(key):
            self.options[key] = values[0]
        else:
            raise _bad(number, 1, "not an option's key")

    def _take_format(self, number: int, values: list[str]) -> None:
        if not re.fullmatch(r"[1-9]\d{0,6}", values[0], re.ASCII):
            raise _bad(number, 2, "#format begins with a column's number")
        column = int(values[0]) - 1
        default, other = self._formats.setdefault(column, (None, {}))
        if len(values) == 2:
            if default is not None:
                raise _bad(number, 2, "this column's format stands here twice")
            self._formats[column] = (values[1], other)
        else:
            other.update((row, values[1]) for row in _rows_in(number, 4, values[2]))

    def grid(self, columns: tuple[list[Scalar], ...], masks: tuple[bytes, ...]) -> Grid:
        """The Grid with these columns. Raises ``InputError`` where the head speaks of columns that are not there."""
        if self._header and len(self._header) != len(columns):
            raise _bad(1, 1, f"#header has {len(self._header)} titles for {len(columns)} columns")
        if any(column >= len(columns) for column in self._formats):
            raise _bad(1, 1, "#format names a column that is not there")
        formats: tuple[ColumnFormats, ...] = ()
        if self._formats:
            known = [self._formats.get(column, (None, {})) for column in range(len(columns))]
            formats = tuple(ColumnFormats(GENERAL if default is None else default, other) for default, other in known)
        return Grid(
            columns=columns,
            header=self._header,
            formats=formats,
            masks=masks,
            hidden_rows=self._hidden,
            date_system=1904 if self._dates_from_1904 else 1900,
            first_row=self._address[0],
            first_column=self._address[1],
            sheet=self._sheet,
        )


class _Cells(dict[str, Scalar]):
    """Cells of one column by their text, each text read once; ``marks`` has those that have marks."""

    def __init__(self) -> None:
        super().__init__({"": None})
        self.marks: dict[str, int] = {}

    def __missing__(self, field: str) -> Scalar:
        read = _TYPES.get(field[:2])
        self[field] = value = read(field[2:]) if read else self._marked(field)
        return value

    def _marked(self, field: str) -> Scalar:
        rest, marks = field, 0
        for prefix, bit in _MARKS:
            if rest.startswith(prefix):
                rest, marks = rest[2:], marks | bit
        if not marks:
            raise ValueError("a cell begins with t: n: b: d: e: or f:, or is empty")
        self.marks[field] = marks
        if not rest:
            return None
        if rest[:2] not in _TYPES:
            raise ValueError("a cell begins with t: n: b: d: e: or f:, or is empty")
        return _TYPES[rest[:2]](rest[2:])


def _body_in(lines: list[str], first: int, column_count: int) -> tuple[tuple[list[Scalar], ...], tuple[bytes, ...]]:
    """The columns and masks of the rows; ``first`` is the number of the first row's line."""
    if column_count == 0:
        for row, line in enumerate(lines):
            if line:
                raise _bad(first + row, 1, "no columns were announced")
        return (), ()
    if not lines:
        return tuple([] for _ in range(column_count)), ()
    rows = [line.split("\t") for line in lines]
    for row, fields in enumerate(rows):
        if len(fields) != column_count:
            raise _bad(
                first + row, min(len(fields), column_count) + 1, f"{len(fields)} cells instead of {column_count}"
            )
    columns: list[list[Scalar]] = []
    masks: list[bytes] = []
    for number, raw in enumerate(zip(*rows, strict=True), 1):
        cells = _Cells()
        try:
            columns.append(list(map(cells.__getitem__, raw)))
        except ValueError as error:
            row = next(row for row, field in enumerate(raw) if field not in cells)
            raise _bad(first + row, number, str(error)) from error
        marks = cells.marks
        masks.append(bytes(marks.get(field, 0) for field in raw) if marks else b"")
    return tuple(columns), tuple(masks) if any(masks) else ()


def _number_in(text: str) -> int | float:
    if _WHOLE.fullmatch(text) and len(text) <= 400:
        return int(text)
    return _decimal_in(text)


def _decimal_in(text: str) -> float:
    first = _NUMBER.match(text)
    if first:
        rest = text[first.end() :]
        if not rest or (rest[0] in "+-" and _NUMBER.fullmatch(rest)):
            value = float(first[0]) + (float(rest) if rest else 0.0)
            if math.isfinite(value):
                return value if rest else float(first[0])
    raise ValueError("not a number")


def _date_in(text: str) -> DateSerial:
    return DateSerial(_decimal_in(text))


def _boolean_in(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError("b: is 1 or 0")
    return text == "1"


def _error_in(text: str) -> CellError:
    return CellError(_unescape(text))


def _unescape(text: str) -> str:
    if "\\" in text:
        return _ESCAPED.sub(_plain, text)
    if "\r" in text:
        raise ValueError("a carriage return that is not written as \\r")
    return text


def _plain(found: re.Match[str]) -> str:
    try:
        return _PLAIN[found[1]]
    except KeyError:
        raise ValueError("a backslash stands only in \\t \\n \\r \\\\") from None


def _unescape_at(line: int, column: int, text: str) -> str:
    try:
        return _unescape(text)
    except ValueError as error:
        raise _bad(line, column, str(error)) from error


_TYPES: dict[str, Callable[[str], Scalar]] = {
    "t:": _unescape,
    "n:": _number_in,
    "b:": _boolean_in,
    "d:": _date_in,
    "e:": _error_in,
}


def _column_out(grid: Grid, column: int) -> list[str]:
    fields = [_field(value) for value in grid.columns[column]]
    mask = grid.masks[column] if column < len(grid.masks) else b""
    if any(mask):
        marks = ["".join(prefix for prefix, bit in _MARKS if bits & bit) for bits in range(16)]
        fields = [marks[bits] + field for bits, field in zip(mask, fields, strict=True)]
    return fields


def _field(value: Scalar) -> str:
    if isinstance(value, str):
        if isinstance(value, CellError):
            return "e:" + _escape(value)
        return "t:" + (value if value.isprintable() and "\\" not in value else _escape(value))
    if value is None:
        return ""
    if isinstance(value, bool):
        return "b:1" if value else "b:0"
    if isinstance(value, int):
        return f"n:{value}"
    if not math.isfinite(value):
        raise ValueError(f"not a number: {value!r}")
    return ("d:" if isinstance(value, DateSerial) else "n:") + float.__repr__(value)


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _format_lines(number: int, formats: ColumnFormats) -> Iterable[str]:
    if formats.default != GENERAL or formats.other:
        yield f"#format\t{number}\t{_escape(formats.default)}"
    by_code: dict[str, list[int]] = {}
    for row, code in formats.other.items():
        by_code.setdefault(code, []).append(row)
    for code, rows in by_code.items():
        yield f"#format\t{number}\t{_escape(code)}\t{_rows_out(rows)}"


def _rows_out(rows: Iterable[int]) -> str:
    """0-based rows as a list counted from 1, runs joined: ``2,5-9``."""
    spans: list[list[int]] = []
    for row in sorted(rows):
        if spans and spans[-1][1] == row:
            spans[-1][1] = row + 1
        else:
            spans.append([row + 1, row + 1])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def _rows_in(line: int, column: int, text: str) -> Iterable[int]:
    if not _ROWS.fullmatch(text):
        raise _bad(line, column, "not a list of rows such as 2,5-9")
    spans = [(int(first), int(last or first)) for first, _, last in (part.partition("-") for part in text.split(","))]
    if any(first < 1 or last < first or last > 1_048_576 for first, last in spans):  # Excel's last row
        raise _bad(line, column, "not a list of rows such as 2,5-9")
    return chain.from_iterable(range(first - 1, last) for first, last in spans)


def _bad(line: int, column: int, why: str) -> InputError:
    return InputError("tsv", line=line, column=column, why=why)
