"""Whether the year, month and day of a date all stand in a text that no parser reads as a whole.

``the 5th of March, in 2024`` and ``2024年三月五号（周二）上午`` hold them; ``next Friday`` holds none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.text.dates import DateOrder
from services.text.months import MONTH_NAMES, MONTHS
from services.text.time_digits import ZH_DIGITS, fold, read_digit_string, read_small

_PIECE = re.compile(rf"[0-9]+|[A-Za-z]+|[{ZH_DIGITS}十廿卅]+")
_NO_PART = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?|(?:周|星期|礼拜)[一二三四五六日天]")
"""A time of day and a weekday, whose numbers are none of the date's."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A number or the name of a month in a text; ``month`` is 0 for a number."""

    number: int | None
    digits: int
    month: int = 0


def holds_date(text: str, day: date, order: DateOrder | None) -> Literal["verified", "open", "refused"]:
    """Whether each component of ``day`` is a piece of the text of its own.

    ``open`` where the year has two digits only, where further numbers or words stand in the text, or where day and
    month could be the other way round and neither a leading year nor ``order`` tells.
    """
    found = _found(text, day, order)
    return "open" if found == "verified" and _other_words(text) else found


def _found(text: str, day: date, order: DateOrder | None) -> Literal["verified", "open", "refused"]:
    pieces = _pieces(text)
    numbers = [piece for piece in pieces if piece.number is not None]
    named = {piece.month for piece in pieces if piece.month}
    full = [place for place, piece in enumerate(numbers) if piece.number == day.year and piece.digits == 4]
    short = [place for place, piece in enumerate(numbers) if piece.number == day.year % 100 and piece.digits == 2]
    if not full and not short:
        return "refused"
    year_at = (full or short)[0]
    rest = [piece.number for place, piece in enumerate(numbers) if place != year_at]
    if named:
        if named != {day.month} or day.day not in rest:
            return "refused"
        return "verified" if full and len(rest) == 1 else "open"
    if day.month not in rest or day.day not in rest or rest.count(day.month) + rest.count(day.day) < 2:
        return "refused"
    if not full or len(rest) != 2:
        return "open"
    if day.month == day.day or max(day.month, day.day) > 12:
        return "verified"
    month_first = rest[0] == day.month
    if year_at == 0 or re.search("月", fold(text)):
        return "verified" if month_first else "refused"
    if order is None:
        return "open"
    return "verified" if month_first == (order == "mdy") else "refused"


def _pieces(text: str) -> list[_Piece]:
    found = []
    for piece in _PIECE.findall(_NO_PART.sub(" ", fold(text))):
        if piece.isascii() and piece.isalpha():
            name = piece.lower()
            if _is_month(name):
                found.append(_Piece(None, 0, MONTHS[name[:3]]))
            continue
        number = read_small(piece)
        if number is None or len(piece) >= 4:
            number = read_digit_string(piece)
        found.append(_Piece(number, len(piece)))
    return [piece for piece in found if piece.number is not None or piece.month]


# fmt: off
_WORDS = frozenset((
    "the", "of", "in", "on", "at", "day", "year", "month", "st", "nd", "rd", "th", "d", "dated", "date", "am", "pm",
    "a", "m", "p", "noon", "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun", "monday",
    "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "ad", "ce",
))
# fmt: on
"""Words that stand in dates and say nothing else."""
_HAN = re.compile("[\u4e00-\u9fff]")
_HAN_OF_DATES = frozenset(f"{ZH_DIGITS}十廿卅年月日号號上下午早晚中周星期礼拜天公元时分")


def _other_words(text: str) -> bool:
    """Whether words stand in the text that belong to no date, or a question mark."""
    folded = fold(text).lower()
    if "?" in folded:  # whoever wrote it is in doubt
        return True
    latin = (word for word in re.findall("[a-z]+", folded) if word not in _WORDS and not _is_month(word))
    return any(latin) or any(character not in _HAN_OF_DATES for character in _HAN.findall(folded))


def _is_month(name: str) -> bool:
    return name == "sept" or (len(name) >= 3 and any(month.startswith(name) for month in MONTH_NAMES))
