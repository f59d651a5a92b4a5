"""Rule ``identifiers``: numbers with check digits are checked and written in one way; lost digits are doubted.

The kinds and their checks are in ``services.text.identifiers``. An identifier that fails its check is never corrected:
any of its digits may be the wrong one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Literal

from stdnum.cn import ric

from services.tasks.clean.rule import Doubt, Finding, Outcome, Proposal, Rule, Step
from services.tasks.clean.rules.first_look import share_of_first_texts
from services.tasks.clean.table import Column, Table
from services.text.identifiers import Check, IdentifierKind, check, identify, is_scientific
from services.text.nulls import null_word
from services.workbook.changes import Term, reason

SAMPLE = 300
"""Distinct values looked at to tell what a column holds."""

CLEAR = 0.8
"""Share of cells that must have the column's form for another one to be brought to it without asking."""

KEPT_DIGITS = 15
"""Digits that a number in a spreadsheet keeps (IEEE 754 double precision); those after are lost."""


class IdentifiersStep(Step):
    """Check the identifiers of one ``kind``; "digits" are codes of ``length`` digits with leading zeros."""

    rule: Literal["identifiers"] = "identifiers"
    kind: IdentifierKind | Literal["digits"]
    length: int = 0


def propose(table: Table) -> list[IdentifiersStep]:
    """A step for each column of identifiers."""
    steps = []
    for column in table.columns:
        sample = [text for text in islice(column.texts, SAMPLE) if null_word(text) is None]
        if not _likely(sample):
            continue
        found = identify([text for text in sample if not is_scientific(text)])
        if found is not None:
            steps.append(IdentifiersStep(column=column.name, kind=found.kind))
        elif (length := _padded_length(column)) is not None:
            steps.append(IdentifiersStep(column=column.name, kind="digits", length=length))
    return steps


def run(step: IdentifiersStep, table: Table) -> Outcome:
    """Check each value; propose the column's form for the sound ones."""
    column = table.column_named(step.column)
    if column is None or not column.texts:
        return Outcome()
    if step.kind == "digits":
        return _padded(column, step.length, Term("digit-code", (("length", step.length),)))
    return _checked(column, step.kind, Term(step.kind))


RULE = Rule("identifiers", IdentifiersStep, propose, run)

_DIGIT = re.compile(r"\d")
_SEPARATOR = re.compile(r"[\s.-]")
_SHAPE = re.compile(r"[^\W_]")


def _likely(sample: list[str]) -> bool:
    """A quick look: some values at least, short, and with digits."""
    if len(sample) < 5:
        return False
    first = sample[:40]
    return sum(len(text) <= 45 and len(_DIGIT.findall(text)) >= 3 for text in first) >= 0.7 * len(first)


def _checked(column: Column, kind: IdentifierKind, name: Term) -> Outcome:
    outcome = Outcome()
    texts = column.texts
    sound_id = _ResidentIds().is_sound if kind == "cn_resident_id" else None
    checks = {
        text: Check(True, "ok", text, text) if sound_id is not None and sound_id(text) else _check(kind, text)
        for text in texts
        if null_word(text) is None
    }
    cells = sum(texts[text] for text in checks)
    sound = sum(texts[text] for text, found in checks.items() if found.valid)
    if sound < 0.6 * cells:
        outcome.misfit = reason("identifiers.misfit", kind=name, count=sound, total=cells)
        return outcome
    habits = _habits(column, checks)
    for text, found in checks.items():
        if not found.valid:
            if not _is_old_resident_id(kind, text):
                why = f"identifiers.{found.reason}"
                outcome.values[text] = Doubt(reason(why, kind=name, count=sound, total=cells))
        elif (finding := _form(text, found, kind, habits, name)) is not None:
            outcome.values[text] = finding
    for value in column.numbers:
        if abs(value) >= 10**KEPT_DIGITS:
            outcome.values[value] = Doubt(reason("identifiers.digits_lost", kind=name, count=sound, total=cells))
    return outcome


def _check(kind: IdentifierKind, text: str) -> Check:
    """The check of a value, with its separators or, where its kind has none, without them."""
    found = check(kind, text)
    if not found.valid and (bare := _SEPARATOR.sub("", text)) != text:
        without = check(kind, bare)
        return without if without.valid else found
    return found


class _ResidentIds:
    """Tells sound resident IDs quickly: region and year are looked up once each, then date and check digit suffice."""

    _WHOLE = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)

    def __init__(self) -> None:
        self.sound: set[str] = set()

    def is_sound(self, text: str) -> bool:
        """Whether a text in the standard's own form passes; False leaves it to the full check."""
        if not self._WHOLE.fullmatch(text) or ric.calc_check_digit(text) != text[-1]:
            return False
        begin = text[:10]
        if begin not in self.sound:
            if check("cn_resident_id", text).valid:
                self.sound.add(begin)
                return True
            return False
        # The last days of a month are left to the calendar of the full check.
        return 1 <= int(text[10:12]) <= 12 and 1 <= int(text[12:14]) <= 28


def _is_old_resident_id(kind: IdentifierKind, text: str) -> bool:
    """Fifteen digits without a check digit, as issued until 1999."""
    return kind == "cn_resident_id" and re.fullmatch(r"\d{15}", text.strip()) is not None


