"""Times of day as cells write them, in English and Chinese: 19:05, 7:05 p.m., 下午7点05分, 晚上七点半, 12 noon.

A time that names no clock reading (晚上, morning) is not read here; dates are in `dates`, lengths in `durations`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, time, timedelta, timezone
from typing import Literal

from services.text.time_digits import fold, read_small

TimeKind = Literal["exact", "impossible"]
TimePrecision = Literal["hour", "minute", "second", "microsecond"]


@dataclass(frozen=True, slots=True)
class TimeReading:
    """One time of day.

    `value` is None for an impossible time (25:61). `day_offset` is 1 where the reading falls on the next day (24:00,
    晚上12点). `day_sure` is False where the words leave open which day is meant (半夜2点: this night's or the next's).
    `offset` is the written UTC offset, `notation` a stable label of the written form.
    """

    kind: TimeKind
    value: time | None
    precision: TimePrecision
    notation: str
    day_offset: int = 0
    day_sure: bool = True
    offset: timezone | None = None


def parse_time(text: str) -> TimeReading | None:
    """Return the time of day that `text` writes and nothing else, or None where it writes none. Never raises."""
    if len(text) > 48:
        return None
    text = fold(text)
    found = _CLOCK.fullmatch(text)
    if found is not None:
        return _read_clock(found)
    if not _MAYBE.search(text):
        return None
    found = _ZH.fullmatch(text)
    if found is not None:
        return _read_zh(found)
    found = _HOUR_ONLY.fullmatch(text)
    if found is not None:
        return _read_hour_only(found)
    return _read_word(text)


_MERIDIEM = r"(?:(?P<half>[AaPp])\.? ?[Mm]\.?)"
_ZH_PERIOD = (
    "(?P<period>凌晨|清晨|清早|早晨|早上|一早|早间|早|上午|中午|正午|午后|下午|傍晚|晚上|晚间|夜晚|夜里|夜间|晚|"
    "半夜|深夜|午夜|夜)"
)
_CLOCK = re.compile(
    rf"(?:{_ZH_PERIOD} ?)?"
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    rf"(?: ?{_MERIDIEM}|(?P<letter>[ap]))?"
    r"(?: ?(?P<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}))?",
    re.ASCII,
)
_MAYBE = re.compile(r"[点时0-9]|noon|midnight|正午", re.ASCII | re.IGNORECASE)
_NUMBER = "(?:[0-9]{1,2}|[零〇一二两三四五六七八九十廿]{1,3})"
_ZH = re.compile(
    rf"(?:{_ZH_PERIOD} ?)?(?P<hour>{_NUMBER}) ?[点时](?:(?P<sharp>整|钟)|(?P<half_past>半)|(?P<quarter>[一二三123])刻|"
    rf"过?(?P<minute>{_NUMBER})分(?: ?(?P<second>{_NUMBER})秒)?|"
    r"(?P<bare_minute>[0-9]{2}|十|[零〇一二三四五六七八九十]{2,3}))?"
)
_HOUR_ONLY = re.compile(rf"(?P<hour>[0-9]{{1,2}})(?:\.(?P<minute>[0-5][0-9]))? ?{_MERIDIEM}", re.ASCII)
_WORDS = {
    "noon": (12, "en-word"),
    "12 noon": (12, "en-word"),
    "midday": (12, "en-word"),
    "midnight": (0, "en-word"),
    "12 midnight": (0, "en-word"),
    "正午": (12, "zh-word"),
}
_MORNING = frozenset(("清晨", "清早", "早晨", "早上", "一早", "早间", "早", "上午"))
_EVENING = frozenset(("晚上", "晚间", "夜晚", "晚"))


def _impossible(notation: str) -> TimeReading:
    return TimeReading("impossible", None, "minute", notation)


def _read_clock(found: re.Match[str]) -> TimeReading | None:
    period, hour_text, minute_text, second_text, fraction, half, letter, zone = found.groups()
    half = half or letter
    hour, minute, second = int(hour_text), int(minute_text), int(second_text or 0)
    notation = "clock-12" if half else "zh-clock" if period else "clock-24"
    if period and half:
        return None
    microsecond = _read_fraction(fraction)
    if microsecond is None:
        return None
    precision: TimePrecision = "microsecond" if fraction else "second" if second_text else "minute"
    offset = _read_zone(zone)
    if zone and offset is None:
        return _impossible(notation)
    shifted = (hour, 0, True) if not half and not period else _shift(hour, half, period)
    if shifted is None:
        return _impossible(notation)
    hour, day_offset, day_sure = shifted
    return _build(hour, minute, second, microsecond, precision, notation, day_offset, day_sure, offset)


def _read_zh(found: re.Match[str]) -> TimeReading | None:
    hour = read_small(found["hour"])
    minute_text = found["minute"] or found["bare_minute"]  # one digit without 分 is a decimal: 三点五
    minute = read_small(minute_text) if minute_text else 0
    second = read_small(found["second"]) if found["second"] else 0
    if hour is None or minute is None or second is None:
        return None
    if found["half_past"]:
        minute = 30
    elif found["quarter"]:
        minute = 15 * (read_small(found["quarter"]) or 0)
    said_minute = found["half_past"] or found["quarter"] or minute_text
    precision: TimePrecision = "second" if found["second"] else "minute" if said_minute else "hour"
    shifted = _shift(hour, None, found["period"])
    if shifted is None:
        return _impossible("zh")
    hour, day_offset, day_sure = shifted
    return _build(hour, minute, second, 0, precision, "zh", day_offset, day_sure, None)


def _read_hour_only(found: re.Match[str]) -> TimeReading | None:
    hour = int(found["hour"])
    if not 1 <= hour <= 12:
        return _impossible("clock-12")
    shifted = _shift(hour, found["half"], None)
    minute = int(found["minute"] or 0)
    precision: TimePrecision = "minute" if found["minute"] else "hour"
    return None if shifted is None else _build(shifted[0], minute, 0, 0, precision, "clock-12", 0, True, None)


def _read_word(text: str) -> TimeReading | None:
    known = _WORDS.get(text.lower())
    return None if known is None else TimeReading("exact", time(known[0]), "hour", known[1])


def _shift(hour: int, half: str | None, period: str | None) -> tuple[int, int, bool] | None:
    """Return (hour of 24, day offset, whether the day is sure), or None where hour and words contradict each other."""
    if half:
        if half in "Aa":
            return (hour % 12 if hour == 12 else hour, 0, True) if hour <= 12 else None
        return (hour if hour >= 12 else hour + 12, 0, True) if 1 <= hour <= 24 else None
    if not period:
        return hour, 0, True
    if period in _MORNING:
        return (hour, 0, True) if hour <= 12 else None
    if period == "凌晨":
        return (hour % 12, 0, True) if hour <= 6 or hour == 12 else None
    if period in ("中午", "正午"):
        return (hour if hour > 3 else hour + 12, 0, True) if hour in (10, 11, 12, 13, 14, 1, 2) else None
    if period in ("下午", "午后", "傍晚"):
        return (hour if hour >= 12 else hour + 12, 0, True) if 1 <= hour <= 23 else None
    return _shift_night(hour, period in _EVENING)


def _shift_night(hour: int, evening: bool) -> tuple[int, int, bool] | None:
    """晚上 runs from five to midnight; 半夜 and 深夜 also name the small hours, and then leave the day open."""
    if hour in (12, 24):
        return 0, 1, evening
    if 5 <= hour <= 11:
        return hour + 12, 0, True
    if 17 <= hour <= 23:
        return hour, 0, True
    return (hour, 0, False) if hour <= 4 else None


def _build(
    hour: int,
    minute: int,
    second: int,
    microsecond: int,
    precision: TimePrecision,
    notation: str,
    day_offset: int,
    day_sure: bool,
    offset: timezone | None,
) -> TimeReading:
    if hour == 24 and minute == second == microsecond == 0:
        hour, day_offset = 0, day_offset + 1
    if hour > 23 or minute > 59 or second > 59:
        return _impossible(notation)
    value = time(hour, minute, second, microsecond)
    return TimeReading("exact", value, precision, notation, day_offset, day_sure, offset)


def _read_fraction(fraction: str | None) -> int | None:
    """Microseconds, or None where digits beyond the sixth would be lost."""
    if not fraction:
        return 0
    if fraction[6:].strip("0"):
        return None
    return int(fraction[:6].ljust(6, "0"))


def _read_zone(zone: str | None) -> timezone | None:
    if not zone:
        return None
    if zone in ("Z", "UTC", "GMT"):
        return UTC
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > 14 or minutes > 59:  # +14:00 (Kiribati) is the widest offset in use
        return None
    span = timedelta(hours=hours, minutes=minutes)
    return timezone(-span if zone[0] == "-" else span)
