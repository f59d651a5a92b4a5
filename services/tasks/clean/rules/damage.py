"""Systematic damage: one character that has come to stand for others all over a table, and reading through it.

The mark (a letter, a question mark, a replacement character ...) is found from the data alone: values that hold it are
frequent values of their columns with exactly the marked places changed, far more often than for any other character.
Not here: slips of single characters (``variants``), and what columns say about each other (``votes``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from services.tasks.clean.table import Column, Table
from services.text.lexicon import is_known_word
from services.text.similarity import changed_words, digits_masked, numbers_or_places, stands_in
from services.workbook.grid import Scalar

_FEWEST_LETTER, _FEWEST_SIGN = 10, 3
"""Values that can be read through a letter or a sign before it is taken for damage; letters do so by chance."""
_LEAD = 4
"""How many times as many values as through any other character."""
_MOST_SEEN, _TIMES = 20, 5
"""Cells of a value that may be damaged, and how many times as many the right one must have."""
_SCAN, _MOST_READ, _MOST_READ_IN_ALL = 1000, 2000, 8000
"""Values that one is compared with, that are read in a column, and in a table; bounds of time alone."""
_SHORT = 4
"""Characters from which on a word or a value says by itself whether it is right."""
_SAME_PLACES = 0.7
"""Share of marked values covered in the same places from which on somebody covered them on purpose."""
_GUESSED = 0.9
"""What the certainty is multiplied by for each thing that leaves the reading open."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a damaged value was: ``value`` with the ``count`` of its cells, and how sure, 0 to 1."""

    value: str
    count: int
    certainty: float


def as_counts(column: Column) -> dict[str, int]:
    """The column's texts and whole numbers as texts, with their counts."""
    counts = dict(column.texts)
    for number, count in column.numbers.items():
        if float(number).is_integer():
            key = str(int(number))
            counts[key] = counts.get(key, 0) + count
    return counts


def as_scalar(column: Column, text: str) -> Scalar:
    """The value of the column that ``as_counts`` shows as ``text``: the number, where it holds no such text."""
    return text if text in column.texts or not text.lstrip("-").isdigit() else int(text)


