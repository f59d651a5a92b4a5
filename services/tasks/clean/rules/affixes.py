"""Reading many texts that differ only in their digits: what stands around the digits is parsed once per spelling.

A column of a hundred thousand prices has a handful of prefixes and suffixes. The parsers in services/text stay the only
judges: they are shown the same affixes around a number that is plain in every way.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from services.tasks.clean.rules.number_columns import read_number
from services.text.amounts import Amount, parse_amount
from services.text.numerals import DecimalSign, parse_number
from services.text.units import Measure, parse_measure
from services.text.widths import has_chinese

_SPLIT = re.compile(r"([^0-9.,'’]*)([0-9](?:[0-9,]*[0-9])?(?:\.[0-9]+)?)([^0-9.,'’][^0-9]*)?", re.ASCII)
_PLAIN = "1234.5"
"""Neither an enumerator nor a group of three, so that only the affixes can make a reading doubtful."""


def read_amount(text: str, *, decimal_sign: DecimalSign | None = None) -> Amount | None:
    """``parse_amount``, quick for an amount of plain digits between affixes seen before."""
    found = _SPLIT.fullmatch(text)
    if found is None or len(found[2]) < 3:
        return parse_amount(text, decimal_sign=decimal_sign)
    pattern = _amount_pattern(found[1], found[3] or "")
    if pattern is None:
        return parse_amount(text, decimal_sign=decimal_sign)
    like, factor, own_sign = pattern
    sign = decimal_sign or own_sign
    number = read_number(found[2]) if sign is None else parse_number(found[2], decimal_sign=sign)
    if number is None or number.leading_zeros:
        return parse_amount(text, decimal_sign=decimal_sign)
    value = number.value * factor if factor != 1 else number.value
    return Amount(
        value,
        value,
        like.precision,
        like.currency,
        like.currency_text,
        number.decimal_places,
        number.evidence,
        number.doubt is not None,
        number.exact_in_double,
    )


def read_measure(text: str) -> Measure | None:
    """``parse_measure``, quick for a number of plain digits before a unit seen before."""
    found = _SPLIT.fullmatch(text)
    if found is None or found[1] or not found[3]:
        return parse_measure(text)
    like = _measure_pattern(found[3])
    number = read_number(found[2])
    if like is None or number is None or number.leading_zeros:
        return parse_measure(text)
    return Measure(number, like.unit, like.unit_text, like.rest)


@lru_cache(maxsize=4096)
def _amount_pattern(before: str, after: str) -> tuple[Amount, Decimal, DecimalSign | None] | None:
    """What the affixes say about an exact amount, the factor on its digits, and the decimal sign they imply.

    None where it is not so simple.
    """
    like = parse_amount(f"{before}{_PLAIN}{after}")
    if like is None or like.low is None or not like.denotes_one_amount:
        return None
    return like, like.low / Decimal(_PLAIN), "." if has_chinese(before + after) else None


@lru_cache(maxsize=4096)
def _measure_pattern(after: str) -> Measure | None:
    """The measure that the text behind a plain number makes; None where the number does not stay what it is."""
    like = parse_measure(f"{_PLAIN}{after}")
    return like if like is not None and like.number.value == Decimal(_PLAIN) else None
