"""Rule ``phones``: telephone numbers of a column are written as most of them are; their digits never change.

Numbering plans, shapes and writing a number anew are in ``services.text.phones``. Here is the proof that a column holds
telephone numbers of one region, and what follows for each value.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from services.tasks.clean.rule import Doubt, Finding, Outcome, Proposal, Rule, Step
from services.tasks.clean.table import Column, Table
from services.text.nulls import null_word
from services.text.phones import (
    Phone,
    Style,
    column_region,
    format_as_pattern,
    format_phone,
    majority_patterns,
    parse_phone,
    phone_pattern,
)
from services.workbook.changes import reason

SAMPLE = 400
"""Distinct values read to learn a column's region and shapes; each costs about a tenth of a millisecond."""

ENOUGH = 5
"""Cells in the column's shape that make it a habit."""

UNASSIGNED = 0.1
"""Where more numbers than this share lie in no range in use, they are made up or newer than the plan, and stay."""


class PhonesStep(Step):
    """Write the numbers of a column in its shapes.

    ``region`` is an ISO 3166 code, empty where all numbers have an international prefix. ``formats`` maps a kind of
    number and its count of national digits ("mobile 11") to a shape with d for each digit ("ddd dddd dddd") or to
    the "national", "international" or "e164" form, in which the groups follow the area.
    """

    rule: Literal["phones"] = "phones"
    region: str = ""
    formats: dict[str, str]


def propose(table: Table) -> list[PhonesStep]:
    """A step for each column of telephone numbers."""
    steps = []
    for column in table.columns:
        if not _likely(column):
            continue
        sample = [text for text in islice(column.texts, SAMPLE) if null_word(text) is None]
        region = _region(sample, table)
        if region is not None:
            formats = _formats({text: column.texts[text] for text in sample}, region)
            steps.append(PhonesStep(column=column.name, region=region, formats=formats))
    return steps


def run(step: PhonesStep, table: Table) -> Outcome:
    """Regroup what is written otherwise, doubt what can't be a number of the region."""
    outcome = Outcome()
    column = table.column_named(step.column)
    if column is None or not column.texts:
        return outcome
    read = _Reader(step.region or None, len(column.texts))
    texts = column.texts
    read_as = {text: read.like(text) for text in texts if null_word(text) is None}
    cells = sum(texts[text] for text in read_as)
    known = sum(texts[text] for text, like in read_as.items() if like.phone is not None)
    if known < 0.6 * cells:
        outcome.misfit = reason("phones.misfit", region=step.region, count=known, total=cells)
        return outcome
    countries, shaped, kinds = Counter[str](), Counter[str](), Counter[str]()
    unassigned, lengths = 0, set[int]()
    for text, like in read_as.items():
        if like.phone is not None:
            countries[like.phone.country] += texts[text]
            if like.phone.valid:
                lengths.add(len(like.phone.digits))
            else:
                unassigned += texts[text]
            kinds[like.key] += texts[text]
            if like.has(step.formats.get(like.key)):
                shaped[like.key] += texts[text]
    home = countries.most_common(1)[0][0]
    for text, like in read_as.items():
        finding: Finding | None = None
        if like.phone is None:
            finding = _unread(text, step.region)
        elif not like.phone.valid:
            if len(like.phone.digits) not in lengths:
                finding = Doubt(reason("phones.length", count=len(like.phone.digits), region=step.region or "+"))
            elif unassigned <= UNASSIGNED * known:
                finding = Doubt(reason("phones.unassigned", region=like.phone.region))
        elif like.key in step.formats and not like.has(step.formats[like.key]):
            finding = _written(text, read.phone(text), step, home, (shaped[like.key], kinds[like.key]))
        if finding is not None:
            outcome.values[text] = finding
    if sum(column.numbers.values()) < cells:
        _numbers(column, step, read, home, outcome)
    return outcome


RULE = Rule("phones", PhonesStep, propose, run)

_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")
_PHONE_LIKE = re.compile(r"\D{0,12}\d[\d\s().+/‐-―－（）-]{5,}(?:\D{0,8}\d{1,6})?\s*")
_DECIMAL = re.compile(r"\s*[-+]?\d+\.\d+\s*")
_PREFIXED = ("+", "00", "＋")
E164 = "e164"
STYLES: tuple[Style, ...] = ("national", "international", "e164")

_DECIDING = {"CN": 5, "US": 4}
"""First national digits that decide kind and validity (libphonenumber's metadata); elsewhere each number is read."""


def _likely(column: Column) -> bool:
    """A quick look: most texts are nine digits or more with signs that telephone numbers have."""
    first = [text for text in islice(column.texts, 60) if null_word(text) is None]
    if len(first) < 3:
        return False
    likely = sum(
        len(_DIGIT.findall(text)) >= 9 and bool(_PHONE_LIKE.fullmatch(text)) and not _DECIMAL.fullmatch(text)
        for text in first
    )
    return likely >= 0.7 * len(first)


def _region(sample: list[str], table: Table) -> str | None:
    """The proven region, '' where the numbers name theirs, None where the column may hold something else."""
    if sum(text.lstrip().startswith(_PREFIXED) for text in sample) >= 0.8 * len(sample):
        good = [
            phone for phone in (parse_phone(text, None) for text in sample[:60]) if phone is not None and phone.valid
        ]
        return "" if len(good) >= 0.7 * len(sample[:60]) else None
    region = column_region(sample)
    if region is None and table.region is not None:
        phones = [parse_phone(text, table.region) for text in sample[:60]]
        if sum(phone is not None and phone.valid for phone in phones) >= 0.8 * len(phones):
            region = table.region
    return region


