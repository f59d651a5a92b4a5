"""Parts of a year by name: months and days, quarters, halves, lunar months and days, festivals, solar terms, seasons.

Each reader takes the text after the year. Days that need more of the base than that are in `relative_days`.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from services.text import calendar_zh
from services.text.time_digits import read_small
from services.text.timespans.days import Days, DaysReader, Year
from services.text.timespans.model import TimeKind, TimePrecision, month_end

_MONTH_NUMBER = "1[0-2]|0?[1-9]|十[一二]|[一二三四五六七八九十]"
_DAY_NUMBER = "[12][0-9]|3[01]|0?[1-9]|[一二]?十[一二三四五六七八九]?|三十一?|[一二三四五六七八九]"
_LUNAR_DAY = "初(?:[一二三四五六七八九十]|10|[1-9])|廿[一二三四五六七八九]?|卅|二?十[一二三四五六七八九]|[二三]?十"
_LUNAR_MARK = "农历|阴历|旧历|夏历"
_WEEK = "星期|礼拜|周"
WEEKDAYS = {name: n for n, name in enumerate("一二三四五六日")} | {"天": 6}
"""The weekday characters, Monday as 0."""

_MONTH = re.compile(f"(?P<month>{_MONTH_NUMBER}|元)月份?(?![前后内]|以)")
_DAY = re.compile(f"(?P<day>{_DAY_NUMBER})[日号]")
_BARE_DAY = re.compile("(?P<day>[12][0-9]|3[01]|0?[1-9])$", re.ASCII)
_MONTH_PART = re.compile("(?P<part>[上中下]旬|月?[初中末底])")
_NTH_WEEKDAY = re.compile(f"第(?P<nth>[1-5一二三四五])个?(?:{_WEEK})(?P<weekday>[一二三四五六日天])")
_NTH_WEEK = re.compile(f"第(?P<nth>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})个?(?:{_WEEK})")
_LUNAR_MONTH = re.compile(
    f"(?P<mark>{_LUNAR_MARK})?(?:(?P<leap>闰)?(?P<month>{_MONTH_NUMBER}|正|冬|腊)月份?)?"
    f"(?:(?P<day>{_LUNAR_DAY})[日号]?|(?P<solar_form>{_DAY_NUMBER})(?P<suffix>[日号]?))?"
)
_QUARTER = re.compile("(?:第?(?P<nth>[一二三四1-4])个?季度?|[Qq](?P<q>[1-4])|(?P<first>首)季度?)(?P<part>[初中末])?")
_QUARTERS = re.compile("(?P<side>[前头后])(?P<count>[一二两三1-3])(?P<counter>个)?季度")
_HALF_YEAR = re.compile("(?P<which>上|下)半年|[Hh](?P<h>[12])")
_NTH_MONTH = re.compile(f"第(?P<nth>{_MONTH_NUMBER})个月份?|(?P<first>首)月")
_MONTHS = re.compile(f"(?P<side>[前头后])(?P<count>{_MONTH_NUMBER}|两)个月")
_NTH_DAY = re.compile("第(?P<nth>[0-9]{1,3}|[一二三四五六七八九十]{1,3})[天日]")
_YEAR_PART = re.compile("(?P<part>年?(?:初|中|末|底|终|尾|伊始)|[暑寒]假|[前中后]期)")
_SEASON = re.compile("(?P<season>[春夏秋冬])(?P<suffix>[季天])?")
_TERM = re.compile("(?P<term>" + "|".join(calendar_zh.SOLAR_TERMS) + ")(?!节)(?:这天|当天|那天)?")
_FESTIVAL = re.compile(
    "(?P<name>" + "|".join(re.escape(name) for name in calendar_zh.festival_names()) + ")(?:这天|当天|那天)?"
)
_LATE_FESTIVAL = re.compile("除夕|大年三十|腊八")
_HOUR_AHEAD = re.compile("[点时分秒]")

_SPECIAL_MONTHS = {"正": 1, "元": 1, "冬": 11, "腊": 12}
_YEAR_PARTS = {"初": (1, 2), "中": (6, 7), "末": (11, 12), "底": (11, 12), "终": (11, 12), "尾": (11, 12)} | {
    "伊始": (1, 1),
    "暑假": (7, 8),
    "寒假": (1, 2),
    "前期": (1, 4),
    "中期": (5, 8),
    "后期": (9, 12),
}
_MONTH_PARTS = {
    "上旬": (1, 10),
    "中旬": (11, 20),
    "下旬": (21, 31),
    "初": (1, 5),
    "中": (10, 20),
    "底": (25, 31),
    "末": (25, 31),
}
"""Rough months and days of the words for parts of a year or a month; always blurred, so only a hint."""

Found = tuple[Days, str] | None


def read_within_month(rest: str, year: int, month: int) -> Found:
    """Read what follows a named solar month: a day, a part of it, its nth Wednesday, its nth week."""
    day = _DAY.match(rest) or _BARE_DAY.match(rest)
    if day is not None:
        number = read_small(day["day"])
        assert number is not None
        that = date(year, month, number)
        return Days(that, that), rest[day.end() :]
    part = _MONTH_PART.match(rest)
    if part is not None:
        first, last = _MONTH_PARTS[part["part"].removeprefix("月")]
        end = min(last, month_end(year, month).day)
        return Days(date(year, month, first), date(year, month, end), "span", "blurred"), rest[part.end() :]
    nth = _NTH_WEEKDAY.match(rest)
    if nth is not None:
        found = calendar_zh.nth_weekday(year, month, read_small(nth["nth"]) or 0, WEEKDAYS[nth["weekday"]])
        return None if found is None else (Days(found, found), rest[nth.end() :])
    week = _NTH_WEEK.match(rest)
    if week is not None:
        monday = _nth_monday(date(year, month, 1), read_small(week["nth"]))
        if monday is None or monday.month != month:
            return None
        return Days(monday, monday + timedelta(days=6), "span"), rest[week.end() :]
    return None


def _read_month(text: str, year: Year) -> Found:
    found = _MONTH.match(text)
    if found is None or year.number is None:
        return None
    month = _SPECIAL_MONTHS.get(found["month"]) or read_small(found["month"])
    assert month is not None
    rest = text[found.end() :]
    if not rest:
        kind: TimeKind = "span" if year.relative else "point"
        return Days(date(year.number, month, 1), month_end(year.number, month), kind), ""
    return read_within_month(rest, year.number, month)


def _read_lunar(text: str, year: Year) -> Found:
    """Lunar days and months: by 农历, by a month only the lunar year has (腊月, 闰四月), or by a lunar day (初十)."""
    found = _LUNAR_MONTH.match(text)
    if found is None or year.number is None or not (found["mark"] or found["month"] or found["day"]):
        return None
    rest = text[found.end() :]
    number, leap = found["month"], found["leap"] is not None
    lunar_by_month = found["mark"] or leap or number in ("正", "冬", "腊")
    day_text = found["day"] or found["solar_form"]
    if not lunar_by_month and (found["day"] is None or found["day"] + "日" in text or found["day"] + "号" in text):
        return None
    if number is None:
        return _read_lunar_day_alone(found, rest, year)
    month = _SPECIAL_MONTHS.get(number) or read_small(number)
    assert month is not None
    if day_text is None:
        span = calendar_zh.lunar_month(year.number, month, leap=leap)
        return None if span is None or rest else (Days(*span), "")
    day = calendar_zh.lunar_day(year.number, month, _lunar_number(day_text), leap=leap)
    return None if day is None else (Days(day, day), rest)


def _read_lunar_day_alone(found: re.Match[str], rest: str, year: Year) -> Found:
    """初十 or 廿一 without a month takes the base's month as the lunar one; beside a known day that is only a guess."""
    assert year.number is not None
    if found["day"] is None:
        whole = calendar_zh.lunar_year(year.number)
        return None if whole is None or not year.said or rest or found["solar_form"] else (Days(*whole, "span"), "")
    evident = found["day"].startswith(("初", "廿", "卅")) or found["mark"]
    if year.said or not evident or year.base is None or year.base.month is None:
        return None
    day = calendar_zh.lunar_day(year.number, year.base.month, _lunar_number(found["day"]))
    precision: TimePrecision = "exact" if year.base.day is None else "blurred"
    return None if day is None else (Days(day, day, "point", precision), rest)


