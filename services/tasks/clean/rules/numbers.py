"""The rule ``numbers``: texts that are numbers become numbers, in a workbook as such, in a csv file as plain digits.

Percentages, units and money have rules of their own; identifiers made of digits are left alone (digit_codes.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from math import isfinite
from typing import Literal

from services.tasks.clean.rule import Doubt, Finding, Outcome, Proposal, Rule, Step
from services.tasks.clean.rules.decimal_signs import SignEvidence
from services.tasks.clean.rules.number_cells import (
    as_number,
    as_text,
    is_text_format,
    number_format_of,
    shown_format,
    without_noise,
)
from services.tasks.clean.rules.number_columns import (
    PLAIN,
    NumberColumn,
    may_hold_numbers,
    read_number_column,
    settled,
)
from services.tasks.clean.table import Column, Table
from services.text.amounts import parse_amount
from services.text.numerals import DecimalSign, Number
from services.workbook.changes import Reason, reason
from services.workbook.grid import Scalar

SAFE_SHARE = 0.8
"""From this share of numbers among the filled cells on, what reads as a number is one."""

_HEADER_SCALE = re.compile(r"[万亿千]|\b(?:k|mn|bn|thousands?|millions?|billions?)\b", re.IGNORECASE)
_SEVERAL_NUMBERS = re.compile(r"[0-9]+[eE][0-9]+|[0-9][0-9.,]*(?:\s*[-/:~xX*]\s*[0-9][0-9.,/]*)+")
_OUT_OF_SCALE = 1000
_NOISY_PLACES = 9


class NumbersStep(Step):
    """Numbers of one column. ``sure`` says whether 1,234 and 1.234 are settled by ``decimal_sign`` or only likely so.

    ``zero_decimal`` says what becomes of 12.0 in a text file: kept, dropped, or offered for review.
    """

    rule: Literal["numbers"] = "numbers"
    decimal_sign: DecimalSign = "."
    sure: bool = True
    zero_decimal: Literal["keep", "offer", "drop"] = "keep"


def propose(table: Table) -> list[NumbersStep]:
    """A step for each column of numbers that holds something else than plain numbers."""
    steps = []
    for column in table.columns:
        if not may_hold_numbers(column, table) or (not table.typed and _all_plain(column)):
            continue
        found = read_number_column(column, table)
        if found is None:
            continue
        zero = "keep" if table.typed else _zero_decimal(found)
        step = NumbersStep(
            column=column.name, decimal_sign=found.signs.sign, sure=found.signs.proved, zero_decimal=zero
        )
        if any(True for _ in _findings(step, found, column, table)):
            steps.append(step)
    return steps


def run(step: NumbersStep, table: Table) -> Outcome:
    """Read the column's texts and say what each should become."""
    outcome = Outcome()
    column = table.column_named(step.column)
    if column is None or not column.texts:
        return outcome
    found = read_number_column(column, table)
    if found is None:
        outcome.misfit = reason("numbers.no_numbers", column=column.name)
        return outcome
    if found.signs.proved and found.signs.cells and found.signs.sign != step.decimal_sign:
        outcome.misfit = reason(
            "numbers.other_sign", column=column.name, sign=step.decimal_sign, count=found.signs.cells
        )
        return outcome
    outcome.values.update(_findings(step, found, column, table))
    return outcome


RULE = Rule(name="numbers", step_type=NumbersStep, propose=propose, run=run)


def _all_plain(column: Column) -> bool:
    """Whether a text file's column needs no reading: plain numbers without the .0 of a program's output."""
    plain = PLAIN.fullmatch
    return all(plain(text) and not text.endswith(".0") and len(text) < 18 for text in column.texts)


