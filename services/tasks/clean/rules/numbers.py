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
from services.tasks.clean.rules.leftovers import CLEAR_SHARE, leftovers
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
    is_akin,
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
_GROUPED_FROM = 1000
"""The least number whose thousands can be parted."""
_LEAST_GROUPED = 3
"""Cells with parted thousands that are no accident."""
_NOISY_PLACES = 9
_LONGEST_WORD = 60
_FEW_BARE = 0.2
"""Beside decimals and 12.0, whole numbers without .0 must be this many of those with it to be more than slips."""
_SCORE = re.compile(r"(?<![0-9.])([0-9]+(?:\.[0-9]+)?)/[0-9]", re.ASCII)
_LIKE_DIGITS = str.maketrans("OoIl", "0011")


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


def plain_numbers(column: Column, table: Table, *, drop_zeros: bool) -> NumbersStep | None:
    """The step that makes the column's numbers plain, without a trailing .0 where asked; None where there are none."""
    found = read_number_column(column, table)
    if found is None:
        return None
    zero: Literal["keep", "offer", "drop"] = "drop" if drop_zeros else "keep" if table.typed else _zero_decimal(found)
    return NumbersStep(column=column.name, decimal_sign=found.signs.sign, sure=found.signs.proved, zero_decimal=zero)


def _all_plain(column: Column) -> bool:
    """Whether a text file's column needs no reading: plain numbers without the .0 of a program's output."""
    plain = PLAIN.fullmatch
    return all(plain(text) and not text.endswith(".0") and len(text) < 18 for text in column.texts)


def _zero_decimal(found: NumberColumn) -> Literal["keep", "offer", "drop"]:
    """Whether .0 is what a program added to whole numbers, judged by how the column writes its other numbers.

    Where all its decimals have one place, 69.0 has the column's form and stays.
    """
    whole = zeros = decimals = finer = 0
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
            finer += count * (places > 1)
    if not zeros:
        return "keep"
    if not decimals:
        return "drop" if whole >= zeros else "offer"
    varied = finer and finer < decimals
    return "offer" if varied or whole > _FEW_BARE * zeros or _writes_whole_scores(found) else "keep"


def _writes_whole_scores(found: NumberColumn) -> bool:
    """Whether texts of several numbers (5.4/10,6/10) write whole ones without .0 beside the column's decimals."""
    shown = [score[1] for text in found.unread for score in _SCORE.finditer(text)]
    whole = [score for score in shown if "." not in score]
    return bool(whole) and len(whole) < len(shown) and not any(score.endswith(".0") for score in shown)


def _findings(step: NumbersStep, found: NumberColumn, column: Column, table: Table) -> Iterator[tuple[Scalar, Finding]]:
    """What each text should become, one after the other, so that proposing stops at the first."""
    signs = SignEvidence(step.decimal_sign, step.sure, found.signs.cells, found.signs.against)
    trusted = found.share_with_akin >= SAFE_SHARE and not _may_be_lists(found, signs)
    largest = _largest_plain(found, column)
    scaled_header = bool(_HEADER_SCALE.search(column.name))
    shared_multiplier = _multiplied(found) > 0.8 * found.numeric
    keeps_groups = "" if table.typed else _group_sign(found)
    number_format = _format(found, column, table) if table.typed else None
    usual_places = _usual_places(found)
    for text, (read, _count) in found.read.items():
        parted = bool(keeps_groups) and abs(read.value) >= _GROUPED_FROM
        if not table.typed and not parted and PLAIN.fullmatch(text) and len(text) < 18 and signs.sign == ".":
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
                if not table.typed:
                    continue
                safe = False  # 234万 in every cell may be how the person wants them to be read
            if scaled_header or (largest is not None and abs(value) > _OUT_OF_SCALE * largest):
                safe, why = False, reason("numbers.scale", before=text, after=as_text(value), largest=str(largest))
        if table.typed:
            yield text, Proposal(as_number(value), why, safe and trusted, confidence, number_format)
            continue
        after = as_text(value, signs.sign)
        if keeps_groups and abs(value) >= _GROUPED_FROM:
            after = _parted(value, keeps_groups, signs.sign)
            if why.code in ("numbers.text", "numbers.grouped"):
                why = reason("numbers.regrouped", before=text, after=after, count=found.numeric, filled=found.filled)
        if text.lstrip("+") in (after, after.removeprefix("0")) or "e" in text.lower():
            continue
        if step.zero_decimal == "drop" and after.endswith(f"{signs.sign}0"):
            after = after[:-2]
        yield text, Proposal(after, why, safe and trusted, confidence)
    if trusted:
        yield from _others(found, signs, column, table).items()