def _lunar_number(text: str) -> int:
    return read_small(text.removeprefix("初")) or 0


def _read_quarter(text: str, year: Year) -> Found:
    if year.number is None:
        return None
    found = _QUARTER.match(text)
    if found is not None:
        number = 1 if found["first"] else read_small(found["nth"] or found["q"])
        assert number is not None
        precision: TimePrecision = "blurred" if found["part"] else "exact"
        return _months(year.number, number * 3 - 2, number * 3, precision), text[found.end() :]
    found = _QUARTERS.match(text)
    if found is None:
        return None
    count = read_small(found["count"]) or 0
    sure = year.said or found["side"] == "头" or (found["side"] == "前" and not found["counter"])
    return _counted_months(year.number, found["side"], count * 3, sure), text[found.end() :]


def _read_half_year(text: str, year: Year) -> Found:
    """Halves of a year are said loosely as often as to the day, so they are blurred."""
    found = _HALF_YEAR.match(text)
    if found is None or year.number is None:
        return None
    late = found["which"] == "下" or found["h"] == "2"
    return _months(year.number, 7 if late else 1, 12 if late else 6, "blurred"), text[found.end() :]


def _read_nth_month(text: str, year: Year) -> Found:
    if year.number is None:
        return None
    found = _NTH_MONTH.match(text)
    if found is not None:
        month = 1 if found["first"] else read_small(found["nth"])
        assert month is not None
        return _months(year.number, month, month, "exact" if year.said else "blurred"), text[found.end() :]
    found = _MONTHS.match(text)
    if found is None:
        return None
    sure = year.said or found["side"] == "头"
    return _counted_months(year.number, found["side"], read_small(found["count"]) or 0, sure), text[found.end() :]


