"""Reading a percentage or a per mille: ``12.5%``, ``１２％``, ``百分之十二点五``, ``12.5 percent``, ``5‰``.

Lives here: the share that a whole text denotes. Not here: percentage points, ranges of percent, and hedged ones,
which are None.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from services.text.numerals import LONGEST_TEXT, DecimalSign, parse_number
from services.text.widths import close_gaps, fold_width


@dataclass(frozen=True, slots=True)
class Percent:
    """A share. fraction: 0.125 for 12.5%, exact. decimal_places: digits shown, 1 for 12.5%. per: 100 or 1000."""

    fraction: Decimal
    decimal_places: int
    evidence: DecimalSign | None
    ambiguous: bool
    per: int


def parse_percent(text: str, *, decimal_sign: DecimalSign | None = None) -> Percent | None:
    """The share that `text` is, or None. `per` is 100 for percent, 1000 for per mille. Never raises."""
    if len(text) > LONGEST_TEXT:
        return None
    text = close_gaps(fold_width(text))
    for pattern, per in _FORMS:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        number = parse_number((match["sign"] or "") + match["number"], decimal_sign=decimal_sign)
        if number is None or number.multiplier:
            return None
        return Percent(
            number.value.scaleb(-2 if per == 100 else -3), number.decimal_places, number.evidence, number.ambiguous, per
        )
    return None


_NUMBER = r"(?P<sign>)(?P<number>.*\d)"
_FORMS = (
    (re.compile(rf"{_NUMBER}\s*(?:[%﹪]|per ?cent|pct\.?)", re.I), 100),
    (re.compile(rf"{_NUMBER}\s*(?:‰|per ?mill?e?)", re.I), 1000),
    (re.compile(r"(?P<sign>[-负負]?)百分之(?P<number>.+)"), 100),
    (re.compile(r"(?P<sign>[-负負]?)千分之(?P<number>.+)"), 1000),
)
