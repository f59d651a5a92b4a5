"""A first look at a column: how much of its beginning a predicate accepts, and how many cells there are to judge it by.

What the predicate means is the rule's business.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import islice

from services.tasks.clean.table import Column
from services.text.nulls import null_word

FIRST_TEXTS = 200
"""How many distinct texts are looked at: enough for a share within a few percent, and under a millisecond to read."""

_ALIKE = 2000
"""Distinct texts from which one way of writing is sure."""
_NUMBERS = re.compile(r"[0-9]+(?:[.,][0-9]+)*", re.ASCII)
_WORDS = re.compile(r"[A-Za-z]+|[上下]午")


def share_of_first_texts(column: Column, accepts: Callable[[str], object]) -> float:
    """The share of cells that ``accepts`` holds true for, among the first distinct texts that stand for a value.

    0.0 where there is no such text.
    """
    seen = accepted = 0
    for text, count in islice(column.texts.items(), FIRST_TEXTS):
        if accepts(text):
            accepted += count
        elif null_word(text):
            continue
        seen += count
    return accepted / seen if seen else 0.0


def written_alike(texts: Iterable[str]) -> bool:
    """Whether texts differ only in their numbers and words: 9:05 a.m. and 10:20 p.m., Mar 5, 2024 and May 12, 2024."""
    shapes = {_WORDS.sub("a", _NUMBERS.sub("9", text)) for text in islice(texts, _ALIKE)}
    return len(shapes) == 1


def countable(column: Column) -> int:
    """The cells a share is taken of: the filled ones without errors and without frequent words for "no value" (N/A)."""
    filled = column.filled - column.kinds["error"]
    frequent = filled * 0.005
    return filled - sum(count for text, count in column.texts.items() if count > frequent and null_word(text))