class _Habits:
    """How the sound identifiers of a column are written: their separators for each length, and their letters."""

    def __init__(self) -> None:
        self.shapes: dict[int, Counter[str]] = {}
        self.standard: Counter[int] = Counter()
        self.lower = 0
        self.upper = 0

    def shape(self, length: int) -> tuple[str, int, int]:
        """The most frequent shape (a letter or digit as x), its cells, and all cells of that length."""
        counts = self.shapes[length]
        shape, most = min(counts.items(), key=lambda item: (-item[1], item[0]))
        return shape, most, counts.total()


def _habits(column: Column, checks: dict[str, Check]) -> _Habits:
    habits = _Habits()
    for text, found in checks.items():
        if found.valid:
            count = column.texts[text]
            habits.shapes.setdefault(len(found.compact), Counter())[_shape(text)] += count
            if not text.isdigit():
                habits.standard[len(found.compact)] += count * (text == found.canonical)
                habits.lower += count * (text != text.upper())
                habits.upper += count * (text == text.upper() and text != text.lower())
    return habits


def _shape(text: str) -> str:
    return "x" * len(text) if text.isalnum() else _SHAPE.sub("x", text)


def _form(text: str, found: Check, kind: IdentifierKind, habits: _Habits, name: Term) -> Finding | None:
    """The column's separators, and capitals where the standard has them; the signs themselves stay."""
    if text.isdigit() and len(habits.shapes[len(found.compact)]) == 1:
        return None
    signs = _SEPARATOR.sub("", text.strip())
    if signs.upper() != found.compact.upper():
        return None  # written in full width, or with more than separators: not the same signs
    shape, most, total = habits.shape(len(found.compact))
    if shape.count("x") != len(signs):
        return None
    letters = signs
    if kind == "cn_resident_id" or habits.upper >= habits.lower:
        letters = signs.upper()
    if found.canonical != found.compact and 2 * (standard := habits.standard[len(found.compact)]) > total:
        # Where the standard sets the hyphens by the number itself (ISBN), shapes differ and all are its own.
        after, most = (found.canonical if text.isalnum() else text), standard
    else:
        after = _spelled(letters, shape if most >= 2 else _shape(text))
    if after == text:
        return None
    same_shape = _shape(text) == _shape(after)
    safe = same_shape or most >= CLEAR * total
    why = reason("identifiers.capitals" if same_shape else "identifiers.form", kind=name, count=most, total=total)
    return Proposal(after, why, safe, 1.0 if safe else 0.7)


def _spelled(letters: str, shape: str) -> str:
    source = iter(letters)
    return re.sub("x", lambda _: next(source), shape)


def _padded_length(column: Column) -> int | None:
    """The one length of codes of digits with leading zeros, where a few cells are shorter."""
    if share_of_first_texts(column, str.isdigit) < 0.5:
        return None
    lengths: Counter[int] = Counter()
    zeros = others = 0
    for text, count in column.texts.items():
        if text.isascii() and text.isdigit():
            lengths[len(text)] += count
            zeros += count * (text[0] == "0" and len(text) > 1)
        elif null_word(text) is None and not is_scientific(text):
            others += count
    if not lengths:
        return None
    length, most = lengths.most_common(1)[0]
    numbers = sum(column.numbers.values())
    full = most >= CLEAR * (lengths.total() + others + numbers)
    long = length > KEPT_DIGITS and full
    if length < 3 or not full or max(lengths) > length:
        return None
    return length if long or (zeros >= 3 and zeros * 20 >= most) else None


def _padded(column: Column, length: int, name: Term) -> Outcome:
    outcome = Outcome()
    codes = {text: count for text, count in column.texts.items() if text.isascii() and text.isdigit()}
    full = sum(count for text, count in codes.items() if len(text) == length)
    cells = sum(column.texts.values()) + sum(column.numbers.values())
    if full < 0.6 * cells:
        outcome.misfit = reason("identifiers.misfit", kind=name, count=full, total=cells)
        return outcome
    for text in column.texts:
        if is_scientific(text) and length > 11:
            outcome.values[text] = Doubt(reason("identifiers.digits_lost", kind=name, count=full, total=cells))
        elif text in codes and _lost_zeros(len(text), length):
            why = reason("identifiers.zeros", length=length, count=full, total=cells)
            outcome.values[text] = Proposal(text.zfill(length), why, False, 0.7)
    for value, digits in _whole(column):
        if len(digits) > KEPT_DIGITS:
            outcome.values[value] = Doubt(reason("identifiers.digits_lost", kind=name, count=full, total=cells))
        elif len(digits) == length or _lost_zeros(len(digits), length):
            why = reason("identifiers.zeros", length=length, count=full, total=cells)
            outcome.values[value] = Proposal(digits.zfill(length), why, False, 0.7)
    return outcome


def _lost_zeros(digits: int, length: int) -> bool:
    """Whether so few digits can be what is left of a code when its leading zeros are lost: no more than half of it."""
    return length / 2 <= digits < length and length <= KEPT_DIGITS


def _whole(column: Column) -> Iterator[tuple[int | float, str]]:
    return ((value, str(int(value))) for value in column.numbers if value == int(value) and value > 0)
