"""Whether a cell bears out what a model says it means, kind by kind; a meaning is text in one canonical notation.

Nothing is asked here and nothing written: a meaning that holds is put into the column's own form by the rule
``meanings``. A meaning that adds anything to what the cell says is refused, however likely it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import islice
from typing import Literal

from services.tasks.clean.meaning.date_parts import holds_date
from services.tasks.clean.rules.date_order import OrderEvidence
from services.tasks.clean.rules.likeness import Likeness, likeness
from services.tasks.clean.rules.number_columns import read_number
from services.tasks.clean.table import Column
from services.text.amounts import parse_amount
from services.text.dates import DateOrder, parse_date
from services.text.durations import parse_duration
from services.text.identifiers import check, identify
from services.text.percents import parse_percent
from services.text.phones import parse_phone
from services.text.units import parse_measure
from services.text.widths import fold_width

Kind = Literal["date", "number", "duration", "phone", "code", "name"]
"""What a value is taken for, by what the rest of its column is."""

Verdict = Literal["verified", "open", "refused"]
"""The cell says so; the cell could say so, and a person decides; the cell says something else, or nothing of it."""

FREQUENT = 3
"""Cells in which a value must stand for another one to be taken for it."""

_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d+(?:[.,'’ ]\d+)*")
_MINUS = re.compile(r"^\W*[-−–]\s*\D{0,3}\d|^\s*[(（].*[)）]\s*$|负|負|minus|\bneg", re.IGNORECASE)
_SCALE = re.compile(
    r"[万亿千百十萬億%％‰½¼¾⅓⅔角]|\d\s*[kmbw]\b"
    r"|\b(?:hundred|thousand|lakh|crore|[mb]illi?on|mn|bn|mio|dozen|half|cents?|pence)\b",
    re.I,
)
_WORD = re.compile(r"[^\W\d_\u4e00-\u9fff]+")
_HAN = re.compile("[\u4e00-\u9fff]")
_MOST_WORDS = 8
_HAN_PER_WORD = 2
_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override|delete|drop\s+(?:the\s+)?(?:table|column|row)|set\s+(?:all|every|the)|"
    r"replace\s+(?:all|every)|(?:you|answer|reply|respond|output|return)\s+(?:must|should|are|with|only)|instructions?|"
    r"system\s+prompt)\b|忽略|无视|不要理会|删除|清空|覆盖|(?:请|必须|只)(?:把|将|回答|输出|返回)|指令|提示词",
    re.IGNORECASE,
)
"""Words of somebody who talks to a reader or a model, not of a value."""
_SAMPLE = 300


def verdict_on(kind: Kind, cell: str, meaning: str, column: Column, order: DateOrder | None = None) -> Verdict:
    """Whether ``cell``, a text of ``column``, means ``meaning``; ``order`` is that of the column's dates where proved.

    Canonical notations: a date as YYYY-MM-DD, a number as plain digits with a point, a duration as "N min", a telephone
    number as digits, a code and a name as they are.
    """
    if not meaning or meaning != meaning.strip() or not meaning.isprintable() or is_prose(cell):
        return "refused"
    if kind == "date":
        return _date(cell, meaning, order)
    judge: dict[Kind, Callable[[str, str, Column], Verdict]] = {
        "number": _number,
        "duration": _duration,
        "phone": _phone,
        "code": _code,
        "name": _name,
    }
    return judge[kind](cell, meaning, column)


def is_prose(text: str) -> bool:
    """Whether a text is more than a value with a word or two about it: a sentence, or an order to whoever reads it."""
    words = len(_WORD.findall(text)) + len(_HAN.findall(text)) / _HAN_PER_WORD
    return words > _MOST_WORDS or _ORDER.search(text) is not None


def proved_order(evidence: OrderEvidence) -> DateOrder | None:
    """The order of day and month, where the column proves one."""
    return evidence.order if evidence.proved and evidence.order != "none" else None


def _date(cell: str, meaning: str, order: DateOrder | None) -> Verdict:
    try:
        day = date.fromisoformat(meaning)
    except ValueError:
        return "refused"
    if len(meaning) != 10:
        return "refused"
    reading = parse_date(cell, order=order)
    if reading is not None and reading.kind == "exact" and reading.value is not None:
        value = reading.value.date() if isinstance(reading.value, datetime) else reading.value
        if value == day:
            return "open" if reading.two_digit_year or reading.weekday_agrees is False else "verified"
        return "open" if any(_day(one.value) == day for one in reading.candidates) else "refused"
    if reading is not None and reading.kind == "ambiguous":
        return "open" if any(_day(one.value) == day for one in reading.candidates) else "refused"
    if reading is not None and reading.kind == "impossible":
        return "refused"
    return holds_date(cell, day, order)


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def plain_number(text: str) -> Decimal | None:
    """The number that a meaning is in its canonical notation, None where it has any other."""
    if not re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _number(cell: str, meaning: str, column: Column) -> Verdict:
    value = plain_number(meaning)
    if value is None:
        return "refused"
    said, folded = _said(cell), fold_width(cell)
    if said is not None:
        if said[0] != value:
            return "refused"
        if not said[1] or _is_usual(said[1], cell, column):
            return "verified"
        return "refused" if _SCALE.search(folded) and parse_amount(cell) is None else "open"
    found = _NUMBER.findall(folded)
    if len(found) != 1 or _SCALE.search(folded) or (value < 0) != bool(_MINUS.search(folded)):
        return "refused"
    alone = read_number(found[0])
    return "open" if alone is not None and alone.doubt is None and alone.value == abs(value) else "refused"


def said_number(text: str) -> Decimal | None:
    """The one number that a text says by itself, as money, a measure, a share (in points) or a plain number."""
    said = _said(text)
    return None if said is None else said[0]


@lru_cache(maxsize=4096)
def _said(text: str) -> tuple[Decimal, str] | None:
    """The number that a text says, and what it is of where the text says so: a currency, a unit, a share."""
    amount = parse_amount(text)
    if amount is not None:
        beside = amount.currency or amount.currency_text or ""
        return None if amount.value is None else (amount.value, beside)
    percent = parse_percent(text)
    if percent is not None:
        if percent.ambiguous:
            return None
        points = (percent.fraction * percent.per).quantize(Decimal(1).scaleb(-percent.decimal_places))
        return points, f"1/{percent.per}"
    measure = parse_measure(text)
    if measure is not None and not measure.rest and measure.number.doubt is None and measure.number.value is not None:
        return measure.number.value, measure.unit or measure.unit_text
    return None


def _is_usual(beside: str, cell: str, column: Column) -> bool:
    """Whether most of the column's texts are of the same: else 119 cents would be 119 in a column of dollars."""
    others = [said for text in islice(column.texts, _SAMPLE) if text != cell and (said := _said(text)) is not None]
    same = sum(said[1] == beside for said in others)
    return same >= FREQUENT and 2 * same >= len(others) + sum(column.numbers.values())


