"""English words for numbers and days as prose has them: twenty-one, three hundred, twice, March 5. Not here: digits."""

from __future__ import annotations

import re
from decimal import Decimal

from services.text.months import MONTHS

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = (
    {word: number for number, word in enumerate(_ONES)}
    | {word: 10 * number for number, word in enumerate(_TENS, start=2)}
    | {"first": 1, "second": 2, "third": 3, "once": 1, "twice": 2}
)
_BIG = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_WORD = re.compile(r"[a-z]+")
_MONTH_DAY = re.compile(
    r"(?:(?P<month>[a-z]{3})[a-z]*\.? )?(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:(?: of)? (?P<after>[a-z]{3}))?", re.I
)


def english_number(text: str) -> Decimal | None:
    """The number that words say, or None for a scale word alone (a million, hundred) or words that make no number."""
    words = [word for word in _WORD.findall(text.lower()) if word != "and"]
    if not words or words[0] in ("hundred", *_BIG):
        return None
    total, section = 0, 0
    for word in words:
        if word in _SMALL:
            section += _SMALL[word]
        elif word == "hundred":
            section *= 100
        elif word in _BIG:
            total, section = total + section * _BIG[word], 0
        else:
            return None
    return Decimal(total + section)


def month_day(text: str) -> tuple[int, int] | None:
    """Month and day of ``March 5`` or ``5th of March``, or None."""
    found = _MONTH_DAY.match(text.strip())
    name = found and (found["month"] or found["after"])
    if not found or not name or name.lower() not in MONTHS:
        return None
    return MONTHS[name.lower()], int(found["day"])


def month_number(name: str) -> int:
    """The number of an English month by the first three letters of its name. Raises ``KeyError``."""
    return MONTHS[name[:3].lower()]
