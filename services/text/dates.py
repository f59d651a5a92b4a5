"""Calendar dates and date-times as cells write them, in Chinese and English: one notation in, one strict reading out.

Here is what a single text says by itself; which order a column's 03/04/2024 follows is the caller's to prove. Times of
day are read by `times`, expressions relative to another day (去年春节, 三天后) by `timespans`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from services.text.months import MONTHS
from services.text.time_digits import ZH_DIGITS, fold, read_digit_string, read_small
from services.text.times import TimeReading, parse_time

DateKind = Literal["exact", "ambiguous", "impossible", "incomplete"]
DateOrder = Literal["ymd", "dmy", "mdy"]
DatePrecision = Literal["year", "month", "day", "hour", "minute", "second", "microsecond"]

EXCEL_PIVOT = 30
"""Two-digit years below this are 20xx, the others 19xx: Excel's rule (00-29 and 30-99) on Windows and macOS."""

LAST_EXCEL_SERIAL = 2_958_465
"""The serial of 9999-12-31, the last day Excel knows, in the 1900 date system."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the readings of an ambiguous text. `order` is None where the order of the parts is not what is unsure."""

    order: DateOrder | None
    value: date | datetime


@dataclass(frozen=True, slots=True)
class DateReading:
    """What one text says about a date.

    `kind`: exact (`value` is the one reading), ambiguous (`candidates` are the readings), impossible (written like a
    date, but there is no such day or time), incomplete (a part is missing: 3月5日, 2024年3月). `value` is None unless
    exact. `parts` are (year, month, day) as far as written, for incomplete texts. `order_proved` is the order this text
    can only be read in (25/03/2024 proves dmy). `weekday_agrees` is None where no weekday is written. A written UTC
    offset makes `value` an aware datetime.
    """

    kind: DateKind
    notation: str
    precision: DatePrecision = "day"
    value: date | datetime | None = None
    candidates: tuple[Candidate, ...] = ()
    order_proved: DateOrder | None = None
    parts: tuple[int | None, int | None, int | None] = (None, None, None)
    two_digit_year: bool = False
    era: str | None = None
    weekday_agrees: bool | None = None


def parse_date(text: str, *, order: DateOrder | None = None, pivot: int = EXCEL_PIVOT) -> DateReading | None:
    """Return the date or date-time that `text` writes and nothing else, or None where it writes none. Never raises.

    `order` settles a text that is ambiguous by itself; a text that proves another order keeps its own. `pivot` is the
    first two-digit year that belongs to the 1900s.
    """
    if not 5 <= len(text) <= 64:
        return _parse_short(text, pivot) if 3 <= len(text) < 5 else None
    if not _MAYBE.search(text):
        return None
    text = fold(text)
    readers = _ZH_READERS if "月" in text or "年" in text else _NUMERIC_READERS if text[0] in "0123456789" else ()
    for pattern, read in readers or _EN_READERS:
        found = pattern.fullmatch(text)
        if found is not None:
            return _with_tail(read(found, order, pivot), found["rest"])
    return _read_compact(text)


def parse_serial_text(text: str) -> float | None:
    """Return the Excel serial kept as text ("45292", "45292.5"), 1 up to the end of 9999-12-31, or None.

    Only for a column whose other cells are dates: by itself such a text is just a number.
    """
    found = _SERIAL.fullmatch(text.strip())
    if found is None:
        return None
    serial = float(found[0])
    return serial if 1 <= serial < LAST_EXCEL_SERIAL + 1 else None


Reader = Callable[[re.Match[str], DateOrder | None, int], DateReading | None]

_ERAS = {"民国": (1911, 1912, None), "明治": (1867, 1868, 1912), "大正": (1911, 1912, 1926)} | {
    "昭和": (1925, 1926, 1989),
    "平成": (1988, 1989, 2019),
    "令和": (2018, 2019, None),
}
"""Era: the year before its first, its first and its last Gregorian year (民國紀年; Japan's era names)."""

_MAYBE = re.compile(r"[0-9０-９〇零○一二三四五六七八九十廿卅元]")
_SERIAL = re.compile(r"[1-9][0-9]{0,6}(?:\.[0-9]{1,12})?", re.ASCII)
_COMPACT = re.compile(r"(?P<date>[12][0-9]{7})(?:T?(?P<time>[0-9]{6})(?P<zone>Z)?)?", re.ASCII)