def _zero_decimal(found: NumberColumn) -> Literal["keep", "offer", "drop"]:
    """Whether .0 is what a program added to whole numbers, judged by how the column writes its other numbers."""
    whole = zeros = decimals = 0
    for number, count in found.read.values():
        if number.multiplier is not None or number.evidence == ",":
            continue
        places = number.decimal_places
        if not places:
            whole += count
        elif places == 1 and number.value == number.value.to_integral_value():
            zeros += count
        elif places < _NOISY_PLACES and str(number.value).endswith("0"):
            return "keep"  # 12.50 is written with fixed decimals, and so is its 12.0
        else:
            decimals += count
    if not zeros:
        return "keep"
    return "drop" if not decimals and whole >= zeros else "offer"


def _findings(step: NumbersStep, found: NumberColumn, column: Column, table: Table) -> Iterator[tuple[Scalar, Finding]]:
    """What each text should become, one after the other, so that proposing stops at the first."""
    signs = SignEvidence(step.decimal_sign, step.sure, found.signs.cells, found.signs.against)
    trusted = found.share_with_akin >= SAFE_SHARE and not _may_be_lists(found, signs)
    largest = _largest_plain(found, column)
    scaled_header = bool(_HEADER_SCALE.search(column.name))
    shared_multiplier = not table.typed and _multiplied(found) > 0.8 * found.numeric
    number_format = _format(found, column, table) if table.typed else None
    usual_places = _usual_places(found)
    for text, (read, _count) in found.read.items():
        if not table.typed and PLAIN.fullmatch(text) and len(text) < 18 and signs.sign == ".":
            if text.endswith(".0") and step.zero_decimal != "keep":
                yield text, _zero_dropped(text, step, found)
            continue
        number = settled(text, read, signs)
        value = number.value
        why, safe, confidence = _judge(text, read, number, signs, found)
        if not number.exact_in_double:
            quiet = without_noise(value) if usual_places is not None else None
            if quiet is None or len(as_text(quiet, drop_zeros=True).partition(".")[2]) > max(usual_places or 0, 1):
                continue  # a long string of digits is an identifier, or a number that a cell cannot hold
            value, why = quiet, reason("numbers.noise", before=text, after=as_text(quiet), places=usual_places)
        if number.multiplier is not None:
            if shared_multiplier:
                continue
            if scaled_header or (largest is not None and abs(value) > _OUT_OF_SCALE * largest):
                safe, why = False, reason("numbers.scale", before=text, after=as_text(value), largest=str(largest))
        if table.typed:
            yield text, Proposal(as_number(value), why, safe and trusted, confidence, number_format)
            continue
        after = as_text(value, signs.sign)
        if text.lstrip("+") in (after, after.removeprefix("0")) or "e" in text.lower():
            continue
        if step.zero_decimal == "drop" and after.endswith(f"{signs.sign}0"):
            after = after[:-2]
        yield text, Proposal(after, why, safe and trusted, confidence)
    if trusted:
        yield from _doubts(found).items()


def _may_be_lists(found: NumberColumn, signs: SignEvidence) -> bool:
    """Whether so many cells are like 1,3 with nothing to prove a decimal comma that the column may hold answers."""
    return signs.sign == "," and not signs.proved and found.signs.cells > 0.2 * found.numeric


