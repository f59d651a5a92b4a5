"""What columns say about each other: which columns settle another one, and what the rows of a group say its value is.

An approximate functional dependency: rows with the same value in one or two columns (the keys) nearly all have the same
value in another. Finding them and counting votes lives here; what is done about an outvoted value in ``agreement``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from services.tasks.clean.table import Column, Table
from services.text.nulls import null_word
from services.workbook.grid import CellError, Scalar

EMPTY = -1
"""The code of an empty cell, of one that holds an error, and of one whose word means that there is no value."""

STRONG = 0.8
"""From this strength on a dependency is taken for a rule of the table."""

LOOSE = 0.5
"""From this strength on the majority of a group is worth showing to a person."""

_SMALLEST_GROUP, _FEWEST_GROUPS = 3, 3
"""Filled cells of a group that says something, and how many such groups a dependency needs."""
_GROUPS, _GROUP_ROWS = 60, 10
"""Groups, and rows of each, that are looked at before all rows are counted."""
_GLANCE = 4000
"""Rows from which the groups of pairs of keys are taken for that first look."""
_WORTH_TRYING = 0.3
"""Agreement above chance in the first look from which on all rows are counted."""
_CONSTANT = 0.995
"""Agreement by chance above which a column is all one value, so that any key would seem to settle it."""
_MOST_PAIRS, _MOST_KEYS = 45, 6
"""Pairs of keys that are tried (those of ten columns), and single keys that are kept for a target."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A column as numbers: ``codes`` per row, ``EMPTY`` where nothing stands, else an index into ``values``."""

    codes: list[int]
    values: list[Scalar]
    counts: list[int]

    @property
    def filled(self) -> int:
        """How many cells are not empty."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Dependency:
    """Columns ``keys`` (indexes) settle column ``target``; ``strength`` 0 (as by chance) to 1 (without exception)."""

    keys: tuple[int, ...]
    target: int
    strength: float


@dataclass(frozen=True, slots=True)
class Vote:
    """What a group says: ``winner`` (a code) has ``count`` of the ``total`` filled cells."""

    winner: int
    count: int
    total: int


def coded(column: Column) -> Coded:
    """The column as numbers, each distinct value with a number of its own (1, 1.0 and true are one)."""
    numbers: dict[Scalar, int] = dict.fromkeys(column.values, 0)
    numbers.pop(None, None)
    nothing = [value for value in numbers if isinstance(value, str) and _says_nothing(value)]
    for word in nothing:
        del numbers[word]
    for code, value in enumerate(numbers):
        numbers[value] = code
    tally = Counter(column.values)
    counts = [tally[value] for value in numbers]
    values = list(numbers)
    numbers.update(dict.fromkeys([None, *nothing], EMPTY))
    return Coded(list(map(numbers.__getitem__, column.values)), values, counts)


def _says_nothing(text: str) -> bool:
    return isinstance(text, CellError) or null_word(text) == "certain"


def joined_codes(columns: Sequence[Coded]) -> list[int]:
    """One code per row for the values of one or two columns together, ``EMPTY`` where one is empty."""
    if len(columns) == 1:
        return columns[0].codes
    first, second = columns
    width = len(second.values)
    return [
        EMPTY if one < 0 or two < 0 else one * width + two for one, two in zip(first.codes, second.codes, strict=True)
    ]


def votes_of(keys: Sequence[int], target: Coded) -> tuple[dict[int, Vote], Counter[tuple[int, int]]]:
    """What each group of rows says of ``target``, with the number of rows per (key, value)."""
    pairs = Counter(zip(keys, target.codes, strict=True))
    totals: dict[int, int] = {}
    best: dict[int, tuple[int, int]] = {}
    for (key, value), count in pairs.items():
        if key < 0 or value < 0:
            continue
        totals[key] = totals.get(key, 0) + count
        top = best.get(key)
        if top is None or count > top[0] or (count == top[0] and value < top[1]):
            best[key] = count, value
    return {key: Vote(best[key][1], best[key][0], total) for key, total in totals.items()}, pairs


def strength_of(keys: Sequence[int], target: Coded) -> float:
    """How far the keys settle the target: Goodman and Kruskal's tau, each row left out of its own group.

    Groups of fewer than three filled cells say nothing. 0 where fewer than three groups do, or where half the rows
    are in none.
    """
    votes, pairs = votes_of(keys, target)
    grouped = sum(vote.total for vote in votes.values() if vote.total >= _SMALLEST_GROUP)
    groups = sum(1 for vote in votes.values() if vote.total >= _SMALLEST_GROUP)
    filled = target.filled
    if groups < _FEWEST_GROUPS or 2 * grouped < filled:
        return 0.0
    agreeing = 0.0
    spread: Counter[int] = Counter()
    for (key, value), count in pairs.items():
        if key < 0 or value < 0 or votes[key].total < _SMALLEST_GROUP:
            continue
        agreeing += count * (count - 1) / (votes[key].total - 1)
        spread[value] += count
    by_chance = sum(count * count for count in spread.values()) / (grouped * grouped)
    if by_chance > _CONSTANT:
        return 0.0
    return max(0.0, (agreeing / grouped - by_chance) / (1 - by_chance))


def dependencies(columns: Sequence[Coded]) -> list[Dependency]:
    """The dependencies among the columns, single keys first; pairs of keys only for targets no single key settles."""
    rows = len(columns[0].codes) if columns else 0
    keys = [index for index, column in enumerate(columns) if _may_be_key(column, rows)]
    groups: dict[tuple[int, ...], list[list[int]]] = {(key,): _some_groups(columns[key].codes) for key in keys}
    small = [key for key in keys if len(columns[key].values) ** 2 < rows]
    for pair in list(combinations(small, 2))[:_MOST_PAIRS]:
        heads = [Coded(columns[key].codes[:_GLANCE], columns[key].values, []) for key in pair]
        groups[pair] = _some_groups(joined_codes(heads))
    found = []
    for target, column in enumerate(columns):
        if not _may_be_target(column):
            continue
        by_chance = sum(count * count for count in column.counts) / column.filled**2
        tried = [pair for pair in groups if target not in pair and _speaks_for(groups[pair], column, by_chance)]
        singles = [_tried(columns, one, target) for one in tried if len(one) == 1]
        strong = sorted((one for one in singles if one.strength >= LOOSE), key=lambda one: -one.strength)
        best = strong[0].strength if strong else 0.0
        least = LOOSE if best < STRONG else max(STRONG, best - 0.15)
        found += [dependency for dependency in strong if dependency.strength >= least][:_MOST_KEYS]
        if best < STRONG:
            pairs = [_tried(columns, pair, target) for pair in tried if len(pair) == 2]
            found += [pair for pair in pairs if pair.strength >= max(STRONG, best + 0.1)][:2]
    return found


def _some_groups(keys: Sequence[int]) -> list[list[int]]:
    """Some rows of some groups: up to ``_GROUPS`` keys, each with up to ``_GROUP_ROWS`` rows."""
    wanted = {key for key, count in Counter(keys).most_common(_GROUPS + 1) if key >= 0 and count > 1}
    groups: dict[int, list[int]] = {key: [] for key in wanted}
    for row, key in enumerate(keys):
        group = groups.get(key)
        if group is not None and len(group) < _GROUP_ROWS:
            group.append(row)
            if len(group) == _GROUP_ROWS:
                wanted.discard(key)
                if not wanted:
                    break
    return list(groups.values())


def _speaks_for(groups: Sequence[Sequence[int]], target: Coded, by_chance: float) -> bool:
    """Whether the rows of the groups agree on the target well above chance; a glance before the full count."""
    pairs = same = 0
    codes = target.codes
    for group in groups:
        values = Counter(codes[row] for row in group)
        values.pop(EMPTY, None)
        filled = values.total()
        pairs += filled * (filled - 1)
        same += sum(count * (count - 1) for count in values.values())
    if not pairs or by_chance > _CONSTANT:
        return False
    return (same / pairs - by_chance) / (1 - by_chance) >= _WORTH_TRYING


def _may_be_key(column: Coded, rows: int) -> bool:
    distinct = len(column.values)
    if not 2 <= distinct <= rows / _SMALLEST_GROUP:
        return False
    if any(isinstance(value, float) and not value.is_integer() for value in column.values[:100]):
        return False
    return 2 * sum(count for count in column.counts if count >= _SMALLEST_GROUP) >= rows


def _may_be_target(column: Coded) -> bool:
    return len(column.values) >= 2 and 2 * len(column.values) <= column.filled


def _tried(columns: Sequence[Coded], keys: tuple[int, ...], target: int) -> Dependency:
    return Dependency(keys, target, strength_of(joined_codes([columns[key] for key in keys]), columns[target]))


def coded_table(table: Table) -> list[Coded]:
    """All columns of the table as numbers; those with too many different values to settle anything as empty ones."""
    nothing = Coded([EMPTY] * table.row_count, [], [])
    return [nothing if _too_many(column) else coded(column) for column in table.columns]


def _too_many(column: Column) -> bool:
    return 2 * (len(column.texts) + len(column.numbers)) > column.filled
