"""Times counted from the base: 17天后, 半小时内, 过去的一年, 未来七十二小时内.

Days, hours, minutes and seconds count exactly. Years, months and weeks do not say which day they reach, workdays depend
on the year's holidays, and 以前 and 以后 leave one side open: those are blurred.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal

from services.text.durations import Duration, DurationUnit, parse_duration
from services.text.timespans.model import PartialTime, TimeExpression, TimePrecision, add_months, end_of, month_end


def read_offset(text: str, base: PartialTime | None) -> TimeExpression | None:
    """Return the time counted from `base` that `text` denotes, or None. Raises ValueError outside the calendar."""
    if base is None:
        return None
    ahead = _AHEAD.fullmatch(text)
    if ahead is not None:
        return _read_stretch(ahead["way"], ahead["length"], base)
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    side = found["side"]
    length = found["length"].replace("日", "天") if side.endswith("内") else found["length"]
    duration = parse_duration(length)
    if duration is None or duration.precision == "range" or not _is_known(duration, base):
        return None
    if side in ("之前", "以前"):
        return TimeExpression("span", "blurred", None, _reach(base, duration, -1)[1])
    if side in ("之后", "以后"):
        return TimeExpression("span", "blurred", _reach(base, duration, 1)[0], None)
    precision = _precision(length, duration)
    if side.endswith(("内", "里")):
        _, end = _reach(base, duration, 1)
        return TimeExpression("span", precision, base.start, _minute_end(end, duration))
    if side.endswith("来"):
        start, _ = _reach(base, duration, -1)
        return TimeExpression("span", precision, start, base.end)
    return _read_landing(base, duration, -1 if side == "前" else 1, length, precision)


_SIDES = "之前|以前|前|之后|以后|后|之内|以内|内|里|以来|来"
_OFFSET = re.compile(f"(?P<length>.+?)(?P<side>{_SIDES})")
_AHEAD = re.compile("(?P<way>未来|今后|接下来|往后|过去|最近|近|此前)(?P<length>.+?)(?:之内|以内|之间|以来|内|里|间)?")
_LOOSE = re.compile("[多余几约近许]|左右|上下|来[天年个小分]|差不多")
_FIXED: tuple[DurationUnit, ...] = ("day", "hour", "minute", "second")
_WEEK = re.compile("周|星期|礼拜")


def _precision(length: str, duration: Duration) -> TimePrecision:
    """A half (半小时) counted from a known moment is exact in hours and days; all else said loosely is not."""
    if _LOOSE.search(length) or _WEEK.search(length) or any(unit not in _FIXED for unit in duration.parts):
        return "blurred"
    return "exact"


def _is_known(duration: Duration, base: PartialTime) -> bool:
    """Whether the base is known as finely as the length counts."""
    if duration.parts.keys() & {"second", "minute"}:
        return base.minute is not None
    if "hour" in duration.parts:
        return base.hour is not None
    if duration.parts.keys() & {"day", "workday"}:
        return base.day is not None
    return base.month is not None or "month" not in duration.parts


def _shift(moment: datetime, duration: Duration, sign: int) -> datetime:
    parts = duration.parts
    months = int((parts.get("year", Decimal(0)) * 12 + parts.get("month", Decimal(0))) * sign)
    if months:
        first = add_months(moment.year, moment.month, months)
        moment = moment.replace(
            year=first.year, month=first.month, day=min(moment.day, month_end(first.year, first.month).day)
        )
    if "workday" in parts:
        moment = _shift_workdays(moment, int(parts["workday"]), sign)
    scale = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
    seconds = sum((amount * scale[unit] for unit, amount in parts.items() if unit in scale), Decimal(0))
    return moment + timedelta(seconds=float(seconds * sign))


def _shift_workdays(moment: datetime, count: int, sign: int) -> datetime:
    """Monday to Friday count; public holidays are not known here."""
    weeks, rest = divmod(count, 5)
    moment += timedelta(days=7 * weeks * sign)
    while rest:
        moment += timedelta(days=sign)
        rest -= moment.weekday() < 5
    return moment


def _reach(base: PartialTime, duration: Duration, sign: int) -> tuple[datetime, datetime]:
    """The first and last second of what the length reaches: a moment, a whole day, a month or a year."""
    moment = _shift(base.start, duration, sign)
    units = duration.parts.keys()
    if units & {"hour", "minute", "second"}:
        return moment, moment
    if units & {"day", "workday"}:
        if any(amount != amount.to_integral_value() for amount in duration.parts.values()):
            return moment, moment.replace(minute=59, second=59)
        day = moment.replace(hour=0, minute=0, second=0)
        return day, day.replace(hour=23, minute=59, second=59)
    whole_years = "month" not in units and duration.parts["year"] == duration.parts["year"].to_integral_value()
    unit = PartialTime(moment.year) if whole_years else PartialTime(moment.year, moment.month)
    return unit.start, unit.end


def _read_landing(
    base: PartialTime, duration: Duration, sign: int, length: str, precision: TimePrecision
) -> TimeExpression | None:
    """前 and 后 name the unit that lies the length away: the day, or the hour or minute that ends or begins there."""
    start, end = _reach(base, duration, sign)
    units = duration.parts.keys()
    if not units & {"hour", "minute", "second"}:
        half = any(amount != amount.to_integral_value() for amount in duration.parts.values())
        whole_day = precision == "exact" and not half
        return TimeExpression("point" if whole_day else "span", "exact" if whole_day else "blurred", start, end)
    width = _width(duration, length)
    if sign < 0:
        return TimeExpression("point", precision, start - width, start)
    return TimeExpression("point", precision, start, _minute_end(start + width, duration))


def _width(duration: Duration, length: str) -> timedelta:
    if "刻钟" in length:
        return timedelta(minutes=15)
    smallest = "second" if "second" in duration.parts else "minute" if "minute" in duration.parts else "hour"
    if duration.parts[smallest] == Decimal("0.5"):  # type: ignore[index]
        return timedelta(seconds={"hour": 1_800, "minute": 30, "second": 1}[smallest])
    return timedelta(seconds={"hour": 3_600, "minute": 60, "second": 1}[smallest])


def _minute_end(moment: datetime, duration: Duration) -> datetime:
    """Lengths in whole or half hours are said to the minute, so they last to the end of theirs."""
    return moment.replace(second=59) if "hour" in duration.parts and duration.parts.keys() == {"hour"} else moment


def _read_stretch(way: str, length: str, base: PartialTime) -> TimeExpression | None:
    """未来 and 过去: from the base forward, or up to it, as finely as the base is known."""
    duration = parse_duration(length)
    if duration is None or duration.precision == "range" or not _is_known(duration, base):
        return None
    precision = _precision(length, duration)
    if way in ("最近", "近", "此前"):
        precision = "blurred"
    if way in ("未来", "今后", "接下来", "往后"):
        return TimeExpression("span", precision, base.start, end_of(_shift(base.start, duration, 1), base))
    return TimeExpression("span", precision, _shift(base.start, duration, -1), base.end)
