"""The Chinese calendar: lunar days and months, the 24 solar terms, seasons and festivals, as Gregorian dates.

The lunar tables (1900 to 2100) are those of the library borax. A lunar month belongs to the lunar year of its number,
so 腊月 of 2022 ends in January 2023. What a text says about such days is read in `timespans`.
"""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import cache
from importlib import resources

from borax.calendars.lunardate import LCalendars, LunarDate, TermUtils

FIRST_YEAR, LAST_YEAR = 1900, 2099
"""The years for which every function here answers; outside they return None."""

SOLAR_TERMS = (
    *("小寒", "大寒", "立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至"),
    *("小暑", "大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至"),
)
"""The solar terms in the order of the Gregorian year (GB/T 33661-2017)."""

_SEASON_STARTS = {"春": "立春", "夏": "立夏", "秋": "立秋", "冬": "立冬"}


def lunar_day(year: int, month: int, day: int, *, leap: bool = False) -> date | None:
    """Return the Gregorian date of a lunar day, or None where that lunar year has no such day or leap month."""
    if not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= month <= 12:
        return None
    if leap and LCalendars.leap_month(year) != month:
        return None
    if not 1 <= day <= LCalendars.ndays(year, month, int(leap)):
        return None
    solar: date = LunarDate(year, month, day, int(leap)).to_solar_date()
    return solar


def lunar_month(year: int, month: int, *, leap: bool = False) -> tuple[date, date] | None:
    """Return the first and last Gregorian date of a lunar month, or None where there is none."""
    first = lunar_day(year, month, 1, leap=leap)
    if first is None:
        return None
    days: int = LCalendars.ndays(year, month, int(leap))
    return first, first + timedelta(days=days - 1)


def lunar_year(year: int) -> tuple[date, date] | None:
    """Return the first and last Gregorian date of a lunar year, or None outside the tables."""
    first, following = lunar_day(year, 1, 1), lunar_day(year + 1, 1, 1)
    return None if first is None or following is None else (first, following - timedelta(days=1))


def solar_term(year: int, name: str) -> date | None:
    """Return the day of the solar term `name` in the Gregorian `year` (China's time), or None."""
    if name not in SOLAR_TERMS or not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    day: date = TermUtils.nth_term_day(year, SOLAR_TERMS.index(name))
    return day


def season(year: int, name: str) -> tuple[date, date] | None:
    """Return the first and last day of 春, 夏, 秋 or 冬 of `year`, from its opening term to the day before the next's.

    Winter runs from 立冬 of `year` to the day before 立春 of the next.
    """
    if name not in _SEASON_STARTS:
        return None
    names = list(_SEASON_STARTS)
    place = names.index(name)
    first = solar_term(year, _SEASON_STARTS[name])
    following = solar_term(year + place // 3, _SEASON_STARTS[names[(place + 1) % 4]])
    return None if first is None or following is None else (first, following - timedelta(days=1))


def festival(year: int, name: str) -> date | None:
    """Return the day of the festival `name` (国庆节, 端午, 母亲节, 除夕) in `year`, or None where it is not known.

    Lunar festivals are those of the lunar year, so 腊八 and 除夕 may fall into the next Gregorian one. 清明 is a term.
    """
    if name in ("除夕", "大年三十", "除夕夜"):
        span = lunar_year(year)
        return None if span is None else span[1]
    if name in ("清明", "清明节"):
        return solar_term(year, "清明")
    days = _festivals()
    for known in (name, name.removesuffix("节"), name.removesuffix("日")):
        if known in days["solar"]:
            month, day = days["solar"][known]
            return date(year, month, day) if 1 <= year <= 9999 else None
        if known in days["lunar"]:
            month, day = days["lunar"][known]
            return lunar_day(year, month, day)
        if known in days["weekday"]:
            month, nth, weekday = days["weekday"][known]
            return nth_weekday(year, month, nth, weekday - 1)
    return None


def festival_names() -> tuple[str, ...]:
    """Return every name `festival` knows, with and without 节, longest first."""
    days = _festivals()
    names = {"除夕", "除夕夜", "大年三十", "清明节"}
    for name in (*days["solar"], *days["lunar"], *days["weekday"]):
        names.update((name,) if name.endswith(("节", "日", "夜")) else (name, name + "节"))
    return tuple(sorted(names, key=len, reverse=True))


def nth_weekday(year: int, month: int, nth: int, weekday: int) -> date | None:
    """Return the `nth` (from 1) `weekday` (Monday is 0) of a month, or None where the month has no such day."""
    first = date(year, month, 1)
    day = 1 + (weekday - first.weekday()) % 7 + 7 * (nth - 1)
    try:
        return first.replace(day=day)
    except ValueError:
        return None


@cache
def _festivals() -> dict[str, dict[str, list[int]]]:
    with resources.files("services.text").joinpath("data/time_festivals.toml").open("rb") as source:
        return tomllib.load(source)