_REST = r"(?P<rest>(?:[ T(（,星周礼上下中凌早晚午清傍夜半深正0-9零〇一二三四五六七八九十廿].*)?)"
_YMD = re.compile(
    r"([0-9]{4})([-/.])( ?)([0-9]{1,2})\2 ?([0-9]{1,2})\.?(?P<rest>(?:[ T(,星周上下中凌早晚午].*)?)", re.ASCII
)
_XMY = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?P<rest>(?:[ T(,].*)?)", re.ASCII)
_YM = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})(?P<rest>)", re.ASCII)
_N = "[0-9]{1,2}|[零〇一二三四五六七八九十廿卅]{1,3}"
_ZH = re.compile(
    rf"(?:(?P<prefix>公元|西元)?(?P<year>[0-9]{{4}}|[0-9]{{2}}|[{ZH_DIGITS}]{{4}}|[{ZH_DIGITS}]{{2}})|"
    rf"(?:中华)?(?P<era>民国|明治|大正|昭和|平成|令和) ?(?P<era_year>[0-9]{{1,3}}|元|[{ZH_DIGITS}十百]{{1,5}})) ?年"
    rf"(?: ?(?P<month>{_N}) ?月份?(?: ?(?P<day>{_N}) ?[日号])?)?{_REST}"
)
_ZH_MD = re.compile(rf"(?P<month>{_N}) ?月 ?(?P<day>{_N}) ?[日号]{_REST}")
_WEEKDAY_EN = r"(?:(?P<weekday>Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?,? )?"
_MONTH_EN = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
_DAY_EN = "(?P<day>[0-9]{1,2})(?P<suffix>st|nd|rd|th)?"
_TAIL_EN = r"(?P<rest>(?:,? (?:at )?.*|T.*)?)"
_EN_MDY = re.compile(
    rf"{_WEEKDAY_EN}{_MONTH_EN}[ -]{_DAY_EN}"
    rf"(?:,? ?(?P<year>'[0-9]{{2}}|(?<=[, -])[0-9]{{4}})|, ?(?P<short>[0-9]{{2}}))?{_TAIL_EN}",
    re.ASCII | re.IGNORECASE,
)
_EN_DMY = re.compile(
    rf"{_WEEKDAY_EN}{_DAY_EN}(?:[ -]| of ){_MONTH_EN}"
    rf"(?:[, -]{{1,2}}(?P<year>'?[0-9]{{2}}|[0-9]{{4}})(?![0-9:]))?{_TAIL_EN}",
    re.ASCII | re.IGNORECASE,
)
_EN_YMD = re.compile(rf"(?P<year>[0-9]{{4}})[ -]{_MONTH_EN}[ -]{_DAY_EN}{_TAIL_EN}", re.ASCII | re.IGNORECASE)
_EN_MY = re.compile(rf"{_MONTH_EN},?[ -](?P<year>[0-9]{{4}})(?P<rest>)", re.ASCII | re.IGNORECASE)
_TAIL_WEEKDAY = re.compile(
    r"[ ,]*(?:[(（]?(?:星期|周|礼拜)(?P<zh>[一二三四五六日天])[)）]?|"
    r"[(（]?(?P<en>Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day)?[)）]?(?![a-z]))",
    re.ASCII | re.IGNORECASE,
)


def _parse_short(text: str, pivot: int) -> DateReading | None:
    """Texts of three or four characters: only Chinese writes a date that short (3月5日, 24年)."""
    found = _ZH.fullmatch(text) or _ZH_MD.fullmatch(text)
    if found is None or found["rest"]:
        return None
    return _read_zh(found, None, pivot) if found.re is _ZH else _read_zh_md(found, None, pivot)


def _read_ymd(found: re.Match[str], order: DateOrder | None, pivot: int) -> DateReading | None:
    year_text, mark, gap, month_text, day_text = found.group(1, 2, 3, 4, 5)
    year = int(year_text)
    if not _is_plausible(year):
        return None
    padded = len(month_text) == len(day_text) == 2
    notation = ("iso" if padded else "dash-ymd") if mark == "-" else "slash-ymd" if mark == "/" else "dot-ymd"
    if gap:
        notation += "-spaced"
    return _complete(year, int(month_text), int(day_text), notation, "ymd")


def _read_ym(found: re.Match[str], order: DateOrder | None, pivot: int) -> DateReading | None:
    year, month = int(found[1]), int(found[3])
    if not 1900 <= year <= 2100 or not 1 <= month <= 12 or found[2] == ".":
        return None  # 2024.3 is a number, 2020-21 a season
    notation = "iso-month" if found[2] == "-" else "slash-month"
    return DateReading("incomplete", notation, "month", parts=(year, month, None))