def damage_mark(table: Table) -> str:
    """The character that stands for many in this table, empty where there is none."""
    columns = [counts for counts in map(as_counts, table.columns) if _repeats(counts)]
    seldom: Counter[str] = Counter()
    often: Counter[str] = Counter()
    for counts in columns:
        for value, count in counts.items():
            (seldom if count <= 3 else often).update(set(value))
    odd = {
        mark: number / (1 + often[mark] * sum(seldom.values()) / max(1, sum(often.values())))
        for mark, number in seldom.items()
        if not mark.isspace() and not mark.isdigit() and number >= _FEWEST_SIGN
    }
    suspects = sorted(odd, key=lambda mark: (-odd[mark], mark))[:4]
    controls = [mark for mark, _ in seldom.most_common(12) if mark.isalpha() and mark not in suspects[:1]][:6]
    indexes = [Readable(counts) for counts in columns]
    most = min(_MOST_READ, _MOST_READ_IN_ALL // max(1, len(indexes)))
    read: dict[str, int] = {}

    def read_through(mark: str) -> int:
        if mark not in read:
            read[mark] = sum(_read_through(index, mark, most) for index in indexes)
        return read[mark]

    for mark in suspects:
        number = read_through(mark)
        if number < (_FEWEST_LETTER if mark.isalpha() else _FEWEST_SIGN):
            continue
        if all(number >= _LEAD * read_through(other) for other in (*suspects, *controls) if other != mark):
            return mark
    return ""


def masked_on_purpose(texts: Iterable[str], mark: str) -> bool:
    """Whether a sign covers the same places in most values that hold it, as where names or numbers are kept private."""
    if mark.isalnum():
        return False
    covered: Counter[tuple[int, ...]] = Counter()
    marked = 0
    for text in texts:
        if mark in text:
            marked += 1
            places = [place for place, character in enumerate(text) if character == mark]
            covered[tuple(places)] += 1
            if len(places) > 1 or places[0] > 0:
                covered[tuple(place - len(text) for place in places)] += 1
    return marked >= _FEWEST_SIGN and max(covered.values()) >= _SAME_PLACES * marked


def _repeats(counts: Mapping[str, int]) -> bool:
    return bool(counts) and 2 * len(counts) < sum(counts.values())


def _read_through(index: Readable, mark: str, most: int) -> int:
    """How many of the first ``most`` rare values with ``mark`` are a far more frequent one with it put over others."""
    found = 0
    rare = ((value, count) for value, count in index.counts.items() if count <= _MOST_SEEN and mark in value)
    for value, count in islice(rare, most):
        if any(other > _TIMES * count for _, other in index.matches(value, mark)):
            found += 1
    return found


class Readable:
    """The values of one column, for finding those that a value with damaged places could have been."""

    def __init__(self, counts: Mapping[str, int], mark: str = "") -> None:
        self.counts = counts
        self.mark = mark
        self._halves: dict[tuple[int, int, str], list[str]] = {}
        self._lengths: dict[int, list[str]] = {}
        for value, count in counts.items():
            if count < 2:
                continue
            size = len(value)
            self._lengths.setdefault(size, []).append(value)
            for place, piece in enumerate(_pieces(value)):
                self._halves.setdefault((size, place, piece), []).append(value)
        self._cells: Counter[tuple[int, str]] = Counter()
        self._single: Counter[tuple[int, str]] = Counter()
        for value, count in counts.items():
            self._cells[len(value), digits_masked(value)] += count
            self._single[len(value), digits_masked(value)] += count == 1

    def matches(self, value: str, mark: str) -> list[tuple[str, int]]:
        """The repeated values that ``value`` is with ``mark`` over some places, with their counts."""
        pool: Sequence[str] = self._lengths.get(len(value), ())
        for place, piece in enumerate(_pieces(value)):
            if piece and mark not in piece:
                pool = min(pool, self._halves.get((len(value), place, piece), ()), key=len)
        if len(pool) > _SCAN:
            return []
        head, tail = value[: value.find(mark)], value[value.rfind(mark) + 1 :]
        pool = [other for other in pool if other.startswith(head) and other.endswith(tail)]
        return [(other, self.counts[other]) for other in pool if stands_in(value, mark, other)]

    def reading(self, value: str, mark: str) -> Reading | None:
        """The value that ``value`` most likely was, None where nothing fits.

        The certainty is the share of the best match among all matches by count; where a digit was lost, it is also
        weighed by how probable it is (Good and Turing: the share of cells with a value seen once) that the true
        value does not occur anywhere else in the column, for values of the same shape.
        """
        if mark not in value:
            return None
        found = [(other, count) for other, count in self.matches(value, mark) if count > 2 * self.counts.get(value, 0)]
        if not found:
            return None
        best, count = max(found, key=lambda pair: (pair[1], pair[0]))
        share = count / sum(number for _, number in found)
        lost = [meant for seen, meant in zip(value, best, strict=True) if seen != meant]
        if any(character.isdigit() for character in lost):
            shape = len(best), digits_masked(best)
            share *= 1 - (self._single[shape] + 0.5) / (self._cells[shape] + 1)
        if 2 * len(lost) > len(value) or any(set(word) == {mark} for word in value.split()):
            share *= _GUESSED
        if any(map(numbers_or_places, lost)):
            share *= _GUESSED
        if mark.isalpha() and self._may_be_meant(value, best):
            share *= _GUESSED
        return Reading(best, count, share)

    def _may_be_meant(self, value: str, best: str) -> bool:
        """Whether a letter that is the mark may be right here: in a word, or in a short value among rare others."""
        before, _ = changed_words(value, best)
        if len(value) < _SHORT:
            return self.rare_apart(value) > 0
        return bool(before) and all(len(word) >= _SHORT and is_known_word(word) for word in before)

    def rare_apart(self, value: str) -> int:
        """How many rare values as long as ``value`` hold no damage that a frequent one could explain."""
        return sum(
            1 for other, count in self.counts.items() if count <= 4 and len(other) == len(value) and self._plain(other)
        )

    def _plain(self, value: str) -> bool:
        return not self.mark or self.mark not in value


def _pieces(value: str) -> tuple[str, ...]:
    third = max(1, len(value) // 3)
    return value[:third], value[third : 2 * third], value[2 * third :]
