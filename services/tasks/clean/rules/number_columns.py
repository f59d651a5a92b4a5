"""Reading a column as numbers: which of its texts are numbers, which decimal sign they use, and what else is there.

What should become of a text is decided in numbers.py; whether digits are codes in digit_codes.py.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal

from services.tasks.clean.rules.decimal_signs import SignEvidence, weigh_signs
from services.tasks.clean.rules.digit_codes import header_names_codes, holds_digit_codes, holds_versions
from services.tasks.clean.rules.first_look import countable, share_of_first_texts
from services.tasks.clean.table import Column, Table
from services.text.amounts import parse_amount
from services.text.numerals import Number, parse_number
from services.text.percents import parse_percent
from services.text.units import parse_measure

LEAST_SHARE = 0.6
"""Below this share of numbers among the filled cells a column is no column of numbers."""

PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", re.ASCII)
_QUICK = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]{1,2}|\.[0-9]{4,})?", re.ASCII)
_QUICK_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(?:,[0-9]{3})+\.[0-9]+", re.ASCII)
_LIST = re.compile(r"[0-9]{1,2}(?:[,，、;] ?[0-9]{1,2}){2,}")
_WESTERN_DIGIT = re.compile(r"[0-9０-９]")


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """A column read as numbers.

    ``read`` maps each text that is a number to it and its cells; ``unread`` the other texts to their cells. ``signs``
    is the evidence on the decimal sign; ``numeric`` the cells that are numbers, as such or as text, of ``filled``;
    ``akin`` those that hold one with a per cent sign, a unit or a currency, and are for other rules to settle.
    """

    read: dict[str, tuple[Number, int]]
    unread: dict[str, int]
    signs: SignEvidence
    numeric: int
    akin: int
    filled: int
    places: Counter[int] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """The share of the filled cells that are numbers."""
        return self.numeric / self.filled if self.filled else 0.0

    @property
    def share_with_akin(self) -> float:
        """The share of the filled cells that are numbers or will be when the later rules are done."""
        return (self.numeric + self.akin) / self.filled if self.filled else 0.0


def read_number(text: str) -> Number | None:
    """The number a text is; the many that are plain or grouped digits are read without the parser's care."""
    if len(text) <= 15:
        if _QUICK.fullmatch(text):
            _, point, places = text.partition(".")
            return Number(Decimal(text), len(places), "." if point else None)
        if _QUICK_GROUPED.fullmatch(text):
            return Number(Decimal(text.replace(",", "")), len(text) - text.index(".") - 1, ".", ",")
    return parse_number(text)


def may_hold_numbers(column: Column, table: Table) -> bool:
    """Whether the column is worth reading as numbers: most of its beginning is, and it identifies nothing."""
    if not column.texts or header_names_codes(column.name):
        return False
    formats = table.grid.formats
    if column.index < len(formats) and "%" in formats[column.index].default:
        return False
    return column.kinds["number"] >= 0.5 * column.filled or share_of_first_texts(column, read_number) >= 0.4


def read_number_column(column: Column, table: Table) -> NumberColumn | None:
    """The column as numbers, or None where it is something else: too few numbers, codes, versions, words for labels."""
    if holds_digit_codes(column) or holds_versions(column):
        return None
    read: dict[str, tuple[Number, int]] = {}
    unread: dict[str, int] = {}
    places: Counter[int] = Counter()
    worded = cells = spaced = 0
    for text, count in column.texts.items():
        number = read_number(text)
        if number is None or number.leading_zeros or number.doubt == "enumerator":
            if _LIST.fullmatch(text):
                return None  # 1,3,4 are answers, and then so is 1,3
            unread[text] = count
            continue
        read[text] = (number, count)
        cells += count
        if number.multiplier is None and number.exact_in_double:
            places[number.decimal_places] += count
        spaced += count if number.group_sign == " " and not number.decimal_places else 0
        if not text.isascii() and not _WESTERN_DIGIT.search(text):
            worded += count
    real = column.kinds["number"]
    # A column of 一, 二, 三 names grades or floors as often as it counts.
    if not (read or (real and unread)) or worded > 0.5 * (cells + real):
        return None
    # 400 123 456 in nearly every cell is a telephone number.
    if spaced > 0.8 * (cells + real) and len({len(text) for text in read}) == 1:
        return None
    filled = countable(column)
    if cells + real < LEAST_SHARE * filled:
        return None
    akin = sum(count for text, count in unread.items() if is_akin(text))
    return NumberColumn(read, unread, weigh_signs(read, column, table), cells + real, akin, filled, places)


def settled(text: str, number: Number, signs: SignEvidence) -> Number:
    """``number`` as the column's decimal sign has it, where the text alone leaves it open."""
    if number.doubt != "decimal_sign":
        return number
    again = parse_number(text, decimal_sign=signs.sign)
    return again if again is not None and again.doubt is None else replace(number, doubt="decimal_sign")


def is_akin(text: str) -> bool:
    """Whether the text is one number with a per cent sign, a unit or a currency."""
    if parse_percent(text) is not None:
        return True
    measure = parse_measure(text)
    if measure is not None and not measure.rest and measure.unit is not None:
        return True
    amount = parse_amount(text)
    return amount is not None and amount.denotes_one_amount and amount.currency_text is not None