def _group_sign(found: NumberColumn) -> str:
    """What parts the thousands of a text file's amounts, where most are written with decimals (1.234,56), else nothing.

    It is the column's form then, and stays; counts like 1,234 are written without.
    """
    large = placed = 0
    grouped: Counter[str] = Counter()
    for number, count in found.read.values():
        large += count * (abs(number.value) >= _GROUPED_FROM)
        placed += count * bool(number.decimal_places)
        if number.group_sign and number.decimal_places:
            grouped[number.group_sign] += count
    sign, cells = grouped.most_common(1)[0] if grouped else ("", 0)
    return sign if cells >= _LEAST_GROUPED and 2 * cells > large and 2 * placed > found.numeric else ""


def _parted(value: Decimal, group_sign: str, sign: DecimalSign) -> str:
    """A number with its thousands parted: 1.234,56."""
    whole, point, places = as_text(abs(value)).partition(".")
    digits = f"{int(whole):,}".replace(",", group_sign)
    return ("-" if value < 0 else "") + digits + (sign if point else "") + places


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
    sure = step.zero_decimal == "drop" and step.asked != "model"
    why = reason("numbers.zero_asked" if step.asked else "numbers.zero_offered", before=text, after=text[:-2])
    if step.zero_decimal == "drop" and not step.asked:
        why = reason("numbers.zero_decimal", before=text, after=text[:-2], count=found.places[0], filled=found.filled)
    return Proposal(text[:-2], why, sure and found.share_with_akin >= SAFE_SHARE, 0.95 if sure else 0.5)


def _others(found: NumberColumn, signs: SignEvidence, column: Column, table: Table) -> dict[Scalar, Finding]:
    """What else stands in a column that is otherwise numbers: flagged, or read for review where a letter is a digit."""
    told: dict[str, object] = {"count": found.numeric, "filled": found.filled}
    found_here: dict[Scalar, Finding] = {}
    units: set[str] = set()
    for text in found.unread:
        if len(text) > _LONGEST_WORD or not any(char.isnumeric() for char in text):
            continue
        digits = text.translate(_LIKE_DIGITS)
        if _SEVERAL_NUMBERS.fullmatch(text.strip()):
            found_here[text] = Doubt(reason("numbers.several", value=text, **told), leftover=True)
        elif (amount := parse_amount(text)) is not None and amount.precision != "exact":
            found_here[text] = Doubt(reason("numbers.vague", value=text), leftover=True)
        elif found.share >= CLEAR_SHARE and PLAIN.fullmatch(digits) and signs.sign == ".":
            why = reason("numbers.letter", before=text, after=digits, **told)
            after = as_number(Decimal(digits)) if table.typed else digits
            found_here[text] = Proposal(after, why, False, 0.6)
        elif found.share < CLEAR_SHARE and is_akin(text):
            units.add(text)
    understood = {*found.read, *found_here, *units}
    cells = found.numeric + found.akin
    return found_here | dict(leftovers(column, table, understood, "numbers.no_number", cells, found.filled))


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
    """The number format for texts that become numbers: the column's, else one that shows all that the texts showed."""
    own = number_format_of(column, table)
    if own is not None:
        return own
    grouped = sum(count for number, count in found.read.values() if number.grouped)
    texts = sum(count for _, count in found.read.values())
    places, uniform = found.places.most_common(1)[0] if found.places else (0, 0)
    if column.kinds["number"]:
        return "General" if is_text_format(column, table) else None
    if grouped > 0.2 * texts or (places and uniform >= 0.8 * texts):
        return shown_format(max(found.places, default=0), grouped=grouped > 0.2 * texts)  # a digit is never hidden
    return "General" if is_text_format(column, table) else None
