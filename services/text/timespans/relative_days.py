"""Days and spans named by their place beside the base: 昨天, 今晚, 上周三, 本月底, 下个月5号, 上季度, 15日.

Each reader takes a text that begins with no year. Lengths counted from the base (三天后) are in `offsets`.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from services.text.time_digits import read_small
from services.text.timespans.calendar_parts import WEEKDAYS, read_within_month
from services.text.timespans.days import Days, DaysReader, Year
from services.text.timespans.model import add_months, month_end

_DAY_OFFSETS = {"大大前": -4, "大前": -3, "前": -2, "昨": -1, "今": 0, "当": 0, "同一": 0, "同": 0, "本": 0} | {
    "明": 1,
    "次": 1,
    "翌": 1,
    "后": 2,
    "大后": 3,
    "大大后": 4,
}
_DAY_WORD = re.compile(
    "(?P<word>" + "|".join(sorted(_DAY_OFFSETS, key=len, reverse=True)) + ")(?:[天日]|(?=[晚早夜晨凌]))"
)
_DAY_NUMBER = re.compile(
    "(?P<day>[12][0-9]|3[01]|0?[1-9]|[一二]?十[一二三四五六七八九]?|三十一?|[一二三四五六七八九])[日号]"
)
_SIDE = "(?P<side>上+|下+|本|这)?(?:一)?个?"
_WEEKDAY = re.compile(f"{_SIDE}(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])")
_WEEK = re.compile(f"{_SIDE}(?:周|星期|礼拜)(?P<end>末)?")
_MONTH = re.compile("(?:(?P<side>上+|下+|本|这|当|同|次)(?:一)?个?)月份?")
_MONTH_PART = re.compile("月[初中末底]")
_QUARTER = re.compile("(?P<side>上|下|本|这)(?:一)?个?季度")
_SPAN = re.compile("今明两天|今明两年")

Found = tuple[Days, str] | None


def _read_day_word(text: str, year: Year) -> Found:
    found = _DAY_WORD.match(text)
    today = _today(year)
    if found is None or today is None:
        return None
    that = today + timedelta(days=_DAY_OFFSETS[found["word"]])
    return Days(that, that), text[found.end() :]


def _read_day_number(text: str, year: Year) -> Found:
    found = _DAY_NUMBER.match(text)
    if found is None or year.base is None or year.base.month is None:
        return None
    that = date(year.base.year, year.base.month, read_small(found["day"]) or 0)
    return Days(that, that), text[found.end() :]


def _read_weekday(text: str, year: Year) -> Found:
    found = _WEEKDAY.match(text)
    today = _today(year)
    if found is None or today is None:
        return None
    that = _monday(today, found["side"]) + timedelta(days=WEEKDAYS[found["weekday"]])
    return Days(that, that), text[found.end() :]


def _read_week(text: str, year: Year) -> Found:
    """A whole week or weekend: blurred, since where a week begins is not agreed on."""
    found = _WEEK.fullmatch(text)
    today = _today(year)
    if found is None or today is None or not (found["side"] or found["end"]):
        return None
    monday = _monday(today, found["side"])
    return Days(monday + timedelta(days=5 if found["end"] else 0), monday + timedelta(days=6), "span", "blurred"), ""


def _read_month(text: str, year: Year) -> Found:
    if year.base is None or year.base.month is None:
        return None
    if _MONTH_PART.fullmatch(text):
        return read_within_month(text, year.base.year, year.base.month)
    found = _MONTH.match(text)
    if found is None:
        return None
    side = found["side"]
    count = -len(side) if side[0] == "上" else len(side) if side[0] in "下次" else 0
    first = add_months(year.base.year, year.base.month, count)
    rest = text[found.end() :]
    if not rest:
        return Days(first, month_end(first.year, first.month), "span", "blurred"), ""
    return read_within_month(rest, first.year, first.month)


def _read_quarter(text: str, year: Year) -> Found:
    found = _QUARTER.fullmatch(text)
    if found is None or year.base is None or year.base.month is None:
        return None
    shift = {"上": -3, "下": 3}.get(found["side"], 0)
    first = add_months(year.base.year, (year.base.month - 1) // 3 * 3 + 1, shift)
    return Days(first, month_end(first.year, first.month + 2), "span"), ""


def _read_span(text: str, year: Year) -> Found:
    found = _SPAN.fullmatch(text)
    if found is None or year.base is None:
        return None
    if text.endswith("年"):
        return Days(date(year.base.year, 1, 1), date(year.base.year + 1, 12, 31), "span"), ""
    today = _today(year)
    return None if today is None else (Days(today, today + timedelta(days=1), "span"), "")


def _today(year: Year) -> date | None:
    base = year.base
    return None if base is None or base.month is None or base.day is None else date(base.year, base.month, base.day)


def _monday(today: date, side: str | None) -> date:
    weeks = 0 if not side else -len(side) if side[0] == "上" else len(side) if side[0] == "下" else 0
    return today + timedelta(days=7 * weeks - today.weekday())


RELATIVE_READERS: tuple[DaysReader, ...] = (
    _read_day_word,
    _read_day_number,
    _read_weekday,
    _read_week,
    _read_month,
    _read_quarter,
    _read_span,
)
"""The readers of this module in the order to try them."""
