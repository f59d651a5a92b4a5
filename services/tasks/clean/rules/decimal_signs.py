"""Which decimal sign a column of number texts uses, and what proves it.

Here is the weighing of evidence over a column and a table. What one text proves by itself is the parser's matter
(services/text/numerals.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from services.tasks.clean.rules.first_look import FIRST_TEXTS
from services.tasks.clean.table import Column, Table
from services.text.numerals import DecimalSign, Number, parse_number

_COMMA_REGIONS = re.compile(
    "AR|AT|BE|BG|BR|CL|CO|CZ|DE|DK|EC|ES|FI|FR|GR|HR|HU|ID|IT|NL|NO|PL|PT|RO|RS|RU|SE|SI|SK|TR|UA|UY|VE|VN"
)
"""Countries that write the decimal comma (Unicode CLDR, symbols-numberSystem-latn/decimal)."""

_GROUPED_ONCE = re.compile(r"[1-9][0-9]{0,2}([.,])[0-9]{3}", re.ASCII)
_PAIR = re.compile(r"[0-9],[0-9]", re.ASCII)
"""1,2 may be one and two tenths, or the answers one and two."""
_PLAIN_WHOLE = re.compile(r"[0-9]+", re.ASCII)
_GROUPED_VALUES_NEEDED = 5
_LEAST_PROOFS = 0.05
"""The share of numbers that must show the decimal comma before it is taken for the column's."""
_STRAY = 0.01
"""Up to this share the other sign is a slip; above it the column was written by two hands."""


@dataclass(frozen=True, slots=True)
class SignEvidence:
    """The decimal sign to read a column with. ``proved`` is False where it is only the more plausible one.

    ``cells`` counts the cells that prove it, ``against`` those that prove the other sign.
    """

    sign: DecimalSign
    proved: bool
    cells: int = 0
    against: int = 0

    @property
    def mixed(self) -> bool:
        """Whether both signs are proved so often that converting some texts would hide what the others prove."""
        return self.against > (0 if self.sign == "," else _STRAY * (self.cells + self.against))


def weigh_signs(read: Mapping[str, tuple[Number, int]], column: Column, table: Table) -> SignEvidence:
    """What the texts of ``column`` (text -> number and cells) prove together about its decimal sign."""
    cells: dict[DecimalSign, int] = {".": 0, ",": 0}
    undecided = 0
    for number, count in read.values():
        if number.evidence:
            cells[number.evidence] += count
        undecided += number.doubt == "decimal_sign"
    sign: DecimalSign = "." if cells["."] >= cells[","] else ","
    other: DecimalSign = "," if sign == "." else "."
    if cells[sign]:
        # Beside real numbers with decimals a few commas prove nothing: the rest may have been read with the point.
        real = sum(count for value, count in column.numbers.items() if not float(value).is_integer())
        numeric = sum(count for _, count in read.values()) + sum(column.numbers.values())
        if sign == "," and (cells[","] <= real or cells[","] < _LEAST_PROOFS * numeric):
            return SignEvidence(sign, False, cells[","])
        paired = sign == "," and all(_PAIR.fullmatch(text) for text, (number, _) in read.items() if number.evidence)
        return SignEvidence(sign, not cells[other] and not paired, cells[sign], cells[other])
    if not undecided:
        return SignEvidence(".", True)
    grouped = _grouping_shown(read, column)
    if grouped:
        return SignEvidence("." if grouped[0] == "," else ",", True, grouped[1])
    return SignEvidence(_table_sign(table, column), False)


def _grouping_shown(read: Mapping[str, tuple[Number, int]], column: Column) -> tuple[str, int] | None:
    """(grouping sign, cells) where only grouping explains the column: 913 stands beside 1,784 and 14,700.

    A decimal comma with three places would make 913,000 of the one and, in a general format, 14,7 of the other.
    """
    signs: set[str] = set()
    distinct = cells = round_ones = small = 0
    for text, (number, count) in read.items():
        plain = text.strip()
        if number.doubt == "decimal_sign":
            found = _GROUPED_ONCE.fullmatch(plain.lstrip("-"))
            if not found:
                return None
            signs.add(found[1])
            distinct += 1
            cells += count
            round_ones += plain.endswith("0")
        elif _PLAIN_WHOLE.fullmatch(plain):
            if len(plain) > 3:
                return None
            small += 1
        elif number.evidence or number.decimal_places:
            return None
    small += sum(1 for value in column.numbers if float(value).is_integer() and abs(value) < 1000)
    sure = len(signs) == 1 and distinct >= _GROUPED_VALUES_NEEDED and round_ones and small >= 2
    return (signs.pop(), cells) if sure else None


def _table_sign(table: Table, column: Column) -> DecimalSign:
    """The sign other columns of the table prove; without any, the one of the person's region; else the point."""
    votes = 0
    for other in table.columns:
        if other.index == column.index:
            continue
        for text in islice(other.texts, FIRST_TEXTS):
            if len(text) > 20 or not text[-1:].isdigit():
                continue
            number = parse_number(text)
            if number and number.evidence:
                votes += 1 if number.evidence == "." else -1
    if votes:
        return "." if votes > 0 else ","
    return "," if _COMMA_REGIONS.fullmatch(table.region or "") else "."
