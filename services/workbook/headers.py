"""Which rows at the top of a rectangle are its titles and its header, judged by how they differ from the rows below.

Where tables begin and end is in ``tables``. Samples of rows are looked at, never all of them.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from services.workbook.grid import MERGED, CellError, ColumnFormats, DateSerial, Grid, Scalar, kind_of
from services.workbook.rendering import text_of

_SAMPLE = 200
_TITLES = 10
_DEEPEST = 4
_LONGEST = 80
_VALUE = re.compile(
    r"[\s(+\-¥$€£￥]*\d[\d,. ]*\s*[)%％元]?"  # an amount or number
    r"|\d{1,4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,4}.*"  # a date
    r"|[^@\s]+@[^@\s]+\.\w+"  # an e-mail address
    r"|https?://.*",
    re.S,
)
_RUNS = ((re.compile(r"\d+"), "9"), (re.compile(r"[A-Za-zÀ-ɏ]+"), "a"), (re.compile(r"[\u3400-\u9fff]"), "字"))


def with_header(grid: Grid) -> Grid:
    """The Grid with its header taken from its first rows; as it is where they look like values.

    A header's cells are text (or years above numbers), mostly different from each other, and unlike the values below
    them in kind or shape. Of a header of several rows the last one counts, with gaps filled from above.
    """
    if grid.row_count < 2 or not _may_be_header(grid, 0):
        return grid
    depth = 1
    while (
        depth < min(_DEEPEST, grid.row_count - 1)
        and _has_gaps(grid, depth - 1)
        and _may_be_header(grid, depth)
        and _votes(grid, depth) > 0
    ):
        depth += 1
    if _votes(grid, depth - 1) < 0:
        return grid
    return header_rows(grid, depth)


def header_rows(grid: Grid, count: int) -> Grid:
    """The Grid without its first ``count`` rows, which become its header: of each column the last text there."""
    titles = [_title(grid, number, count) for number in range(grid.column_count)]
    masks = tuple(mask[count:] for mask in grid.masks)
    formats = tuple(
        ColumnFormats(known.default, {row - count: code for row, code in known.other.items() if row >= count})
        for known in grid.formats
    )
    return replace(
        grid,
        columns=tuple(column[count:] for column in grid.columns),
        header=tuple(titles),
        masks=tuple(mask if any(mask) else b"" for mask in masks) if any(map(any, masks)) else (),
        formats=formats,
        hidden_rows=frozenset(row - count for row in grid.hidden_rows if row >= count),
        first_row=grid.first_row + count,
    )


def title_rows(grid: Grid) -> int:
    """How many rows at the top are titles: a filled cell or two above rows that fill most of the width."""
    width = grid.column_count
    counts = [_filled_count(grid, row) for row in range(min(grid.row_count, _TITLES + 5))]
    if width < 2 or len(counts) < 3:
        return 0
    for row, count in enumerate(counts[:_TITLES]):
        if count > (2 if width > 4 else 1) or row + 2 >= len(counts):
            return row if row and count >= max(2, width / 2) else 0
        # The row below is the table's first if it is wide and so is the one below that.
        if min(counts[row + 1 : row + 3]) >= max(2, width * 0.6):
            return row + 1
    return 0


def _title(grid: Grid, column: int, count: int) -> str:
    for row in reversed(range(count)):
        value = grid.columns[column][row]
        if value is not None:
            return text_of(value, grid.format_at(row, column), grid.date_system)
    return ""


def _filled_count(grid: Grid, row: int) -> int:
    return sum(column[row] is not None and column[row] != "" for column in grid.columns)


def _has_gaps(grid: Grid, row: int) -> bool:
    """Whether the row leaves cells empty or has cells covered by a merge, as the upper rows of a header do."""
    return any(
        column[row] is None or grid.mask_at(row, number) & MERGED or grid.mask_at(row + 1, number) & MERGED
        for number, column in enumerate(grid.columns)
    )


def _may_be_header(grid: Grid, row: int) -> bool:
    """Whether the row's own cells may be titles of columns."""
    cells = [column[row] for column in grid.columns if column[row] is not None]
    if not cells:
        return False
    texts = [cell.strip() for cell in cells if isinstance(cell, str) and not isinstance(cell, CellError)]
    if any(len(text) > _LONGEST or _VALUE.fullmatch(text) for text in texts if not _is_year(text)):
        return False
    if len(texts) < len(cells) and (len(texts) * 4 < len(cells) or not all(map(_may_be_title, cells))):
        return False
    return len(set(texts)) * 2 > len(texts) and len(cells) * 2 >= grid.column_count


def _may_be_title(cell: Scalar) -> bool:
    return (isinstance(cell, str | DateSerial) and not isinstance(cell, CellError)) or _is_year(cell)


def _is_year(cell: Scalar) -> bool:
    if isinstance(cell, str):
        return bool(re.fullmatch(r"(?:19|20)\d\d年?", cell))
    return kind_of(cell) == "number" and cell in range(1900, 2101)


def _votes(grid: Grid, row: int) -> int:
    """How many columns say that ``row`` is a header, less those that say it holds values like the rows below."""
    votes = 0
    titles = [column[row] for column in grid.columns]
    end = min(grid.row_count, row + 1 + _SAMPLE)
    below = [r for r in range(row + 1, end) if [column[r] for column in grid.columns] != titles]
    for title, column in zip(titles, grid.columns, strict=True):
        values = [column[r] for r in below if column[r] is not None]
        if title is None or not values:
            continue
        votes += _vote(title, values)
    return votes


def _vote(title: Scalar, values: list[Scalar]) -> int:
    kinds = Counter(map(kind_of, values))
    kind, count = kinds.most_common(1)[0]
    if kind != "text":
        if kind_of(title) == kind:
            return 1 if kind == "number" and _is_year(title) and not _is_year(values[0]) else -2
        return 2 if count * 2 > len(values) else 0
    texts = [value for value in values if isinstance(value, str)]
    title = str(title)
    if title in texts:
        return -2
    if sum(bool(_VALUE.fullmatch(text.strip())) for text in texts) * 2 > len(texts):
        return 2
    if any(c.isdigit() for c in title) and all(any(c.isdigit() for c in text) for text in texts):
        return -1
    shape, alike = Counter(map(_shape, texts)).most_common(1)[0]
    # Words look like words: only shapes with more to them, such as a-9 for a code, tell a title from a value.
    if len(texts) >= 3 and alike * 10 >= len(texts) * 8 and shape != "a" and set(shape) != {"字"}:
        return -1 if _shape(title) == shape else 1
    return 0


def _shape(text: str) -> str:
    """What a text looks like: runs of digits and letters become one sign each, a hanzi becomes one sign."""
    for pattern, sign in _RUNS:
        text = pattern.sub(sign, text)
    return text
