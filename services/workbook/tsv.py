r"""The wire codec: Grids and options as ``text/tab-separated-values``, for macros that have no JSON.

Nothing here reads files (a .tsv file is ``delimited``'s) and nothing knows what an option means. The code of the ``#``
lines is in ``tsv_head``.

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
15 digits only, so a macro appends ``x - Val(Str$(x))`` where that is not zero and nothing is lost; numbers that need
more digits are written in this way too, since ``Val`` is sure of 15 only. ``d:`` is a date as the serial number in the
workbook's date system. In front of that stand what is known of the cell, in this order and each once:

    f:      a formula's value; never written back.      f:n:5   f:t:abc   f: (an empty result)
    m:      covered by a merged range
    r:      text with formatting of its own inside
    l:      locked in a protected sheet

In texts, titles, names, codes and options ``\\``, ``\t``, ``\n``, ``\r`` stand for a backslash, a tab, a line feed and
a carriage return; no other backslash is allowed. Escape the backslash first; take it back last, or character by
character. A position of a bad character is reported as line and column (cell in the line, from 1).

A text may hold several rectangles, one right after the other, each with ``#`` lines, an empty line and rows of its own;
``rows`` says where the next one begins. Options stand in the ``#`` lines of the first. A text without ``#size`` and any
other line about a rectangle has options alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence

from services.workbook.grid import FORMULA, LOCKED, MERGED, RICH, CellError, DateSerial, Grid, Scalar
from services.workbook.tsv_head import Head, bad, escape, head_lines, option_lines, unescape

_MARKS = (("f:", FORMULA), ("m:", MERGED), ("r:", RICH), ("l:", LOCKED))
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_WHOLE = re.compile(r"-?\d+", re.ASCII)


def encode(grid: Grid, options: Mapping[str, str] | None = None) -> str:
    """``grid`` and ``options`` as text. Raises ``ValueError`` for an option's key or a number that is none."""
    return encode_all([grid], options)


def encode_all(grids: Sequence[Grid], options: Mapping[str, str] | None = None) -> str:
    """``options`` and any number of Grids as one text. Raises what ``encode`` raises."""
    own = option_lines(options or {})
    if not grids:
        return "\n".join([*own, "", ""])
    lines: list[str] = []
    for number, grid in enumerate(grids):
        lines.extend(head_lines(grid))
        lines.extend(() if number else own)
        lines.append("")
        fields = [_column_out(grid, column) for column in range(grid.column_count)]
        lines.extend(map("\t".join, zip(*fields, strict=True)))
    lines.append("")
    return "\n".join(lines)


def decode_all(text: str) -> tuple[dict[str, str], list[Grid]]:
    """The options and all Grids of a text, none for one of options alone.

    Raises ``InputError`` (``tsv``) that names the line, counted in the whole text, and the column.
    """
    lines = _lines(text)
    options: dict[str, str] = {}
    grids: list[Grid] = []
    at = 0
    while at < len(lines):
        head, grid, after = _read(lines, at)
        if grids and head.options:
            raise bad(at + 1, 1, "options stand above the first rectangle only")
        if grid is None:
            if at or after < len(lines):
                raise bad(at + 1, 1, "#size is missing")
            return head.options, []
        options = options if grids else head.options
        grids.append(grid)
        at = after
    return options, grids


def _lines(text: str) -> list[str]:
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    if lines[-1] == "":
        lines.pop()
    elif "" not in lines:
        raise bad(len(lines), 1, "the empty line after the # lines is missing")
    return lines


def _read(lines: Sequence[str], at: int) -> tuple[Head, Grid | None, int]:
    """The head that begins at the 0-based line ``at``, its Grid if it has a size, and the line after that."""
    head = Head(at + 1)
    end = at
    while end < len(lines) and lines[end]:
        head.take(end + 1, lines[end])
        end += 1
    first = end + 1
    if head.size is None:
        head.check_options_alone()
        return head, None, first
    row_count, column_count = head.size
    rows = lines[first : first + row_count]
    if len(rows) != row_count:
        raise bad(first + len(rows) + 1, 1, f"{row_count} rows were announced, {len(rows)} are here")
    columns, masks = _body_in(rows, first + 1, column_count)
    return head, head.grid(columns, masks), first + row_count


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


def _body_in(lines: Sequence[str], first: int, column_count: int) -> tuple[tuple[list[Scalar], ...], tuple[bytes, ...]]:
    """The columns and masks of the rows; ``first`` is the number of the first row's line."""
    if column_count == 0:
        for row, line in enumerate(lines):
            if line:
                raise bad(first + row, 1, "no columns were announced")
        return (), ()
    if not lines:
        return tuple([] for _ in range(column_count)), ()
    rows = [line.split("\t") for line in lines]
    for row, fields in enumerate(rows):
        if len(fields) != column_count:
            raise bad(first + row, min(len(fields), column_count) + 1, f"{len(fields)} cells instead of {column_count}")
    columns: list[list[Scalar]] = []
    masks: list[bytes] = []
    for number, raw in enumerate(zip(*rows, strict=True), 1):
        cells = _Cells()
        try:
            columns.append(list(map(cells.__getitem__, raw)))
        except ValueError as error:
            row = next(row for row, field in enumerate(raw) if field not in cells)
            raise bad(first + row, number, str(error)) from error
        marks = cells.marks
        masks.append(bytes(marks.get(field, 0) for field in raw) if marks else b"")
    return tuple(columns), tuple(masks) if any(masks) else ()


def _number_in(text: str) -> int | float:
    if _WHOLE.fullmatch(text) and len(text) <= 300:
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
    return CellError(unescape(text))


_TYPES: dict[str, Callable[[str], Scalar]] = {
    "t:": unescape,
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
            return "e:" + escape(value)
        return "t:" + (value if value.isprintable() and "\\" not in value else escape(value))
    if value is None:
        return ""
    if isinstance(value, bool):
        return "b:1" if value else "b:0"
    if isinstance(value, int):
        return f"n:{value}"
    if not math.isfinite(value):
        raise ValueError(f"not a number: {value!r}")
    return ("d:" if isinstance(value, DateSerial) else "n:") + _decimal_out(float(value))


def _decimal_out(value: float) -> str:
    """A number in 15 digits, which is what ``Val`` reads exactly; what they leave out is added to them."""
    text = repr(value)
    if len(text) <= 15:
        return text
    first = f"{value:.15g}"
    rest = value - float(first)
    if not math.isfinite(rest):
        return text  # rounded beyond the largest number there is
    if rest:
        return f"{first}{rest:+.15g}"
    return first if "." in first or "e" in first else f"{first}."  # the point says that it is no whole number
