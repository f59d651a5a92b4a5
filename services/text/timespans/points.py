"""One named time: a year, a part of it or a day, and perhaps a time of day (去年7月4日晚上7点09分, 大前年七夕节).

This module reads the year and the clock; what stands between them is read by `calendar_parts` (months, quarters, lunar
days, festivals, terms) and `relative_days` (昨天, 上周三, 下个月5号).
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from services.text.dates import EXCEL_PIVOT
from services.text.time_digits import ZH_DIGITS, read_digit_string, read_quantity
from services.text.times import parse_time
from services.text.timespans.calendar_parts import CALENDAR_READERS, WEEKDAYS
from services.text.timespans.days import Days, Year
from services.text.timespans.model import PartialTime, TimeExpression, TimeKind, TimePrecision, of_days
from services.text.timespans.relative_days import RELATIVE_READERS


def read_point(text: str, base: PartialTime | None) -> TimeExpression | None:
    """Return the one time `text` names, or None. Raises ValueError where the calendar has no such time."""
    era = _read_era(text, base)
    if era is not None:
        return era
    mark = _LUNAR_BEFORE_YEAR.match(text)
    said = _read_year(text[mark.end() :] if mark else text, base)
    if said is None:
        return None
    year, rest = said
    if mark is not None:
        rest = mark[0] + rest  # 农历2020年八月 is 2020年农历八月
    if not rest:
        if year.number is None or not year.said:
            return None
        kind: TimeKind = "span" if year.relative else "point"
        whole = date(year.number, 1, 1), date(year.number, 12, 31)
        sure = year.sure and not _MAYBE_LENGTH.fullmatch(text)
        return of_days(*whole, kind, "exact" if sure else "blurred")
    for reader in (*CALENDAR_READERS, *(() if year.said else RELATIVE_READERS)):
        found = reader(rest, year)
        if found is not None:
            joined = _with_clock(found[0], found[1], year)
            if joined is not None:
                return joined
    if year.said or base is None or base.month is None or base.day is None:
        return None
    return _on_day(date(base.year, base.month, base.day), rest, "exact")


_YEAR_OFFSETS = {"大前年": -3, "前年": -2, "去年": -1, "上年": -1, "上一年": -1, "前一年": -1} | {
    "今年": 0,
    "本年": 0,
    "当年": 0,
    "同年": 0,
    "这一年": 0,
    "这年": 0,
    "该年": 0,
    "明年": 1,
    "次年": 1,
    "来年": 1,
    "翌年": 1,
    "下一年": 1,
    "后年": 2,
    "大后年": 3,
}
_NAMED_YEAR = re.compile(
    f"(?:公元|西元)?(?P<digits>[0-9]{{4}}|[0-9]{{2}}|[{ZH_DIGITS}]{{4}}|[{ZH_DIGITS}]{{2}})年度?|"
    "(?P<before_letter>[0-9]{4})(?=[QqHh][1-4])"
)
_RELATIVE_YEAR = re.compile("(?P<word>" + "|".join(sorted(_YEAR_OFFSETS, key=len, reverse=True)) + ")度?")
_MAYBE_LENGTH = re.compile("[1-5][0-9]年")
"""Alone, 12年 may be twelve years; 98年 and 〇六年 are years of the calendar."""
_LUNAR_BEFORE_YEAR = re.compile("(?:农历|阴历|旧历)(?=[0-9零〇一二三四五六七八九]{2,4}年|[今去明前后]年)")
_ERA = re.compile(
    "(?:公元)?(?:(?P<century>[0-9]{1,2}|[一二三四五六七八九十]{1,3}|上)世纪)?"
    "(?:(?P<decade>1[0-9]{2}0|20[0-9]0|[0-9]0|[一二三四五六七八九]十)年代)?(?P<part>初期|中期|末期|前期|后期|初|中|末|前|后)?"
)
_WEEKDAY = re.compile("[,(（]?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])[)）]?,?")
_BLURRED_HOURS = {
    "凌晨": (0, 4),
    "清晨": (5, 7),
    "早晨": (6, 9),
    "早上": (6, 9),
    "早": (6, 9),
    "上午": (7, 11),
    "白天": (6, 18),
    "中午": (12, 13),
    "下午": (13, 17),
    "午后": (13, 14),
    "傍晚": (17, 18),
    "晚上": (18, 23),
    "晚间": (18, 23),
    "晚": (18, 23),
    "夜里": (20, 23),
    "夜间": (20, 23),
    "深夜": (23, 23),
}
"""Rough first and last hours of the words for parts of the day; always blurred, so only a hint."""


def _read_era(text: str, base: PartialTime | None) -> TimeExpression | None:
    """Centuries and decades (21世纪初, 90年代): always blurred, with the bounds of the round years."""
    found = _ERA.fullmatch(text)
    if found is None or not (found["century"] or found["decade"]):
        return None
    decade = None if not found["decade"] else int(read_quantity(found["decade"]) or 0)
    if found["century"] is None:
        assert decade is not None
        first, length = (0 if decade >= 100 else 1900 if decade > 20 else 2000) + decade, 10
    else:
        century = 20 if found["century"] == "上" else int(read_quantity(found["century"]) or 0)
        if not 2 <= century <= 99 or (decade or 0) >= 100:
            return None
        first, length = (century - 1) * 100 + (decade or 0), 10 if decade is not None else 100
    part = (found["part"] or "")[:1]
    if part in ("初", "前"):
        last = first + length // 4
    elif part in ("末", "后"):
        first, last = first + length * 3 // 4, first + length - 1
    else:
        last = first + length - 1
    return of_days(date(first, 1, 1), date(last, 12, 31), "span", "blurred")


def _read_year(text: str, base: PartialTime | None) -> tuple[Year, str] | None:
    named = _NAMED_YEAR.match(text)
    if named is not None:
        digits = named["digits"] or named["before_letter"]
        number = read_digit_string(digits)
        assert number is not None
        sure = True
        if len(digits) == 2:
            number, sure = _complete_year(number, base)
        return Year(number, base, said=True, sure=sure), text[named.end() :]
    relative = _RELATIVE_YEAR.match(text)
    if relative is not None:
        if base is None:
            return None
        number = base.year + _YEAR_OFFSETS[relative["word"]]
        return Year(number, base, said=True, relative=True), text[relative.end() :]
    return Year(None if base is None else base.year, base), text


def _complete_year(short: int, base: PartialTime | None) -> tuple[int, bool]:
    """The year two digits stand for beside the base, and whether that is sure.

    It is of the base's century, or of the one before where it would lie over ten years ahead of a base after 2000.
    A year more than sixty years from the base is not sure.
    """
    if base is None:
        return (2000 if short < EXCEL_PIVOT else 1900) + short, False
    century = base.year // 100 * 100
    year = century + short
    if base.year >= 2000 and short > base.year % 100 + 10:
        year -= 100
    return year, abs(year - base.year) <= 60


def _with_clock(days: Days, clock: str, year: Year) -> TimeExpression | None:
    precision: TimePrecision = "exact" if days.precision == "exact" and year.sure else "blurred"
    said = _WEEKDAY.match(clock) if days.first == days.last else None
    if said is not None:
        if WEEKDAYS[said["weekday"]] != days.first.weekday():
            return None
        clock = clock[said.end() :]
    if not clock:
        return of_days(days.first, days.last, days.kind, precision)
    return _on_day(days.first, clock, precision) if days.first == days.last else None


_LASTS = {"hour": 3_599, "minute": 59, "second": 0, "microsecond": 0}
"""Seconds from the first to the last second of a clock reading of each precision."""


def _on_day(day: date, clock: str, precision: TimePrecision) -> TimeExpression | None:
    """The time of day `clock` on `day`. A part of the day without an hour is blurred."""
    midnight = datetime(day.year, day.month, day.day)
    hours = _BLURRED_HOURS.get(clock)
    if hours is not None:
        start, last = midnight.replace(hour=hours[0]), midnight.replace(hour=hours[1], minute=59, second=59)
        return TimeExpression("span", "blurred", start, last)
    said = parse_time(clock)
    if said is None or said.kind != "exact" or said.value is None or said.offset is not None:
        return None
    moment = datetime.combine(day, said.value).replace(microsecond=0) + timedelta(days=said.day_offset)
    end = moment + timedelta(seconds=_LASTS[said.precision])
    return TimeExpression("point", precision if said.day_sure else "blurred", moment, end)
