"""Reading one number from a text, Western or Chinese, exactly and only where the text is a number and nothing else.

Lives here: signs, grouping, the decimal sign and what proves it, scientific notation, multipliers (k, million, 万).
Not here: the grammar of Chinese numerals (chinese_numerals.py), money and hedges (amounts.py), percent (percents.py),
units (units.py).
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from services.text.chinese_numerals import NUMERAL_CHARACTERS, parse_chinese, parse_scale
from services.text.widths import close_gaps, fold_width

DecimalSign = Literal[".", ","]
#: Why another reading of a number is as good as the one given.
Doubt = Literal["decimal_sign", "multiplier", "enumerator"]

#: Digits that every value keeps in a double and in an Excel cell (Excel specifications and limits: number precision).
DIGITS_OF_A_DOUBLE = 15
# Decimal arithmetic is exact up to here (the default context); no amount or measure has more digits.
_DIGITS_KEPT = 28
#: No number in a cell is longer; what is longer is refused before any work is done.
LONGEST_TEXT = 60


@dataclass(frozen=True, slots=True)
class Number:
    """A number read from a text.

    value: exact. decimal_places: digits shown after the decimal sign. evidence: the decimal sign that the text itself
    proves, None where it proves none. group_sign: what groups the digits, if anything. doubt: what leaves another
    reading open, the decimal sign (1,234), the multiplier (5m, 30w, 5兆) or an enumerator such as (1). leading_zeros:
    007, which may be an identifier. exact_in_double: at most 15 digits are written, so a cell keeps them all.
    multiplier: 万, k, million as written.
    """

    value: Decimal
    decimal_places: int = 0
    evidence: DecimalSign | None = None
    group_sign: str | None = None
    doubt: Doubt | None = None
    leading_zeros: bool = False
    exact_in_double: bool = True
    multiplier: str | None = None

    @property
    def grouped(self) -> bool:
        """Whether the digits are grouped."""
        return self.group_sign is not None

    @property
    def ambiguous(self) -> bool:
        """Whether another reading of the text is as good."""
        return self.doubt is not None


def parse_number(text: str, *, decimal_sign: DecimalSign | None = None) -> Number | None:
    """The number that `text` is, or None where it is anything else or is malformed.

    With a `decimal_sign` the text is read by it or not at all. Without one, the sign the text proves is used; 1,234 and
    1.234 prove none and are read with the point, `doubt` set. More than 28 digits are no number. Never raises.
    """
    if len(text) > LONGEST_TEXT:
        return None
    text = fold_width(text)
    if not text or not _MAY_BE_NUMBER(text):
        return None
    signed = _signed(text)
    if signed is None:
        return None
    negative, enclosed, body = signed
    number = _unsigned(body, decimal_sign)
    if number is None:
        return None
    if enclosed and body.isdigit() and len(body) <= 2:
        number = replace(number, doubt="enumerator")
    return replace(number, value=-number.value) if negative and number.value else number


_WORDS = {
    "k": 10**3,
    "thousand": 10**3,
    "w": 10**4,
    "lakh": 10**5,
    "lakhs": 10**5,
    "m": 10**6,
    "mn": 10**6,
    "mio": 10**6,
    "million": 10**6,
    "millions": 10**6,
    "crore": 10**7,
    "crores": 10**7,
    "bn": 10**9,
    "billion": 10**9,
    "billions": 10**9,
    "tn": 10**12,
    "trillion": 10**12,
    "trillions": 10**12,
}
# 5m may be metres, 30w watts, and 5兆 is 5 million bytes to some and 5 million million to others.
_DOUBTFUL = frozenset({"m", "w", "兆"})

_MAY_BE_NUMBER = re.compile(rf"[-+(.\d'负負{NUMERAL_CHARACTERS}]").match
_WESTERN = re.compile(
    r"(?P<body>(?:\d|\.\d)(?:[\d., ']*\d)?)(?:[eE](?P<exponent>[+-]?\d{1,3})|\s*(?P<multiplier>[^\d\s.,'()+-]{1,9}))?",
    re.A,
)
_ADDRESS = re.compile(r"(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}", re.A)


def _signed(text: str) -> tuple[bool, bool, str] | None:
    """(negative, enclosed in parentheses, the rest), or None where more than one sign is written."""
    first, last = text[0], text[-1]
    if first == "(":
        return (True, True, text[1:-1].strip()) if last == ")" else None
    if first in "+-负負":
        return first != "+", False, text[1:].lstrip()
    if last == "-":
        return True, False, text[:-1].rstrip()
    return False, False, text


def _unsigned(text: str, decimal_sign: DecimalSign | None) -> Number | None:
    if text.isascii() and text.isdigit():
        return _built(text, "", None, None)
    match = _WESTERN.fullmatch(text)
    if match is None:
        return _chinese(text)
    number = _western(match["body"], decimal_sign)
    if number is None:
        return None
    if match["exponent"]:
        return _scientific(number, match["body"], match["exponent"])
    if match["multiplier"]:
        return _multiplied(number, match["multiplier"]) or _chinese(text)
    return number


def _western(body: str, decimal_sign: DecimalSign | None) -> Number | None:
    signs = [char for char in body if not char.isdigit()]
    if not signs:
        return _built(body, "", None, None)
    last, kinds = signs[-1], set(signs)
    if len(kinds) > 2:
        return None
    if len(kinds) == 2:
        if last not in ".," or signs.count(last) > 1 or decimal_sign not in (None, last):
            return None
        whole, _, fraction = body.rpartition(last)
        return _grouped(whole, fraction, signs[0], ("." if last == "." else ","))
    if last in " '":
        return _grouped(body, "", last, None)
    other: DecimalSign = "," if last == "." else "."
    if len(signs) > 1:
        if decimal_sign == last or (decimal_sign is None and _ADDRESS.fullmatch(body)):
            return None
        return _grouped(body, "", last, other)
    whole, _, fraction = body.partition(last)
    sign: DecimalSign = "." if last == "." else ","
    if decimal_sign is not None:
        return _built(whole, fraction, sign, None) if decimal_sign == sign else _grouped(body, "", last, None)
    if len(fraction) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0":
        read = _built(whole, fraction, None, None) if sign == "." else _built(whole + fraction, "", None, ",")
        return read and replace(read, doubt="decimal_sign")
    if sign == "," and len(fraction) == 4 and 1 <= len(whole) <= 4 and whole[0] != "0":
        # 12,3456 is a decimal comma to some and groups of four to others: no reading to be trusted.
        return None
    return _built(whole, fraction, sign, None)


def _grouped(whole: str, fraction: str, group_sign: str, evidence: DecimalSign | None) -> Number | None:
    """A whole part in groups of three, or, with commas and no decimal comma, in Indian groups (12,34,567)."""
    first, *rest = whole.split(group_sign)
    if not rest or not 1 <= len(first) <= 3 or first[0] == "0" or not all(group.isdigit() for group in rest):
        return None
    thousands = all(len(group) == 3 for group in rest)
    indian = (
        group_sign == "," and len(first) <= 2 and len(rest[-1]) == 3 and all(len(group) == 2 for group in rest[:-1])
    )
    if not thousands and not indian:
        return None
    return _built(first + "".join(rest), fraction, evidence, group_sign)


def _built(whole: str, fraction: str, evidence: DecimalSign | None, group_sign: str | None) -> Number | None:
    significant = whole.lstrip("0") + fraction
    if len(significant) > _DIGITS_KEPT:
        return None
    return Number(
        value=Decimal(f"{whole}.{fraction}" if fraction else whole),
        decimal_places=len(fraction),
        evidence=evidence,
        group_sign=group_sign,
        leading_zeros=len(whole) > 1 and whole[0] == "0",
        exact_in_double=len(significant.lstrip("0")) <= DIGITS_OF_A_DOUBLE,
    )


def _scientific(number: Number, body: str, exponent: str) -> Number | None:
    """1.2e5 and 1E+10; not 2e5, which may be a code: a decimal sign or a signed exponent makes it clear."""
    if (
        number.group_sign
        or number.leading_zeros
        or (body.isdigit() and exponent[0] not in "+-")
        or abs(int(exponent)) > 300
    ):
        return None
    places = max(0, number.decimal_places - int(exponent))
    return replace(number, value=_plain(number.value.scaleb(int(exponent))), decimal_places=places)


def _multiplied(number: Number, multiplier: str) -> Number | None:
    factor = _WORDS.get(multiplier.lower()) or parse_scale(multiplier)
    if factor is None or number.leading_zeros:
        return None
    # Every place that writes Chinese writes the decimal point, so 4.287亿 and 1,234万 have one reading.
    doubt: Doubt | None = number.doubt if multiplier.isascii() else None
    if doubt is None and multiplier.lower() in _DOUBTFUL:
        doubt = "multiplier"
    return replace(
        number,
        value=_plain(number.value * factor),
        doubt=doubt,
        multiplier=multiplier,
    )


def _chinese(text: str) -> Number | None:
    read = parse_chinese(close_gaps(text))
    if read is None or read.value.adjusted() >= _DIGITS_KEPT:
        return None
    return Number(
        value=_plain(read.value),
        decimal_places=read.decimal_places,
        doubt="multiplier" if "兆" in text else None,
        leading_zeros=read.positional and text[0] in "零〇○",
        exact_in_double=len(str(read.value).replace(".", "").strip("0")) <= DIGITS_OF_A_DOUBLE,
    )


def _plain(value: Decimal) -> Decimal:
    """The same value without an exponent or a tail of zeros after the point."""
    if value == value.to_integral_value():
        return Decimal(int(value))
    return value.normalize()