def _counted_months(year: int, side: str, count: int, sure: bool) -> Days:
    """The first or last months of a year. With no year said, 前三个月 may be the months before the base: not sure."""
    first, last = (13 - count, 12) if side == "后" else (1, count)
    return _months(year, first, last, "exact" if sure else "blurred")


def _read_nth_of_year(text: str, year: Year) -> Found:
    if not year.said or year.number is None:
        return None
    day = _NTH_DAY.fullmatch(text)
    if day is not None:
        number = int(day["nth"]) if day["nth"].isascii() else read_small(day["nth"])
        that = None if not number else date(year.number, 1, 1) + timedelta(days=number - 1)
        return None if that is None or that.year != year.number else (Days(that, that, "span"), "")
    week = _NTH_WEEK.fullmatch(text)
    monday = None if week is None else _nth_monday(date(year.number, 1, 1), read_small(week["nth"]))
    if monday is None or monday.year != year.number:
        return None
    return Days(monday, monday + timedelta(days=6), "span"), ""


def _read_whole_year(text: str, year: Year) -> Found:
    return None if text != "全年" or year.number is None else (_months(year.number, 1, 12, "exact"), "")


def _read_year_part(text: str, year: Year) -> Found:
    found = _YEAR_PART.fullmatch(text)
    if found is None or year.number is None:
        return None
    part = found["part"].removeprefix("年")
    if not year.said and not found["part"].startswith(("年", "暑", "寒")):
        return None
    return _months(year.number, *_YEAR_PARTS[part], "blurred"), ""


def _read_season(text: str, year: Year) -> Found:
    found = _SEASON.fullmatch(text)
    if found is None or year.number is None or not (found["suffix"] or year.said):
        return None
    span = calendar_zh.season(year.number, found["season"])
    return None if span is None else (Days(*span, "span"), "")


def _read_term(text: str, year: Year) -> Found:
    found = _TERM.match(text)
    day = None if found is None or year.number is None else calendar_zh.solar_term(year.number, found["term"])
    if day is None or found is None:
        return None
    # the lunar year of that number holds its 小寒 and 大寒 in the January that follows
    precision: TimePrecision = "blurred" if found["term"] in ("小寒", "大寒") else "exact"
    return Days(day, day, "point", precision), text[found.end() :]


def _read_festival(text: str, year: Year) -> Found:
    text = re.sub(f"^(?:{_LUNAR_MARK})", "", text)
    found = _FESTIVAL.match(text)
    if found is None or year.number is None or _HOUR_AHEAD.match(text[found.end() :]):
        return None
    day = calendar_zh.festival(year.number, found["name"])
    if day is None:
        return None
    # 2021年除夕 is said of the eve of either new year that 2021 touches, and so are the feasts of the twelfth month
    precision: TimePrecision = "blurred" if _LATE_FESTIVAL.match(found["name"]) else "exact"
    return Days(day, day, "point", precision), text[found.end() :]


def _months(year: int, first: int, last: int, precision: TimePrecision) -> Days:
    return Days(date(year, first, 1), month_end(year, last), "span", precision)


def _nth_monday(first: date, nth: int | None) -> date | None:
    """The first day of the nth whole week that begins on or after `first`; weeks begin on Monday."""
    if not nth:
        return None
    return first + timedelta(days=(7 - first.weekday()) % 7 + 7 * (nth - 1))


CALENDAR_READERS: tuple[DaysReader, ...] = (
    _read_festival,
    _read_lunar,
    _read_month,
    _read_quarter,
    _read_half_year,
    _read_nth_month,
    _read_nth_of_year,
    _read_whole_year,
    _read_year_part,
    _read_season,
    _read_term,
)
"""The readers of this module in the order to try them."""