def _read_xmy(found: re.Match[str], order: DateOrder | None, pivot: int) -> DateReading | None:
    first, mark, second, year_text = found.group(1, 2, 3, 4)
    short = len(year_text) == 2
    if not short and not _is_plausible(int(year_text)):
        return None
    trials: list[tuple[DateOrder, str, str, str]] = [
        ("dmy", year_text, second, first),
        ("mdy", year_text, first, second),
    ]
    if short and len(first) == 2:
        trials.append(("ymd", first, second, year_text))
    readings: list[Candidate] = []
    for trial, year, month, day in trials:
        value = _make_date(_full_year(year, pivot), int(month), int(day))
        if value is not None:
            readings.append(Candidate(trial, value))
    name = {"-": "dash", "/": "slash", ".": "dot"}[mark]
    if not readings:
        if short and mark != "/":
            return None  # a version or part number, not a date
        return DateReading("impossible", f"{name}-{'xxy' if short else 'xxyyyy'}", two_digit_year=short)
    orders = {reading.order for reading in readings}
    chosen = next((reading for reading in readings if reading.order == order), None)
    if chosen is None and len({reading.value for reading in readings}) == 1:
        chosen = readings[0]
    proved = readings[0].order if len(orders) == 1 else None
    suffix = "yy" if short else "yyyy"
    if chosen is None:
        return DateReading("ambiguous", f"{name}-xx{suffix}", candidates=tuple(readings), two_digit_year=short)
    label = {"dmy": f"{name}-dm{suffix}", "mdy": f"{name}-md{suffix}", "ymd": f"{name}-yymd"}[chosen.order or "dmy"]
    return DateReading(
        "exact", label, value=chosen.value, candidates=tuple(readings), order_proved=proved, two_digit_year=short
    )


def _read_zh(found: re.Match[str], order: DateOrder | None, pivot: int) -> DateReading | None:
    era = found["era"]
    short = False
    if era is not None:
        count = 1 if found["era_year"] == "元" else read_small(found["era_year"])
        if count is None:
            count = int(found["era_year"]) if found["era_year"].isdigit() and found["era_year"].isascii() else None
        if count is None:
            count = _read_hundreds(found["era_year"])
        if not count:
            return None
        year, notation = _ERAS[era][0] + count, "zh-era"
    else:
        short = len(found["year"]) == 2
        digits = read_digit_string(found["year"])
        if digits is None:
            return None
        year = _full_year(f"{digits:02d}", pivot) if short else digits
        notation = "zh" if found["year"].isascii() else "zh-numerals"
        if not short and not _is_plausible(year):
            return None
    if found["month"] is None:
        if found["rest"]:
            return None
        return DateReading("incomplete", notation, "year", parts=(year, None, None), two_digit_year=short, era=era)
    month = read_small(found["month"])
    day = read_small(found["day"]) if found["day"] else None
    if month is None or (found["day"] and day is None):
        return None
    if found["day"] is None:
        if found["rest"]:
            return None
        kind: DateKind = "incomplete" if 1 <= month <= 12 else "impossible"
        return DateReading(kind, notation, "month", parts=(year, month, None), two_digit_year=short, era=era)
    assert day is not None
    reading = _complete(year, month, day, notation, None)
    if era is not None and not _is_in_era(year, era):
        reading = replace(reading, kind="impossible", value=None)
    return replace(reading, two_digit_year=short, era=era)


def _read_zh_md(found: re.Match[str], order: DateOrder | None, pivot: int) -> DateReading | None:
    month, day = read_small(found["month"]), read_small(found["day"])
    if month is None or day is None:
        return None
    notation = "zh-md" if found["month"].isascii() else "zh-numerals-md"
    return _without_year(month, day, notation)


def _read_english(found: re.Match[str], order: DateOrder | None, pivot: int) -> DateReading | None:
    notation = _EN_NOTATION[found.re]
    groups = found.groupdict()
    month = MONTHS[groups["month"].lower()]
    year_text = groups["year"] or groups.get("short")
    short = year_text is not None and len(year_text.lstrip("'")) == 2
    if "day" not in groups:
        year = int(groups["year"])
        return DateReading("incomplete", notation, "month", parts=(year, month, None)) if _is_plausible(year) else None
    day = int(groups["day"])
    if groups["suffix"] and groups["suffix"].lower() != _ordinal_suffix(day):
        return None
    if year_text is None:
        return _without_year(month, day, "en-md" if found.re is _EN_MDY else "en-dm")
    year = _full_year(year_text.lstrip("'"), pivot)
    if not _is_plausible(year):
        return None
    reading = replace(_complete(year, month, day, notation, None), two_digit_year=short)
    return _check_weekday(reading, _WEEKDAYS_EN.get((groups.get("weekday") or "")[:3].lower()))