def _judge(
    text: str, read: Number, number: Number, signs: SignEvidence, found: NumberColumn
) -> tuple[Reason, bool, float]:
    """(reason, safe, confidence) for one text, by how it is written."""
    after = as_text(number.value)
    shown = {"before": text, "after": after, "count": found.numeric, "filled": found.filled}
    if number.doubt == "multiplier" or (number.multiplier and number.multiplier.isascii()):
        return reason("numbers.multiplier", **shown), False, 0.7
    if read.doubt == "decimal_sign" or number.doubt == "decimal_sign":
        if signs.proved and number.doubt is None:
            return reason("numbers.sign_proved", **shown, sign=signs.sign, proofs=signs.cells), True, 1.0
        other = as_text(_other_reading(text, number.value), drop_zeros=True)
        return reason("numbers.sign_open", before=text, after=after, other=other), False, 0.6
    if number.evidence and (number.evidence != signs.sign or signs.mixed):
        against = signs.against if number.evidence == signs.sign else signs.cells
        opposite = "." if number.evidence == "," else ","
        return reason("numbers.sign_against", before=text, after=after, count=against, sign=opposite), False, 0.7
    if number.evidence == "," and not signs.proved:
        return reason("numbers.comma_open", before=text, after=after), False, 0.5
    if number.group_sign == " " and number.evidence is None and " " in text:
        return reason("numbers.spaced", before=text, after=after), False, 0.7
    if number.evidence == "," and signs.cells == 1:
        return reason("numbers.sign_against", before=text, after=after, count=found.numeric, sign="."), False, 0.6
    if number.value < 0 and "-" not in text[:1]:
        return reason("numbers.negative", **shown), True, 1.0
    if number.multiplier or not text.isascii():
        return reason("numbers.written_out", **shown), True, 0.95
    if number.grouped:
        return reason("numbers.grouped", **shown), True, 1.0
    return reason("numbers.text", **shown), True, 1.0


def _other_reading(text: str, value: Decimal) -> Decimal:
    """The reading of 1,234 or 1.234 that was not taken."""
    return value / 1000 if value == value.to_integral_value() and not text.endswith(str(value)) else value * 1000


def _zero_dropped(text: str, step: NumbersStep, found: NumberColumn) -> Proposal:
    why = reason("numbers.zero_decimal", before=text, after=text[:-2], count=found.places[0], filled=found.filled)
    sure = step.zero_decimal == "drop"
    return Proposal(text[:-2], why, sure and found.share_with_akin >= SAFE_SHARE, 0.95 if sure else 0.5)


def _doubts(found: NumberColumn) -> dict[Scalar, Finding]:
    """Flags for texts with digits that are no single number, in a column that is otherwise numbers."""
    doubts: dict[Scalar, Finding] = {}
    for text in found.unread:
        if len(text) > 60 or not any(char.isnumeric() for char in text):
            continue
        if _SEVERAL_NUMBERS.fullmatch(text.strip()):
            doubts[text] = Doubt(reason("numbers.several", value=text, count=found.numeric, filled=found.filled))
            continue
        amount = parse_amount(text)
        if amount is not None and amount.precision != "exact" and amount.currency_text is None:
            doubts[text] = Doubt(reason("numbers.vague", value=text))
    return doubts


def _largest_plain(found: NumberColumn, column: Column) -> Decimal | None:
    """The greatest magnitude among the numbers written in full, None where there are fewer than three."""
    values = [abs(number.value) for number, _ in found.read.values() if number.multiplier is None]
    values += [abs(Decimal(str(value))) for value in column.numbers if isfinite(value)]
    return max(values) if len(values) >= 3 else None


def _multiplied(found: NumberColumn) -> int:
    counts: Counter[str] = Counter()
    for number, count in found.read.values():
        if number.multiplier:
            counts[number.multiplier] += count
    return max(counts.values(), default=0)


def _usual_places(found: NumberColumn) -> int | None:
    """The most decimals that the column's ordinary numbers show, None where it has none to compare with."""
    common = [places for places, count in found.places.items() if count]
    return max(common, default=None) if sum(found.places.values()) >= 0.5 * found.numeric else None


def _format(found: NumberColumn, column: Column, table: Table) -> str | None:
    """The number format for texts that become numbers: the column's, else what most of the texts showed."""
    own = number_format_of(column, table)
    if own is not None:
        return own
    grouped = sum(count for number, count in found.read.values() if number.grouped)
    texts = sum(count for _, count in found.read.values())
    places, uniform = found.places.most_common(1)[0] if found.places else (0, 0)
    if column.kinds["number"]:
        return "General" if is_text_format(column, table) else None
    if grouped > 0.2 * texts or (places and uniform >= 0.8 * texts):
        return shown_format(places, grouped=grouped > 0.2 * texts)
    return "General" if is_text_format(column, table) else None