def _duration(cell: str, meaning: str, column: Column) -> Verdict:
    meant = parse_duration(meaning)
    seconds = meant.total_seconds if meant is not None else None
    if seconds is None:
        return "refused"
    said = parse_duration(cell)
    if said is not None:
        if said.precision != "exact" or said.total_seconds is None:
            return "refused"
        return "verified" if said.total_seconds == seconds else "refused"
    numbers = [Decimal(found) for found in re.findall(r"\d+(?:\.\d+)?", fold_width(cell))]
    if len(numbers) == 1:
        possible = [numbers[0] * 60, numbers[0] * 3600]
    elif len(numbers) == 2:
        possible = [numbers[0] * 3600 + numbers[1] * 60, numbers[0] * 60 + numbers[1]]
    else:
        possible = []
    return "open" if seconds in possible else "refused"


def _phone(cell: str, meaning: str, column: Column) -> Verdict:
    digits = _digits(meaning)
    if len(digits) < 5 or re.search(r"[^\W\d_]", meaning):
        return "refused"
    if _digits(cell) == digits:
        return "verified"
    # Without the country's prefix, where the cell writes one as such.
    written = parse_phone(cell, None)
    return "verified" if written is not None and digits in (written.digits, _digits(written.e164)) else "refused"


def _digits(text: str) -> str:
    return "".join(_DIGIT.findall(fold_width(text)))


_LIKE_DIGITS = str.maketrans("OoIlSB", "001158")


def _code(cell: str, meaning: str, column: Column) -> Verdict:
    shown = [text for text in column.texts if text != cell][:_SAMPLE]
    found = identify(shown)
    if found is None or not check(found.kind, meaning).valid:
        return "refused"
    said, meant = _signs(cell), _signs(meaning)
    if said == meant:
        return "verified"
    return "open" if said.translate(_LIKE_DIGITS) == meant.translate(_LIKE_DIGITS) else "refused"


def _signs(text: str) -> str:
    return "".join(character for character in fold_width(text) if character.isalnum())


def _name(cell: str, meaning: str, column: Column) -> Verdict:
    known = column.texts.get(meaning, 0) >= FREQUENT
    if name_key(cell) == name_key(meaning):
        return "refused" if not name_key(meaning) else "verified" if known else "open"
    return "open" if known and may_be_slip(cell, meaning) else "refused"


def may_be_slip(cell: str, meant: str) -> bool:
    """Whether a text differs from a name only as a slip does, and not as another name, number or code would."""
    if any(map(str.isdigit, cell)) or any(map(str.isdigit, meant)):
        return False
    return likeness(cell, meant, "") in (Likeness.SLIP, Likeness.FORM)


def name_key(text: str) -> str:
    """What is left of a name without width, spacing, case and punctuation."""
    return "".join(character for character in fold_width(text).casefold() if character.isalnum())
