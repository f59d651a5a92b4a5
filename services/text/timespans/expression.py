"""The way in: one Chinese expression of time and a base, to the time it denotes. Which grammar to try, in which order.

Conventions: weeks begin on Monday, a bare weekday is this week's, an unnamed year or month is the base's, lunar months
belong to the lunar year of that number. What recurs (每周三) denotes no one time and is not read.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

from services.text.dates import parse_date
from services.text.durations import parse_duration
from services.text.time_digits import fold
from services.text.timespans.model import PartialTime, TimeExpression, end_of, month_end, of_days
from services.text.timespans.offsets import read_offset
from services.text.timespans.points import read_point
from services.text.timespans.ranges import read_range


def parse_time_expression(text: str, base: PartialTime | date | None = None) -> TimeExpression | None:
    """Return the time that `text` denotes, read against `base` (a date or datetime counts to its last part), or None.

    None where the words are not an expression of time, recur, or need more of the base than is known. Never raises.
    """
    if not 0 < len(text) <= 60:
        return None
    text = _clean(text)
    if not text or _RECURRING.search(text):
        return None
    known = PartialTime.of(base) if isinstance(base, date) else base
    try:
        return _read(text, known)
    except (ValueError, OverflowError):  # a day outside the calendar: 2月30日, or a base at the end of time
        return None


_RECURRING = re.compile("每|隔|逐|平均")
_BLUR_AFTER = re.compile("(?:左右|前后|上下|许|附近|期间|前夕)$")
_BLUR_BEFORE = re.compile("^(?:大约|大概|约|将近|接近|差不多)")
_CALENDAR_YEAR = re.compile("(?:[0-9]{2}|[零〇一二三四五六七八九]{2}|[0-9]{4}|[零〇一二三四五六七八九]{4})年")
_ROUGH_PAIRS = frozenset(("一二", "二三", "三四", "四五", "五六", "六七", "七八", "八九"))
"""Two digits in a row before 年 are as often "three or four years" (三四年) as the year 34."""
_NUMERIC = re.compile("[12][0-9]{3}(?:[-/.0-9].*)?")
_YEAR_POINT_MONTH = re.compile("([12][0-9]{3})[.](0?[1-9]|1[0-2])")
_NOW = frozenset(("现在", "此刻", "此时"))
_OPEN = re.compile("^(?:从|自)?(?P<point>.+?)(?P<side>之前|以前|前|止|截止|之后|以后|后|起|开始|以来|至今)$")
_CHINESE = re.compile("[\u3007\u4e00-\u9fff]")


def _clean(text: str) -> str:
    text = fold(text).strip("，。,；;、 ")
    return text.replace(" ", "").replace("的", "") if _CHINESE.search(text) else text


def _read(text: str, base: PartialTime | None) -> TimeExpression | None:
    if text in _NOW:
        return None if base is None else TimeExpression("point", "exact", base.start, base.end)
    return (
        read_offset(text, base)
        or _read_duration(text)
        or _read_numeric(text)
        or read_point(text, base)
        or _read_blurred(text, base)
        or read_range(text, base, _read_bound)
        or _read_open(text, base)
    )


def _read_bound(text: str, base: PartialTime | None) -> TimeExpression | None:
    return _read_numeric(text) or read_point(text, base)


def _read_duration(text: str) -> TimeExpression | None:
    if _CALENDAR_YEAR.fullmatch(text) and text[:2] not in _ROUGH_PAIRS:
        return None
    found = parse_duration(text)
    if found is None:
        return None
    return TimeExpression("duration", "exact" if found.precision == "exact" else "blurred", duration=found)


def _read_numeric(text: str) -> TimeExpression | None:
    if not _NUMERIC.fullmatch(text):
        return None
    if len(text) == 4:
        return of_days(date(int(text), 1, 1), date(int(text), 12, 31), "span") if "1700" <= text < "2200" else None
    month_of = _YEAR_POINT_MONTH.fullmatch(text)
    if month_of is not None:
        year, month = int(month_of[1]), int(month_of[2])
        return of_days(date(year, month, 1), month_end(year, month), "point")
    found = parse_date(text)
    if found is None or found.notation.startswith("zh"):
        return None
    if found.precision == "month" and found.kind == "incomplete":
        said_year, said_month, _ = found.parts
        assert said_year is not None
        assert said_month is not None
        return of_days(date(said_year, said_month, 1), month_end(said_year, said_month), "point")
    if found.kind != "exact" or found.value is None or found.weekday_agrees is False:
        return None
    if not isinstance(found.value, datetime):
        return of_days(found.value, found.value, "point")
    if found.value.tzinfo is not None:
        return None
    start = found.value.replace(microsecond=0)
    known = PartialTime.of(start)
    finest = replace(known, second=None if found.precision in ("hour", "minute") else start.second)
    return TimeExpression("point", "exact", start, end_of(start, finest))


def _read_blurred(text: str, base: PartialTime | None) -> TimeExpression | None:
    """A time with a word that blurs it, such as 左右."""
    plain = _BLUR_BEFORE.sub("", _BLUR_AFTER.sub("", text))
    if plain == text or not plain:
        return None
    found = _read(plain, base)
    return None if found is None else replace(found, precision="blurred")


def _read_open(text: str, base: PartialTime | None) -> TimeExpression | None:
    """Before, after or since a point. Before and after leave open whether the point belongs, so they are blurred."""
    found = _OPEN.fullmatch(text)
    point = None if found is None else _read_bound(found["point"], base)
    if found is None or point is None:
        return None
    side = found["side"]
    if side in ("以来", "至今", "起", "开始"):
        if base is None or point.start is None:
            return None
        if point.start <= base.end:
            return TimeExpression("span", point.precision, point.start, base.end)
        return TimeExpression("span", point.precision, point.start, None) if side in ("起", "开始") else None
    if side.endswith(("前", "止")):
        return TimeExpression("span", "blurred", None, point.end)
    return TimeExpression("span", "blurred", point.start, None)
