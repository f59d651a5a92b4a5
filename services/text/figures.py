"""The figures that prose holds: numbers, shares, dates, times and codes, so that two texts can be compared by them.

Lives here: finding them anywhere in a text, in Chinese and English, with multipliers and number words. Not here:
reading a text that is one number or date and nothing else (numerals.py, dates.py), and what a difference leads to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from services.text.dates import DateReading, parse_date
from services.text.figure_words import english_number, month_day, month_number
from services.text.numerals import parse_number
from services.text.times import parse_time
from services.text.widths import fold_width

Meaning = tuple[str, object]
"""A kind (``number``, ``date``, ``month``, ``time``, ``code``) and what is meant, so that equal meanings are equal."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as written, and all that it can mean (30w is 300000 or 30 of something).

    ``firm`` is false for what prose also uses without counting: one Chinese numeral (一起), a small number word (one).
    """

    text: str
    meanings: frozenset[Meaning]
    firm: bool = True


def figures_in(text: str) -> list[Figure]:
    """The figures of a text in their order. Linear in its length; never raises."""
    return list(_found(fold_width(text)))


def figures_missing(figures: Iterable[Figure], among: Sequence[Figure]) -> list[Figure]:
    """The firm ones of ``figures`` of which no meaning is one of ``among``, each wording once.

    A coarser wording of what is there is found (March 5 in 2024-03-05), a finer one is not: its rest would be invented.
    """
    known = {meaning for figure in among for meaning in _with_parts(figure)}
    missing: dict[str, Figure] = {}
    for figure in figures:
        if figure.firm and not known & figure.meanings:
            missing.setdefault(figure.text, figure)
    return list(missing.values())


_EN_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_CN_DIGITS = "零〇一二三四五六七八九"
_CN = "零〇一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟萬億兩廿卅"
_CN_SMALL = rf"(?:\d{{1,2}}|[{_CN}]{{1,3}})"
_EN_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = (
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)|(?<![\d.,])\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?!\d)"
    rf"|(?:\d{{2,4}}|[{_CN_DIGITS}]{{4}}) ?年(?: ?{_CN_SMALL} ?月(?: ?{_CN_SMALL} ?[日号])?)?"
    rf"|{_CN_SMALL} ?月 ?{_CN_SMALL} ?[日号]"
    rf"|\b{_EN_MONTH} {_EN_DAY}(?:,? ?\d{{4}})?\b|\b{_EN_DAY}(?: of)? {_EN_MONTH}(?:,? \d{{4}})?"
    rf"|\b{_EN_MONTH},? \d{{4}}\b"
)
_MONTH = rf"(?P<month_zh>\d{{1,2}}|[{_CN}]{{1,3}}) ?月份?|\b(?P<month_en>{_EN_MONTH})(?![A-Za-z])"
_TIME = (
    r"(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\b\.?)?|\b\d{1,2} ?[ap]\.?m\b\.?"
    rf"|(?:凌晨|早上|上午|中午|下午|傍晚|晚上)(?:\d{{1,2}}|[{_CN}]{{1,3}})[点时](?:半|(?:\d{{1,2}}|[{_CN}]{{1,3}})分?)?"
)
_NUMBER = r"(?<![A-Za-z\d_])[-−]?(?:\d{1,3}(?:[,'’]\d{3})+|\d+)(?:[.,]\d+)*"
_UNIT = (
    r"(?: ?(?P<percent>%|﹪|‰|per ?cent\b|个百分点|percentage points?\b)"
    r"|(?P<zh>[十百千]?[万亿]|[百千](?![米克瓦卡升]))|(?: ?(?P<en>thousand|million|billion|trillion|lakh|crore)s?\b)"
    r"|(?P<short>bn|mn|[kKwWmM])(?![A-Za-z\d]))?"
)
_FIGURE = re.compile(
    rf"(?P<date>{_DATE})|(?P<month>{_MONTH})|(?P<time>{_TIME})"
    rf"|(?P<share>(?P<of>[百千])分之(?P<part>\d+(?:\.\d+)?|[{_CN}点]+))"
    r"|(?P<code>\b(?=[A-Za-z\d/_-]{0,40}\d)[A-Za-z][A-Za-z\d]*(?:[-/_][A-Za-z\d]+)*)"
    rf"|(?P<number>{_NUMBER}){_UNIT}"
    rf"|(?P<chinese>[{_CN}]+(?:点[{_CN_DIGITS}]+[百千]?[万亿]?)?)"
    r"|(?P<word>\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|"
    r"million|billion|first|second|third|once|twice)"
    r"(?:[ -](?:and )?(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|"
    r"million|billion))*\b)",
    re.I | re.A,
)
_SHORT = {"k": 10**3, "w": 10**4, "m": 10**6, "mn": 10**6, "bn": 10**9}
_BIGGER_WORDS = ("hundred", "thousand", "million", "billion")


def _found(text: str) -> Iterator[Figure]:
    for match in _FIGURE.finditer(text):
        figure = _read(match)
        if figure is not None:
            yield figure


def _read(match: re.Match[str]) -> Figure | None:
    text = match[0]
    if match["date"]:
        return _date(text)
    if match["month"]:
        return _month(text, match["month_zh"], match["month_en"])
    if match["time"]:
        return _time(text)
    if match["share"]:
        part = _numbers(match["part"])
        places = -2 if match["of"] == "百" else -3
        return _figure(text, [value.scaleb(places) for value in part]) if part else None
    if match["code"]:
        return Figure(text, frozenset({("code", _plain_code(text))}))
    if match["number"]:
        return _western(match)
    if match["chinese"]:
        values = _numbers(text)
        return _figure(text, values, firm=len(text) > 1) if values else None
    value = english_number(text)
    firm = any(word in text.lower() for word in _BIGGER_WORDS) and " " in text.strip()
    return None if value is None else _figure(text, [value], firm=firm)


def _western(match: re.Match[str]) -> Figure | None:
    digits = match["number"].replace("’", "'").replace("−", "-")
    values = _numbers(digits)
    if not values:
        # A version or an address: 1.2.3. The dots part it, whatever it is.
        return Figure(match[0], frozenset({("code", _plain_code(digits))}))
    start = match.start("number")
    before, after = match.string[:start][-1:], match.string[match.end("number") :][:1]
    if digits[0] == "-" and before and not before.isspace():
        values = [abs(value) for value in values]  # the dash of a range, 3-5
    elif before == "(" and after == ")" and not digits.isdigit():
        values = [-abs(value) for value in values]  # as accounts write what is negative
    if match["percent"]:
        per = -3 if match["percent"] == "‰" else -2
        values = [value.scaleb(per) for value in values]
    elif match["zh"] or match["en"]:
        scaled = [parse_number(f"{_text(value)}{match['zh'] or ' ' + match['en']}") for value in values]
        values = [number.value for number in scaled if number is not None] or values
    elif match["short"]:
        factor = _SHORT[match["short"].lower()]
        values = [*(value * factor for value in values), *values]
    return _figure(match[0], values)


def _numbers(text: str) -> list[Decimal]:
    """The number that digits or a Chinese numeral write; none where they make no number. 1,234 is read with a point."""
    number = parse_number(text)
    return [] if number is None else [number.value]


def _date(text: str) -> Figure | None:
    reading = parse_date(text.rstrip("., "))
    if reading is None:
        parts = month_day(text)
        return None if parts is None else Figure(text, frozenset({("date", (None, *parts))}))
    meanings: set[Meaning] = set()
    for year, month, day in _days(reading):
        meanings.add(("date", (year, month, day)))
        if month is None and year is not None:
            meanings.add(("number", Decimal(year).normalize()))
    return Figure(text, frozenset(meanings)) if meanings else _figure(text, _numbers(re.sub(r"\D+", "", text)))


def _month(text: str, chinese: str | None, english: str | None) -> Figure | None:
    """A month alone. In English its name may be another word (may, march), so it is not firm."""
    if english:
        return Figure(text, frozenset({("month", month_number(english))}), firm=False)
    values = _numbers(chinese or "")
    if not values or not 1 <= values[0] <= 12:
        return _figure(text, values) if values else None
    return Figure(text, frozenset({("month", int(values[0])), ("number", values[0].normalize())}))


def _days(reading: DateReading) -> list[tuple[int | None, int | None, int | None]]:
    if reading.kind == "incomplete":
        return [reading.parts]
    values = [reading.value] if reading.value is not None else [other.value for other in reading.candidates]
    return [(value.year, value.month, value.day) for value in values if value is not None]


def _time(text: str) -> Figure | None:
    reading = parse_time(text.strip())
    if reading is None or reading.value is None:
        return Figure(text, frozenset({("code", _plain_code(text))}))
    moment = datetime.combine(datetime(2000, 1, 1), reading.value)
    return Figure(text, frozenset({("time", (moment.hour, moment.minute))}))


def _figure(text: str, values: Iterable[Decimal], *, firm: bool = True) -> Figure:
    return Figure(text, frozenset(("number", value.normalize()) for value in values), firm)


def _with_parts(figure: Figure) -> frozenset[Meaning]:
    """The meanings, and for a date its coarser wordings: the day without its year, the month, the year."""
    wider = set(figure.meanings)
    for kind, meant in figure.meanings:
        if kind == "date" and isinstance(meant, tuple):
            year, month, day = meant
            if month is not None:
                wider |= {("date", (year, month, None)), ("month", month)}
            if day is not None:
                wider.add(("date", (None, month, day)))
            if year is not None:
                wider |= {("date", (year, None, None)), ("number", Decimal(year).normalize())}
    return frozenset(wider)


def _plain_code(text: str) -> str:
    return re.sub(r"[-_/.\s]", "", text).casefold()


def _text(value: Decimal) -> str:
    return format(value, "f")
