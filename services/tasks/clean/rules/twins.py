"""Rows that are the same, or the same but for slips in a few cells, found without comparing all pairs.

Not here: what a person is told about them (``rows``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import combinations, pairwise

from services.tasks.clean.rules.likeness import Likeness, likeness
from services.tasks.clean.table import Column, Table
from services.text.similarity import collision_key
from services.workbook.grid import Scalar, same_value

_TELLING, _BLOCKS = 0.2, 3
"""Share of different values from which on a column tells rows apart, and how many such columns are used."""
_LARGEST_BLOCK, _MOST_PAIRS = 12, 200_000
"""Rows of one value that are compared pair by pair, and pairs in all; more would be no twins, or take too long."""
_FEWEST_COLUMNS = 3
"""Columns that two rows must be compared by."""
_ID_COLUMNS = 2
"""Columns from the left among which a number of the row is looked for."""
_GLANCE = 20
"""Rows that show whether a column may count the rows at all."""


def counting_columns(table: Table) -> list[Column]:
    """The columns that number the rows one by one."""
    return [column for column in table.columns if _counts_rows(column)]


def single_id(columns: Sequence[Column]) -> Column | None:
    """The one column of codes, among the first two, in which no value occurs twice; None where there is no such one."""
    found = [column for column in columns[:_ID_COLUMNS] if _is_id(column)]
    return found[0] if len(found) == 1 and len(columns) > _FEWEST_COLUMNS else None


def same_rows(columns: Sequence[Column], row_count: int, taken: Collection[int]) -> Iterator[tuple[int, int]]:
    """Pairs (row, first row like it) over ``columns``, rows in ``taken`` and rows without a value left out.

    Nothing where so few different rows are possible that equal ones are bound to occur (answers on a scale, say).
    """
    if not columns or _bound_to_repeat(columns, row_count):
        return
    seen: dict[int, int] = {}
    for row, cells in enumerate(zip(*(column.values for column in columns), strict=True)):
        first = seen.setdefault(hash(cells), row)
        if first == row or row in taken or cells.count(None) == len(cells):
            continue
        if all(same_value(cell, column.values[first]) for cell, column in zip(cells, columns, strict=True)):
            yield row, first


def nearly_same(
    table: Table, columns: Sequence[Column], taken: Collection[int]
) -> Iterator[tuple[int, int, tuple[Column, ...]]]:
    """Triples (row, earlier row, columns in which they differ) of rows that agree but for slips in at most a fifth.

    Two rows are compared where they share the value of one of the columns that tell rows apart best.
    """
    if len(columns) < _FEWEST_COLUMNS:
        return
    most = max(1, len(columns) // 5)
    found: dict[int, tuple[int, tuple[Column, ...]]] = {}
    budget = _MOST_PAIRS
    for telling in _telling(columns):
        for block in _blocks(telling):
            for first, row in combinations(block, 2):
                budget -= 1
                if budget < 0:
                    break
                if row in taken or first in taken or row in found:
                    continue
                different = _differences(first, row, columns, most)
                if different:
                    found[row] = first, different
    for row, (first, different) in sorted(found.items()):
        yield row, first, different


def _counts_rows(column: Column) -> bool:
    values = column.values
    if len(values) < 3 or any(isinstance(value, str) and not value.isdigit() for value in values[:_GLANCE]):
        return False
    if len(column.texts) + len(column.numbers) < 0.9 * len(values):
        return False
    numbers = [_whole(value) for value in values]
    steps = sum(1 for one, two in pairwise(numbers) if one is not None and two == one + 1)
    return steps >= 0.95 * (len(values) - 1)


def _whole(value: Scalar) -> int | None:
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None
    return int(value) if isinstance(value, (int, float)) and float(value).is_integer() else None


def _is_id(column: Column) -> bool:
    distinct = len(column.texts) + len(column.numbers)
    if distinct < len(column.values) or not distinct:
        return False
    sample = list(column.texts)[:200]
    if not all(float(number).is_integer() for number in column.numbers):
        return False
    return all(" " not in text and any(map(str.isdigit, text)) for text in sample)


def _bound_to_repeat(columns: Sequence[Column], row_count: int) -> bool:
    """Whether rows put together by chance from the columns' values would give equal ones anyway."""
    chance = 1.0
    for column in columns:
        counts = [*column.texts.values(), *column.numbers.values()]
        missing = row_count - sum(counts)
        chance *= (sum(count * count for count in counts) + missing * missing) / (row_count * row_count)
    return chance * row_count * row_count / 2 > 1


def _telling(columns: Sequence[Column]) -> list[Column]:
    """The columns with the most different values, but not those in which no two rows agree."""
    ranked = []
    for column in columns:
        distinct = len(column.texts) + len(column.numbers)
        if _TELLING * column.filled <= distinct < column.filled and distinct > 1:
            ranked.append((-distinct, column.index, column))
    return [column for _, _, column in sorted(ranked, key=lambda item: item[:2])[:_BLOCKS]]


def _blocks(column: Column) -> Iterator[list[int]]:
    counts: Counter[Scalar] = Counter()
    counts.update(column.texts)
    counts.update(column.numbers)
    blocks: dict[Scalar, list[int]] = {}
    for row, value in enumerate(column.values):
        if value is not None and 2 <= counts[value] <= _LARGEST_BLOCK:
            blocks.setdefault(value, []).append(row)
    yield from blocks.values()


def _differences(first: int, row: int, columns: Sequence[Column], most: int) -> tuple[Column, ...]:
    different: list[Column] = []
    agreeing = 0
    for column in columns:
        one, two = column.values[first], column.values[row]
        if one == two:
            agreeing += one is not None
        elif len(different) == most:
            return ()
        else:
            different.append(column)
    if agreeing < 2 or not all(_slipped(column.values[first], column.values[row]) for column in different):
        return ()
    return tuple(different)


def _slipped(one: Scalar, two: Scalar) -> bool:
    if one is None or two is None:
        return True
    if not isinstance(one, str) or not isinstance(two, str):
        return False
    if not any(map(str.isalpha, one)):
        return False
    if collision_key(one) == collision_key(two):
        return True
    return Likeness.SLIP in (likeness(one, two, ""), likeness(two, one, ""))