def _key(phone: Phone) -> str:
    return f"{phone.kind} {len(phone.digits)}"


def _styles(text: str, phone: Phone | None) -> frozenset[str]:
    """The standard ways of writing that a text is in."""
    if phone is None:
        return frozenset()
    return frozenset(style for style in STYLES if format_phone(phone, style) == text)


def _formats(values: dict[str, int], region: str) -> dict[str, str]:
    """The shape of each kind of number; E.164 where a kind is written in several ways and none is usual."""
    found = {
        f"{kind} {digits}": pattern for (kind, digits), pattern in majority_patterns(values, region or None).items()
    }
    shapes: dict[str, Counter[str]] = {}
    styles: dict[str, Counter[str]] = {}
    for text, count in values.items():
        phone = parse_phone(text, region or None)
        if phone is not None and phone.valid and not phone.extension:
            shapes.setdefault(_key(phone), Counter())[phone_pattern(text)] += count
            for style in _styles(text, phone):
                styles.setdefault(_key(phone), Counter())[style] += count
    for key, counts in shapes.items():
        if len(counts) == 1:
            continue
        style, most = max(styles.get(key, Counter({E164: 0})).items(), key=lambda item: (item[1], item[0]))
        if most >= 0.6 * counts.total() and most > max(counts.values()):
            found[key] = style  # one way of writing with several shapes, since area codes differ in length
        elif key not in found and counts.total() >= ENOUGH:
            found[key] = E164
    return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class _Like:
    """What holds for all texts of one shape that begin alike: ``phone`` is one of them, ``key`` its kind and length."""

    pattern: str
    phone: Phone | None
    key: str
    styles: frozenset[str]

    def has(self, form: str | None) -> bool:
        """Whether the texts are in a form already."""
        return form == self.pattern or form in self.styles


class _Reader:
    """Reads texts as telephone numbers of a region; in a long column once for each beginning that decides its kind."""

    def __init__(self, region: str | None, distinct: int) -> None:
        self.region = region
        self.deciding = _DECIDING.get(region or "", 0) if distinct > 10 * SAMPLE else 0
        self.seen: dict[tuple[str, str], _Like] = {}

    def like(self, text: str) -> _Like:
        """A number that shares shape, kind and validity with the one in the text, not its last digits."""
        if text.isdigit():
            pattern, digits = "d" * len(text), text
        else:
            pattern, digits = phone_pattern(text), "".join(_DIGIT.findall(text))
        begin = text
        if self.deciding and len(digits) >= 9:
            begin = digits[: self.deciding + 3 * text.lstrip().startswith(_PREFIXED)]
        like = self.seen.get((pattern, begin))
        if like is None:
            phone = self.phone(text)
            like = self.seen[pattern, begin] = _Like(
                pattern, phone, _key(phone) if phone is not None else "", _styles(text, phone)
            )
        return like

    def phone(self, text: str) -> Phone | None:
        """The number in the text itself."""
        return parse_phone(text, self.region)


def _unread(text: str, region: str) -> Finding | None:
    """A doubt where the text is digits and can't be a number of the region; other texts are not this rule's."""
    count = len(_DIGIT.findall(text))
    if count < 5 or not _PHONE_LIKE.fullmatch(text) or _LETTER.search(text):
        return None
    return Doubt(reason("phones.length", count=count, region=region or "+"))


def _written(text: str, phone: Phone | None, step: PhonesStep, home: str, cells: tuple[int, int]) -> Finding | None:
    form = step.formats.get(_key(phone)) if phone is not None and phone.valid else None
    if phone is None or form is None or phone.extension:
        return None
    after = _in_form(phone, form, home)
    if after is None or after == text:
        return None
    shaped, total = cells
    if form == E164 and not shaped:
        why = reason("phones.e164")
    else:
        why = reason("phones.pattern", pattern=_shown(after), count=shaped)
    # A word beside the number (fax, mobile) says something that the number alone doesn't.
    safe = shaped >= ENOUGH and 2 * shaped > total and not _LETTER.search(text)
    return Proposal(after, why, safe, 1.0 if safe else 0.7)


def _shown(number: str) -> str:
    """The shape of a number as a person reads it, as in a number format of a spreadsheet: ###-####."""
    return phone_pattern(number).replace("d", "#")


def _in_form(phone: Phone, form: str, home: str) -> str | None:
    """The number in a shape or standard form, None where its digits don't fill it or its country would be lost."""
    abroad = phone.country != home
    for style in STYLES:
        if form == style:
            return None if abroad and style == "national" else format_phone(phone, style)
    return None if abroad and not form.startswith("+") else format_as_pattern(phone, form)


def _numbers(column: Column, step: PhonesStep, read: _Reader, home: str, outcome: Outcome) -> None:
    """Number cells among texts: the same digits as text, for a person to accept."""
    for value, digits in _whole(column):
        phone = read.phone(digits)
        form = step.formats.get(_key(phone)) if phone is not None and phone.valid else None
        if phone is None or form is None or phone.country != home:
            continue
        after = _in_form(phone, form, home)
        if after is not None:
            why = reason("phones.number", pattern=_shown(after))
            outcome.values[value] = Proposal(after, why, False, 0.7)


def _whole(column: Column) -> Iterator[tuple[int | float, str]]:
    return ((value, str(int(value))) for value in column.numbers if value == int(value) and value > 0)
