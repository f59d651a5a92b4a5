"""How an outvoted value looks beside the one its group holds: its damaged form, a part of it, or another value.

Not here: who outvotes it (``votes``) and what follows (``agreement``).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from services.text.lexicon import is_known_word
from services.text.pinyin import confusable, has_han
from services.text.similarity import (
    LONG,
    changed_words,
    collision_key,
    differ_in_digits_only,
    doubled,
    inflected,
    numbers_or_places,
    orders_or_numbers,
    slips,
    stands_in,
    words_of,
)

_FEWEST_LETTERS = 4
_SHORTEST_NAME = 2
_LONGEST_ADDITION = 2


class Likeness(Enum):
    """What one text is to another."""

    MARKED = "the other with some places covered by the mark"
    SLIP = "the other with a slip that can't be a value of its own"
    SLIP_IN_NUMBER = "the other with a letter where a digit belongs"
    FORM = "another way of writing the other"
    CLOSE = "the other but for a slip, yet possibly a value of its own"
    PART = "the other with words left out or put in"
    OTHER = "another value"


def likeness(value: str, meant: str, mark: str) -> Likeness:
    """What ``value`` is to ``meant``; ``mark`` is a character known to stand for others in this table, or empty."""
    if not value or not meant:
        return Likeness.OTHER
    if mark and stands_in(value, mark, meant):
        covered = sum(1 for seen, true in zip(value, meant, strict=True) if seen != true)
        return Likeness.MARKED if covered < len(meant) else Likeness.CLOSE
    if _written_otherwise(value, meant):
        return Likeness.FORM
    words, others = set(words_of(value)), set(words_of(meant))
    if words != others and (words <= others or others <= words):
        return Likeness.PART
    if has_han(value + meant):
        return _han_likeness(value, meant)
    if slips(value, meant, 2) > (2 if len(meant) >= LONG else 1):
        return Likeness.OTHER
    if differ_in_digits_only(value, meant) or sum(map(str.isalpha, meant)) < _FEWEST_LETTERS:
        return Likeness.CLOSE
    return _changed(value, meant)


def _written_otherwise(value: str, meant: str) -> bool:
    """Whether only case, accents, spaces, punctuation or order differ, or a Chinese name has a word more at an end."""
    if lengthened(value, meant):
        return True
    key = collision_key(value)
    return bool(key) and key == collision_key(meant) and not any(map(str.isdigit, key))


def lengthened(a: str, b: str) -> bool:
    """Whether of two Chinese names one is the other with one or two characters more at an end (东莞, 东莞市)."""
    short, long = sorted((a, b), key=len)
    if not has_han(short) or len(short) < _SHORTEST_NAME or not 0 < len(long) - len(short) <= _LONGEST_ADDITION:
        return False
    extra = long.removeprefix(short) if long.startswith(short) else long.removesuffix(short)
    return extra != long and has_han(extra) and not any(map(numbers_or_places, extra))


def _changed(value: str, meant: str) -> Likeness:
    before, after = changed_words(value, meant)
    if any(character.isdigit() for word in (*before, *after) for character in word):
        plain = all(word.isdigit() for word in after) and len(before) == len(after) == 1
        lettered = plain and sum(map(str.isalpha, before[0])) == 1 and len(after[0]) > 1
        return Likeness.SLIP_IN_NUMBER if lettered and before[0][-1].isdigit() else Likeness.CLOSE
    return Likeness.SLIP if only_a_slip(before, after, _FEWEST_LETTERS) else Likeness.CLOSE


def only_a_slip(before: Sequence[str], after: Sequence[str], shortest: int) -> bool:
    """Whether words that stand where others are meant can only be a slip: no words, no other forms of the others.

    ``shortest`` is the number of letters that the longest of the meant words must have.
    """
    if not after or max(map(len, after)) < shortest or len(before) > 2:
        return False
    if any(character.isdigit() for word in (*before, *after) for character in word):
        return False
    if not before or all(map(is_known_word, before)):
        return False
    if "".join(before) == "".join(after):
        return True
    if len(before) != len(after):
        return min(map(len, after)) >= shortest
    return not any(_other_form(seen, meant) for seen, meant in zip(before, after, strict=True) if seen != meant)


def _other_form(seen: str, meant: str) -> bool:
    """Whether a word could be another form of the meant one; a doubled letter is none, nor what is no word at all."""
    if not inflected(seen, meant) or doubled(seen, meant):
        return False
    return not is_known_word(meant) or is_known_word(seen)


def _han_likeness(value: str, meant: str) -> Likeness:
    if slips(value, meant, 1) > 1:
        return Likeness.OTHER
    if orders_or_numbers(value, meant) or len(meant) < _FEWEST_LETTERS or not confusable(value, meant):
        return Likeness.CLOSE
    return Likeness.SLIP