_EN_NOTATION = {_EN_MDY: "en-mdy", _EN_DMY: "en-dmy", _EN_YMD: "en-ymd", _EN_MY: "en-month"}
_WEEKDAYS_EN = {name: n for n, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
_ZH_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = ((_ZH, _read_zh), (_ZH_MD, _read_zh_md))
_EN_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = tuple((pattern, _read_english) for pattern in _EN_NOTATION)
_NUMERIC_READERS = ((_YMD, _read_ymd), (_XMY, _read_xmy), (_YM, _read_ym), *_EN_READERS)


def _read_compact(text: str) -> DateReading | None:
    """Eight digits, or fourteen: a date only where the calendar has it and the year is 1900 to 2100."""
    found = _COMPACT.fullmatch(text)
    if found is None:
        return None
    digits = found["date"]
    value = _make_date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    if value is None or not 1900 <= value.year <= 2100:
        return None
    reading = DateReading("exact", "compact", value=value)
    clock = found["time"]
    if clock is None:
        return reading
    tail = parse_time(f"{clock[:2]}:{clock[2:4]}:{clock[4:]}{found['zone'] or ''}")
    return None if tail is None or tail.kind == "impossible" else _with_time(reading, tail)


def _with_tail(reading: DateReading | None, tail: str) -> DateReading | None:
    """Join the weekday and the time of day written after the date; None where something else stands there."""
    if reading is None or not tail:
        return reading
    said = None if tail[1:2].isdigit() else _TAIL_WEEKDAY.match(tail)
    if said is not None:
        weekday = (
            "一二三四五六日".find(said["zh"].replace("天", "日"))
            if said["zh"]
            else _WEEKDAYS_EN[said["en"][:3].lower()]
        )
        reading = _check_weekday(reading, weekday)
        tail = tail[said.end() :]
    tail = tail.lstrip(" ,").removeprefix("- ")
    if tail[:1] in ("T", "t") or tail[:3].lower() == "at ":
        tail = tail[1:] if tail[0] in "Tt" else tail[3:]
    if not tail:
        return reading if said is not None else None
    time_reading = parse_time(tail)
    return None if time_reading is None else _with_time(reading, time_reading)


def _with_time(reading: DateReading, said: TimeReading) -> DateReading:
    if said.kind == "impossible" or said.value is None:
        return replace(reading, kind="impossible", value=None, candidates=())
    if reading.kind == "exact" and not said.day_sure and isinstance(reading.value, date):
        day = reading.value
        both = tuple(Candidate(None, _join(day + timedelta(days=shift), said)) for shift in (0, 1) if _fits(day, shift))
        return replace(reading, kind="ambiguous", value=None, candidates=both, precision=said.precision)
    try:
        joined = tuple(Candidate(item.order, _join(item.value, said)) for item in reading.candidates)
        value = None if reading.value is None else _join(reading.value, said)
    except OverflowError:
        return replace(reading, kind="impossible", value=None, candidates=())
    return replace(reading, value=value, candidates=joined, precision=said.precision)


def _join(day: date, said: TimeReading) -> datetime:
    assert said.value is not None
    return datetime.combine(day, said.value, tzinfo=said.offset) + timedelta(days=said.day_offset)


def _fits(day: date, shift: int) -> bool:
    return day < date.max or not shift


def _check_weekday(reading: DateReading, weekday: int | None) -> DateReading:
    if weekday is None or reading.value is None:
        return reading
    return replace(reading, weekday_agrees=reading.value.weekday() == weekday)


def _complete(year: int, month: int, day: int, notation: str, proved: DateOrder | None) -> DateReading:
    value = _make_date(year, month, day)
    if value is None:
        return DateReading("impossible", notation, parts=(year, month, day))
    return DateReading("exact", notation, value=value, order_proved=proved, parts=(year, month, day))


def _without_year(month: int, day: int, notation: str) -> DateReading:
    possible = _make_date(2000, month, day) is not None  # a leap year, so that 29 February stays possible
    return DateReading("incomplete" if possible else "impossible", notation, parts=(None, month, day))


def _make_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _full_year(text: str, pivot: int) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return 2000 + year if year < pivot else 1900 + year


def _is_plausible(year: int) -> bool:
    """Years a cell may mean, and the sentinels 0000, 0001 and 9999 that databases write for none."""
    return 1000 <= year <= 2999 or year in (0, 1, 9999)


def _is_in_era(year: int, era: str) -> bool:
    _, first, last = _ERAS[era]
    return first <= year and (last is None or year <= last)


def _read_hundreds(text: str) -> int | None:
    head, mark, tail = text.partition("百")
    low = read_small(tail.lstrip("零〇")) if tail else 0
    high = read_small(head)
    return high * 100 + low if mark and high is not None and low is not None else None


def _ordinal_suffix(day: int) -> str:
    return "th" if 10 < day % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
